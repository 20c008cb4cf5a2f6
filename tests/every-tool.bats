#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Common to every program: help, version, mistakes, lost output, closed descriptors, any name.

# shellcheck disable=SC2030,SC2031 # functions that tests share read what run has set
load helpers

TOOLS=()
for tool in pfdkill kill pwait waitpid pgrep pkill pidwait; do
	[[ ! -x $PFD_BINDIR/$tool ]] || TOOLS+=("$tool")
done
((${#TOOLS[@]} > 3)) || fail "no programs in $PFD_BINDIR"

# each FUNCTION: call it for every program; its output is shown when it fails.
each() {
	local tool
	for tool in "${TOOLS[@]}"; do
		echo "== $tool"
		# not "|| fail": with it a failing command inside would not end the function
		"$@" "$tool"
	done
}

# kill and waitpid have the statuses of util-linux.
usage_status() {
	case $1 in
	kill | waitpid) echo 1 ;;
	*) echo 2 ;;
	esac
}

# In waitpid 3 is the deadline.
lost_status() {
	[[ $1 == waitpid ]] && echo 1 || echo 3
}

# Check that the run was rejected: one line that contains $1, and no other output.
assert_refused() {
	local tool=$1 about=$2
	assert_equal "$status" "$(usage_status "$tool")"
	assert_equal "$output" ''
	assert_equal "$(wc -l <<<"$stderr")" 1
	[[ $stderr == "$tool: "* ]] || fail "not a message of $tool: $stderr"
	assert_stderr_has "$about"
}

helps() {
	local option
	for option in --help -h; do
		run_tool -0 "$1" "$option"
		[[ $output == "Usage: $1 "* ]] || fail "no usage of $1"
		assert_output --partial '--version'
		assert_output --partial $'\n\nExit status: 0 '
		assert_equal "$stderr" ''
	done
}

@test "--help and -h print the help on standard output, with status 0" {
	each helps
}

tells_version() {
	local option version
	version=$(sed -n 's/^AC_INIT(\[pidfd-utils\], \[\(.*\)\])$/\1/p' "$PFD_SRCDIR/configure.ac")
	[[ -n $version ]]
	for option in --version -V; do
		run_tool -0 "$1" "$option"
		assert_line -n 0 "$1 (pidfd-utils) $version"
		assert_line --regexp '^  pidfds for any process, waiting +(yes|no)  \(Linux 5\.3\)$'
		assert_line --regexp '^  exit status of any process +(yes|no)  \(Linux 6\.15\)$'
		assert_equal "$stderr" ''
	done
}

@test "--version and -V print the version and what this kernel supports" {
	each tells_version
}

refuses_unknown() {
	run_tool "$1" --no-such-option
	assert_refused "$1" "'--no-such-option'"
	run_tool "$1" -%
	assert_refused "$1" "'-%'"
	run_tool "$1" -Z5
	assert_refused "$1" 'Z'
	run_tool "$1" --help=x
	assert_refused "$1" '--help takes no value'
}

@test "an unknown option, or a value for an option that takes none, is rejected with one message" {
	each refuses_unknown
}

refuses_ambiguous() {
	local prefix
	case $1 in
	pfdkill | kill) prefix=--t ;;
	pwait | waitpid) prefix=--re ;;
	*) prefix=--s ;;
	esac
	run_tool "$1" $prefix
	assert_refused "$1" "ambiguous option '$prefix'"
}

@test "an ambiguous long option is rejected with one message" {
	each refuses_ambiguous
}

# The same as run_tool, but much faster.
run_quickly() {
	local code=0
	tool "$@" >out 2>err || code=$?
	printf -v status %s "$code"
	printf -v output %s "$(<out)"
	printf -v stderr %s "$(<err)"
}

# Every option with a value, as the last argument.
refuses_missing() {
	local tool=$1 short long value option count=0
	while read -r short long value; do
		[[ $value != - && $value != '['* ]] || continue
		for option in "$short" "$long"; do
			[[ $option != - ]] || continue
			run_quickly "$tool" "$option"
			assert_refused "$tool" ": $option needs a value"
			count=$((count + 1))
		done
	done < <(help_rows "$tool")
	((count > 4)) || fail "only $count options with a value found"
}

@test "an option without its value is rejected with one message" {
	each refuses_missing
}

refuses_nothing() {
	run_tool "$1"
	assert_refused "$1" "no "
}

@test "a call without targets or criteria is rejected" {
	each refuses_nothing
}

loses_output() {
	local words
	for words in --help --version; do
		run --separate-stderr bash -c '"$0" "$@" >/dev/full' "$PFD_BINDIR/$1" $words
		assert_equal "$status" "$(lost_status "$1")"
		assert_equal "$output" ''
		assert_stderr "$1: write error: No space left on device"
		run --separate-stderr bash -c '"$0" "$@" >&-' "$PFD_BINDIR/$1" $words
		assert_equal "$status" "$(lost_status "$1")"
		[[ $stderr == "$1: write error: "* ]] || fail "no message: $stderr"
		assert_equal "$(wc -l <<<"$stderr")" 1
	done
}

@test "lost output is an error, with status 3 and a message" {
	each loses_output
}

@test "lost results are an error too" {
	local victim words
	spawn sleep 100
	victim=$spawned
	while IFS= read -r words; do
		[[ -x $PFD_BINDIR/${words%% *} ]] || continue
		# shellcheck disable=SC2086
		run --separate-stderr bash -c '"$PFD_BINDIR/$0" "$@" >/dev/full' ${words//PID/$victim}
		printf '%s: %s %s\n' "$words" "$status" "$stderr"
		assert_equal "$status" 3
		assert_stderr_has "${words%% *}: write error: No space left on device"
	done <<-'WORDS'
		pfdkill -l
		pfdkill -L
		pfdkill -d PID
		pfdkill -p PID
		pfdkill --dry-run PID
		pfdkill --json -0 PID
		pfdkill --verbose -0 PID
		pwait --nohang --json PID
		pwait --nohang --print PID
		pgrep -p PID
		pgrep -c -p PID
		pgrep --json -p PID
		pkill --dry-run -p PID
		pkill -0 -e -p PID
		pidwait --timeout 1ms -e -p PID
	WORDS
	tool pfdkill -0 "$victim"
}

works_without_descriptors() {
	local tool=$1
	run --separate-stderr bash -c '"$0" --version <&-' "$PFD_BINDIR/$tool"
	assert_equal "$status" 0
	assert_line -n 0 --partial "$tool (pidfd-utils)"
	assert_equal "$stderr" ''
	run bash -c '"$0" --version <&- >&- 2>&-' "$PFD_BINDIR/$tool"
	assert_equal "$status" "$(lost_status "$tool")"
	run bash -c '"$0" --no-such-option <&- >&- 2>&-' "$PFD_BINDIR/$tool"
	assert_equal "$status" "$(usage_status "$tool")"
	run bash -c '"$0" --no-such-option 2>&-' "$PFD_BINDIR/$tool"
	assert_equal "$status" "$(usage_status "$tool")"
	assert_output ''
}

@test "closed descriptors change nothing except that output is lost" {
	each works_without_descriptors
}

@test "with 0, 1 and 2 closed the program does its work, and no message goes into a handle" {
	local tool
	for tool in pfdkill kill; do
		spawn sleep 100
		run bash -c '"$0" --verbose "$1" <&- >&- 2>&-' "$PFD_BINDIR/$tool" "$spawned"
		assert_equal "$status" 3
		wait_for is_over "$spawned"
		spawn sleep 100
		run -0 bash -c '"$0" "$1" <&- >&- 2>&-' "$PFD_BINDIR/$tool" "$spawned"
		wait_for is_over "$spawned"
	done
	for tool in pwait waitpid; do
		run bash -c 'sleep 0.3 & "$0" "$1" <&- >&- 2>&- $!' "$PFD_BINDIR/$tool" -t10
		assert_equal "$status" 0
	done
	if [[ -x $PFD_BINDIR/pkill ]]; then
		spawn sleep 100
		run -0 bash -c '"$0" -p "$1" <&- >&- 2>&-' "$PFD_BINDIR/pkill" "$spawned"
		wait_for is_over "$spawned"
	fi
}

# waits_apart COMMAND...: run without descriptors 0 to 2 it waits, and its own files have other
# numbers.
waits_apart() {
	local fd
	# shellcheck disable=SC2016
	spawn bash -c 'exec "$@" <&- >&- 2>&-' waits_apart "$@"
	wait_for waits "$spawned"
	for fd in 0 1 2; do
		assert_equal "$(readlink "/proc/$spawned/fd/$fd")" /
		# O_PATH and O_CLOEXEC: it can neither be written to nor inherited
		run awk '$1 == "flags:" { print $2 }' "/proc/$spawned/fdinfo/$fd"
		assert_equal "$output" 012000000
	done
	finish "$spawned"
}

@test "files opened while 0, 1 and 2 are closed get other numbers" {
	local sleeper
	sleeper
	sleeper=$spawned
	waits_apart "$PFD_BINDIR/pwait" "$sleeper"
	waits_apart "$PFD_BINDIR/pfdkill" --wait -WINCH "$sleeper"
	[[ ! -x $PFD_BINDIR/pidwait ]] || waits_apart "$PFD_BINDIR/pidwait" -p "$sleeper" sleep
	# the command finds them closed, as before
	# shellcheck disable=SC2016
	run -6 bash -c '"$0" -- bash -c "$1" <&- >&- 2>&-' "$PFD_BINDIR/pwait" \
		'for fd in 0 1 2; do [[ ! -e /proc/$$/fd/$fd ]] || exit 5; done; exit 6'
}

is_over() {
	[[ ! -e /proc/$1 ]] || is_zombie "$1"
}

# The mode of a program is fixed when it is linked; the name by which it is called does not matter.
is_itself() {
	local tool=$1 name as
	"$PFD_BINDIR/$tool" --help >expected
	cp "$PFD_BINDIR/$tool" copied
	ln -sf "$PFD_BINDIR/$tool" linked
	# especially the names of other programs
	cp "$PFD_BINDIR/$tool" "$BATS_TEST_TMPDIR/pkill"
	for name in copied linked pkill; do
		run --separate-stderr "./$name" --help
		assert_equal "$status" 0
		assert_equal "$stderr" ''
		assert_equal "$(tail -n +2 <<<"$output" | grep -v '^       ')" \
			"$(tail -n +2 expected | grep -v '^       ')"
		[[ $output == "Usage: $name "* ]] || fail "usage of another name: ${output%%$'\n'*}"
	done
	for as in '' /; do
		run --separate-stderr bash -c 'exec -a "$1" "$0" --no-such-option' "$PFD_BINDIR/$tool" "$as"
		assert_equal "$status" "$(usage_status "$tool")"
		assert_equal "$output" ''
		assert_stderr_has "'--no-such-option'"
	done
}

escapes_its_own_name() {
	local tool=$1 option
	for option in --no-such-option --help --version; do
		run bash -c 'exec -a "$1" "$0" "$2"' "$PFD_BINDIR/$tool" $'/x/\e[31mred\n' "$option"
		assert_output --partial '\x1b[31mred\n'
		refute_output --partial $'\e'
	done
	run bash -c 'exec -a "$1" "$0" --help >/dev/full' "$PFD_BINDIR/$tool" $'\e[31mred'
	assert_output '\x1b[31mred: write error: No space left on device'
}

@test "the name by which a program is called is escaped" {
	each escapes_its_own_name
}

@test "a copy or a link with any name is the same program" {
	each is_itself
}

@test "output that was printed before a message comes before it when both go to one pipe" {
	local numbers name=etm$$ other
	spawn_ready named "$name"
	numbers=$spawned
	spawn_ready named "$name"
	# the lower PID is read first
	numbers=$(printf '%s\n' "$numbers" "$spawned" | sort -n)
	other=${numbers#*$'\n'}
	kill -STOP "$other"
	wait_for is_stopped "$other"
	run bash -c '"$PFD_BINDIR/pgrep" --explain -x -r S "$0" 2>&1' "$name" 3>&-
	assert_output "${numbers%$'\n'*}pgrep: $other ($name): excluded by --runstates"
}
