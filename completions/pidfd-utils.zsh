#compdef @PROGRAM@
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of @PROGRAM@ for zsh.
#
# What there is to complete is asked of the programs: the options of --help, and the processes
# of one call of pgrep, however many there are.

# The output of pgrep, or that of the other command, in $lines. No second shell waits for it, which
# would be listed.
_pidfd_utils_ask() {
	lines=("${(@f)$(exec @PGREP@ $1 . 2>/dev/null)}")
	[[ -n $lines ]] || lines=("${(@f)$($argv[2,-1] 2>/dev/null)}")
}

# PIDs, with the user and the command line: from the table "PID USER AGE NAME COMMAND".
_pidfd_utils_pids() {
	local line row
	local -a lines pids
	_pidfd_utils_ask --long ps -A -o pid -o user -o etime -o comm=NAME -o args=COMMAND
	local -i at=${lines[1][(i)COMMAND]}
	for line in $lines[2,-1]; do
		row=(${=line[1,at-1]})
		pids+=("$row[1]:${(r:8:)row[2]} ${line[at,-1]//\\/\\\\}")
	done
	_describe -V process pids "$@"
}

_pidfd_utils_names() {
	local -a lines
	local -aU names
	_pidfd_utils_ask -l ps -A -o pid=,comm=
	names=(${${lines## #}#* })
	_wanted names expl 'process name' compadd "$@" -a names
}

# Unix sockets on which a process listens, or files.
_pidfd_utils_sockets() {
	local row
	local -aU sockets
	for row in ${(f)"$(</proc/net/unix)"}; do
		row=(${=row})
		[[ $row[4] == 00010000 ]] && sockets+=("$row[8,-1]")
	done
	_wanted sockets expl socket compadd -a sockets || _files
}

# Pidfiles: those of /run before a name is begun, then any file.
_pidfd_utils_pidfiles() {
	local expl
	local -a found
	found=(/run/*.pid(N) /run/*/*.pid(N))
	[[ -n $PREFIX ]] || _wanted pidfiles expl pidfile compadd -a found
	_files
}

# The columns of ps(1) that --columns knows: it lists them if the name is a wrong one.
_pidfd_utils_columns() {
	local text
	text=$(command $service --columns '?' . 2>&1)
	text=${${text##*there are }%% \(see*}
	_wanted columns expl column compadd "$@" - ${=text//,/}
}

# Steps of pwait -k: behind a signal is a duration.
_pidfd_utils_steps() {
	while [[ $PREFIX == */*/* ]] && compset -P '[^/]#/[^/]#/'; do :; done
	[[ $PREFIX != */* ]] && _pidfd_utils_signals -qS /
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
	if ((words[(I)(-l|--list)])); then
		_pidfd_utils_signals
	elif [[ $PREFIX == %* ]]; then
		_jobs
	elif compset -P 'pidfile:'; then
		_pidfd_utils_pidfiles
	elif compset -P 'unix:'; then
		_pidfd_utils_sockets
	elif compset -P 'lock:'; then
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
		compset -P / && _path_files -/ -W $root || _path_files -/ -W $root -P /
		return
	done
	return 1
}

# The action that gives the values of an option, by what --help calls them: in $action.
_pidfd_utils_action() {
	case $2 in
	SIGNAL) action=_pidfd_utils_signals ;;
	STEPS) action=_pidfd_utils_steps ;;
	USER*) action='_sequence _users' ;;
	GROUP*) action='_sequence _groups' ;;
	TTY*) action='_sequence _pidfd_utils_terminals' ;;
	PID | TARGET) action='_pidfd_utils_targets pids' ;;
	*PID,* | SID,* | TARGET,*) action='_sequence _pidfd_utils_pids' ;;
	LETTERS) action='(D I R S T t X Z)' ;;
	PATH*) action=_pidfd_utils_cgroups ;;
	FILE)
		action=_files
		[[ $1 == --pidfile ]] && action=_pidfd_utils_pidfiles
		;;
	DIR) action='_files -/' ;;
	*'|'*) action="(${2//|/ })" ;;
	NAME,*) action='_values -s , namespace ipc mnt net pid user uts cgroup time' ;;
	NAME*) action="_parameters -g '*export*'" ;;
	COLUMN*) action='_sequence _pidfd_utils_columns' ;;
	*) action=' ' ;;
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
			[[ $option == --* ]] && spec+='=' || spec+='+'
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
		_pidfd_utils_signals
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
