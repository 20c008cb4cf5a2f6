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

# Numbers and names of all processes: "4711 sleep" a line, in $lines. Not read line by line, which
# takes bash a second for some thousands.
_pidfd_utils_processes() {
	mapfile -t lines < <(@PGREP@ -l . 2>/dev/null || ps -A -o pid=,comm= 2>/dev/null | sed 's/^ *//')
}

# Numbers, with the name behind each where they are only listed, not inserted.
_pidfd_utils_pids() {
	local line lines
	_pidfd_utils_processes
	for line in "${lines[@]}"; do
		[[ $line == "$word"* ]] || continue
		case $COMP_TYPE in
		33 | 63 | 64) COMPREPLY+=("${line%% *} (${line#* })") ;;
		*) COMPREPLY+=("${line%% *}") ;;
		esac
	done
	[[ ${#COMPREPLY[@]} != 1 ]] || COMPREPLY=("${COMPREPLY[0]%% *}")
}

_pidfd_utils_names() {
	local line lines
	local -A names=()
	_pidfd_utils_processes
	for line in "${lines[@]}"; do
		line=${line#* }
		[[ -z $line || $line != "$word"* ]] || names[$line]=1
	done
	((!${#names[@]})) || mapfile -t COMPREPLY < <(printf '%q\n' "${!names[@]}")
}

# Ports with a listener, or with an unconnected UDP socket: $1 is tcp or udp, $2 its state.
_pidfd_utils_ports() {
	local line
	while read -ra line; do
		[[ ${line[3]-} != "$2" ]] || COMPREPLY+=("$((16#${line[1]##*:}))")
	done < <(cat "/proc/net/$1" "/proc/net/${1}6" 2>/dev/null)
	_pidfd_utils_words -W "${COMPREPLY[*]}"
}

# Control groups below $1, as targets and --cgroup name them.
_pidfd_utils_cgroups() {
	local root
	for root in /sys/fs/cgroup{/unified,,/systemd}; do
		[[ -e $root/cgroup.procs ]] || continue
		word=$root$word
		_pidfd_utils_words -d
		COMPREPLY=("${COMPREPLY[@]#"$root"}")
		return
	done
}

# What follows the form of a target: $1 is the form. Bash takes ":" for the end of a word.
_pidfd_utils_target() {
	local units
	case $1 in
	pidfile | lock | unix)
		compopt -o filenames
		_pidfd_utils_words -f
		;;
	tcp) _pidfd_utils_ports tcp 0A ;;
	udp) _pidfd_utils_ports udp 07 ;;
	cgroup) _pidfd_utils_cgroups ;;
	unit)
		units=$(find /sys/fs/cgroup -type d -name '*.service' -printf '%f ' 2>/dev/null)
		_pidfd_utils_words -W "${units//.service/}"
		;;
	name) _pidfd_utils_names ;;
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

# The values that an option takes, by what --help calls them.
_pidfd_utils_value() {
	local option=$1 kind=$2 list='' terminal
	if [[ $kind == *,... && $word == *,* ]]; then
		list=${word%,*},
		word=${word##*,}
	fi
	case $kind in
	SIGNAL | STEPS) _pidfd_utils_signals '' ;;
	USER*) _pidfd_utils_words -u ;;
	GROUP*) _pidfd_utils_words -g ;;
	TTY*)
		for terminal in /dev/pts/[0-9]* /dev/tty[0-9]* -; do
			[[ ! -e $terminal && $terminal != - ]] || COMPREPLY+=("${terminal#/dev/}")
		done
		_pidfd_utils_words -W "${COMPREPLY[*]}"
		;;
	*PID* | SID* | TARGET*) _pidfd_utils_pids ;;
	NAME,...)
		[[ $option != --nslist ]] ||
			_pidfd_utils_words -W 'ipc mnt net pid user uts cgroup time'
		;;
	LETTERS) _pidfd_utils_words -W 'D I R S T t X Z' ;;
	PATH*) _pidfd_utils_cgroups ;;
	FILE)
		compopt -o filenames
		_pidfd_utils_words -f
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
	local help=$1 i
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -- && $help == *' -- COMMAND'* ]] || continue
		if ((i == COMP_CWORD - 1)); then
			_pidfd_utils_words -c
		else
			compopt -o filenames
			_pidfd_utils_words -f
		fi
		return
	done
	if [[ ${help%%:$'\n'*} == *PATTERN* || ($help == *name:NAME* && $word == [A-Za-z_]*) ]]; then
		_pidfd_utils_names
	else
		_pidfd_utils_pids
	fi
}

_pidfd_utils() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local twice='' help line short long value options=()
	COMPREPLY=()
	# never the builtin of that name
	help=$("$(type -P "$1")" --help 2>/dev/null) || return
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
	((COMP_CWORD < 3)) || twice=${COMP_WORDS[COMP_CWORD - 2]}
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
