#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Bash, fish and zsh complete the options and values of the programs.

load helpers
load cgroup

PROGRAMS=()
for tool in pfdkill pwait pgrep pkill pidwait; do
	[[ ! -x $PFD_BINDIR/$tool ]] || PROGRAMS+=("$tool")
done
((${#PROGRAMS[@]} > 1)) || fail "no programs in $PFD_BINDIR"

# A folder with all completions of one shell, as they are installed.
install_for() {
	local tool name
	folder=$BATS_FILE_TMPDIR/$1
	[[ ! -d $folder ]] || return 0
	mkdir -p "$folder"
	for tool in "${PROGRAMS[@]}"; do
		case $1 in
		bash) name=$tool ;;
		fish) name=$tool.fish ;;
		zsh) name=_$tool ;;
		esac
		sed -e "s/@PROGRAM@/$tool/g" -e 's/@PGREP@/pgrep/g' \
			"$PFD_SRCDIR/completions/pidfd-utils.$1" >"$folder/$name"
	done
}

# SHELL_completes LINE...: print what this shell offers at the end of each line, after a line "==
# LINE".

bash_completes() {
	local folder
	install_for bash
	PATH=$PFD_BINDIR:$PATH bash -c '
		folder=$1
		shift
		compopt() { :; }
		for line; do
			echo "== $line"
			read -ra COMP_WORDS <<<"$line"
			[[ $line != *" " ]] || COMP_WORDS+=("")
			COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
			source "$folder/${COMP_WORDS[0]}"
			_pidfd_utils "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" \
				"${COMP_WORDS[COMP_CWORD - 1]}"
			printf "%s\n" "${COMPREPLY[@]}"
		done' bash "$folder" "$@"
}

fish_completes() {
	local folder
	install_for fish
	PATH=$PFD_BINDIR:$PATH HOME=$BATS_TEST_TMPDIR fish --no-config -c '
		set fish_complete_path $argv[1]
		for line in $argv[2..]
			echo "== $line"
			complete -C $line
		end' "$folder" "$@"
}

# zsh completes only on a terminal, so it gets one. zsh_tab WIDGET LINE...: what it shows where TAB
# calls the widget.
zsh_tab() {
	local folder
	install_for zsh
	PATH=$PFD_BINDIR:$PATH HOME=$BATS_TEST_TMPDIR timeout 200 zsh -f -c '
		zmodload zsh/zpty
		zpty z zsh -f -i
		zpty -w z "stty columns 300 rows 1000; PS1=; fpath=($1 \$fpath)
			autoload -U compinit; compinit -u -d $1/dump; LISTMAX=1000000
			zstyle \":completion:*\" list-grouped no
			zstyle \":completion:*\" insert-unambiguous no
			tab() { $2; print SHO\"\"WN; zle kill-buffer }
			zle -N tab; bindkey \"^I\" tab; print READ\"\"Y"
		while zpty -r z got; do [[ $got == *READY* ]] && break; done
		shift 2
		for line; do
			print "== $line"
			zpty -w -n z "$line"$'\''\t'\''
			while zpty -r z got; do
				[[ $got == *SHOWN* ]] && break
				print -r -- ${got%$'\''\r\n'\''}
			done
		done' zsh "$folder" "$@" | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g'
}

zsh_completes() {
	zsh_tab 'zle list-choices; zle -R; zle -I' "$@"
}

# zsh_inserts LINE: the line after TAB.
zsh_inserts() {
	# shellcheck disable=SC2016
	zsh_tab 'zle complete-word; zle -I; print -r "ISNOW $BUFFER."' "$1" |
		sed -n 's/.*ISNOW \(.*\)\..*/\1/p'
}

# The words offered for a line, in the file offered.
offered_for() {
	awk -v line="== $1" '/^== / { mine = $0 == line; next } mine' offered
}

# offers LINE CANDIDATE: the candidate is among the words offered for the line.
offers() {
	offered_for "$1" | grep -qE -- "(^|[[:space:]])$2([[:space:]]|\$)" ||
		fail "$1: no $2: $(cat offered)"
}

offers_options() {
	local tool lines=() option words
	for tool in "${PROGRAMS[@]}"; do
		lines+=("$tool --" "$tool -")
	done
	"$1" "${lines[@]}" >offered
	for tool in "${PROGRAMS[@]}"; do
		words=" $({
			offered_for "$tool --"
			offered_for "$tool -"
		} | tr -s '[:space:]' ' ') "
		while read -r option; do
			[[ $words == *" $option "* ]] || fail "$tool: no $option: $(cat offered)"
		done < <(help_options "$tool")
	done
}

@test "bash completes every option" {
	offers_options bash_completes
}

@test "fish completes every option" {
	requires fish
	offers_options fish_completes
}

@test "zsh completes every option" {
	requires zsh
	offers_options zsh_completes
}

# Lines that all three shells complete; more lines may follow.
offers_values() {
	local complete=$1 user lines most
	shift
	spawn_ready named completed-name
	user=$(id -un 2>/dev/null) || user=root
	# not all processes, because there may be too many for a screen
	most=${spawned::-1}
	mkdir -p completed.folder
	touch completed.file
	lines=('pfdkill --signal TE' 'pfdkill --timeout 5s KI' "pfdkill $most"
		"pwait $most" 'pfdkill compl' 'pfdkill -TE' "$@")
	[[ ! -x $PFD_BINDIR/pgrep ]] || lines+=('pkill compl' "pgrep --euid ${user::1}"
		'pgrep --nslist ut' 'pgrep --runstates ' "pgrep -P $most"
		'pgrep --exe completed.' 'pgrep --cwd completed.')
	"$complete" "${lines[@]}" >offered
	offers 'pfdkill --signal TE' TERM
	offers 'pfdkill --timeout 5s KI' KILL
	offers "pfdkill $most" "$spawned"
	offers "pwait $most" "$spawned"
	offers 'pfdkill compl' completed-name
	offers 'pfdkill -TE' '-?TERM'
	[[ -x $PFD_BINDIR/pgrep ]] || return 0
	offers 'pkill compl' completed-name
	offers "pgrep --euid ${user::1}" "$user"
	offers 'pgrep --nslist ut' uts
	offers 'pgrep --runstates ' Z
	offers "pgrep -P $most" "$spawned"
	offers 'pgrep --exe completed.' completed.file
	offers 'pgrep --cwd completed.' 'completed.folder/?'
}

@test "bash completes signals, PIDs, names and users" {
	offers_values bash_completes 'pfdkill --signal = TE' 'pwait -- ech' 'pgrep -p 1,1'
	offers 'pfdkill --signal = TE' TERM
	offers 'pwait -- ech' echo
}

@test "bash shows the user and the command line of the processes whose PIDs it lists" {
	spawn_ready named completed-name
	export COMP_TYPE=63
	bash_completes 'pfdkill ' >offered
	offers 'pfdkill ' "$spawned  $(id -un)  .*completed-name"
	spawn_ready named completed:name
	bash_completes 'pfdkill completed : na' >offered
	offers 'pfdkill completed : na' name
	# a single candidate is inserted alone
	bash_completes "pfdkill $spawned" >offered
	grep -qx "$spawned" offered
}

@test "fish completes signals, PIDs, names and users" {
	requires fish
	offers_values fish_completes 'pfdkill --signal=TE' 'pwait -- ech'
	offers 'pfdkill --signal=TE' --signal=TERM
	offers 'pwait -- ech' echo
}

@test "zsh completes signals, PIDs, names and users" {
	requires zsh
	offers_values zsh_completes 'pfdkill --signal=TE' 'pwait -- ech'
	offers 'pfdkill --signal=TE' TERM
	offers 'pwait -- ech' echo
}

# Values that are neither processes nor files. ":" and "=" are words of their own to bash.
offers_more() {
	local complete=$1 socket colon=${2-:} is=${3-=}
	requires libproc2 python3
	socket=$PWD/completed.sock
	spawn_ready python3 -c 'if True:
		import socket, sys, time
		s = socket.socket(socket.AF_UNIX)
		s.bind(sys.argv[1])
		s.listen()
		print(flush=True)
		time.sleep(600)' "$socket"
	COMPLETED_NAME=1 "$complete" 'pwait -k TERM/5s/KI' "pfdkill --timeout${is}5s KI" 'pfdkill -l TE' \
		'pgrep --columns pid,rs' 'pgrep --env COMPLETED' "pfdkill unix$colon${socket::-3}" >offered
	offers 'pwait -k TERM/5s/KI' '(TERM/5s/)?KILL/?'
	offers "pfdkill --timeout${is}5s KI" KILL
	offers 'pfdkill -l TE' TERM
	offers 'pgrep --columns pid,rs' '(pid,)?rss,?'
	offers 'pgrep --env COMPLETED' 'COMPLETED_NAME'
	offers "pfdkill unix$colon${socket::-3}" "(unix:)?$socket"
}

@test "bash completes steps, columns, variables and sockets" {
	offers_more bash_completes ' : ' ' = '
}

@test "fish completes steps, columns, variables and sockets" {
	requires fish
	offers_more fish_completes
}

@test "zsh completes steps, columns, variables and sockets" {
	requires zsh
	offers_more zsh_completes
}

@test "zsh completes a signal behind a dash to the option that names it" {
	requires zsh
	local line tool=pfdkill
	[[ ! -x $PFD_BINDIR/pkill ]] || tool=pkill
	line=$(zsh_inserts "$tool -KI")
	assert_equal "${line% }" "$tool -KILL"
}

# offers_targets SHELL SEPARATOR: files behind pidfile: and lock:, ports behind tcp:. For bash ":"
# is a word of its own.
offers_targets() {
	local port colon=$2
	requires python3
	touch completed.pid
	spawn_ready python3 -c 'if True:
		import socket, time
		s = socket.socket()
		s.bind(("127.0.0.1", 0))
		s.listen()
		print(s.getsockname()[1], flush=True)
		time.sleep(600)'
	port=$(cat "$spawned_out")
	"$1" "pfdkill pidfile${colon}compl" "pwait lock${colon}compl" "pfdkill tcp$colon${port::2}" >offered
	offers "pfdkill pidfile${colon}compl" '(pidfile:)?completed.pid'
	offers "pwait lock${colon}compl" '(lock:)?completed.pid'
	offers "pfdkill tcp$colon${port::2}" "(tcp:)?$port"
}

@test "bash completes files and ports behind the form of a target" {
	offers_targets bash_completes ' : '
}

@test "fish completes files and ports behind the form of a target" {
	requires fish
	offers_targets fish_completes :
	fish_completes 'pfdkill pidfile:no-such' 'pfdkill unit:no-such' >offered
	refute grep -v '^==' offered
}

@test "zsh completes files and ports behind the form of a target" {
	requires zsh
	offers_targets zsh_completes :
}

# offers_quoted LINE TEXT: what is offered for the line stands for TEXT in a shell.
offers_quoted() {
	local words
	eval "words=($(offered_for "$1" | grep -F evil))"
	assert_equal "${words[*]}" "$2"
}

# Sockets, services and control groups have names that other users chose.
@test "bash completes hostile names to text that a shell does not execute" {
	requires python3
	# shellcheck disable=SC2016
	local name='evil $(touch executed);a' path
	new_cgroup
	path=$PWD/$name
	mkdir "$folder/$name.service"
	spawn_ready python3 -c 'if True:
		import socket, sys, time
		s = socket.socket(socket.AF_UNIX)
		s.bind(sys.argv[1])
		s.listen()
		print(flush=True)
		time.sleep(600)' "$path"
	bash_completes 'pfdkill unit : ev' "pfdkill unit : evil\\" "pfdkill cgroup : $cgroup/ev" \
		"pkill --cgroup $cgroup/ev" "pfdkill unix : $PWD/ev" >offered
	refute test -e executed
	offers_quoted 'pfdkill unit : ev' "$name"
	offers_quoted "pfdkill unit : evil\\" "$name"
	offers_quoted "pfdkill cgroup : $cgroup/ev" "$cgroup/$name.service"
	[[ ! -x $PFD_BINDIR/pkill ]] || offers_quoted "pkill --cgroup $cgroup/ev" "$cgroup/$name.service"
	offers_quoted "pfdkill unix : $PWD/ev" "$path"
	refute test -e executed
}

@test "zsh completes hostile names to text that a shell does not execute" {
	requires zsh
	# shellcheck disable=SC2016
	local name='evil$(touch executed);a' line
	new_cgroup
	mkdir "$folder/$name.service"
	line=$(zsh_inserts "pfdkill unit:ev")
	refute test -e executed
	eval "set -- $line"
	assert_equal "$2" "unit:$name"
	refute test -e executed
}

@test "a completion runs a program once, not once for each process" {
	requires strace
	local folder
	install_for bash
	spawn_ready -i /dev/zero herd 300
	# shellcheck disable=SC2016
	PATH=$PFD_BINDIR:$PATH strace -f --seccomp-bpf -o calls -e trace=execve bash -c '
		source "$0"
		COMP_WORDS=(pfdkill 1) COMP_CWORD=1
		_pidfd_utils pfdkill 1 pfdkill
		((${#COMPREPLY[@]} > 0))' "$folder/pfdkill"
	# bash, --help, and pgrep
	assert_equal "$(grep -c 'execve(.* = 0' calls)" 3
}
