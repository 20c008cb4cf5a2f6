# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2086,SC2154,SC2207
# Many kinds of processes, combinations of options, and a slow and simple search for the processes
# that they select. Sourced inside a PID namespace; see pgrep-agree.bats. $SEED selects the
# combinations.

animal() {
	animals=$((animals + 1))
	: >"animal.$animals"
	"$@" >"animal.$animals" 2>&1 </dev/null &
	wait_for has_line "animal.$animals"
}
uptime_in_ms() {
	local up
	read -r up _ </proc/uptime
	printf "%s" "$((10#${up/./} * 10))"
}
# A process in its own control group, if one can be created.
make_cgroup() {
	local dir
	for dir in /sys/fs/cgroup /sys/fs/cgroup/unified; do
		[[ -e $dir/cgroup.procs ]] || continue
		cgroup=$dir/agree.$RANDOM$RANDOM
		mkdir "$cgroup" 2>/dev/null || continue
		animal named grouped
		echo $! >"$cgroup/cgroup.procs" || true
		# in it only while it is looked at; it ends with the namespace
		# shellcheck disable=SC2064
		trap "echo $! >$dir/cgroup.procs; rmdir $cgroup" EXIT
		return
	done 2>/dev/null
}
make_zoo() {
	animals=0
	animal named alpha
	animal named alphabet -- one two
	animal named Alpha -- "$(printf "tab\tbed")"
	animal named "al pha" -- "alpha beta"
	animal named "x)y (z"
	animal named "-dash" -- -n --older
	animal named a-name-of-thirty-bytes-xxxxxxxx
	animal named a-name-of-thirty-bits
	animal named fifteen-bytes-x
	animal named "$(printf "new\nline")"
	animal named "$(printf "esc\033[2J")"
	animal named "$(printf "bad\377byte")"
	animal named beta -- "$(printf "\377\376")" last
	FOO=bar LIST=a,b animal named env
	FOO=barbar animal named env2
	animal sigecho
	animal sigecho
	animal stubborn
	animal setsid -f named leader
	animal setsid -f sh -c "named follower & exec named leader2"
	sleep 0.02
	animal named stopped
	kill -STOP $!
	wait_for is_stopped $!
	mkfifo keep
	exec 9<>keep
	animals=$((animals + 1))
	: >animal.$animals
	zombie true <keep >animal.$animals &
	wait_for has_line animal.$animals
	if ((UID == 0)) && setpriv --reuid 54321 --clear-groups true 2>/dev/null; then
		animal env -u BATS_TEST_TMPDIR setpriv --reuid 54321 --regid 54322 \
			--clear-groups named other-user
		animal env -u BATS_TEST_TMPDIR setpriv --euid 54321 --clear-groups named seteuid
	fi
	animal unshare -u named elsewhere
	make_cgroup
	# whose ages differ from those of all others by a few seconds
	sleep 1.5
	middle=$(uptime_in_ms)
	sleep 1.5
	animal named young
	animal named alphayoung -- "one two"
	if command -v script >/dev/null; then
		animal script -qec "named on-a-terminal" /dev/null
	fi
}

declare -A comm cmd ppid pgrp sid euid ruid rgid state caught start tty full env space cgroups
NAMESPACES=(ipc mnt net pid user uts cgroup time)
look() {
	local pid text words name value link word
	all=()
	for pid in /proc/[0-9]*; do
		pid=${pid#/proc/}
		all+=("$pid")
		IFS= read -r -d "" text <"/proc/$pid/comm" || true
		comm[$pid]=${text%$'\n'}
		words=()
		mapfile -d "" words <"/proc/$pid/cmdline"
		while ((${#words[@]})) && [[ -z ${words[-1]} ]]; do unset "words[-1]"; done
		cmd[$pid]="${words[*]-}"
		((${#words[@]})) || cmd[$pid]="[${comm[$pid]}]"
		full[$pid]=${comm[$pid]}
		if ((${#comm[$pid]} == 15)); then
			link=$(readlink "/proc/$pid/exe" || true)
			for word in "${link% (deleted)}" "${words[@]:0:2}"; do
				word=${word##*/}
				[[ $word != "${comm[$pid]}"* ]] || {
					full[$pid]=$word
					break
				}
			done
		fi
		while IFS=$'\t ' read -r name value; do
			set -- $value
			case $name in
			State:) state[$pid]=$1 ;;
			PPid:) ppid[$pid]=$1 ;;
			NSpgid:) pgrp[$pid]=$1 ;;
			NSsid:) sid[$pid]=$1 ;;
			Uid:) ruid[$pid]=$1 euid[$pid]=$2 ;;
			Gid:) rgid[$pid]=$1 ;;
			SigCgt:) caught[$pid]=$1 ;;
			esac
		done <"/proc/$pid/status"
		text=$(<"/proc/$pid/stat")
		text=${text##*) }
		set -- $text
		tty[$pid]="?"
		# 136 to 143 are the majors of /dev/pts
		(($5 == 0)) || tty[$pid]=pts/$((($5 & 0xff) + ($5 >> 12 & 0xfff00) + 256 * (($5 >> 8 & 0xfff) - 136)))
		shift 19
		start[$pid]=$1
		words=()
		{ mapfile -d "" words <"/proc/$pid/environ"; } 2>/dev/null
		env[$pid]=$(printf "%s\n" "${words[@]}")
		for name in "${NAMESPACES[@]}"; do
			space[$name$pid]=$(readlink "/proc/$pid/ns/$name" || true)
		done
		cgroups[$pid]=$(cut -d: -f3- "/proc/$pid/cgroup")
	done
	# the shell waits while one of our programs searches
	state[$$]=S
	in_order all
}

# in_order LIST: sort the PIDs, without processes that the shell would not wait for.
in_order() {
	local -n list=$1
	printf '%s\n' "${list[@]}" >unsorted
	sort -n unsorted >sorted
	mapfile -t list <sorted
}
# in_cgroup PATH PID
in_cgroup() {
	local path
	while IFS= read -r path; do
		case $1 in
		*"/**") [[ $path == "${1%/\*\*}" || $path == "${1%\*\*}"* ]] && return ;;
		*) [[ $path != "$1" ]] || return 0 ;;
		esac
	done <<<"${cgroups[$2]}"
	return 1
}
# same_spaces OTHER PID: in the namespaces of $want[nslist], if OTHER has them.
same_spaces() {
	local name
	for name in ${want[nslist]//,/ }; do
		[[ -z ${space[$name$1]} || ${space[$name$2]} == "${space[$name$1]}" ]] || return 1
	done
}
in_list() {
	local item
	for item in ${1//,/ }; do
		[[ $item != "$2" ]] || return 0
	done
	return 1
}
# fits PID PATTERN
fits() {
	local pid=$1 re=$2 text=("${comm[$1]}" "${full[$1]}") fit=1
	[[ -z ${want[f]-} ]] || text=("${cmd[$pid]}" "${cmd[$pid]}")
	[[ -z ${want[i]-} ]] || shopt -s nocasematch
	if [[ -z ${want[fixed]-} ]]; then
		[[ -z ${want[x]-} ]] || re="^($re)\$"
		[[ ${text[0]} =~ $re || ${text[1]} =~ $re ]] || fit=0
	elif [[ -n ${want[x]-} ]]; then
		[[ ${text[0]} == "$re" || ${text[1]} == "$re" ]] || fit=0
	else
		[[ ${text[0]} == *"$re"* || ${text[1]} == *"$re"* ]] || fit=0
	fi
	shopt -u nocasematch
	((fit))
}
# holds PID: whether it fulfils everything in $want.
holds() {
	local pid=$1
	[[ -z ${want[pattern]+x} ]] || fits "$pid" "${want[pattern]}" || return 1
	[[ -z ${want[P]-} ]] || in_list "${want[P]}" "${ppid[$pid]}" || return 1
	[[ -z ${want[g]-} ]] || in_list "${want[g]}" "${pgrp[$pid]}" || return 1
	[[ -z ${want[s]-} ]] || in_list "${want[s]}" "${sid[$pid]}" || return 1
	[[ -z ${want[u]-} ]] || in_list "${want[u]}" "${euid[$pid]}" || return 1
	[[ -z ${want[U]-} ]] || in_list "${want[U]}" "${ruid[$pid]}" || return 1
	[[ -z ${want[G]-} ]] || in_list "${want[G]}" "${rgid[$pid]}" || return 1
	[[ -z ${want[p]-} ]] || in_list "${want[p]}" "$pid" || return 1
	[[ -z ${want[r]-} ]] || [[ ${want[r]} == *"${state[$pid]}"* ]] || return 1
	[[ -z ${want[t]-} ]] || in_list "${want[t]//[?]/none}" "${tty[$pid]/[?]/none}" || return 1
	# no process started at the border
	[[ -z ${want[older]-} ]] || ((start[$pid] * 10 < want[older])) || return 1
	[[ -z ${want[younger]-} ]] || ((start[$pid] * 10 > want[younger])) || return 1
	[[ -z ${want[ns]-} ]] || same_spaces "${want[ns]}" "$pid" || return 1
	[[ -z ${want[cgroup]-} ]] || in_cgroup "${want[cgroup]}" "$pid" || return 1
	[[ -z ${want[H]-} ]] || (((16#0${caught[$pid]} >> (want[H] - 1)) & 1)) || return 1
	if [[ -n ${want[env]-} ]]; then
		[[ $'\n'${env[$pid]} == *$'\n'"${want[env]}"[=$'\n']* ||
			$'\n'${env[$pid]}$'\n' == *$'\n'"${want[env]}"$'\n'* ]] ||
			return 1
	fi
	return 0
}
# The processes that $want selects, ascending, into $expected.
reference() {
	local pid best=
	expected=()
	for pid in "${all[@]}"; do
		[[ -z ${want[f]-} || -z ${want[pattern]+x} || $1 == procps ]] ||
			! in_list "$ancestors" "$pid" || continue
		[[ -z ${want[A]-} ]] || ! in_list "$ancestors" "$pid" || continue
		if holds "$pid"; then
			[[ -z ${want[v]-} ]] || continue
		else
			[[ -n ${want[v]-} ]] || continue
		fi
		expected+=("$pid")
		if [[ -z $best ]]; then
			best=$pid
		elif [[ -n ${want[n]-} ]]; then
			((start[$pid] < start[$best])) || best=$pid
		elif [[ -n ${want[o]-} ]]; then
			((start[$pid] >= start[$best])) || best=$pid
		fi
	done
	[[ -z ${want[n]-}${want[o]-} || -z $best ]] || expected=("$best")
}

pick() {
	local choices=("$@")
	picked=${choices[RANDOM % $#]}
}
PATTERNS=(alpha "^al" "a.*a$" "pha|bet" "." "x\\)" "^-d" thirty-b a-name-of-thirty-bytes-xxxxxxxx
	a-name-of-thirt fifteen-bytes-x "[lL]pha$" new.line $'new\nline' "esc" "bad.byte" env sigecho
	"leader2?" nobody "one two" tab.bed $'tab\tbed' "[[]true" "last$" true "(alpha|beta)" bash
	"ALPHA" "BETA$" "al pha")
# Make a combination, in $args (of the command) and $want.
generate() {
	local i n=$((RANDOM % 3))
	args=() want=()
	if ((RANDOM % 5)); then
		pick "${PATTERNS[@]}"
		want[pattern]=$picked
		! ((RANDOM % 3 == 0)) || {
			want[f]=1
			args+=(-f)
		}
		! ((RANDOM % 4 == 0)) || {
			want[x]=1
			args+=(-x)
		}
		! ((RANDOM % 5 == 0)) || {
			want[i]=1
			args+=(-i)
		}
		! ((RANDOM % 8 == 0)) || {
			want[fixed]=1
			args+=(--fixed)
		}
	else
		n=$((n + 1))
	fi
	for ((i = 0; i < n; i++)); do
		pick P g s u U G p r t older younger ns H env cgroup
		[[ -z ${want[$picked]-} ]] || continue
		case $picked in
		P)
			pick "1,$$" "$$,1" "99999,99998,$$" "$$" 1 99999 0
			want[P]=$picked
			args+=(-P "$picked")
			;;
		g)
			pick "${pgrp[$$]}" "${pgrp[$a_leader]}" "${pgrp[$$]},${pgrp[$a_leader]}" \
				"${pgrp[$a_leader]},${pgrp[$$]}" "99999,99998,${pgrp[$$]}"
			want[g]=$picked
			args+=(-g "$picked")
			;;
		s)
			pick "${sid[$$]}" "${sid[$a_leader]}" "99999,99998,${sid[$$]}"
			want[s]=$picked
			args+=(-s "$picked")
			[[ $picked != 0 ]] || want[s]=$(ps_session)
			;;
		u)
			pick 0 54321 0,54321 54321,7,0 7
			want[u]=$picked
			args+=(-u "$picked")
			;;
		U)
			pick 0 54321 54321,7 99999,54321,0
			want[U]=$picked
			args+=(-U "$picked")
			;;
		G)
			pick 0 54322 0,54322 99999,54322,0
			want[G]=$picked
			args+=(-G "$picked")
			;;
		p)
			pick 1 "1,$$,$a_leader" "$a_leader,88888" 88888
			want[p]=$picked
			args+=(-p "$picked")
			;;
		r)
			# the states that no process enters or leaves meanwhile
			pick T TX Xt T,t
			want[r]=$picked
			args+=(-r "$picked")
			;;
		t)
			pick "?" "$a_terminal" "$a_terminal,?" pts/4444
			want[t]=$picked
			args+=(-t "$picked")
			;;
		older)
			age_of_border
			args+=(-O "$(printf "%d.%03d" "$((picked / 1000))" "$((picked % 1000))")")
			want[older]=$middle
			;;
		younger)
			[[ -z ${want[older]-} ]] || continue
			age_of_border
			args+=(--younger "$(printf "%d.%03d" "$((picked / 1000))" "$((picked % 1000))")")
			want[younger]=$middle
			;;
		ns)
			pick 1 "$an_outsider"
			want[ns]=$picked
			args+=(--ns "$picked")
			pick uts net,uts uts,net ipc,mnt,net,pid,user,uts ""
			[[ -z $picked ]] || args+=(--nslist "$picked")
			want[nslist]=${picked:-${NAMESPACES[*]}}
			;;
		cgroup)
			pick "/**" "$a_cgroup" "$a_cgroup/**" /nowhere
			want[cgroup]=$picked
			args+=(--cgroup "$picked")
			;;
		H)
			pick 10 15 34
			want[H]=$picked
			args+=(-H --signal "$picked")
			;;
		env)
			pick FOO=bar FOO LIST FOO=barbar NONE
			want[env]=$picked
			args+=(--env "$picked")
			;;
		esac
	done
	case $((RANDOM % 8)) in
	0)
		want[n]=1
		args+=(-n)
		;;
	1)
		want[o]=1
		args+=(-o)
		;;
	2)
		want[v]=1
		args+=(-v)
		;;
	3)
		want[A]=1
		args+=(-A)
		;;
	esac
	[[ -z ${want[pattern]+x} ]] || args+=(-- "${want[pattern]}")
}
# The present age of a process that was born at the border, in $picked.
age_of_border() {
	picked=$(($(uptime_in_ms) - middle))
	# the combination is valid while no process of the namespace crosses the border
	expires=$((middle + picked + 1000))
}
expired() {
	[[ -n ${want[older]-}${want[younger]-} ]] && (($(uptime_in_ms) > expires))
}
ps_session() {
	printf "%s" "${sid[$$]}"
}
by_name() {
	local pid
	for pid in "${all[@]}"; do
		[[ ${comm[$pid]} != "$1" ]] || printf "%s" "$pid"
	done
}
prepare() {
	set +eu
	# the expressions of the shell know bytes only in this locale
	export LC_ALL=C
	declare -gA want
	make_zoo
	look
	a_leader=$(by_name leader)
	an_outsider=$(by_name elsewhere)
	a_cgroup=$(by_name grouped)
	a_cgroup=${cgroups[${a_cgroup:-$$}]##*$'\n'}
	a_terminal=pts/4445
	for pid in "${all[@]}"; do
		[[ ${comm[$pid]} != on-a-terminal ]] || a_terminal=${tty[$pid]}
	done
	ancestors="$$,${ppid[$$]},1"
	RANDOM=$SEED
}
differ() {
	echo "$*: $(printf "%q " "${args[@]}")"
}

# The PIDs that pkill -e, or its --dry-run, printed in the file out, into $got.
echoed() {
	local line
	got=()
	while IFS= read -r line; do
		if [[ $line =~ \ killed\ \(pid\ ([0-9]+)\)$ || $line =~ ^\ *([0-9]+)\ +[^\ ]+\ +[0-9]+[smhd]\  ]]; then
			got+=("${BASH_REMATCH[1]}")
		fi
	done <out
	((${#got[@]} < 2)) || in_order got
}
# Why procps finds other processes than we do: the known faults of procps with this combination must
# give its result, $theirs.
excuse() {
	local -A asked=() whole=()
	local key pid why=()
	for key in "${!want[@]}"; do asked[$key]=${want[$key]}; done
	if [[ -n ${want[t]-} && -n ${want[r]-}${want[cgroup]-}${want[ns]-} ]]; then
		why+=("-t makes it forget -r, --cgroup and --ns")
		want[r]="" want[cgroup]="" want[ns]=""
	fi
	if [[ -n ${want[ns]-} && ${want[nslist]} != uts ]]; then
		why+=("P6: of --nslist only the last counts, and not all are compared by default")
		case ${want[nslist]} in
		*,*) want[nslist]=${want[nslist]##*,} ;;
		*) want[nslist]=cgroup,ipc,mnt,net,pid,time ;;
		esac
	fi
	case ${want[pattern]-} in
	*thirt*)
		why+=("names of more than 15 bytes are cut")
		for pid in "${all[@]}"; do
			whole[$pid]=${full[$pid]} full[$pid]=${comm[$pid]}
		done
		;;
	new?line | esc | bad.byte | tab?bed)
		# its escapes depend on the locale
		why+=("P9: it matches escaped text")
		expected=("${theirs[@]}")
		;;
	esac
	[[ ${why[*]-} == *P9* ]] || reference procps
	for key in "${!asked[@]}"; do want[$key]=${asked[$key]}; done
	for pid in "${!whole[@]}"; do full[$pid]=${whole[$pid]}; done
	[[ "${expected[*]-}" == "${theirs[*]-}" ]] && ((${#why[@]})) && printf "%s\n" "${why[@]}"
}

# any_alive PID...: one of them is no zombie.
any_alive() {
	local pid
	for pid; do
		[[ ${state[$pid]} == Z ]] || return 0
	done
	return 1
}
