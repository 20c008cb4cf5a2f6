#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2119,SC2120
# A criterion means the same in pgrep, pkill and pidwait, in each form of its option.

load helpers

own() {
	printf 'o%sx%s%s' "$BATS_TEST_NUMBER" "$$" "${1-}"
}

# selected PROGRAM ARG...: the PIDs that it selects, ascending, in $output.
selected() {
	local program=$1
	shift
	case $program in
	pgrep)
		run_tool pgrep "$@"
		((status < 2)) || fail "status $status"
		;;
	pkill)
		run_tool pkill --dry-run "$@"
		((status < 2)) || fail "status $status"
		output=$(sed -nE 's/^ *([0-9]+) .*/\1/p' <<<"$output")
		;;
	pidwait)
		run_tool pidwait --timeout 1ms -e "$@"
		((status == 124 || status == 1)) || fail "status $status"
		output=$(sed -nE 's/^waiting for .* \(pid ([0-9]+)\)$/\1/p' <<<"$output")
		;;
	esac
	assert_stderr ''
}

# alike "SHORT FORM" "LONG FORM" PATTERN PID...: each program selects exactly these with each form;
# one form can be "". The arguments of a form are separated by blanks, and PATTERN can be "".
alike() {
	local form program pattern=() words expected
	expected=$(printf '%s\n' "${@:4}" | sort -n)
	[[ -z $3 ]] || pattern=("$3")
	for form in "$1" "$2"; do
		[[ -n $form ]] || continue
		read -ra words <<<"$form"
		tried+=" ${words[0]%%=*}"
		for program in pgrep pkill pidwait; do
			selected "$program" "${words[@]}" "${pattern[@]}"
			assert_equal "$program $form: $output" "$program $form: $expected"
		done
	done
}

# The options of this program that do not select, but define the action or the output.
others() {
	case $1 in
	pgrep) echo "-a --at-most --boot-handle --columns --list-full -c --count -d --delimiter --explain --handle -J --json -l --list-name --long
		--null -q --quiet -Q --shell-quote --tree -v --inverse --verbose -w --lightweight" ;;
	pkill) echo "--at-most -c --continue --count --deadline --delimiter --dry-run -e --echo --explain -I --interactive -J --json -m --mrelease
		--inverse --list-full --list-name --progress -q --queue --quiet -Q --reclaim --shell-quote --timeout --tree --verbose --wait" ;;
	pidwait) echo "--any --appear -c --count --deadline --delimiter -e --echo --explain --first -J --json --progress -Q --shell-quote
		--list-full --list-name --quiet --reap-grace --settle --status --timeout --until-none -v --inverse --verbose" ;;
	esac
	echo "-h --help --if-any -V --version"
}

@test "each criterion, short and long, selects the same in pgrep, pkill and pidwait" {
	time_limit 300
	local a b c echo parent gid option program
	FOO=bar spawn_ready named "$(own)a" -- one
	a=$spawned
	# shellcheck disable=SC2016
	spawn_ready bash -c 'setsid -w setpriv --pdeathsig KILL named "$0" -- two; :' "$(own)B"
	b=$(tool pgrep -x "$(own)B")
	parent=$spawned
	spawn_ready named "$(own)ab+c"
	c=$spawned
	kill -STOP "$c"
	wait_for is_stopped "$c"
	spawn_ready sigecho
	echo=$spawned
	gid=$(id -g)

	alike -x --exact "$(own)a" "$a"
	alike -i --ignore-case "$(own)b" "$b"
	alike '' --fixed "$(own)ab+c" "$c"
	alike '' '--args one' "$(own)" "$a"
	alike '' --alive "$(own)" "$a" "$b" "$c"
	alike '' "--not-pid $a,$b" "$(own)" "$c"
	alike '' "--under $parent" "$(own)" "$b"
	alike '' "--exe $(readlink "/proc/$a/exe")" "$(own)" "$a"
	alike '' "--cwd $PWD" "$(own)" "$a" "$b" "$c"
	alike -f --full "^$(own)[aB] (one|two)\$" "$a" "$b"
	alike "-n -p $a,$c" "--newest -p $a,$c" '' "$c"
	alike "-o -p $a,$c" "--oldest -p $a,$c" '' "$a"
	alike '-O 10m' '--older 10m' "$(own)"
	alike '-O 0' '--older=0' "$(own)" "$a" "$b" "$c"
	alike '' '--younger 10m' "$(own)" "$a" "$b" "$c"
	alike '' '--younger=0' "$(own)"
	alike "-P $$" "--parent=$$" "$(own)" "$a" "$c"
	alike "-P$$,$parent" "--parent $parent,$$" "$(own)" "$a" "$b" "$c"
	alike '-g 0' '--pgroup=0' "$(own)" "$a" "$c"
	alike "-g $b" "--pgroup $b" '' "$b"
	alike '-s 0' '--session=0' "$(own)" "$a" "$c"
	alike "-s $b,99999999" "--session 1,$b" "$(own)" "$b"
	alike '-t tty63' '--terminal=/dev/tty63' "$(own)"
	alike '-t -' '--terminal=?' "$(own)B" "$b"
	alike "-u $EUID" "--euid=$EUID" "$(own)" "$a" "$b" "$c"
	alike '-u 54321' '--euid 54321,54322' "$(own)"
	alike "-U $EUID" "--uid=$EUID" "$(own)" "$a" "$b" "$c"
	alike '-U 54321' '--uid 54321' "$(own)"
	alike "-G $gid" "--group=$gid" "$(own)" "$a" "$b" "$c"
	alike '-G 54321' '--group 54321' "$(own)"
	alike "-p $b,$a" "--pid=$a,$b" '' "$a" "$b"
	alike '-r T' '--runstates=Z,T' "$(own)" "$c"
	alike "-H -p $a,$echo" "--require-handler -p $a,$echo" '' "$echo"
	alike '' "--signal USR1 -H -p $a,$echo" '' "$echo"
	alike '' '--env=FOO=bar' "$(own)" "$a"
	alike '' '--cgroup=/**' "$(own)" "$a" "$b" "$c"
	alike '' '--cgroup /nowhere' "$(own)"
	alike '' "--ns $$" "$(own)" "$a" "$b" "$c"
	alike '' "--nslist=uts,net --ns=$$" "$(own)" "$a" "$b" "$c"
	# the shell that runs this test
	alike "-A -p $$" "--ignore-ancestors -p $$" .
	alike '' "--mentions -f -p $$" . "$$"
	echo "$a" >file
	alike '-F file' '--pidfile=file' '' "$a"
	alike '' '--trust-pidfile -F file' '' "$a"
	touch -d '-1 minute' file
	alike '' '--stale-ok --pidfile file' '' "$a"
	touch file
	# the process itself holds the lock
	spawn_ready flock -F -x file named "$(own)d"
	echo "$spawned" >file
	alike '-L -F file' '--logpidfile -F file' '' "$spawned"

	# no option was left out
	for program in pgrep pkill pidwait; do
		for option in $(help_options "$program"); do
			[[ " $(others "$program" | tr -s '\n\t' ' ') $tried " == *" $option "* ]] ||
				echo "$program $option is not tried: add a row with alike, or its name to others"
		done
	done >untried
	assert_equal "$(<untried)" ''
}

@test "options that only one or two of the programs have are rejected by the others" {
	local all option program
	time_limit 300
	all=$(for program in pgrep pkill pidwait; do help_options "$program"; done | sort -u)
	for program in pgrep pkill pidwait; do
		for option in $all; do
			[[ " $(help_options "$program" | tr '\n' ' ')" != *" $option "* ]] || continue
			# for pkill a letter can begin a signal, but these do not
			run_tool -2 "$program" "$option" "$(own)"
			refute_output
			assert_stderr_has "$option"
		done
	done
}

@test "each list option accepts its values in any order" {
	local a b program option value
	spawn_ready setsid -w named "$(own)"
	a=$(tool pgrep -x "$(own)")
	for option in "-P $(tool pgrep --json -x "$(own)" | sed 's/.*"ppid":\([0-9]*\).*/\1/')" "-g $a" "-s $a" "-u $EUID" "-U $EUID" "-G $(id -g)"; do
		value=${option#* }
		for b in "99999999,99999998,$value" "$value,99999999,99999998" "$value,1,2" "$value,2,1" \
			"5,4,$value" "5,$value,4"; do
			alike "${option% *} $b" '' "$(own)" "$a"
		done
	done
	alike "-p 99999999,99999998,$a" "--pid $a,2,1" "$(own)" "$a"
}
