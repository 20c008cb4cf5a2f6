#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pwait -- COMMAND as the owner of all that COMMAND starts: -k, --cleanup, --tree, as PID 1.

load helpers

# The time that a command took, in milliseconds, in $took.
timed() {
	local began=${EPOCHREALTIME/./}
	"$@" || true
	took=$(((${EPOCHREALTIME/./} - began) / 1000))
}

# took_about MS: at least that, and less than twice that and a second.
took_about() {
	((took >= $1 && took < 2 * $1 + 1000 * ${PFD_PATIENCE:-1})) || fail "it took $took ms, not $1"
}

@test "with -k, a process that holds the output open does not delay the return" {
	local out
	out_of() { out=$(tool pwait -t 1 -k KILL -- sh -c 'sleep 30; exit 0' 3>&-); }
	timed out_of
	took_about 1000
}

@test "the next signal of -k follows after its duration" {
	local options
	for options in '' --foreground; do
		# shellcheck disable=SC2086
		timed run_tool -124 pwait -v -t 500ms -k TERM/500ms/KILL $options -- \
			sh -c 'trap "" TERM; echo $$; while :; do sleep 0.1; done'
		took_about 1000
		assert_output "${lines[0]}
timeout
${lines[0]}: killed by signal 9 (KILL)."
	done
}

@test "the last duration of -k says when to give up, and what is left is named" {
	timed run_tool -124 pwait -t 100ms -k USR1/100ms/USR1/100ms -- \
		sh -c 'trap "" USR1; echo $$; exec sleep 100 >/dev/null 2>&1'
	local pid=$output
	kill -KILL "$pid"
	assert_stderr "pwait: sh: 1 of its processes still run: $pid"
}

@test "-k sends its steps to targets too" {
	spawn_ready stubborn
	timed run_tool -124 pwait -v -t 100ms -k TERM/300ms/KILL "$spawned"
	took_about 400
	assert_line --index 0 timeout
	assert_line --index 1 "$spawned: killed by signal 9 (KILL)."
	spawn_ready stubborn
	timed run_tool -124 pwait -p -t 100ms -k TERM/0/INT/200ms "$spawned"
	took_about 300
	assert_output "$spawned"
}

@test "-k and --cleanup end more processes than there are descriptors" {
	local many="for i in {1..50}; do sleep 100.$$ & done; wait" options
	for options in '-t 300ms -k TERM' '-t 300ms -k HUP/300ms/KILL' '--cleanup'; do
		[ "$options" = --cleanup ] && many=${many%; wait}
		# shellcheck disable=SC2086
		run --separate-stderr timeout -k 1 --foreground 15 bash -c 'ulimit -n 20; exec "$PFD_BINDIR/pwait" "$@"' - \
			$options -- bash -c "trap '' HUP; $many" 3>&-
		if [ "$options" = --cleanup ]; then assert_equal "$status" 0; else assert_equal "$status" 124; fi
		assert_stderr ''
		run_tool -1 pgrep -f -x "sleep 100.$$"
	done
}

@test "-k without a deadline has no effect" {
	spawn sleep 0.2
	run_tool -0 pwait -k KILL "$spawned"
	run_tool -5 pwait -k KILL -- sh -c 'exit 5'
}

@test "-k reaches double forks and new sessions, and stopped processes" {
	requires pidns
	run in_pidns '
		"$PFD_BINDIR/pwait" -t 500ms -k TERM/20s/KILL -- sh -c "
			setsid sh -c \"(setsid named orphan >one &) ; exec named session >two\" &
			sh -c \"kill -STOP \\\$\\\$; :\" &
			exec named command >three" || echo "status $?"
		"$PFD_BINDIR/pgrep" -l . | grep -v -e bash -e subreap -e pgrep -e grep || echo none'
	assert_output 'status 124
none'
}

@test "without -k and --cleanup, what COMMAND started is left alone" {
	run_tool -0 pwait -- sh -c 'sleep 100 >/dev/null 2>&1 & echo $!'
	[[ $(proc_state "$output") == [RSD] ]]
	kill -KILL "$output"
	run_tool -0 pwait -t 50s -k KILL -- sh -c 'sleep 100 >/dev/null 2>&1 & echo $!'
	[[ $(proc_state "$output") == [RSD] ]]
	kill -KILL "$output"
}

@test "--cleanup ends what COMMAND left, and the status is COMMAND's" {
	run_tool -3 pwait --cleanup -- sh -c \
		'setsid sleep 100 >/dev/null 2>&1 & echo $!; (setsid stubborn >/dev/null &); exit 3'
	is_gone "$output"
	run_tool -3 pwait --cleanup -k HUP/50ms/KILL -- sh -c \
		'(trap "" HUP; exec sleep 100 >/dev/null 2>&1) & echo $!; exit 3'
	is_gone "$output"
	# at the deadline too
	run_tool -124 pwait --cleanup -t 100ms -- sh -c 'sleep 100 >/dev/null 2>&1 & echo $!; wait'
	is_gone "$output"
}

@test "--tree returns when all is gone, with the status of COMMAND" {
	run_tool -3 pwait --tree -- sh -c '(setsid sh -c "sleep 0.3; echo last" &); echo first; exit 3'
	assert_output 'first
last'
	run_tool -124 pwait --tree -t 200ms -- sh -c 'sleep 100 >/dev/null 2>&1 & echo $!'
	[[ $(proc_state "$output") == [RSD] ]]
	kill -KILL "$output"
	run_tool -124 pwait --tree -t 200ms -k KILL -- sh -c 'sleep 100 >/dev/null 2>&1 & echo $!'
	is_gone "$output"
}

@test "orphans are reaped on Linux 5.3 too, and where no descriptor can be had for them" {
	requires seccomp strace
	local call
	for call in 'old-kernel 5.3' \
		'strace -o calls -e trace=pidfd_open -e inject=pidfd_open:error=ENFILE'; do
		# shellcheck disable=SC2086
		run -3 $call "$PFD_BINDIR/pwait" --tree -- sh -c '(sleep 0.1 &); exit 3'
	done
	run -3 old-kernel 5.3 "$PFD_BINDIR/pwait" --cleanup -- sh -c \
		'sleep 100 >/dev/null 2>&1 & (:&); exit 3'
	run -124 old-kernel 5.3 "$PFD_BINDIR/pwait" -t 100ms -k TERM -- sh -c '(sleep 100 &); sleep 100'
}

@test "the status is COMMAND's, also if it ends while an orphan is reaped" {
	requires seccomp strace
	# a kernel without records of the reaped; the fourth call is the reap, which takes any child
	# where the orphan cannot be held
	run --separate-stderr -7 timeout 20 old-kernel 6.5 strace -o calls -e trace=waitid,pidfd_open \
		-e inject=pidfd_open:error=ENFILE -e inject=waitid:delay_enter=1000000:when=4 \
		"$PFD_BINDIR/pwait" --json --tree -- sh -c '
			(:&); until grep -q CLD_EXITED.*WNOWAIT calls; do :; done; exit 7'
	grep waitid calls | sed -n 4p | grep -q 'status=7'
	assert_output --regexp '"name":"sh".*"exitStatus":7'
}

@test "--foreground signals COMMAND alone" {
	run_tool -124 pwait --foreground -t 200ms -k TERM -- sh -c 'sleep 100 >/dev/null 2>&1 & echo $!; wait'
	[[ $(proc_state "$output") == [RSD] ]]
	kill -KILL "$output"
}

@test "-k with a stop signal leaves the processes stopped" {
	requires strace
	local sig options
	for sig in STOP TSTP TTIN TTOU; do
		for options in '' --foreground; do
			# shellcheck disable=SC2086
			run strace -o calls -e trace=pidfd_send_signal "$PFD_BINDIR/pwait" \
				-t 100ms -k "$sig/100ms/KILL" $options -- sleep 100
			assert_equal "$status" 124
			# no CONT comes after it (one before it, if the tree is held by SIGSTOP)
			assert_equal "$(grep -o 'SIG[A-Z]*' calls | uniq | sed '1{/CONT/d}')" \
				"SIG$sig"$'\nSIGKILL'
		done
	done
}

@test "a signal to pwait passes to all that COMMAND started, and the steps follow" {
	local sig
	for sig in TERM INT HUP QUIT; do
		spawn_ready env --default-signal "$PFD_BINDIR/pwait" -k KILL -- sh -c '
			sigecho child >began & exec sigecho -x '"$(kill -l "$sig")"
		wait_for has_line began
		kill "-$sig" %%
		wait "$spawned" || fail "$sig: status $?"
		wait_for file_has child "^$(kill -l "$sig") code=0 pid=$spawned "
		rm child began
	done
	# the steps go on where the signal does not end it
	spawn_ready "$PFD_BINDIR/pwait" -k TERM/200ms/KILL -- sh -c 'setsid stubborn & exec stubborn'
	kill -TERM %%
	wait "$spawned" || status=$?
	assert_equal "$status" 137
	[[ -z $(pgrep -s "$spawned" stubborn) ]]
}

@test "--foreground: that a signal may not be sent is reported once for each signal" {
	requires strace
	attempts_are() { (($(grep -c pidfd_send_signal calls) >= $1)); }
	spawn strace -o calls -e trace=pidfd_send_signal -e inject=pidfd_send_signal:error=EPERM \
		"$PFD_BINDIR/pwait" --foreground --timeout 1h --kill KILL -- sh -c 'echo ready; exec sleep 1000'
	wait_for has_line "$spawned_out"
	kill -TERM "$(cut -d" " -f1 "/proc/$spawned/task/$spawned/children")"
	wait_for attempts_are 4
	run grep -c 'cannot send the signal: ' "$spawned_out"
	((output == 1 || output == 2))
}

@test "a COMMAND that /proc hides is signalled all the same" {
	requires root pidns
	public_copy
	# they have the rights of root, and are still ours to signal
	install -m 4755 "$(command -v sleep)" public/nap
	install -m 4755 "$PFD_HELPERS/sigecho" public/echo
	mkdir -m 777 public/ours
	run in_pidns '
		hide_processes 2
		cd public
		status=0
		setpriv --reuid 65534 --regid 65534 --clear-groups timeout -s KILL 20 \
			bin/pwait -v -t 100ms -k KILL -- ./nap 1000 || status=$?
		echo "status $status"
		setpriv --reuid 65534 --regid 65534 --clear-groups timeout -s KILL 20 \
			bin/pwait -t 500ms -k TERM/500ms/KILL -- ./echo ours/got >ours/up || true
		grep -c "^15 " ours/got'
	skip_if_not_hidden
	assert_output --regexp '^timeout
[0-9]+: killed by signal 9 \(KILL\)\.
status 124
1$'
}

@test "what became another user, and is hidden by /proc, is reported and not waited for" {
	requires root pidns
	public_copy
	install -m 4755 "$(command -v setpriv)" public/root
	mkdir -m 777 public/ours
	run in_pidns '
		hide_processes 2
		cd public
		as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
		[ "$("${as[@]}" ./root --reuid 0 id -u)" = 0 ] || {
			echo skip
			exit
		}
		status=0
		"${as[@]}" timeout -s KILL 20 bin/pwait --cleanup -k TERM/100ms/KILL -- sh -c "
			./root --reuid 0 sh -c \"echo >ours/up; exec sleep 1000\" &
			until [ -e ours/up ]; do :; done; exit 5" || status=$?
		echo "status $status"'
	[[ $output != skip ]] || skip 'neither hidepid nor set-user-ID can be had here'
	assert_output --regexp '^pwait: sh: the mount option hidepid=[^ ]* of /proc hides processes that it started: they get no signal
status 124$'
}

@test "a signal that ends COMMAND too, such as Ctrl-C, passes to all that COMMAND started" {
	local ready command
	for ready in '' --ready; do
		# shellcheck disable=SC2086,SC2016
		spawn_ready "$PFD_BINDIR/pwait" $ready -k TERM/20s/KILL -- sh -c '
			setsid sigecho -x 15 child >up & echo $$; exec sleep 100'
		read -r command <"$spawned_out"
		wait_for file_has up ready
		# both are there before pwait can look: so it is after a signal to the whole group
		kill -STOP "$spawned"
		wait_for is_stopped "$spawned"
		kill -TERM "$spawned"
		kill -TERM "$command"
		wait_for is_zombie "$command"
		kill -CONT "$spawned"
		wait "$spawned" && fail "$ready: status 0"
		wait_for file_has child '^15 '
		rm child up
	done
}

@test "a signal to pwait reaches each process once" {
	spawn_ready "$PFD_BINDIR/pwait" -k TERM/20s/KILL -- sh -c '
		sigecho -x 1 child >/dev/null & sigecho; :'
	kill -TERM %%
	wait_for file_has "$spawned_out" '^15 '
	wait_for file_has child '^15 '
	kill -HUP %%
	wait_for file_has child '^1 '
	wait_for file_has "$spawned_out" '^1 '
	assert_equal "$(grep -c '^15 ' child)" 1
	assert_equal "$(grep -c '^15 ' "$spawned_out")" 1
}

@test "children that were there before pwait are not signalled, and not waited for" {
	# shellcheck disable=SC2016
	run -5 bash -c 'sleep 100 3>&- >/dev/null 2>&1 & echo $!; exec "$@"' bash \
		"$PFD_BINDIR/pwait" --cleanup -- sh -c 'setsid sleep 100 >/dev/null 2>&1 & echo $!; exit 5'
	is_gone "${lines[1]}"
	[[ $(proc_state "${lines[0]}") == [RSD] ]]
	kill -KILL "${lines[0]}"
	# shellcheck disable=SC2016
	run -143 bash -c 'sleep 100 3>&- >/dev/null 2>&1 & exec "$@"' bash \
		"$PFD_BINDIR/pwait" --tree -- sh -c 'kill -TERM $$'
}

@test "--die-with-parent: when pwait is killed, COMMAND is killed" {
	spawn_ready "$PFD_BINDIR/pwait" --die-with-parent -- sh -c 'echo $$; exec sleep 100'
	local pid
	read -r pid <"$spawned_out"
	kill -KILL "$spawned"
	wait_for is_gone "$pid"
}

# hydra_rounds ROUNDS COMMAND...: run it so often in a PID namespace. Prints how many processes of
# the hydra are left each time.
hydra_rounds() {
	in_pidns '
		left() { ps -eo stat=,comm= | grep -c "^[^Z].* hydra\$" || true; }
		rounds=$1; shift
		for ((i = 0; i < rounds; i++)); do
			"$@" >/dev/null 2>&1 || true
			left
			until [ "$(left)" = 0 ]; do "$PFD_BINDIR/pkill" -KILL hydra || true; done
		done' "$@"
}

@test "of a command that does all it can to leave something behind, nothing is left" {
	requires pidns
	time_limit 300
	local rounds=${PFD_ROUNDS:-3}
	run hydra_rounds "$rounds" nice -n 19 "$PFD_BINDIR/pwait" -t 1s -k TERM/200ms/KILL -- hydra 200
	assert_equal "$(sort -u <<<"$output")" 0
	assert_equal "${#lines[@]}" "$rounds"
	if ((EUID == 0)); then
		chmod 755 .
		run hydra_rounds "$rounds" setpriv --reuid 65534 --regid 65534 --clear-groups \
			nice -n 19 "$PFD_BINDIR/pwait" -t 1s -k KILL -- hydra 200
		assert_equal "$(sort -u <<<"$output")" 0
	fi
	# the process group is not enough
	run hydra_rounds 1 timeout -s KILL 1 hydra 200
	((lines[-1] >= 200))
}

@test "the status is COMMAND's in every way to end" {
	local way direct owned
	for way in $(ways list); do
		direct=0 owned=0
		ways "$way" || direct=$?
		"$PFD_BINDIR/pwait" --cleanup -k KILL -- ways "$way" || owned=$?
		[[ $direct == "$owned" ]] || fail "$way: $direct, with pwait $owned"
		owned=0
		"$PFD_BINDIR/pwait" -- ways "$way" || owned=$?
		[[ $direct == "$owned" ]] || fail "$way: $direct, with pwait $owned"
	done 2>/dev/null
}

# ---- as PID 1 ----

as_init() {
	unshare "${PIDNS_FLAGS[@]}" "$PFD_BINDIR/pwait" "$@" 3>&-
}

@test "as PID 1, the status is COMMAND's in every way to end" {
	requires pidns
	local way direct owned
	for way in $(ways list); do
		direct=0 owned=0
		ways "$way" || direct=$?
		as_init -- ways "$way" || owned=$?
		[[ $direct == "$owned" ]] || fail "$way: $direct, with pwait $owned"
	done 2>/dev/null
}

@test "as PID 1, 1000 orphans are reaped while COMMAND runs" {
	requires pidns
	# shellcheck disable=SC2016
	run as_init -- bash -c '
		for ((i = 0; i < 100; i++)); do
			(for j in 1 2 3 4 5 6 7 8 9 10; do : & done)
		done
		none() { ! grep -qs "^State:.Z" /proc/[0-9]*/status; }
		for ((i = 0; i < 1000; i++)); do ! none || break; sleep 0.01; done
		none && echo "no zombie"; cut -d" " -f5 /proc/loadavg'
	assert_line --index 0 'no zombie'
	((lines[1] >= 1000))
}

@test "as PID 1, all signals reach COMMAND, also if there were children before" {
	requires pidns
	local before init
	for before in '' 'sleep 100 &'; do
		spawn_ready unshare "${PIDNS_FLAGS[@]}" sh -c "$before"'
			exec "$PFD_BINDIR/pwait" --cleanup -- sigecho -x 15'
		init=$(cut -d' ' -f1 "/proc/$spawned/task/$spawned/children")
		kill -USR1 "$init"
		wait_for file_has "$spawned_out" '^10 code=0'
		kill -USR2 "$init"
		wait_for file_has "$spawned_out" '^12 code=0'
		kill -TERM "$init"
		wait "$spawned"
		file_has "$spawned_out" '^15 code=0'
	done
}
