#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The scripts in examples/ do what the comments at their start say.

load helpers

FILE_REQUIRES='pidns linux:6.9'

# in_world SCRIPT: run it with the scripts and our programs in the PATH of a new PID namespace.
in_world() {
	run --separate-stderr in_pidns '
		exec 3>&-
		export PIDFD_UTILS=$PFD_BINDIR
		PATH=$PFD_SRCDIR/examples:$PFD_BINDIR:$PATH
		set +e
		'"$1"
	printf 'status %s\n-- stdout\n%s\n-- stderr\n%s\n' "$status" "$output" "$stderr"
}

@test "every script in examples has a test" {
	local script
	for script in "$PFD_SRCDIR"/examples/*; do
		[[ -x $script || $script == *.service ]] || fail "$script cannot be run"
		grep -q "^@test \"${script##*/}" "$BATS_TEST_FILENAME" || fail "$script has none"
	done
}

# ---- init-script ----

INIT='
	printf "#!/bin/sh\nexec sigecho -x 15\n" >mydaemon
	chmod +x mydaemon
	export DAEMON=$PWD/mydaemon HANDLE=$PWD/handle'

@test "init-script starts once, reloads, and stops the service" {
	in_world "$INIT"'
		init-script status; echo "status $?"
		init-script start; echo "start $?"
		first=$(<handle)
		wait_for catches "${first%%:*}" 1
		init-script start; echo "start $?"
		[[ $(<handle) == "$first" ]] && echo the same
		init-script status; echo "status $?"
		init-script reload; echo "reload $?"
		pfdkill -0 "$first" && echo lives
		init-script stop; echo "stop $?"
		pfdkill -0 "$first" || echo gone
		init-script stop; echo "stop $?"
		ls handle'
	assert_output --regexp '^mydaemon is not running
status 3
start 0
start 0
the same
mydaemon is running: [0-9:a-f]+
status 0
reload 0
lives
stop 0
gone
stop 0$'
}

@test "init-script ends a service that ignores TERM with KILL" {
	in_world '
		export DAEMON="$PFD_HELPERS/stubborn" HANDLE=$PWD/handle
		sed "s/--timeout 10s/--timeout 100ms/" "$PFD_SRCDIR/examples/init-script" >script
		sh script start
		handle=$(<handle)
		wait_for file_has "/proc/${handle%%:*}/status" "^SigIgn:.*4a07"
		sh script stop; echo "stop $?"
		pfdkill -0 "$handle" || echo gone'
	assert_output $'stop 0\ngone'
}

@test "init-script stop returns when the service is gone, not when it was signalled" {
	in_world '
		export DAEMON=$PWD/slow HANDLE=$PWD/handle
		cat >slow <<-"END"
			#!/bin/bash
			trap "sleep 0.5; exit" TERM
			: >up
			while :; do sleep 0.1; done
		END
		chmod +x slow
		init-script start
		handle=$(<handle)
		wait_for test -e up
		init-script stop; echo "stop $?"
		pfdkill -0 "$handle" || echo gone'
	assert_output $'stop 0\ngone'
}

@test "init-script signals no other process because of a file that was left behind" {
	in_world "$INIT"'
		init-script start
		handle=$(<handle)
		pfdkill --wait -KILL "$handle"
		recycle "${handle%%:*}" -- sigecho log >number &
		wait_for has_line number
		init-script stop; echo "stop $?"
		init-script status; echo "status $?"
		read -r number <number
		pfdkill -0 "$number" && echo lives'
	assert_output $'stop 0\nmydaemon is not running\nstatus 3\nlives'
}

# ---- ci-step ----

@test "ci-step exits with the status of the tests, and ends the server" {
	in_world '
		ci-step "exec named server" "exit 0" >out; echo "status $?"
		ci-step "exec named server" "exit 7" >out; echo "status $?"
		pgrep -x server || echo no server'
	assert_output $'status 0\nstatus 7\nno server'
}

@test "ci-step fails if the server dies during the tests" {
	in_world '
		ci-step "exit 3" "exec named tests" >out; echo "status $?"
		pgrep -x tests || echo no tests'
	assert_output $'status 1\nno tests'
	assert_stderr 'ci-step: the server ended before the tests did'
}

@test "ci-step ends both at the time limit" {
	in_world '
		LIMIT=200ms ci-step "exec named server" "exec named tests" >out; echo "status $?"
		pgrep -x "server|tests" || echo nobody'
	assert_output $'status 124\nnobody'
}

# left: the processes of a step that are there, besides PID 1 and the shell of the test.
LEFT='
	left() {
		local dir count=0
		for dir in /proc/[1-9]*; do
			case ${dir#/proc/} in
			1 | $$ | $BASHPID) ;;
			*) ! grep -sq "^State:.[^Z]" "$dir/status" || count=$((count + 1)) ;;
			esac
		done
		echo "$count left"
	}
	cat >server <<-"END"
		#!/bin/bash
		# a pipe, a daemon in a session of its own, and a process that ignores TERM
		(while :; do echo; sleep 0.1; done) | cat >/dev/null &
		setsid sh -c "sleep 1000 & :" &
		bash -c "trap : TERM; echo >up; while :; do read -r -t 1000 <>fifo; done" &
		wait
	END
	mkfifo fifo
	chmod +x server
	sed "s/TERM.5s.KILL/TERM\/300ms\/KILL/" "$PFD_SRCDIR/examples/ci-step" >step'

@test "ci-step leaves nothing running when the tests are over" {
	in_world "$LEFT"'
		sh step ./server "until [ -e up ]; do sleep 0.1; done; exit 5"; echo "status $?"
		left'
	assert_output $'status 5\n0 left'
}

@test "ci-step leaves nothing running when it is cancelled" {
	in_world "$LEFT"'
		sh step ./server "exec sleep 1000" & step=$!
		wait_for test -e up
		kill -TERM $step
		wait $step; echo "status $?"
		left'
	assert_output $'status 143\n0 left'
}

# ---- watchdog ----

@test "watchdog runs its command when the process has ended" {
	in_world '
		named d >ready & echo $! >pidfile
		wait_for has_line ready
		touch beat
		watchdog pidfile beat 60 echo ended >log & dog=$!
		wait_for pgrep -q -x pwait
		pfdkill -s KILL "$(<pidfile)"
		wait $dog; echo "status $?"
		cat log'
	assert_line --index 0 'status 0'
	assert_line --regexp '^[0-9]+: killed by signal 9 \(KILL\)\.$'
	assert_line ended
}

@test "watchdog kills a process without a heartbeat even if it ignores TERM" {
	in_world '
		stubborn >ready & echo $! >pidfile
		wait_for has_line ready
		touch -d "1 hour ago" beat
		sed "s/--timeout 5s/--timeout 100ms/" "$PFD_SRCDIR/examples/watchdog" >script
		sh script pidfile beat 1 echo restart'
	assert_line --regexp 'has not touched beat for 1 s$'
	assert_line --regexp 'forced with KILL$'
	assert_line restart
}

# ---- deploy ----

@test "deploy ends the old workers and none of the new ones" {
	in_world '
		# QUIT ends it; a shell makes its background commands ignore QUIT
		env --default-signal=QUIT named worker >ready & old=$!
		wait_for has_line ready
		cat >serve <<-"END"
			named worker >ready2 &
			echo $! >new
			until [ -s ready2 ]; do sleep 0.1; done
		END
		deploy worker sh serve >log; echo "status $?"
		wait $old; echo "old $?"
		pfdkill -0 "$(<new)" && echo new lives'
	assert_output $'status 0\nold 131\nnew lives'
}

@test "deploy does not touch the old workers if the new ones do not start" {
	in_world '
		named worker >ready & old=$!
		wait_for has_line ready
		deploy worker false; echo "status $?"
		pfdkill -0 $old && echo lives'
	assert_output $'status 1\nlives'
}

@test "deploy without old workers only starts the new ones" {
	in_world 'deploy worker echo started; echo "status $?"'
	assert_output $'started\nstatus 0'
}

# ---- cron-job ----

@test "cron-job runs the command, but never twice at a time" {
	in_world '
		cron-job file 1h sh -c "exit 5"; echo "status $?"
		cron-job file 1h named job >ready & first=$!
		wait_for has_line ready
		cron-job file 1h echo again; echo "status $?"
		pfdkill --wait -KILL job; wait $first
		cron-job file 1h echo again'
	assert_output $'status 5\nstatus 0\nagain'
}

@test "cron-job runs one of many that start at the same moment" {
	in_world '
		mkfifo go
		for ((i = 0; i < 8; i++)); do
			cron-job file 1h sh -c "echo run >>runs; read -r _ <go" &
		done
		wait_for has_line runs
		none() { [[ $(pgrep -c -x cron-job) == 0 && $(pgrep -c -x pwait) == 1 ]]; }
		wait_for none
		echo >go
		wait
		grep -c run runs'
	assert_output 1
}

@test "cron-job ends a run that takes too long, with all that it started" {
	in_world '
		cron-job file 1h sh -c "named job >ready & setsid sleep 1000 & wait" &
		wait_for has_line ready
		wait_for pgrep -q -x sleep
		wait_for pgrep -q --older 100ms -x job
		cron-job file 50ms echo again
		pgrep -x "job|sleep" || echo the first is gone'
	assert_line --regexp '^cron-job: [^ ]+: it has run for longer than 50ms$'
	assert_line again
	assert_line 'the first is gone'
}

# ---- entrypoint ----

# contain SCRIPT: run it as the first process of a PID namespace.
contain() {
	run --separate-stderr timeout 60 unshare "${PIDNS_FLAGS[@]}" env PIDFD_UTILS="$PFD_BINDIR" \
		"$PFD_SRCDIR/examples/entrypoint" "$@" 3>&-
	printf 'status %s\n-- stdout\n%s\n-- stderr\n%s\n' "$status" "$output" "$stderr"
}

@test "entrypoint is PID 1, reaps orphans, and has the status of its command" {
	contain sh -c 'tr "\0" " " </proc/1/cmdline | grep -c "^pwait --kill"
		for i in 1 2 3 4 5; do sh -c "sleep 0.01 &"; done
		sleep 1
		grep -l "^State:.Z" /proc/[0-9]*/status
		exit 7'
	assert_equal "$status" 7
	assert_output 1
}

@test "entrypoint passes TERM on to all, and kills what is left" {
	# shellcheck disable=SC2016
	contain bash -c 'trap "echo cleaned up; exit 0" TERM
		bash -c "trap : TERM; while :; do read -r -t 1000 <>fifo; done" &
		kill -TERM 1
		while :; do read -r -t 1 <>fifo; done'
	assert_success
	assert_output 'cleaned up'
}

# ---- the unit ----

@test "mydaemon.service: its commands name the main process by PID and inode" {
	local unit=$PFD_SRCDIR/examples/mydaemon.service
	sed -n "s,^ExecReload=/usr/bin/,$PFD_BINDIR/,p" "$unit" >reload
	sed -n "s,^ExecStop=/usr/bin/,$PFD_BINDIR/,p" "$unit" >stop
	spawn_ready sigecho
	export MAINPID=$spawned MAINPIDFDID
	MAINPIDFDID=$(inode_of "$spawned")
	sh reload
	wait_for file_has "$spawned_out" '^1 '
	# another process has the number
	MAINPIDFDID=1 run -1 sh reload
	assert_output --partial "$spawned:1: "
	assert_equal "$(grep -c '^1 ' "$spawned_out")" 1
	spawn sleep 1000
	MAINPID=$spawned MAINPIDFDID=$(inode_of "$spawned") run -0 sh stop
	# before systemd 258 the inode is missing
	MAINPIDFDID='' run -2 sh reload
	! command -v systemd-analyze || systemd-analyze verify "$unit" 2>&1 | grep -v 'mydaemon is not executable\|pfdkill is not executable' || true
}
