# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completion of @PROGRAM@ for bash.
#
# What there is to complete is asked of the programs: the options of --help, and the processes
# of one call of pgrep, however many there are.

# Split --help into "option value" words: $short and $long name, $value what follows.
_pidfd_utils_row() {
	short='' long='' value=''
	[[ $1 =~ ^(\ \ |\ {6})(-[^\ ].*)$ ]] || return
	local left=${BASH_REMATCH[2]%%  *}
	if [[ $left == -[!-]* ]]; then
		short=${left:0:2}
		left=${left:2}
		left=${left#, }
	fi
	if [[ $left == --* ]]; then
		long=${left%%[ [=]*}
		left=${left#"$long"}
	fi
	value=${left# }
}

# The output of pgrep, or that of the other command, in $lines. Not read line by line, which takes
# bash a second for some thousands. No second shell waits for it, which would be listed.
_pidfd_utils_ask() {
	mapfile -t lines < <(exec @PGREP@ "$1" . 2>/dev/null)
	shift
	((${#lines[@]})) || mapfile -t lines < <("$@" 2>/dev/null)
}

# PIDs. Where they are only listed, not inserted, with the user and the command line: from the table
# "PID USER AGE NAME COMMAND".
_pidfd_utils_pids() {
	local line lines before row user
	_pidfd_utils_ask --long ps -A -o pid -o user -o etime -o comm=NAME -o args=COMMAND
	before=${lines[0]%%COMMAND*}
	compopt -o nosort 2>/dev/null
	for line in "${lines[@]:1}"; do
		row=${line#"${line%%[! ]*}"}
		[[ $row == "$word"* ]] || continue
		case $COMP_TYPE in
		33 | 63 | 64)
			user=${row#* }
			row="${row%% *}  ${user%% *}  ${line:${#before}}"
			COMPREPLY+=("${row:0:${COLUMNS:-80}-2}")
			;;
		*) COMPREPLY+=("${row%% *}") ;;
		esac
	done
	[[ ${#COMPREPLY[@]} != 1 ]] || COMPREPLY=("${COMPREPLY[0]%% *}")
}

_pidfd_utils_names() {
	local line lines
	local -A names=()
	word=${word//\\/}
	_pidfd_utils_ask -l ps -A -o pid=,comm=
	for line in "${lines[@]}"; do
		line=${line#"${line%%[! ]*}"}
		line=${line#* }
		[[ -z $line || $line != "$word"* ]] || names[$line]=1
	done
	COMPREPLY=("${!names[@]}")
	_pidfd_utils_quote
}

# Other users choose names of processes, sockets and control groups: none may become code on the
# command line. ("compgen -W" would execute it at once.)
_pidfd_utils_quote() {
	((!${#COMPREPLY[@]})) || mapfile -t COMPREPLY < <(printf '%q\n' "${COMPREPLY[@]}")
}

# Ports with a listener, or with an unconnected UDP socket: $1 is tcp or udp, $2 its state.
_pidfd_utils_ports() {
	local line
	while read -ra line; do
		[[ ${line[3]-} != "$2" ]] || COMPREPLY+=("$((16#${line[1]##*:}))")
	done < <(cat "/proc/net/$1" "/proc/net/${1}6" 2>/dev/null)
	_pidfd_utils_words -W "${COMPREPLY[*]}"
}

# Unix sockets on which a process listens, or files.
_pidfd_utils_sockets() {
	local row path
	word=${word//\\/}
	while read -ra row; do
		path="${row[*]:7}"
		[[ ${row[3]-} != 00010000 || $path != "$word"* ]] || COMPREPLY+=("$path")
	done </proc/net/unix 2>/dev/null
	_pidfd_utils_quote
	((${#COMPREPLY[@]})) || _pidfd_utils_files
}

# Pidfiles: those of /run before a name is begun, then any file.
_pidfd_utils_pidfiles() {
	local found
	_pidfd_utils_files
	[[ -z $word ]] || return 0
	mapfile -t found < <(compgen -G '/run/*.pid' && compgen -G '/run/*/*.pid')
	COMPREPLY+=("${found[@]}")
}

_pidfd_utils_files() {
	compopt -o filenames
	_pidfd_utils_words -f
}

# Control groups below $1, as targets and --cgroup name them.
_pidfd_utils_cgroups() {
	local root
	for root in /sys/fs/cgroup{/unified,,/systemd}; do
		[[ -e $root/cgroup.procs ]] || continue
		word=${word//\\/}
		word=$root/${word#/}
		_pidfd_utils_words -d
		COMPREPLY=("${COMPREPLY[@]#"$root"}")
		_pidfd_utils_quote
		return
	done
}

# Services, as targets name them.
_pidfd_utils_units() {
	local name
	word=${word//\\/}
	while IFS= read -r name; do
		[[ $name != "$word"* ]] || COMPREPLY+=("${name%.service}")
	done < <(find /sys/fs/cgroup -type d -name '*.service' -printf '%f\n' 2>/dev/null)
	_pidfd_utils_quote
}

# What follows the form of a target: $1 is the form. Bash takes ":" for the end of a word.
_pidfd_utils_target() {
	case $1 in
	pidfile) _pidfd_utils_pidfiles ;;
	unix) _pidfd_utils_sockets ;;
	lock) _pidfd_utils_files ;;
	tcp) _pidfd_utils_ports tcp 0A ;;
	udp) _pidfd_utils_ports udp 07 ;;
	cgroup) _pidfd_utils_cgroups ;;
	unit) _pidfd_utils_units ;;
	name) _pidfd_utils_names ;;
	*)
		# a name with a colon
		word=$1:$word
		_pidfd_utils_names
		COMPREPLY=("${COMPREPLY[@]#"$1:"}")
		;;
	esac
}

_pidfd_utils_words() {
	mapfile -t COMPREPLY < <(compgen "$@" -- "$word")
}

# Names of signals: $1 stands before each.
_pidfd_utils_signals() {
	local name
	while read -r name; do
		[[ $name == SIG* && $name != *'('* ]] || continue
		name=$1${name#SIG}
		[[ $name == "$word"* ]] && COMPREPLY+=("$name")
	done < <(compgen -A signal)
	return 0
}

# The columns of ps(1) that --columns knows: it lists them if the name is a wrong one.
_pidfd_utils_columns() {
	local text
	text=$("$program" --columns "?" . 2>&1)
	text=${text##*there are }
	text=${text%% (see*}
	_pidfd_utils_words -W "${text//,/}"
}

# The values that an option takes, by what --help calls them.
_pidfd_utils_value() {
	local option=$1 kind=$2 list='' terminal
	if [[ $kind == *,... && $word == *,* ]]; then
		list=${word%,*},
		word=${word##*,}
	elif [[ $kind == STEPS && $word == */* ]]; then
		list=${word%/*}/
		word=${word##*/}
	fi
	case $kind in
	SIGNAL) _pidfd_utils_signals '' ;;
	STEPS)
		# behind a signal is a duration
		[[ ${list//[!\/]/} == *(//) ]] && _pidfd_utils_signals ''
		;;
	USER*) _pidfd_utils_words -u ;;
	GROUP*) _pidfd_utils_words -g ;;
	TTY*)
		for terminal in /dev/pts/[0-9]* /dev/tty[0-9]* -; do
			[[ ! -e $terminal && $terminal != - ]] || COMPREPLY+=("${terminal#/dev/}")
		done
		_pidfd_utils_words -W "${COMPREPLY[*]}"
		;;
	*PID* | SID* | TARGET*) _pidfd_utils_pids ;;
	NAME,...) _pidfd_utils_words -W 'ipc mnt net pid user uts cgroup time' ;;
	NAME*) _pidfd_utils_words -e ;;
	COLUMN*) _pidfd_utils_columns ;;
	LETTERS) _pidfd_utils_words -W 'D I R S T t X Z' ;;
	PATH*) _pidfd_utils_cgroups ;;
	FILE)
		if [[ $option == --pidfile ]]; then
			_pidfd_utils_pidfiles
		else
			_pidfd_utils_files
		fi
		;;
	DIR)
		compopt -o filenames
		_pidfd_utils_words -d
		;;
	*'|'*) _pidfd_utils_words -W "${kind//|/ }" ;;
	esac
	[[ -z $list ]] || COMPREPLY=("${COMPREPLY[@]/#/$list}")
}

# What stands at the place of an operand.
_pidfd_utils_operand() {
	local help=$1
	if [[ " ${COMP_WORDS[*]:1:COMP_CWORD-1} " == *' '@(-l|--list)' '* && $help == *--list* ]]; then
		_pidfd_utils_signals ''
	elif [[ $word == %* ]]; then
		word=${word#%}
		_pidfd_utils_words -j -P %
	elif [[ ${help%%:$'\n'*} == *PATTERN* || ($help == *name:NAME* && $word == [A-Za-z_]*) ]]; then
		_pidfd_utils_names
	else
		_pidfd_utils_pids
	fi
}

# Behind "--": the command, then its own completion if bash-completion is there. False: the word is
# no part of a command.
_pidfd_utils_command() {
	local i
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -- ]] || continue
		if declare -F _command_offset >/dev/null; then
			_command_offset $((i + 1))
		elif ((i == COMP_CWORD - 1)); then
			_pidfd_utils_words -c
		else
			_pidfd_utils_files
		fi
		return 0
	done
	return 1
}

_pidfd_utils() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local program twice='' help line short long value options=()
	COMPREPLY=()
	# never the builtin of that name
	program=$(type -P "$1")
	help=$("$program" --help 2>/dev/null) || return
	# "=" is a word of its own to bash
	if [[ $word == = ]]; then
		word=
	elif [[ $before == = ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if [[ $help == *TARGET* && ($word == : || $before == :) ]]; then
		[[ $word != : ]] || before=:$before
		[[ $before != : ]] || before=:${COMP_WORDS[COMP_CWORD - 2]}
		word=${word#:}
		_pidfd_utils_target "${before#:}"
		return
	fi
	[[ $help != *' -- COMMAND'* ]] || ! _pidfd_utils_command || return 0
	((COMP_CWORD < 3)) || twice=${COMP_WORDS[COMP_CWORD - 2]}
	[[ $twice != = ]] || twice=${COMP_WORDS[COMP_CWORD - 3]}
	while IFS= read -r line; do
		_pidfd_utils_row "$line"
		[[ -z $long ]] || options+=("$long")
		[[ -z $short ]] || options+=("$short")
		[[ -n $value ]] || continue
		if [[ $before == "$short" || $before == "$long" ]]; then
			# a value in brackets has to be in the same word
			[[ $value != '['* || ${COMP_WORDS[COMP_CWORD]} == = ||
				${COMP_WORDS[COMP_CWORD - 1]} == = ]] || continue
			value=${value#[=}
			value=${value%% *}
			_pidfd_utils_value "$long" "${value%]}"
			return
		elif [[ $value == *' '* && $twice == "$long" ]]; then
			_pidfd_utils_value "$long" "${value##* }"
			return
		fi
	done <<<"$help"
	if [[ $word == -* ]]; then
		_pidfd_utils_words -W "${options[*]}"
		[[ $help != *-SIGNAL* || $word == --* ]] || _pidfd_utils_signals -
	else
		_pidfd_utils_operand "$help"
	fi
}

complete -F _pidfd_utils @PROGRAM@
