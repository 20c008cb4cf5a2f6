#compdef @PROGRAM@
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of @PROGRAM@ for zsh.
#
# What there is to complete is asked of the programs: the options of --help, and the processes
# of one call of pgrep, however many there are.

_pidfd_utils_processes() {
	@PGREP@ -l . 2>/dev/null || ps -A -o pid=,comm= 2>/dev/null
}

# Numbers, described by names.
_pidfd_utils_pids() {
	local -a pids
	pids=(${(f)"$(_pidfd_utils_processes)"})
	pids=(${pids## #})
	pids=(${${pids//:/\\:}/ ##/:})
	_describe -V process pids "$@"
}

_pidfd_utils_names() {
	local -aU names
	names=(${(f)"$(_pidfd_utils_processes)"})
	names=(${${names## #}#* })
	_wanted names expl 'process name' compadd "$@" -a names
}

# Ports with a listener, or with an unconnected UDP socket: $1 is tcp or udp, $2 its state.
_pidfd_utils_ports() {
	local line expl
	local -aU ports
	for line in ${(f)"$(cat /proc/net/$1 /proc/net/${1}6 2>/dev/null)"}; do
		[[ ${${=line}[4]} == $2 ]] && ports+=($((16#${${${=line}[2]}##*:})))
	done
	_wanted ports expl port compadd -a ports
}

# What follows the form of a target, or the processes.
_pidfd_utils_targets() {
	local expl
	local -a units
	if compset -P '(pidfile|lock|unix):'; then
		_files
	elif compset -P 'tcp:'; then
		_pidfd_utils_ports tcp 0A
	elif compset -P 'udp:'; then
		_pidfd_utils_ports udp 07
	elif compset -P 'cgroup:'; then
		_pidfd_utils_cgroups
	elif compset -P 'unit:'; then
		units=(/sys/fs/cgroup/**/*.service(N/:t:r))
		_wanted units expl unit compadd -a units
	else
		compset -P 'name:' || _pidfd_utils_pids
		[[ $1 == pids ]] || _pidfd_utils_names
	fi
}

_pidfd_utils_signals() {
	_wanted signals expl signal compadd "$@" ${signals[2,-3]} RTMIN RTMAX
}

_pidfd_utils_terminals() {
	local -a terminals
	terminals=(/dev/pts/<->(N) /dev/tty<->(N))
	_wanted terminals expl terminal compadd "$@" - ${terminals#/dev/} -
}

_pidfd_utils_cgroups() {
	local root
	for root in /sys/fs/cgroup{,/unified,/systemd}; do
		[[ -e $root/cgroup.procs ]] || continue
		compset -P /
		_path_files -/ -W $root -P /
		return
	done
	return 1
}

# The action that gives the values of an option, by what --help calls them: in $action.
_pidfd_utils_action() {
	case $2 in
	SIGNAL | STEPS) action=_pidfd_utils_signals ;;
	USER*) action='_sequence _users' ;;
	GROUP*) action='_sequence _groups' ;;
	TTY*) action='_sequence _pidfd_utils_terminals' ;;
	PID | TARGET) action='_pidfd_utils_targets pids' ;;
	*PID,* | SID,* | TARGET,*) action='_sequence _pidfd_utils_pids' ;;
	LETTERS) action='(D I R S T t X Z)' ;;
	PATH*) action=_pidfd_utils_cgroups ;;
	FILE) action=_files ;;
	DIR) action='_files -/' ;;
	*'|'*) action="(${2//|/ })" ;;
	*)
		action=' '
		[[ $1 != --nslist ]] || action='_values -s , namespace ipc mnt net pid user uts cgroup time'
		;;
	esac
}

# The specification for one row of --help, appended to $specs.
_pidfd_utils_row() {
	setopt local_options extended_glob
	local left=${1##( )#} short long value help action spec option
	[[ $1 == (  |      )-[^\ ]* ]] || return
	help=${${${left#*  }## #}//  / }
	[[ $left == *'  '* ]] || help=
	left=${left%%  *}
	if [[ $left == -[^-]* ]]; then
		short=${left[1,2]}
		left=${${left[3,-1]}#, }
	fi
	if [[ $left == --* ]]; then
		long=${left%%[ \[=]*}
		left=${left#$long}
	fi
	value=${left# }
	help=${${${help//\\/\\\\}//\[/\\[}//\]/\\]}
	for option in $short $long; do
		spec="*$option"
		if [[ $value == '['* ]]; then
			[[ $option == --* ]] && spec+='=-' || spec+='-'
			value=${${value#\[}#=}
			value=${value%\]}
			_pidfd_utils_action "$long" $value
			spec+="[$help]::${value//:/\\:}:$action"
			value="[$value]"
		elif [[ -n $value ]]; then
			[[ $value == *' '* ]] || { [[ $option == --* ]] && spec+='=' || spec+='+' }
			spec+="[$help]"
			for word in ${=value}; do
				_pidfd_utils_action "$long" $word
				spec+=":${word//:/\\:}:$action"
			done
		else
			spec+="[$help]"
		fi
		specs+=($spec)
	done
}

_pidfd_utils() {
	local help line word expl ret=1
	local -a specs
	help=$(command $words[1] --help 2>/dev/null) || return
	# a row that goes on in the next lines is one row
	for line in ${(f)${help//$'\n'${(l:28:: :)}/  }}; do
		_pidfd_utils_row $line
	done
	local dashes=${words[(i)--]}
	if [[ $help == *' -- COMMAND'* && $dashes -lt $CURRENT ]]; then
		shift $dashes words
		((CURRENT -= dashes))
		_normal
		return
	fi
	if [[ $help == *-SIGNAL* && $PREFIX == -[A-Z]* ]]; then
		compset -P -
		_pidfd_utils_signals -P -
		return
	fi
	if [[ ${help%%:$'\n'*} == *PATTERN* ]]; then
		specs+=('*:pattern:_pidfd_utils_names')
	elif [[ $help == *name:NAME* ]]; then
		specs+=('*:target:_pidfd_utils_targets')
	else
		specs+=('*:target:_pidfd_utils_targets pids')
	fi
	_arguments $specs && ret=0
	return ret
}

_pidfd_utils "$@"
