#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The examples of the manual pages, and the tasks of the README, do what the text says.
#
# An example comes after a comment that names it. Here each has a test: the state before, its text,
# and the state after, run in its own PID namespace.

load helpers
load cgroup

MAN=$PFD_SRCDIR/man

# example_text PAGE NAME: the example as a reader sees it.
example_text() {
	if [[ $1 == README.md ]]; then
		awk -v start="<!-- task: $2 -->" '
			$0 == start { found = 1 }
			found && /^    / { inside = 1; print substr($0, 5) }
			inside && !/^    / { exit }' "$PFD_SRCDIR/README.md"
		return
	fi
	awk -v start=".\\\\\" example: $2" '
		$0 == start { found = 1; next }
		found && /^\.Bd/ { inside = 1; next }
		inside && /^\.Ed/ { exit }
		inside { sub(/^\\&/, ""); gsub(/\\e/, "\\"); print }' "$MAN/$1" |
		sed 's/^\.\.\.$/:/'
}

# example PAGE NAME BEFORE AFTER: run it, changed by the sed script $example_as. BEFORE and AFTER
# are bash code.
example() {
	local text
	text=$(example_text "$1" "$2" | sed "${example_as-}")
	[[ -n $text ]] || fail "$1 has no example $2"
	echo "$text"
	run --separate-stderr in_pidns '
		PATH=$PFD_BINDIR:$PATH
		exec 3>&-
		# daemon ARG...: start named ARG...; its PID is in $d
		daemon() {
			rm -f ready
			named "$@" >ready &
			d=$!
			wait_for has_line ready
		}
		# victim N: a process that ended with status N and is not reaped; its PID is in $d
		victim() {
			zombie sh -c "exit $1" >number </dev/zero &
			wait_for has_line number
			read -r d <number
			rm number
		}
		status() {
			local code=0
			wait "$1" || code=$?
			echo "status $code"
		}
		set +e
		'"$3"'
		'"$text"'
		'"$4"
	printf 'status %s\n-- stdout\n%s\n-- stderr\n%s\n' "$status" "$output" "$stderr"
}

@test "every example of a page has its test" {
	local page name
	grep -oE '^\.\\" example: .*' "$MAN"/*.[1-8] | sed 's,.*/,,; s/:\.\\" example:/,/' |
		tr -d , | sort >examples
	[[ $(wc -l <examples) -gt 20 ]]
	sed -n 's/^<!-- task: \(.*\) -->$/README.md \1/p' "$PFD_SRCDIR/README.md" >tasks
	[[ $(wc -l <tasks) == 11 ]]
	# each block of commands is an example
	[[ $(cat "$MAN"/*.[1-8] | grep -c '^\.Bd -literal -offset indent') == $(wc -l <examples) ]]
	sort -o examples examples tasks
	grep -oE '^	example (README\.md|[a-z-]+\.[17]) [a-z-]+' "$BATS_TEST_FILENAME" |
		sed 's/^	example //' | sort -u >tests
	diff -u examples tests
}

# ---- pfdkill(1) ----

@test "pfdkill: stop a service, with force, and return when it is gone" {
	requires pidns linux:6.9
	example pfdkill.1 stop 'daemon mydaemon' 'echo "code $?"; status $d'
	assert_output $'code 0\nstatus 143'
}

@test "pfdkill: a daemon that may not be running" {
	requires pidns
	example_as='s,/run/,,'
	example pfdkill.1 guard 'daemon mydaemon; echo $d >mydaemon.pid' 'echo "code $?"; status $d'
	assert_output $'code 0\nstatus 143'
	example pfdkill.1 guard '' 'echo "code $?"'
	assert_output 'code 0'
}

@test "pfdkill: see how each one ended" {
	requires pidns
	example pfdkill.1 verbose 'daemon mydaemon' ''
	assert_line --regexp '\(mydaemon\): sent TERM$'
	assert_line --regexp '\(mydaemon\): killed by signal 15 \(TERM\)$'
}

@test "pfdkill: take a handle now, and signal that very process later" {
	requires pidns linux:6.9
	example pfdkill.1 handle 'daemon mydaemon' 'status $d'
	assert_output 'status 129'
}

@test "pfdkill: is it alive, and may I signal it?" {
	requires pidns
	example pfdkill.1 alive 'daemon mydaemon; handle=$(pgrep --handle mydaemon)' ''
	assert_output 'still running'
}

@test "pfdkill: end a whole job" {
	requires pidns
	example pfdkill.1 group 'set -m; sh -c "sleep 100 & echo >ready; exec sleep 100" & pgid=$!
		wait_for has_line ready' 'wait $pgid 2>/dev/null; echo $?'
	assert_output 143
}

@test "pfdkill: end a whole job on Linux 5.2, through /proc directories" {
	requires pidns seccomp
	example pfdkill.1 group 'set -m; sh -c "sleep 100 & echo >ready; exec sleep 100" & pgid=$!
		wait_for has_line ready
		pfdkill() { old-kernel 5.2 "$PFD_BINDIR/pfdkill" "$@"; }' \
		'wait $pgid 2>/dev/null; echo $?'
	assert_output 143
}

@test "pfdkill: end a job that may be stopped, and let it clean up" {
	requires pidns
	example pfdkill.1 continue 'bash -c "trap \"echo cleaned; exit\" TERM; echo ready; while :; do read -r -t 1 <>fifo; done" >log & job=$!
		mkfifo fifo; wait_for has_line log; kill -STOP $job; wait_for is_stopped $job' 'echo $?; cat log'
	assert_output $'0\nready\ncleaned'
}

@test "pfdkill: watch the workers end, and see why the last ones do not" {
	requires pidns
	example pfdkill.1 progress 'daemon worker; one=$d; daemon worker; two=$d' 'echo $?; status $one; status $two'
	assert_output $'0\nstatus 143\nstatus 143'
}

@test "pkill: end the workers, also those that are stopped" {
	requires pidns libproc2
	example pgrep.1 continue 'daemon worker; kill -STOP $d; wait_for is_stopped $d' 'echo $?; status $d'
	assert_output $'0\nstatus 143'
}

@test "pfdkill: end a build and all that it started" {
	requires pidns
	example pfdkill.1 tree 'sh -c "named cc1 >ready & wait" & build=$!; wait_for has_line ready' \
		'echo $?; status $build; none() { ! grep -sqx cc1 /proc/[0-9]*/comm; }
		wait_for none && echo none # once it is reaped'
	assert_output $'0\nstatus 143\nnone'
}

@test "pfdkill: a pidfile that is old and open to others" {
	requires pidns
	example pfdkill.1 trusted 'daemon mydaemon; echo $d >old.pid; chmod 666 old.pid
		touch -d "-1 minute" old.pid' 'echo $?; status $d'
	assert_output $'0\nstatus 143'
}

@test "pwait: a pidfile that is old and open to others" {
	requires pidns
	example pwait.1 trusted 'victim 0; echo $d >old.pid; chmod 666 old.pid
		touch -d "-1 minute" old.pid' 'echo $?'
	assert_output 0
}

@test "pfdkill: put a program away" {
	requires pidns cap:SYS_NICE linux:5.10
	example pfdkill.1 reclaim 'daemon mydaemon' 'wait_for is_stopped $d; proc_state $d'
	assert_line --regexp '^mydaemon: [0-9]+ \(mydaemon\): sent STOP, gave back [0-9]+ bytes$'
	assert_line T
}

@test "pfdkill: send a value" {
	requires pidns
	example pfdkill.1 queue 'sigecho >told & handle=$!; wait_for has_line told' \
		'wait_for file_has told value=7; tail -n 1 told'
	assert_output --partial 'value=7'
}

@test "pfdkill: find out why TERM does nothing" {
	requires pidns
	example pfdkill.1 why 'trap "" TERM; daemon mydaemon' ''
	assert_output --partial 'it ignores the signal'
	assert_output --partial 'Ignored: '
}

@test "pfdkill: which processes would be hit?" {
	requires pidns
	example pfdkill.1 dry-run 'daemon mydaemon' 'is_zombie $d || echo lives'
	assert_line --regexp ' mydaemon +mydaemon$'
	assert_line lives
}

@test "pfdkill: reload the first process of a container" {
	requires pidns linux:5.8
	example pfdkill.1 in 'unshare --pid --fork sh -c "sleep 100 & exec sigecho -x 1" >told & box=$!
		wait_for file_has told ready
		inmate=$(tool pgrep -P "$(tool pgrep -P $box)")' 'status $box; cat told'
	assert_line --regexp '^1 code=0 '
	assert_line 'status 0'
}

@test "pfdkill: which signal was status 143?" {
	requires pidns
	example pfdkill.1 list '' ''
	assert_line --index 0 TERM
	assert_line --regexp '^ *1 HUP  '
}

@test "pfdkill: only those that have a handler" {
	requires pidns
	example pfdkill.1 handler 'daemon mydaemon; plain=$d; ln -s "$PFD_HELPERS/sigecho" mydaemon
		./mydaemon >told & wait_for has_line told' \
		'wait_for file_has told "^1 "; pfdkill -0 $plain && echo lives'
	assert_output lives
}

@test "pfdkill: give the numbers to another program" {
	requires pidns ps
	example pfdkill.1 pids 'daemon mydaemon' 'echo $d'
	assert_line --index 1 --regexp "^ *${lines[2]} +[0-9]+ .*"
}

@test "pfdkill: one thread, and a group" {
	requires pidns linux:6.9
	example pfdkill.1 scope 'threads 1 >told & wait_for has_line told; read -r _ tid <told
		set -m; daemon leader; leader=$d' \
		'wait_for file_has told "^$tid 10$"; wait $leader 2>/dev/null; echo $?'
	assert_output 143
}

@test "pfdkill: have the memory back" {
	requires pidns linux:5.15
	example pfdkill.1 mrelease 'daemon hog' 'echo $?'
	assert_output 0
}

@test "pfdkill: count how each one ended" {
	requires pidns jq
	example pfdkill.1 json 'daemon mydaemon; trap "" TERM; daemon mydaemon' ''
	assert_line --regexp '^ *1 ended$'
	assert_line --regexp '^ *1 forced$'
}

# ---- pwait(1) ----

@test "pwait: wait for the end of a container" {
	requires pidns linux:5.8
	example pwait.1 in 'unshare --pid --fork sh -c "sleep 100 & exec sigecho -x 1" >told & box=$!
		wait_for file_has told ready
		one=$(tool pgrep -P $box)
		inmate=$(tool pgrep -P $one)
		it_waits() { grep -qs poll /proc/[0-9]*/wchan; }
		(wait_for it_waits; tool pfdkill -HUP $one) &' ''
	assert_output --regexp '^[0-9]+: exited with status 0\.$'
}

@test "pwait: wait for a build, and fail if it fails" {
	requires pidns
	example pwait.1 build 'victim 0; build=$d' ''
	assert_output built
	example pwait.1 build 'victim 3; build=$d' 'echo $?'
	assert_output 3
}

@test "pwait: kill it at the deadline" {
	requires pidns
	example pwait.1 kill 'victim 0; build=$d' 'echo $?'
	assert_output 0
}

@test "pwait: the first of three" {
	requires pidns
	example pwait.1 any 'victim 4; two=$d; daemon a; one=$d; daemon b; three=$d' 'echo $?'
	assert_line --regexp ': exited with status 4\.$'
	assert_line 0
	assert_equal "${#lines[@]}" 2
}

@test "pwait: are they all gone?" {
	requires pidns
	example pwait.1 nohang 'victim 4; two=$d; daemon a; one=$d; daemon b; three=$d' \
		'echo $one $three'
	assert_line -n 2 'not yet'
	assert_line -n 3 "${lines[0]} ${lines[1]}"
}

@test "pwait: report to another program how a process ended" {
	requires pidns jq
	example pwait.1 json 'victim 4; one=$d' ''
	assert_output 'sh: exited 4'
}

@test "pwait: keep what a program printed and how it ended apart" {
	requires pidns jq
	example pwait.1 apart 'printf "#!/bin/sh\necho report; exit 4\n" >nightly-report; chmod +x nightly-report
		PATH=$PATH:$PWD' 'jq .exitStatus ending.json'
	assert_output $'report\n4'
}

@test "pwait: wait until the parent has seen the end" {
	requires pidns linux:6.9
	example pwait.1 reaped 'sh -c "sleep 0.5" & one=$!' 'echo $?'
	assert_output 0
}

@test "pwait: start a server so that others can signal that very process" {
	requires pidns linux:6.9
	# the page does not show what happens in between; here it is the wait for the handle
	example pwait.1 command 'printf "#!/bin/sh\nexec sleep 100\n" >server; chmod +x server
		:() { wait_for has_line server.handle; }' 'status $!'
	assert_output 'status 143'
}

@test "pwait: start a daemon, go on when it is ready, and stop it later" {
	requires pidns linux:6.9
	example pwait.1 ready 'printf "#!/bin/sh\nexec notifier fork pid=number say=READY=1\n" >server
		chmod +x server
		:() { read -r d <number; [[ $(<server.handle) == "$d":* ]] && echo "ready, $?"; }' \
		'echo "stopped, $?"; wait_for is_gone $d'
	assert_output 'ready, 0
stopped, 0'
}

@test "pwait: wait in a script whose traps have to run at once" {
	requires pidns
	example pwait.1 trap 'daemon build; build=$d; trap "echo trapped" USR1; self=$$
		waits() { grep -qs poll /proc/[0-9]*/wchan; }
		(wait_for waits; kill -USR1 $self) &' 'echo "code $?"; [[ -e /proc/$build ]] && echo lives'
	assert_output $'trapped\ncode 138\nlives'
}

@test "pwait: wait for a job of this shell, after the shell may have reaped it" {
	requires pidns libproc2 linux:6.9
	example pwait.1 job 'printf "#!/bin/sh\nread -r _ <go\n" >job; chmod +x job; mkfifo go; make() { echo >go; }' \
		'echo $?; [[ -e /proc/${handle%%:*} ]] || echo gone'
	assert_line 0
}

@test "pwait: run a test for at most a minute" {
	requires pidns
	example pwait.1 limit 'printf "#!/bin/sh\nexit 7\n" >test; chmod +x test' 'echo $?'
	assert_line --regexp ': exited with status 7\.$'
	assert_line 7
}

@test "pwait: nothing of a CI job is left running" {
	requires pidns
	example pwait.1 cleanup 'printf "#!/bin/sh\nsetsid named left >ready & \nexit 3\n" >make; chmod +x make
		PATH=$PWD:$PATH' 'echo $?; tool pgrep left || echo none'
	assert_output '3
none'
}

@test "pwait: wait for the background jobs of a script" {
	requires pidns
	example pwait.1 tree 'printf "#!/bin/sh\n(sleep 0.2; echo late) &\nexit 4\n" >script; chmod +x script' 'echo $?'
	assert_output 'late
4'
}

@test "pwait: interrupt a program alone" {
	requires pidns
	example_as='s/1m/200ms/'
	example pwait.1 foreground 'printf "#!/bin/sh\nexec sleep 100\n" >test; chmod +x test' 'echo $?'
	assert_output 124
}

@test "pwait: a helper does not stay when the script is killed" {
	requires pidns
	example pwait.1 parent 'printf "#!/bin/sh\nexec named server >ready\n" >server; chmod +x server' \
		'wait_for has_line ready; kill -KILL $!; it_is_gone() { ! tool pgrep -x server >server.pid; }
		wait_for it_is_gone; echo gone'
	assert_line gone
}

@test "pwait: look around in a container" {
	requires root pidns cap:SYS_ADMIN linux:5.8
	example pwait.1 enter 'unshare --pid --fork --mount-proc sh -c "echo ready >told; exec sleep 100" &
		wait_for file_has told ready
		inmate=$(tool pgrep -P $!)' ''
	assert_line --regexp '^ +1 .* sleep 100$'
	refute_line --partial subreap
}

@test "pwait: two of three are enough" {
	requires pidns
	example pwait.1 count 'daemon a; one=$d; victim 0; two=$d; three=99999' 'echo $?'
	assert_output 0
	assert_stderr ''
}

@test "pwait: was it there at all?" {
	requires pidns
	example pwait.1 strict 'one=99999' ''
	assert_output 'too late'
}

@test "pwait: have patience for the sake of the status" {
	requires pidns
	example pwait.1 grace 'victim 3; one=$d' ''
	assert_output --regexp '^[0-9]+: exited with status 3\.$'
}

@test "pwait: watch many of them go" {
	requires pidns
	example pwait.1 progress 'victim 0; one=$d; victim 1; two=$d; victim 2; three=$d' 'echo $?'
	assert_output 0
}

@test "pwait: build inside of a control group" {
	requires pidns root
	local root=/sys/fs/cgroup name=pidfd-utils-build-$$
	[[ ! -d $root/unified ]] || root+=/unified
	[[ -e $root/cgroup.procs ]] && mkdir "$root/$name" 2>/dev/null ||
		skip "no cgroup v2 can be made here"
	example_as="s,/build,/$name,g"
	example pwait.1 cgroup 'printf "#!/bin/sh\nsetsid named left >ready &\n" >make
		chmod +x make; PATH=$PWD:$PATH' \
		'wait_for rmdir '"$root/$name"' 2>/dev/null; pgrep left || echo nothing is left'
	assert_output 'nothing is left'
}

# ---- pgrep(1) ----

@test "pgrep: which of my processes run python?" {
	requires pidns
	example pgrep.1 mine 'USER=$(id -u); daemon python3.11 -- script.py' 'echo $d'
	assert_equal "${lines[0]}" "${lines[1]} python3.11 script.py"
}

@test "pgrep: take a handle, and use it later" {
	requires pidns
	example pgrep.1 handle 'daemon mydaemon' 'status $d'
	assert_output 'status 143'
}

@test "pgrep: store a handle, and use it days later" {
	requires pidns linux:6.9
	example pgrep.1 store 'daemon mydaemon' 'status $d'
	assert_output 'status 143'
}

@test "pkill: stop a program, with force, and be sure" {
	requires pidns
	example pgrep.1 stop 'daemon mydaemon' 'echo $?; status $d'
	assert_output $'0\nstatus 143'
}

@test "pkill: never more than four, and none is no error" {
	requires pidns libproc2
	example pgrep.1 guard 'daemon mydaemon' 'echo $?; status $d'
	assert_output $'0\nstatus 143'
	example pgrep.1 guard '' 'echo $?'
	assert_output 0
	example pgrep.1 guard 'for i in 1 2 3 4 5; do daemon mydaemon; done' 'echo $?; pgrep -c mydaemon'
	assert_output $'2\n5'
}

@test "pkill: a daemon found by its pidfile" {
	requires pidns
	example pgrep.1 pidfile 'mount -t tmpfs tmpfs /run || exit; daemon mydaemon
		echo $d >/run/mydaemon.pid' 'echo $?; status $d'
	assert_output $'0\nstatus 129'
}

@test "pkill: end a program with all that it started" {
	requires pidns
	example pgrep.1 tree 'cp "$(command -v bash)" mydaemon
		./mydaemon -c "named cc1 >ready & wait" & d=$!; wait_for has_line ready' \
		'echo $?; status $d; none() { ! grep -sqx cc1 /proc/[0-9]*/comm; }
		wait_for none && echo none # once it is reaped'
	assert_output $'0\nstatus 143\nnone'
}

@test "pkill: which processes would be hit?" {
	requires pidns
	example pgrep.1 dry-run 'daemon worker -- --queue=mail' 'is_zombie $d || echo lives'
	assert_line --regexp ' worker +worker --queue=mail$'
	assert_line lives
}

@test "pgrep: which processes have run for more than a day without a terminal?" {
	requires pidns libproc2
	example pgrep.1 old 'daemon mydaemon' 'echo $?'
	refute_output --partial mydaemon
}

@test "pgrep: why is it not found?" {
	requires root pidns
	example pgrep.1 explain 'env -u BATS_TEST_TMPDIR setpriv --reuid 65534 --clear-groups \
		named mydaemon >told & wait_for has_line told' ''
	assert_stderr_has '(mydaemon): excluded by --euid'
}

@test "pkill: end what is left of a control group" {
	requires pidns
	example pgrep.1 cgroup 'daemon mydaemon' 'echo $?; is_zombie $d || echo lives'
	assert_output $'1\nlives'
}

@test "pidwait: wait until a program is started, and then until it ends" {
	requires pidns linux:6.9
	example pgrep.1 appear '(for i in 1 2 3 4 5 6 7 8 9; do named mydaemon >ready & sleep 0.3; kill $!; wait $!; done) 2>/dev/null &' \
		'echo $?; tool pgrep -x -r RSD mydaemon >others || true; grep -cx "${handle%%:*}" others'
	assert_output $'0\n0'
}

@test "pidwait: go on when two of the workers are done" {
	requires pidns
	example pgrep.1 first 'daemon worker; a=$d; daemon worker; b=$d; daemon worker
		waits() { grep -qs poll /proc/[0-9]*/wchan; }
		(wait_for waits; kill $a $b) &' 'echo $?; [[ -e /proc/$d ]] && echo lives'
	assert_output $'0\nlives'
}

@test "pidwait: wait until no compiler has run for two seconds" {
	requires pidns
	example pgrep.1 wait 'daemon cc1; waits() { grep -qs poll /proc/[0-9]*/wchan; }
		(wait_for waits; kill $d) &' 'echo $?'
	assert_output 0
}

@test "pgrep: the processes of a user as a tree" {
	requires pidns libproc2
	local example_as=s/www-data/root/
	example pgrep.1 forest 'bash -c "sleep 100 & wait" &
		wait_for pgrep -x sleep >/dev/null' ''
	assert_line --regexp 'bash +.*(-|─)bash -c sleep 100'
	assert_line --regexp 'sleep +.*(`-|└─)sleep 100$'
}

@test "pgrep: the memory of the workers" {
	requires pidns libproc2
	example pgrep.1 columns 'daemon worker; daemon worker' ''
	assert_equal "${#lines[@]}" 3
	assert_line --index 0 --regexp '^ *PID +RSS +PCPU +ARGS$'
	assert_line --regexp '^ *1[0-9]* +[1-9][0-9]+ +[0-9.]+ worker$'
}

@test "pgrep: the workers with their ages" {
	requires pidns libproc2
	example pgrep.1 long 'daemon worker; daemon worker' ''
	assert_equal "${#lines[@]}" 3
	assert_line --regexp '^1[0-9]* root +[0-9]+s worker worker$'
}

@test "pgrep: give the command lines to a program" {
	requires pidns jq
	example pgrep.1 json 'daemon mydaemon -- one' ''
	assert_output mydaemon
}

@test "pkill: the workers of one program, but not its first process" {
	requires pidns
	example pgrep.1 args 'daemon mydaemon -- --queue=mail; main=$d
		daemon mydaemon -- --queue=news; news=$d; daemon mydaemon -- --queue=mail' \
		'status $d; is_zombie $main || is_zombie $news || echo live'
	assert_output $'status 143\nlive'
}

@test "pgrep: the processes of a program that was replaced" {
	requires pidns libproc2
	local example_as='s,/usr/sbin,.,'
	example pgrep.1 exe 'cp "$(command -v sleep)" mydaemon; ./mydaemon 1000 & wait_for comm_is $! mydaemon
		cp mydaemon new; mv new mydaemon' ''
	assert_output --regexp '^[0-9]+ ./mydaemon 1000$'
}

@test "pkill: what keeps a folder busy" {
	requires pidns libproc2
	local example_as='s,/mnt,.,'
	example pgrep.1 cwd 'mkdir -p backup/old; daemon mydaemon; other=$d; (cd backup/old; exec sleep 1000) &
		d=$!; wait_for comm_is $d sleep' 'status $d; is_zombie $other || echo lives'
	assert_output $'status 143\nlives'
}

@test "pgrep: what this shell started" {
	requires pidns
	example pgrep.1 under 'daemon one; victim 0; bash -c "named two >second & wait" &
		wait_for has_line second; rm second; exec 2>/dev/null' ''
	assert_equal "$(cut -d' ' -f2 <<<"$output" | grep -vx pgrep | sort)" $'bash\none\ntwo\nzombie'
}

@test "pkill: the children of this shell" {
	requires pidns
	example pgrep.1 children 'daemon mydaemon' 'status $d'
	assert_line --regexp '^mydaemon killed \(pid [0-9]+\)$'
	assert_line 'status 143'
}

@test "pgrep: how many of a user and group" {
	requires pidns
	example pgrep.1 count 'uid=$(id -ru) gid=$(id -rg)' ''
	assert_output --regexp '^[1-9][0-9]*$'
}

@test "pgrep: commas and NUL bytes" {
	requires pidns ps
	example pgrep.1 separators 'daemon mydaemon; daemon mydaemon' ''
	assert_equal "$(grep -cE '^ *[0-9]+ +[0-9]+$' <<<"$output")" 2
	assert_equal "$(grep -cE '^found [0-9]+ mydaemon$' <<<"$output")" 2
}

@test "pkill: all that a build left behind" {
	requires pidns
	example pgrep.1 environment 'export BUILD_ID=42; daemon left; export -n BUILD_ID' \
		'status $d'
	assert_line 'status 143'
}

@test "pgrep: is a process of a session left?" {
	requires pidns
	example pgrep.1 session 'sid=99999' ''
	assert_line 'the session is over'
	assert_line --regexp '^[0-9]+ bash$'
}

@test "pkill: HUP only for those that know it" {
	requires pidns
	example pgrep.1 handler 'daemon mydaemon; plain=$d; ln -s "$PFD_HELPERS/sigecho" mydaemon
		./mydaemon >told & wait_for has_line told' \
		'wait_for file_has told "^1 "; pfdkill -0 $plain && echo lives'
	assert_output lives
}

@test "pkill: ask for each one first" {
	requires pidns setsid
	# without a terminal it asks on standard input
	example pgrep.1 ask 'daemon mydaemon
		pkill() { echo y | setsid -w "$PFD_BINDIR/pkill" "$@"; }' 'status $d'
	assert_line 'status 143'
	assert_stderr_has "send TERM to "
}

@test "pgrep: all but the threads of the kernel" {
	requires pidns
	# in this namespace PID 2 is the shell
	example pgrep.1 inverse 'daemon mydaemon' 'echo $$'
	assert_line '1 subreap'
	assert_line '2 bash'
	refute_line --partial mydaemon
}

@test "pgrep: which processes are stuck in a system call?" {
	requires pidns
	example pgrep.1 stuck 'daemon mydaemon' ''
	refute_output --partial mydaemon
	assert_stderr ''
}

@test "pgrep: the first and the last worker" {
	requires pidns
	example pgrep.1 newest 'daemon worker; first=$d; daemon worker' 'echo "$first $d"'
	assert_equal "${lines[0]} ${lines[1]}" "${lines[2]}"
}

@test "pgrep: what began within the last minute?" {
	requires pidns
	example pgrep.1 young 'daemon mydaemon' ''
	assert_line --regexp '^[0-9]+ mydaemon$'
}

@test "pgrep: a text, not a regular expression" {
	requires pidns
	example pgrep.1 text 'daemon worker "queue=mail[1]"; daemon worker queue=mail1' 'echo $d'
	assert_line --index 0 --regexp '^[0-9]+$'
	assert [ "${lines[0]}" -lt "${lines[-1]}" ]
}

@test "pkill: those of a list that still are what they were" {
	requires pidns linux:6.9
	example pgrep.1 list 'daemon a; one=$(pgrep --handle -x a); first=$d
		daemon b; two=$d:1' 'status $first; pfdkill -0 $d && echo lives'
	assert_output $'status 143\nlives'
}

@test "pkill: only if the daemon holds a lock on its pidfile" {
	requires pidns flock
	example pgrep.1 locked 'mount -t tmpfs tmpfs /run || exit
		daemon mydaemon; echo $d >/run/mydaemon.pid' 'echo $?; pfdkill -0 $d && echo lives'
	assert_output $'1\nlives'
	example pgrep.1 locked 'mount -t tmpfs tmpfs /run || exit
		exec 4>/run/mydaemon.pid; flock 4
		daemon mydaemon; echo $d >&4' 'status $d'
	assert_output 'status 129'
}

@test "pkill: give memory to others" {
	requires pidns cap:SYS_NICE linux:5.10
	example pgrep.1 reclaim 'daemon mydaemon' 'proc_state $d'
	assert_line --regexp '^[0-9]+ \(mydaemon\): gave back [0-9]+ bytes$'
	assert_line S
}

@test "pkill: a pidfile that is old and open to others" {
	requires pidns
	example pgrep.1 trusted 'daemon mydaemon; echo $d >old.pid; chmod 666 old.pid
		touch -d "1 hour ago" old.pid' 'status $d'
	assert_output 'status 143'
}

@test "pgrep: command lines for a shell to read back" {
	requires pidns
	example pgrep.1 quote 'daemon mydaemon "two words"' ''
	assert_output --regexp "^[0-9]+ '?mydaemon'? 'two words'\$"
}

@test "pkill: have the memory back" {
	requires pidns linux:5.15
	example pgrep.1 mrelease 'daemon hog' 'status $d'
	assert_output 'status 137'
}

@test "pkill: a number along with a signal" {
	requires pidns
	example pgrep.1 queue 'ln -s "$PFD_HELPERS/sigecho" mydaemon
		./mydaemon >told & wait_for has_line told' 'wait_for file_has told value=7 && echo arrived'
	assert_output arrived
}

@test "pidwait: the first worker to end decides" {
	requires pidns
	example pgrep.1 any 'printf "#!/bin/sh\nexit 3\n" >worker; chmod +x worker
		zombie ./worker >number </dev/zero & wait_for has_line number; daemon worker' 'echo $?'
	assert_output 3
}

# ---- pidfd-json(7) ----

@test "json: handles with the boot that they belong to" {
	requires pidns jq linux:6.9
	example pidfd-json.7 boot 'daemon mydaemon' ''
	assert_output --regexp '^[0-9]+:[0-9]+:[0-9a-f]{32}$'
}

@test "json: the workers that were killed" {
	requires pidns jq
	example pidfd-json.7 killed 'zombie sh -c "kill \$\$" >number </dev/zero &
		wait_for has_line number; workers=$(cat number)' ''
	assert_output --regexp '^[0-9]+ TERM$'
}

@test "json: what the kernel offers" {
	requires pidns jq linux:6.9
	example pidfd-json.7 kernel '' 'echo $?'
	assert_output 0
}

# ---- pidfd-target(7) ----

# make_example_cgroup NAME: a cgroup of this name, made new, in the folder $made; teardown removes it.
make_example_cgroup() {
	local root=/sys/fs/cgroup
	[[ ! -d $root/unified ]] || root+=/unified
	made=$root/$1
	[[ -e $root/cgroup.procs ]] || skip "no cgroup v2 is mounted here"
	mkdir "$made" 2>/dev/null || skip "no cgroup v2 can be made here"
}

@test "pidfd-target: wait until a service has ended" {
	requires pidns libproc2 root
	make_example_cgroup "pidfd-utils-$$.service"
	example_as="s,mydaemon,pidfd-utils-$$,"
	example pidfd-target.7 unit "daemon mydaemon; echo \$d >$made/cgroup.procs
		(kill \$d) &" "echo \$?; wait_for rmdir $made 2>/dev/null"
	assert_output 0
}

@test "pidfd-target: stop everything that runs in a control group" {
	requires pidns libproc2 root
	make_example_cgroup "pidfd-utils-$$"
	example_as="s,/mygroup,/pidfd-utils-$$,"
	example pidfd-target.7 cgroup "daemon mydaemon; echo \$d >$made/cgroup.procs" \
		"echo \$?; wait_for rmdir $made 2>/dev/null"
	assert_output 0
}

@test "target: take a handle now, use it later" {
	requires pidns
	example pidfd-target.7 handle 'daemon mydaemon' 'status $d'
	assert_output 'status 143'
}

@test "target: stop a service by its handle, and make sure" {
	requires pidns
	example pidfd-target.7 sure 'daemon mydaemon; handle=$(pgrep --handle mydaemon)' 'status $d'
	assert_output 'status 143'
}

@test "target: the process behind a descriptor of the shell" {
	requires pidns python3 linux:6.9
	# shellcheck disable=SC2016
	example pidfd-target.7 descriptor 'victim 0
		pwait() {
			python3 -c "import os, sys
os.dup2(os.pidfd_open(int(sys.argv[1])), 3)
os.set_inheritable(3, True)
os.execvp(\"pwait\", [\"pwait\", \"-v\", sys.argv[2]])" $d $1
		}' 'echo $?'
	assert_line --regexp ': exited with status 0\.$'
	assert_line 0
}

@test "target: the server that listens on a socket" {
	requires pidns linux:6.5
	example pidfd-target.7 listener 'mount -t tmpfs tmpfs /run || exit
		listener /run/mydaemon.sock >told & d=$!; wait_for has_line told' 'status $d'
	assert_output 'status 129'
}

# free_port: a port where no process listens, in place of 8080 in the example.
free_port() {
	spawn_ready server 127.0.0.1
	read -r _ port <"$spawned_out"
	finish "$spawned"
	example_as="s/8080/$port/"
}

@test "target: what serves a port, without its clients" {
	requires pidns
	free_port
	example pidfd-target.7 port "server 127.0.0.1 $port"' >told & d=$!; wait_for has_line told
		server -c 127.0.0.1 '"$port"' >said & client=$!; wait_for has_line said' \
		'status $d; kill -0 $client; echo $?'
	assert_output $'status 143\n0'
}

@test "target: the process that holds a lock" {
	requires pidns
	example pidfd-target.7 lock 'mount -t tmpfs tmpfs /run || exit; mkdir /run/lock
		locker flock /run/lock/mydaemon.lock >told & d=$!; wait_for has_line told' 'echo $d'
	assert_equal "${lines[0]}" "${lines[1]} locker flock /run/lock/mydaemon.lock"
}

@test "target: the process that a client's descriptor is connected to" {
	requires pidns linux:6.5
	example pidfd-target.7 peer 'listener ./sock >told & d=$!; wait_for has_line told
		connector ./sock 7 >said & client=$!; wait_for has_line said' 'echo $d'
	assert_equal "${lines[0]}" "${lines[1]}"
	assert_equal "${#lines[@]}" 2
}

@test "target: the daemon that wrote its number into a file" {
	requires pidns
	example pidfd-target.7 pidfile 'mount -t tmpfs tmpfs /run || exit; daemon mydaemon
		echo $d >/run/mydaemon.pid' 'echo $?; status $d'
	assert_output $'0\nstatus 143'
}

@test "target: one thread of a program" {
	requires pidns linux:6.9
	example pidfd-target.7 thread 'daemon mydaemon; tid=$d' 'status $d'
	assert_output 'status 138'
}

@test "target: keep a handle over days" {
	requires pidns linux:6.9
	example pidfd-target.7 store 'daemon mydaemon' 'status $d'
	assert_output 'status 143'
}

# ---- the tasks of README.md ----

@test "README: stop a service, and be sure" {
	requires pidns
	example README.md stop 'daemon mydaemon' 'echo "code $?"; status $d'
	assert_output $'code 0\nstatus 143'
}

@test "README: wait for a build that was started elsewhere" {
	requires pidns linux:6.9
	example README.md build 'printf "#!/bin/sh\nexit 3\n" >build; chmod +x build
		zombie ./build >number </dev/zero & wait_for has_line number' 'echo "code $?"'
	assert_line --regexp '^[0-9:]+: exited with status 3\.$'
	assert_line 'code 3'
}

@test "README: kill what listens on this port" {
	requires pidns
	free_port
	example README.md port "server -w 2 127.0.0.1 $port"' >told & d=$!; wait_for has_line told
		server -c 127.0.0.1 '"$port"' >said & client=$!; wait_for has_line said' \
		'status $d; kill -0 $client; echo $?'
	assert_output $'status 143\n0'
}

@test "README: reload by pidfile" {
	requires pidns
	example README.md pidfile 'mount -t tmpfs tmpfs /run || exit
		daemon mydaemon; echo $d >/run/mydaemon.pid' 'status $d'
	assert_output 'status 129'
}

@test "README: remember a process, and signal that very one later" {
	requires pidns linux:6.9
	example README.md later 'daemon worker' 'status $d'
	assert_output 'status 138'
}

@test "README: run something for at most a minute" {
	requires pidns
	example README.md limit 'printf "#!/bin/sh\nexit 3\n" >test; chmod +x test' 'echo "code $?"'
	assert_output 'code 3'
}

@test "README: which of several ends first, and how?" {
	requires pidns
	example README.md first 'victim 4; two=$d; daemon a; one=$d; daemon b; three=$d' 'echo "code $?"'
	assert_line --regexp '^[0-9]+: exited with status 4\.$'
	assert_line 'code 0'
}

@test "README: which processes would be hit?" {
	requires pidns
	example README.md dry-run 'daemon worker --queue=mail' 'pfdkill -0 $d && echo lives'
	assert_line --regexp ' worker +worker --queue=mail$'
	assert_line lives
}

@test "README: wait until no compiler is left" {
	requires pidns
	example README.md all 'daemon cc1; waits() { grep -qs poll /proc/[0-9]*/wchan; }
		(wait_for waits; kill $d) &' 'echo "code $?"; status $d'
	assert_output $'code 0\nstatus 143'
}

@test "README: give processes to another program" {
	requires pidns linux:6.9 jq
	example README.md json 'daemon mydaemon' ''
	assert_output --regexp '^[0-9]+:[0-9]+ mydaemon$'
}

# ---- the lines for every day of README.md ----

# daily WORD BEFORE AFTER: the line for every day that has this word, run like an example.
daily() {
	example_as="/$1/!d;${daily_as-}"
	example README.md daily "$2" "$3"
}

@test "README, daily use: a table of the processes of a user" {
	requires pidns root
	getent passwd www-data >/dev/null || skip "there is no user www-data"
	local count
	# of our own, because the folders of the tests may not be open to other users
	local run='as() { setpriv --reuid www-data --clear-groups sleep 1000 & }
		# a program that begins has its name before it has its command line
		tabled() { [[ $(pgrep -c -f -x -u www-data "sleep 1000") == $1 ]]; }'
	for count in 0 1 2; do
		daily --long "$run; for ((i = 0; i < $count; i++)); do as; done; wait_for tabled $count" 'echo "code $?"'
		assert_equal "$(grep -cE '^ *[0-9]+ www-data +[0-9]+s sleep +sleep 1000$' <<<"$output")" "$count"
		assert_line "code $((!count))"
	done
}

@test "README, daily use: what would be hit" {
	requires pidns
	local count
	for count in 0 1 2; do
		daily --dry-run "for ((i = 0; i < $count; i++)); do daemon worker --queue=mail; done" \
			'echo "code $?"; pgrep -c -x worker'
		assert_equal "$(grep -cE ' worker +worker --queue=mail$' <<<"$output")" "$count"
		assert_line "code $((!count))"
		assert_line "$count"
	done
}

@test "README, daily use: by exact name, TERM, then KILL" {
	requires pidns
	local count
	for count in 0 1 2; do
		daily firefox "for ((i = 0; i < $count; i++)); do daemon firefox; done; daemon firefoxes" \
			'echo "code $?"; wait_for eval "! pgrep -x --alive firefox"; pgrep -c -x firefoxes'
		assert_line "code $((!count))"
		assert_line 1
	done
}

@test "README, daily use: wait for a unit" {
	requires pidns root
	local count
	new_cgroup
	for count in 0 1 2; do
		daily unit:backup "unit=$folder/backup.service"'
			mkdir -p $unit
			for ((i = 0; i < '"$count"'; i++)); do
				sleep 0.2 & echo $! >$unit/cgroup.procs
			done' 'echo "code $?"; cat $unit/cgroup.procs'
		assert_output 'code 0'
	done
}

@test "README, daily use: the process that holds a lock" {
	requires pidns
	local count
	daily_as='s,/var/lib/dpkg/,,'
	for count in 0 1 2; do
		daily lock: 'locks() { (($(grep -c ":$(stat -c %i lock) " /proc/locks) == $1)); }
			touch lock
			for ((i = 0; i < '"$count"'; i++)); do
				flock -s -o lock sleep 1000 & wait_for locks $((i + 1))
			done' 'echo "code $?"'
		assert_line "code $((!count))"
		assert_equal "$(grep -cE '^[0-9]+ flock -s -o lock sleep 1000$' <<<"$output")" "$count"
	done
}

@test "README: with no process of that name, a task hits none and says so" {
	requires pidns linux:6.9
	example README.md stop 'daemon mydaemon2' 'echo "code $?"; pfdkill -0 $d && echo lives'
	assert_output $'code 1\nlives'
	example README.md build '' 'echo "code $?"'
	assert_output 'code 2'
	assert_equal "${stderr_lines[0]}" "pwait: no target: the operand is empty (did a search find nothing?) (see 'pwait --help')"
	example README.md later '' 'echo "code $?"'
	assert_output 'code 2'
	example README.md dry-run '' 'echo "code $?"'
	assert_output 'code 1'
	example README.md all '' 'echo "code $?"'
	assert_output 'code 0'
}

@test "README: with two processes of that name, a task means both, or the older one" {
	requires pidns linux:6.9
	example README.md stop 'daemon mydaemon; first=$d; daemon mydaemon' \
		'echo "code $?"; status $d; status $first'
	assert_output $'code 0\nstatus 143\nstatus 143'
	example README.md later 'daemon worker; first=$d; daemon worker' \
		'status $first; pfdkill -0 $d && echo lives'
	assert_output $'status 138\nlives'
	example README.md dry-run 'daemon worker --queue=mail; daemon worker --queue=mail' 'echo "code $?"'
	assert_equal "$(grep -c -- --queue=mail <<<"$output")" 2
	example README.md all 'daemon cc1; first=$d; daemon cc1
		waits() { grep -qs poll /proc/[0-9]*/wchan; }
		(wait_for waits; kill $d $first) &' 'echo "code $?"'
	assert_output 'code 0'
}

# by_name COUNT LEFT PAGE NAME WORDS...: the example with COUNT processes called WORDS, and one of
# another name. Its last line is "STATUS N": that of the last command, and how many of them live
# (LEFT, if they end as they should).
by_name() {
	local count=$1 wanted=$2 page=$3 name=$4
	shift 4
	# shellcheck disable=SC2016
	example "$page" "$name" '
		USER=$(id -un) main=$$
		daemon bystander; bystander=$d
		all=()
		for ((i = 0; i < '"$count"'; i++)); do
			daemon '"$*"'
			all+=("$d")
		done
		# those that are waited for end when the wait has begun
		rm -f over
		waits() { [[ -e over ]] || pgrep -q -r S -x pidwait; }
		(wait_for waits; [[ -e over ]] || kill "${all[@]}") 2>killer &' '
		code=$?
		>over
		are_left() {
			left=0
			for d in "${all[@]}"; do pfdkill -0 "$d" 2>/dev/null && left=$((left + 1)); done
			((left == $1))
		}
		wait_for are_left '"$wanted"'
		pfdkill -0 $bystander || echo the bystander was hit
		echo "$code $left"' </dev/null
}

# Columns: status and how many live, with none, one and two processes of the name.
@test "examples of the pages that go by a name: with no process of it, one, and two" {
	requires pidns linux:6.9 libproc2 ps
	time_limit 200
	local none one two page name words n wanted
	while read -r none one two page name words; do
		[[ $name != reclaim ]] || has_cap SYS_NICE || continue
		wanted=("$none" "$one" "$two")
		for n in 0 1 2; do
			by_name "$n" "${wanted[n]#*,}" "$page" "$name" "$words"
			assert_equal "$page $name, $n: ${lines[-1]}" "$page $name, $n: ${wanted[n]/,/ }"
			# a usage error only where a search found nothing
			[[ $stderr != *--help* && $stderr != *Usage* ]] ||
				[[ $n == 0 && $stderr == *'(did a search find nothing?)'* ]] ||
				fail "$page $name, $n: $stderr"
		done
	done <<-'ROWS'
		2,0 0,0 0,0 pfdkill.1 stop mydaemon
		1,0 0,0 0,0 pfdkill.1 verbose mydaemon
		2,0 0,0 0,0 pfdkill.1 handle mydaemon
		1,0 0,1 0,2 pfdkill.1 reclaim mydaemon
		1,0 0,1 0,2 pfdkill.1 dry-run mydaemon
		1,0 1,1 1,2 pfdkill.1 handler mydaemon
		0,0 0,1 0,2 pfdkill.1 pids mydaemon
		1,0 0,0 0,0 pfdkill.1 mrelease hog
		0,0 0,0 0,0 pfdkill.1 json mydaemon
		1,0 0,1 0,2 pgrep.1 mine python
		2,0 0,0 0,0 pgrep.1 handle mydaemon
		1,0 0,0 0,1 pgrep.1 store mydaemon
		1,0 0,0 0,0 pgrep.1 stop mydaemon
		0,0 0,0 0,0 pgrep.1 guard mydaemon
		1,0 0,0 0,0 pgrep.1 tree mydaemon
		1,0 0,1 0,2 pgrep.1 dry-run worker --queue=mail
		1,0 0,1 0,2 pgrep.1 explain mydaemon
		1,0 0,0 0,0 pgrep.1 continue worker
		0,0 0,0 0,0 pgrep.1 wait cc1
		1,0 0,0 0,0 pgrep.1 first worker
		1,0 0,1 0,2 pgrep.1 columns worker
		1,0 0,1 0,2 pgrep.1 long worker
		0,0 0,1 0,2 pgrep.1 json mydaemon
		1,0 0,0 0,0 pgrep.1 args mydaemon ' --queue=mail'
		0,0 0,1 0,2 pgrep.1 separators mydaemon
		1,0 1,1 1,2 pgrep.1 handler mydaemon
		1,0 1,1 1,2 pgrep.1 ask mydaemon
		1,0 0,1 0,2 pgrep.1 newest worker
		1,0 0,1 0,2 pgrep.1 reclaim mydaemon
		1,0 0,1 0,2 pgrep.1 quote mydaemon
		1,0 0,0 0,0 pgrep.1 mrelease hog
		1,0 0,0 0,0 pgrep.1 queue mydaemon
		1,0 143,0 143,0 pgrep.1 any worker
		0,0 0,1 0,2 pidfd-json.7 boot mydaemon
		2,0 0,0 0,0 pidfd-target.7 handle mydaemon
		1,0 0,0 0,1 pidfd-target.7 store mydaemon
	ROWS
}
