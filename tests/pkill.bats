#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pkill: which process gets which signal, and the output.

load helpers

# A name that the processes of no other test have.
own() {
	printf 'k%sx%s%s' "$BATS_TEST_NUMBER" "$$" "${1-}"
}

# The number of the first signal that a sigecho process got.
got() {
	file_has "$1" '^[0-9]' && sed -n '/^[0-9]/{s/ .*//p;q}' "$1"
}

# sigecho with a name of this test.
make_echo() {
	spawn_ready bash -c 'exec -a "$0" sigecho -x 15' "$(own "${1-}")"
	wait_for file_has "$spawned_out" ready
}

# bats test_tags=kernel
@test "TERM is sent unless another signal is named" {
	make_echo
	run_tool -0 pkill -f "^$(own)"
	refute_output
	assert_stderr ''
	wait_for file_has "$spawned_out" '^15 code=0 '
}

@test "-SIGNAL by number and name, in any case, with and without SIG, before and after options" {
	local args
	make_echo
	for args in -10 -USR1 -usr1 -SIGUSR1 '--signal USR1' '--signal=10' '--signal sigusr1'; do
		: >"$spawned_out"
		# shellcheck disable=SC2086
		run_tool -0 pkill $args -f "^$(own)"
		refute_output
		wait_for file_has "$spawned_out" '^10 '
		: >"$spawned_out"
		# shellcheck disable=SC2086
		run_tool -0 pkill -f "^$(own)" $args
		wait_for file_has "$spawned_out" '^10 '
	done
	: >"$spawned_out"
	run_tool -0 pkill -RTMIN+2 -f "^$(own)"
	wait_for file_has "$spawned_out" "^$(($(kill -l RTMIN) + 2)) "
}

@test "-SIGNAL is never taken from the value of an option (P1)" {
	make_echo
	# procps would send signal 5 to all processes of the user
	run_tool -0 pkill -USR2 -u "$EUID" -q -5 -f "^$(own)"
	wait_for file_has "$spawned_out" '^12 code=-1 .* value=-5$'
	run_tool -1 pkill -0 -g 1 -f -- -KILL
	run_tool -2 pkill -P -5 "$(own)"
	assert_stderr_has 'not a number: -5'
	refute grep -q '^5 ' "$spawned_out"
}

@test "-SIGNAL is never taken after --" {
	make_echo
	run_tool -1 pkill -f -- "-KILL.no-$(own)"
	run_tool -1 pkill -- -KILL
	run_tool -1 pkill -USR1 -- -USR2
	[[ -e /proc/$spawned ]]
	refute grep -q '^[0-9]' "$spawned_out"
}

@test "-io is -i -o, not SIGIO" {
	make_echo a
	local a=$spawned_out
	make_echo b
	run_tool -0 pkill -USR1 -io -f "^$(own | tr k K)"
	wait_for file_has "$a" '^10 '
	refute grep -q '^[0-9]' "$spawned_out"
}

@test "-ILL is the signal, not -I -L" {
	make_echo
	run_tool -0 pkill -ILL -e -f "^$(own)"
	wait_for file_has "$spawned_out" '^4 '
	run_tool -0 pkill -SIGILL -f "^$(own)"
}

@test "an unknown signal is rejected and no process is signalled" {
	make_echo
	run_tool -2 pkill --signal NONSENSE -f "^$(own)"
	assert_stderr_has "'NONSENSE' is not a signal"
	run_tool -2 pkill -99 -f "^$(own)"
	run_tool -2 pkill -NONSENSE -f "^$(own)"
	refute grep -q '^[0-9]' "$spawned_out"
}

@test "no match is status 1, without output" {
	run_tool -1 pkill "$(own)nobody"
	refute_output
	assert_stderr ''
}

@test "an empty pattern is rejected, because it would match every process" {
	run_tool -2 pkill -0 ''
	assert_stderr_has 'matches every process'
	run_tool -2 pkill -0 -u "$EUID" -- ''
}

@test "with --older and no duration no process is signalled (P2)" {
	make_echo
	run_tool -2 pkill -O abc
	assert_stderr_has "'abc'"
	run_tool -1 pkill -USR1 -O 1h -f "^$(own)"
	run_tool -2 pkill -O 1h2 -f "^$(own)"
	run_tool -0 pkill -USR2 --older 0 -f "^$(own)"
	wait_for file_has "$spawned_out" '^12 '
	refute grep -q '^10 ' "$spawned_out"
}

@test "-v and options of other programs are rejected, and no process is signalled (P5)" {
	make_echo
	run_tool -2 pkill -0 -v "$(own)"
	run_tool -2 pkill -0 --lightweight "$(own)"
	refute grep -q '^[0-9]' "$spawned_out"
}

@test "-e prints the name and PID of each process that was signalled" {
	spawn_ready named "$(own)"
	run_tool -0 pkill -CONT -e "$(own)"
	assert_output "$(own) killed (pid $spawned)"
	assert_stderr ''
	run_tool -1 pkill -e "$(own)nobody"
	refute_output
}

@test "-e without a pattern prints the name too (P7)" {
	spawn_ready named "$(own)"
	run_tool -0 pkill -0 --echo -p "$spawned"
	assert_output "$(own) killed (pid $spawned)"
	run_tool -0 pkill -0 -e -P $$ -p "$spawned" --newest
	assert_output "$(own) killed (pid $spawned)"
}

@test "-e escapes the name, -Q quotes it for the shell" {
	spawn_ready named "$(own) "$'\e'
	run_tool -0 pkill -0 -e "$(own)"
	assert_output "$(own) \\x1b killed (pid $spawned)"
	run_tool -0 pkill -0 -eQ "$(own)"
	assert_output "\$'$(own) \\033' killed (pid $spawned)"
}

@test "-c prints how many matched" {
	spawn_ready named "$(own)"
	spawn_ready named "$(own)"
	run_tool -0 pkill -CONT -c "$(own)"
	assert_output 2
	run_tool -0 pkill -CONT --count -e -n "$(own)"
	assert_output "$(own) killed (pid $spawned)"$'\n1'
	run_tool -1 pkill -c "$(own)nobody"
	assert_output 0
}

@test "-q sends a value with the signal" {
	make_echo
	run_tool -0 pkill -USR1 -q 42 -f "^$(own)"
	wait_for file_has "$spawned_out" '^10 code=-1 .* value=42$'
	run_tool -0 pkill -USR2 --queue -7 -f "^$(own)"
	wait_for file_has "$spawned_out" '^12 code=-1 .* value=-7$'
	run_tool -2 pkill -q 1x -f "^$(own)"
	assert_stderr_has "'1x'"
	run_tool -2 pkill -q 9999999999 -f "^$(own)"
}

@test "-H signals only processes that have a handler" {
	make_echo a
	local log=$spawned_out
	spawn_ready named "$(own b)"
	run_tool -0 pkill -USR1 -H -f "^$(own)"
	wait_for file_has "$log" '^10 '
	[[ -e /proc/$spawned ]]
}

@test "a process that may not be signalled is reported with its owner, status 1" {
	requires root
	spawn_ready named "$(own)"
	run --separate-stderr as_user pkill -e -f "$(own)"
	assert_failure 1
	refute_output
	assert_equal "$stderr" "pkill: $spawned ($(own)): not permitted: it belongs to root"
	[[ -e /proc/$spawned ]]
}

@test "one process that could be signalled is enough for status 0" {
	requires root
	spawn_ready as_user env -u BATS_TEST_TMPDIR named "$(own)"
	spawn_ready named "$(own)"
	run --separate-stderr as_user pkill -0 -c "$(own)"
	assert_success
	assert_output 2
	[[ $stderr == *'not permitted'* ]]
}

@test "pkill -f does not kill the shell that runs it, although the pattern is in its command line" {
	local text
	text=$(own)-unique
	# shellcheck disable=SC2016
	run --separate-stderr sh -c '"$1" -f "$2"; echo "alive, $?"' sh "$PFD_BINDIR/pkill" "$text"
	assert_success
	assert_output 'alive, 1'
	assert_equal "$stderr" ''
}

@test "pkill -f in a pipe of shells spares all of them, and kills the other processes" {
	local text
	text=$(own)-unique
	spawn_ready named "$(own)" -- "$text"
	# shellcheck disable=SC2016
	run --separate-stderr sh -c 'sh -c "sh -c \"$1 -e -f $2; echo \\\$?\"; echo 2; # $2"; echo 3' \
		sh "$PFD_BINDIR/pkill" "$text"
	assert_output "$(own) killed (pid $spawned)"$'\n0\n2\n3'
}

@test "--dry-run and --explain name the processes that a signal would end because they have no handler" {
	spawn_ready named "$(own)"
	local want
	want="$spawned ($(own)): has no handler for USR1, which ends it"
	run_tool -0 pkill --dry-run -USR1 "$(own)"
	assert_stderr "pkill: $want"
	run_tool -0 pkill --dry-run -RTMIN+3 "$(own)"
	assert_stderr "pkill: ${want/USR1/RTMIN+3}"
	run_tool -0 pkill --dry-run "$(own)"
	assert_stderr ''
	run_tool -0 pfdkill --dry-run -USR1 "$spawned"
	assert_stderr "pfdkill: $want"
	run_tool -0 pfdkill --dry-run "$spawned"
	assert_stderr ''
	local victim=$spawned
	spawn_ready sigecho
	run_tool -0 pkill --dry-run -USR1 -x sigecho -p "$spawned"
	assert_stderr ''
	run_tool -0 pkill --explain -USR1 "$(own)"
	assert_stderr "pkill: $want"
	wait_for is_gone "$victim"
}

@test "--mentions kills the shell as well" {
	local text
	text=$(own)-unique
	# shellcheck disable=SC2016
	run -143 sh -c '"$1" --mentions -f "$2"; echo alive' sh "$PFD_BINDIR/pkill" "$text"
	refute_output
}

@test "--dry-run prints a table of the processes that match, and signals none" {
	make_echo
	run_tool -0 pkill --dry-run -USR1 -f "^$(own)"
	assert_row "$spawned" sigecho
	run_tool -0 pkill --dry-run --json -f "^$(own)"
	assert_output --partial "\"pid\":$spawned"
	run_tool -1 pkill --dry-run "$(own)nobody"
	run_tool -0 pkill -USR2 -f "^$(own)"
	wait_for file_has "$spawned_out" '^12 '
	refute grep -qE '^(10|15) ' "$spawned_out"
}

@test "--json prints one object for each process" {
	requires jq linux:6.9
	spawn_ready named "$(own)"
	run_tool -0 pkill --json -CONT "$(own)"
	assert_equal "${#lines[@]}" 1
	assert_equal "$(jq -r '[.pid, .pidfdId, .name, .signal, .result] | map(tostring) | join(" ")' \
		<<<"$output")" "$spawned $(inode_of "$spawned") $(own) CONT sent"
}

@test "--verbose prints the outcome of each process" {
	spawn_ready named "$(own)"
	run_tool -0 pkill --verbose -CONT "$(own)"
	assert_output "$spawned ($(own)): sent CONT"
}

@test "--wait returns when all are gone" {
	spawn_ready named "$(own)"
	run_tool -0 pkill --wait -x "$(own)"
	[[ -z $(proc_state "$spawned") || $(proc_state "$spawned") == Z ]]
	assert_stderr ''
}

@test "--wait with a deadline that passes is status 124, and names the survivors" {
	spawn_ready bash -c 'exec -a "$0" stubborn' "$(own)"
	run_tool -124 pkill --deadline 100ms -f "^$(own)"
	refute_output
	assert_stderr_has "$spawned"
	assert_stderr_has 'survived TERM'
}

@test "--timeout sends the next signal to those still there, with one deadline for all" {
	local i began=$SECONDS
	for i in 1 2 3; do
		spawn_ready bash -c 'exec -a "$0" stubborn' "$(own)"
	done
	spawn_ready named "$(own)"
	run_tool -0 pkill --timeout 700ms KILL --wait --verbose -f "^$(own)"
	((SECONDS - began < 60))
	assert_equal "$(grep -c 'forced with KILL' <<<"$output")" 3
	assert_line "$spawned ($(own)): killed by signal 15 (TERM)"
	run_tool -2 pkill --timeout 1x KILL "$(own)"
	run_tool -2 pkill --timeout 100ms NONSENSE "$(own)"
	run_tool -2 pkill "$(own)" --timeout 100
	assert_stderr_has 'second value'
}

@test "--mrelease kills as well" {
	requires linux:5.15
	spawn_ready named "$(own)"
	run_tool -0 pkill -m -KILL --wait -e "$(own)"
	assert_output "$(own) killed (pid $spawned)"
}

@test "--mrelease and --reclaim are rejected if the kernel or a sandbox does not permit them" {
	requires seccomp
	local row call error option message
	spawn_ready named "$(own)"
	while IFS='|' read -r call error option message; do
		run -3 old-kernel "$call=$error" "$PFD_BINDIR/pkill" "$option" -KILL "^$(own)\$"
		assert_output "pkill: $message"
		run -3 old-kernel "$call=$error" "$PFD_BINDIR/pfdkill" "$option" -KILL "$spawned"
		assert_output "pfdkill: $message"
	done <<-'ROWS'
		process_mrelease|ENOSYS|--mrelease|--mrelease needs Linux 5.15
		process_mrelease|EPERM|--mrelease|--mrelease: a sandbox refuses it
		process_madvise|ENOSYS|--reclaim=cold|--reclaim needs Linux 5.10
		process_madvise|EPERM|--reclaim=cold|--reclaim: a sandbox refuses it
	ROWS
	is_gone "$spawned" && fail "it was signalled"
	[[ $(proc_state "$spawned") == [RSD] ]]
}

# Run "pkill -I ARG..." on its own terminal; text written to descriptor 9 is typed there.
on_a_terminal() {
	mkfifo typed
	exec 9<>typed
	{
		printf '#!/bin/sh\nexec env'
		printf ' %q' "$@"
		printf '\n'
	} >ask
	chmod +x ask
	spawn -i typed script -qec ./ask /dev/null
	screen=$spawned_out
}

@test "-I asks about each process and acts on the answer" {
	requires script
	make_echo a
	local a=$spawned_out apid=$spawned
	make_echo b
	local b=$spawned_out bpid=$spawned
	on_a_terminal "$PFD_BINDIR/pkill" -I -e -USR1 -f "^$(own)"
	((apid < bpid)) || skip "the numbers wrapped just now"
	wait_for file_has "$screen" "send USR1 to $apid $(own a) -x 15 ("
	# no signal is sent before the answer
	refute grep -q '^10 ' "$a"
	echo y >&9
	wait_for file_has "$screen" "send USR1 to $bpid $(own b) -x 15 ("
	echo n >&9
	wait_for file_has "$a" '^10 '
	wait_for is_gone_or_zombie "$spawned"
	assert_equal "$(grep -c killed "$screen")" 1
	refute grep -q '^10 ' "$b"
}

is_gone_or_zombie() {
	is_zombie "$1" || is_gone "$1"
}

@test "-I accepts yes in the language of the user, and nothing else" {
	requires script localedef
	local locale
	for locale in fr_FR de_DE; do
		localedef -i "$locale" -f UTF-8 "./$locale.UTF-8" 2>/dev/null || true
		[[ -e $locale.UTF-8/LC_MESSAGES ]] || skip "there is no source of the locale $locale"
	done
	local row words
	for row in 'fr_FR.UTF-8 oui 0' 'de_DE.UTF-8 Ja 0' 'de_DE.UTF-8 nein 1' 'fr_FR.UTF-8 ja 1' \
		'C oui 1' 'C.UTF-8 Y 0'; do
		read -ra words <<<"$row"
		make_echo
		local log=$spawned_out
		run setsid -w env LOCPATH="$PWD" LC_ALL="${words[0]}" "$PFD_BINDIR/pkill" -I -USR1 -p \
			"$spawned" <<<"${words[1]}"
		assert_equal "$row: $status" "$row: ${words[2]}"
		((words[2])) || wait_for file_has "$log" '^10 '
		end_spawned
	done
	# the same on a terminal
	make_echo
	local log=$spawned_out pid=$spawned
	on_a_terminal LOCPATH="$PWD" LC_ALL=fr_FR.UTF-8 "$PFD_BINDIR/pkill" -I -USR1 -p "$pid"
	wait_for file_has "$screen" "send USR1 to $pid "
	echo oui >&9
	wait_for file_has "$log" '^10 '
}

@test "-I without a terminal asks on standard input; end of input means no" {
	requires setsid
	make_echo
	run setsid -w "$PFD_BINDIR/pkill" -I -USR1 -f "^$(own)" </dev/null
	assert_failure 1
	assert_output --regexp "send USR1 to $spawned $(own) -x 15 \\([a-z0-9]+, [0-9]+[smh]\\)\\? \\[y/N\\]"
	assert_line "pkill: the input has ended: this process and all after it are not signalled"
	run setsid -w "$PFD_BINDIR/pkill" -I -USR1 -f "^$(own)" <<<yes
	assert_success
	wait_for file_has "$spawned_out" '^10 '
	run_tool -2 pkill -I --dry-run x
}

@test "-I at the end of input asks no more, and signals only what was approved before" {
	requires setsid
	local all=() i
	for i in 1 2 3 4; do
		make_echo
		all+=("$spawned_out")
	done
	run setsid -w "$PFD_BINDIR/pkill" -I -USR1 -f "^$(own)" </dev/null
	assert_failure 1
	assert_equal "$(grep -o 'send USR1 to' <<<"$output" | wc -l)" 1
	assert_equal "$(grep -c 'the input has ended' <<<"$output")" 1
	run setsid -w "$PFD_BINDIR/pkill" -I -USR1 -e -f "^$(own)" <<<$'y\nn'
	assert_success
	assert_equal "$(grep -o 'send USR1 to' <<<"$output" | wc -l)" 3
	assert_equal "$(grep -c 'killed (pid' <<<"$output")" 1
	assert_equal "$(grep -c 'the input has ended' <<<"$output")" 1
	# on a terminal the same: Ctrl-D
	requires script
	on_a_terminal "$PFD_BINDIR/pkill" -I -USR1 -f "^$(own)"
	wait_for file_has "$screen" 'send USR1 to'
	printf '\004' >&9
	wait_for file_has "$screen" 'the input has ended'
	wait_for is_gone_or_zombie "$spawned"
	assert_equal "$(grep -o 'send USR1 to' "$screen" | wc -l)" 1
}

@test "--explain prints why a signal will do nothing" {
	spawn_ready bash -c 'exec -a "$0" stubborn' "$(own)"
	run_tool -0 pkill --explain -f "^$(own)"
	refute_output
	assert_stderr_has "$spawned"
	assert_stderr_has 'ignore'
}

@test "a thousand matches are all signalled by pidfd with a limit of 40 descriptors" {
	requires strace pidns
	# shellcheck disable=SC2016
	run in_pidns '
		herd 1000 < <(sleep 100) >herd.out & herd=$!
		wait_for file_has herd.out ready
		(ulimit -n 40; strace -f -c -o calls -e trace=pidfd_send_signal,kill,tgkill,rt_sigqueueinfo \
			"$PFD_BINDIR/pkill" -c -P $herd -x herd)
		awk "/pidfd_send_signal/ {print \$4} /kill$|rt_sigqueueinfo$/ {print \"by number\"}" calls
		wait_for eval "! tool pgrep -q -r R,S,D -P $herd -x herd"'
	assert_output $'1000\n1000'
	assert_success
}

@test "a wait that cannot hold all processes is rejected at once, and none is signalled" {
	# shellcheck disable=SC2016
	run bash -c "$CONDITIONS"'
		mkfifo go; herd 60 <>go >herd.out & herd=$!
		wait_for file_has herd.out ready
		(ulimit -n 40; "$PFD_BINDIR/pkill" --wait -P $herd -x herd; echo $?)
		"$PFD_BINDIR/pgrep" -c -r RSD -P $herd -x herd
		kill $herd'
	assert_line --partial 'no process was signalled'
	assert_line 3
	assert_line 60
}

@test "a process that cannot be read is status 3 and no signal, never a missing match" {
	requires strace
	make_echo
	local call file
	for call in openat:error=EMFILE openat:error=ENFILE openat:error=ENOMEM pread64:error=EIO \
		pidfd_open:error=EMFILE pidfd_open:error=EPERM pidfd_open:error=ENOMEM \
		getdents64:error=EIO; do
		file=()
		[[ $call != openat:* ]] || file=(-P "$spawned/cmdline")
		[[ $call != pread64:* ]] || file=(-P "/proc/$spawned/cmdline")
		run --separate-stderr strace -o /dev/null "${file[@]}" -e trace="${call%%:*}" \
			-e inject="$call" "$PFD_BINDIR/pkill" -USR1 -f "^$(own)"
		assert_equal "$call $status" "$call 3"
		refute_output
		[[ -n $stderr ]]
	done
	refute grep -q '^10 ' "$spawned_out"
}

@test "if the library runs out of descriptors, that is not an empty process table" {
	requires strace
	spawn_ready named "$(own)"
	run_tool -0 pgrep -n "$(own)"
	assert_output "$spawned"
	# leave only the descriptors that we need ourselves: the library then finds no process
	local n
	for n in 5 6 7 8; do
		run --separate-stderr bash -c 'ulimit -n "$1"; exec "$2" -n "$3"' bash "$n" \
			"$PFD_BINDIR/pgrep" "$(own)" 3>&-
		[[ $status == 3 || ($status == 0 && $output == "$spawned") ]] ||
			fail "limit $n: status $status, '$output', '$stderr'"
	done
}

# bats test_tags=kernel
@test "if seccomp forbids pidfd_open, pkill does not signal by PID instead" {
	requires seccomp
	make_echo
	run --separate-stderr old-kernel pidfd_open=EPERM "$PFD_BINDIR/pkill" -USR1 -f "^$(own)"
	assert_failure 3
	[[ $stderr == *sandbox* ]]
	refute grep -q '^10 ' "$spawned_out"
}

# bats test_tags=kernel
@test "on Linux 5.1 a process is signalled through its /proc directory" {
	requires seccomp
	make_echo
	run --separate-stderr old-kernel 5.1 "$PFD_BINDIR/pkill" -USR1 -f "^$(own)"
	assert_success
	wait_for file_has "$spawned_out" '^10 '
}

@test "lost standard output is status 3" {
	[[ -c /dev/full ]] || skip "there is no /dev/full"
	spawn_ready named "$(own)"
	# shellcheck disable=SC2016
	run --separate-stderr bash -c '"$1" -0 -e -p "$2" >/dev/full' bash "$PFD_BINDIR/pkill" "$spawned"
	assert_failure 3
}

# three NAME: two processes of this name, with a zombie of the name between their numbers; PIDs in
# $first, $zombie and $last
three() {
	mkfifo keep
	exec 9<>keep
	spawn_ready named "$1"
	first=$spawned
	# shellcheck disable=SC2016
	spawn -i keep zombie sh -c 'printf %s "$0" >/proc/$$/comm' "$1"
	wait_for has_line "$spawned_out"
	read -r zombie <"$spawned_out"
	wait_for comm_is "$zombie" "$1"
	spawn_ready named "$1"
	last=$spawned
}

@test "outcomes are reported in the order of the PIDs, also those of zombies" {
	local first zombie last
	three "$(own)"
	((first < zombie && zombie < last)) || skip "the PIDs began again"
	run_tool -0 pkill -e -0 "$(own)"
	assert_output "$(own) killed (pid $first)
$(own) killed (pid $zombie)
$(own) killed (pid $last)"
	run_tool -0 pkill --verbose -CONT "$(own)"
	assert_line --index 0 "$first ($(own)): sent CONT"
	assert_line --index 1 --partial "$zombie ($(own)): already dead"
	assert_line --index 2 "$last ($(own)): sent CONT"
	run_tool -0 pfdkill --verbose -CONT "$first" "$zombie" "$last"
	assert_line --index 1 --partial "$zombie ($(own)): already dead"
}

@test "--dry-run -e never says killed" {
	local first zombie last
	three "$(own)"
	run_tool -0 pkill --dry-run -e -x "$(own)"
	refute_output --partial killed
	assert_line --partial "$zombie"
}

@test "a zombie of another user is denied, like any other process of that user" {
	requires root
	spawn_zombie
	run --separate-stderr as_user pfdkill -TERM "$zombie"
	assert_failure 1
	assert_stderr_has "$zombie"
	run --separate-stderr as_user pkill -e -p "$zombie"
	assert_failure 1
	refute_output
	assert_stderr_has "not permitted: it belongs to root"
	run_tool -0 pfdkill -TERM "$zombie"
}

@test "for signal 0 a zombie is not alive, as in pfdkill" {
	local first zombie last
	three "$(own)"
	echo "$zombie" >file
	run_tool -1 pfdkill -0 "$zombie"
	run_tool -1 pkill -0 -F file
	run_tool -1 pkill -0 -p "$zombie" -x "$(own)"
	run_tool -0 pkill -0 -x "$(own)"
	# there is nothing left to do
	run_tool -0 pfdkill "$zombie"
	run_tool -0 pkill -F file
}

@test "a missing permission is reported on standard error, with --verbose too" {
	requires root
	spawn_ready named "$(own)"
	run --separate-stderr as_user pkill --verbose "$(own)"
	assert_equal "$status" 1
	refute_output
	assert_equal "$stderr" "pkill: $spawned ($(own)): not permitted: it belongs to root"
}
