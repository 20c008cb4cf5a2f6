#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The numbers of parents, process groups, sessions and namespaces are reused during a search: the
# new owner is not selected.

load helpers

# windows KIND CALL... -- TOOL ARGUMENT...: after each use of each CALL, once a process is held, end
# the owner of the number N (in the arguments) and give the number to another process, which must
# not get a signal. KIND is parent, leader (of a group and session) or orphans (a group and session
# without its leader).
windows() {
	# shellcheck disable=SC2016
	run in_pidns '
		kind=$1 windows=0
		shift
		begin() {
			: >members
			case $kind in
			parent) bash -c "sleep 1000 & echo \$! >members; wait; :" & ;;
			leader) setsid sh -c "echo \$\$ >members; exec sleep 1000" & ;;
			orphans) setsid bash -c "sleep 1000 & echo \$! >members" & ;;
			esac
			number=$!
			wait_for has_line members
			member=$(cat members)
			wait_for comm_is $member sleep
			[ $kind != orphans ] || wait $number
			sleep 1000 &
			between=$!
			sleep 1000 &
			place=$!
		}
		end() {
			kill -KILL $member
			[ $kind = orphans ] || finish $number
			wait_for is_gone $member
			wait_for is_gone $number
		}
		# with the number N, and a member or child whose PID is already in the listing
		make_stranger() {
			finish $place
			rm -f stranger
			: >recycle.out
			if [ $kind = parent ]; then
				recycle $number -- recycle $place -- sh -c "exec sigecho >stranger"
			else
				recycle $number -- setsid recycle $place -- sh -c "exec sigecho >stranger"
			fi >recycle.out 2>&1 &
			maker=$!
			wait_for file_has stranger ready
		}
		held_or_over() { file_has calls "stopped by SIGSTOP" || is_zombie $tracer || is_gone $tracer; }
		uses_before_held() {
			awk -v kind=$kind -v call=$call "/pidfd_open.* = [0-9]/ { opened = 1 }
				opened && (kind != \"orphans\" || /poll.* = 0/) { print n + 0; exit }
				index(\$2, call \"(\") == 1 { n++ }" calls
		}
		# the number of the next use that matters in $next; 1: there are fewer uses
		try() {
			call=$1 n=$2 next=$(($2 + 1))
			shift 2
			begin
			set -- "${@//N/$number}"
			tool=$1
			shift
			rm -f calls
			strace -f -o calls -e "trace=$call,pidfd_open,poll" -e "inject=$call:signal=SIGSTOP:when=$n" \
				"$PFD_BINDIR/$tool" "$@" >out 2>&1 &
			tracer=$!
			wait_for held_or_over
			us=$(awk "/stopped by SIGSTOP/ { print \$1; exit }" calls)
			if ! [ "$us" ]; then
				kill -KILL $member $between $place 2>/dev/null || :
				return 1
			fi
			# before anything is held, the number belongs to its owner of that moment; a
			# member is held when it was read a second time
			if ! [ "$(uses_before_held)" ]; then
				kill -CONT $us
				wait $tracer || :
				kill -KILL $member $between $place 2>/dev/null || :
				before=$(uses_before_held)
				[ "${before:-0}" -le $n ] || next=$before
				return
			fi
			windows=$((windows + 1))
			end
			make_stranger
			kill -CONT $us
			wait $tracer || :
			kill -64 $place
			wait_for file_has stranger "^64 "
			[ "$(cut -d" " -f1 stranger | tr "\n" ,)" = ready,64, ] ||
				{ echo "$call $n: $(cat stranger out calls)"; exit 1; }
			kill -KILL $place
			finish $maker
			finish $between
		}
		calls=
		while [ $1 != -- ]; do
			calls="$calls $1"
			shift
		done
		shift
		for call in $calls; do
			n=1
			while try $call $n "$@"; do n=$next; done
		done
		echo $windows >windows' "$@"
	echo "$output"
	assert_success
	(($(<windows) >= 2))
}

@test "-P: the child of another process that has reused the PID is not selected" {
	requires strace pidns
	windows parent pidfd_open getdents64 poll -- pkill -USR1 -P N
}

@test "--under: the child of another process that has reused the PID is not selected" {
	requires strace pidns linux:6.13
	windows parent pidfd_open getdents64 ioctl -- pkill -USR1 --under N
}

@test "-g and -s: another group or session that has reused the number is not selected" {
	requires strace pidns
	windows leader pidfd_open getdents64 poll -- pkill -USR1 -g N
	windows leader pidfd_open poll -- pkill -USR1 -s N
}

@test "-g and -s: a group or session without its leader is found while it has members" {
	requires strace pidns
	windows orphans pidfd_open getpgid -- pkill -USR1 -g N
	windows orphans pidfd_open getsid -- pkill -USR1 -s N
}

older() {
	"$PFD_BINDIR/pgrep" -q --older 50ms -p "$1"
}

@test "-s: a session whose leader ends before a member is found keeps its older members" {
	requires strace
	mkfifo go
	# shellcheck disable=SC2016
	spawn setsid bash -c 'sleep 1000 & echo $! >child; read -r _ <go'
	local leader=$spawned child tracer
	wait_for has_line child
	child=$(<child)
	wait_for comm_is "$child" sleep
	wait_for older "$child"
	spawn strace -o calls -e trace=getsid -e inject=getsid:signal=SIGSTOP:when=1 \
		"$PFD_BINDIR/pgrep" -s "$leader"
	tracer=$spawned
	wait_for file_has calls 'stopped by SIGSTOP'
	echo >go
	wait "$leader"
	wait_for is_gone "$leader"
	kill -CONT "$("$PFD_BINDIR/pgrep" -P "$tracer")"
	wait "$tracer"
	assert_equal "$(<"$spawned_out")" "$child"
	kill -KILL "$child"
}

@test "-PGID: members of the group that has the number later get no signal" {
	requires strace pidns
	windows orphans pidfd_open getpgid getdents64 -- pfdkill -USR1 -- -N
}

@test "-PGID, -g and -s: a group whose leader began after it was looked for is not meant" {
	requires strace pidns
	# shellcheck disable=SC2016
	run in_pidns '
		held_or_over() { file_has calls "stopped by SIGSTOP" || is_zombie $tracer || is_gone $tracer; }
		has_group() { [ "$(ps -o pgid= -p $1)" -eq $1 ]; }
		for line in "pfdkill -KILL -- -N" "pfdkill -r -KILL -- -N" "pkill -KILL -g N" "pkill -KILL -s N"; do
			rm -f calls
			: >member
			setsid bash -c "sleep 1000 & echo \$! >member" &
			number=$!
			wait_for has_line member
			member=$(cat member)
			wait $number
			wait_for is_gone $number
			set -- ${line//N/$number}
			tool=$1
			shift
			# the first handle that it asks for is that of the leader, which has ended
			strace -f -o calls -e trace=pidfd_open -e inject=pidfd_open:signal=SIGSTOP:when=1 \
				"$PFD_BINDIR/$tool" "$@" >out 2>&1 &
			tracer=$!
			wait_for held_or_over
			us=$(awk "/stopped by SIGSTOP/ { print \$1; exit }" calls)
			grep -qE "pidfd_open\($number, .*(ESRCH|EINVAL|ENOENT)" calls
			kill -KILL $member
			wait_for is_gone $member
			recycle $number -- setsid sleep 1000 >recycled 2>&1 &
			maker=$!
			wait_for has_group $number
			kill -CONT $us
			status=0
			wait $tracer || status=$?
			[ $status = 1 ] || { echo "$line: $status"; cat calls out; exit 1; }
			is_zombie $number && exit 1
			kill -KILL $number
			wait $maker || :
		done'
	echo "$output"
	assert_success
}

@test "-PGID with a living leader, looked at member by member: a later group gets no signal" {
	requires strace pidns linux:6.9
	windows leader pidfd_open openat -- pfdkill -USR1 -r -- -N
	windows leader pidfd_open getdents64 -- pfdkill -USR1 --tree -- -N
	windows leader pidfd_open getdents64 -- pfdkill -USR1 --timeout 1ms USR1 -- -N
}

@test "--ns: another namespace that has reused the number is not selected" {
	requires root strace pidns
	# shellcheck disable=SC2016
	run in_pidns '
		in_uts() { [ "$(readlink /proc/$1/ns/uts)" != "$ours" ]; }
		held_or_over() { file_has calls "stopped by SIGSTOP" || is_zombie $tracer || is_gone $tracer; }
		ours=$(readlink /proc/self/ns/uts)
		for n in 1 2 3 4 5 6 7; do
			unshare --uts sleep 1000 &
			named=$!
			wait_for in_uts $named
			number=$(readlink /proc/$named/ns/uts)
			rm -f calls
			strace -f -o calls -e trace=getdents64 -e inject=getdents64:signal=SIGSTOP:when=$n \
				"$PFD_BINDIR/pkill" -KILL --ns $named --nslist uts . >out 2>&1 &
			tracer=$!
			wait_for held_or_over
			us=$(awk "/stopped by SIGSTOP/ { print \$1; exit }" calls)
			[ "$us" ] || break
			finish $named
			strangers=
			for i in {1..20}; do
				unshare --uts sleep 1000 &
				strangers="$strangers $!"
				wait_for in_uts $!
				[ "$(readlink /proc/$!/ns/uts)" != "$number" ] || break
			done
			kill -CONT $us
			wait $tracer || :
			for each in $strangers; do
				kill -0 $each
				is_zombie $each && exit 1
				finish $each
			done
		done
		echo "windows: $n"'
	echo "$output"
	assert_success
}

@test "-t: a process on a later terminal that has reused the number is not selected" {
	requires root strace pidns libproc2 python3
	# shellcheck disable=SC2016
	run in_pidns '
		mount -t devpts -o newinstance,ptmxmode=666 devpts /dev/pts
		mount --bind /dev/pts/ptmx /dev/ptmx
		held_or_over() { file_has calls "stopped by SIGSTOP" || is_zombie $tracer || is_gone $tracer; }
		is_told() { [ "$({ wc -l <answers; } 2>&-)" = "$1" ]; }
		mkfifo orders
		for n in 1 2 3 4 5 6 7 8 9; do
			rm -f calls
			python3 -c "if True:
				import os, pty, sys
				def begin():
					pid, master = pty.fork()
					if pid == 0:
						print(flush=True)
						os.execlp(\"sleep\", \"sleep\", \"1000\")
					os.read(master, 1)
					print(os.readlink(f\"/proc/{pid}/fd/0\"), pid, flush=True)
					return pid, master
				pid, master = begin()
				sys.stdin.readline()
				os.kill(pid, 9)
				os.waitpid(pid, 0)
				os.close(master)
				begin()
				sys.stdin.read()" <orders >answers &
			maker=$!
			exec 7>orders
			wait_for is_told 1
			read -r terminal victim <answers
			strace -f -o calls -P "$terminal" -e trace=openat -e inject=openat:signal=SIGSTOP:when=$n \
				"$PFD_BINDIR/pkill" -KILL -t "$terminal" >out 2>&1 &
			tracer=$!
			wait_for held_or_over
			us=$(awk "/stopped by SIGSTOP/ { print \$1; exit }" calls)
			[ "$us" ] || break
			echo >&7
			wait_for is_told 2
			read -r now stranger < <(tail -n 1 answers)
			[ "$now" = "$terminal" ]
			kill -CONT $us
			wait $tracer || :
			kill -0 $stranger
			is_zombie $stranger && exit 1
			exec 7>&-
			finish $maker
		done
		is_zombie $victim || is_gone $victim
		echo "windows: $((n - 1))"' 3>&-
	echo "$output"
	assert_success
	[[ $output == 'windows: '[1-9]* ]]
}

@test "-P, -g and -s take every target that names one process" {
	requires linux:6.9
	spawn setsid bash -c 'sleep 1000 & echo $! >child; wait'
	wait_for has_line child
	local child handle
	child=$(<child)
	wait_for comm_is "$child" sleep
	handle=$spawned:$(inode_of "$spawned")
	echo "$spawned" >file
	local option
	for option in -P -g -s; do
		for target in "$spawned" "$handle" "pidfile:$PWD/file" "4000000,$handle"; do
			run_tool -0 pgrep "$option" "$target" sleep
			assert_output "$child"
			assert_stderr ''
		done
		run_tool -1 pgrep "$option" "$spawned:1" sleep
		assert_stderr "pgrep: $spawned:1: recycled: that process is gone"
		run_tool -1 pgrep "$option" 4000000 .
		run_tool -2 pgrep "$option" nonsense
		run_tool -2 pgrep "$option" 5:0
		assert_stderr_has "'5:0': an INODE after the colon must be a number above 0"
	done
	finish "$spawned"
	run_tool -0 pgrep -g "$spawned" sleep
	assert_output "$child"
	run_tool -0 pgrep -s "$spawned" sleep
	assert_output "$child"
	run_tool -1 pgrep -P "$spawned" sleep
	run_tool -1 pgrep -g "$handle" sleep
	assert_stderr ''
	kill -KILL "$child"
}

@test "a process that is listed many times needs one descriptor in -P, -g, -s and --under" {
	requires linux:6.9
	# shellcheck disable=SC2016
	spawn setsid sh -c 'sleep 1000 & echo $! >child; wait'
	wait_for has_line child
	local child handle option list
	child=$(<child)
	wait_for comm_is "$child" sleep
	handle=$spawned:$(inode_of "$spawned")
	list=$(yes "$spawned,$handle" | head -n 100 | paste -sd,)
	for option in -P -g -s --under; do
		# shellcheck disable=SC2016
		run -0 bash -c 'ulimit -n 64; exec "$PFD_BINDIR/pgrep" "$@"' bash "$option" "$list" -x sleep 3>&-
		assert_output "$child"
	done
	# of a group without a leader as well
	finish "$spawned"
	list=$(yes "$spawned" | head -n 100 | paste -sd,)
	for option in -g -s; do
		# shellcheck disable=SC2016
		run -0 bash -c 'ulimit -n 64; exec "$PFD_BINDIR/pgrep" "$@"' bash "$option" "$list" -x sleep 3>&-
		assert_output "$child"
	done
	kill -KILL "$child"
}

@test "if a member cannot be held as a proof, that is an error, not an empty result" {
	requires strace
	spawn setsid sleep 1000
	wait_for comm_is "$spawned" sleep
	local calls
	strace -o log -e trace=fcntl "$PFD_BINDIR/pgrep" -g "$spawned" >/dev/null
	calls=$(grep -n F_DUPFD_CLOEXEC log | tail -n 1)
	run -3 strace -o log -e trace=fcntl -e inject="fcntl:error=EMFILE:when=${calls%%:*}" \
		"$PFD_BINDIR/pgrep" -g "$spawned"
	assert_output 'pgrep: cannot read the processes: Too many open files'
}

# ---- a group without a leader ----

@test "a group without a leader is found, whichever of its members ends during the search" {
	requires strace pidns
	time_limit 240
	# shellcheck disable=SC2016
	run in_pidns '
		held_or_over() { file_has calls "stopped by SIGSTOP" || is_zombie $tracer || is_gone $tracer; }
		# stopped at the use number $when of a call, the member with the lower PID ends; the other one
		# is older
		try() {
			: >old
			setsid bash -c "echo 3000 >/proc/sys/kernel/ns_last_pid; sigecho >old & echo \$! >old.pid
				until $PFD_BINDIR/pgrep -q --older 50ms -p \$!; do :; done
				echo 2000 >/proc/sys/kernel/ns_last_pid; sleep 1000 & echo \$! >young.pid" &
			leader=$!
			wait $leader
			wait_for file_has old ready
			old=$(cat old.pid) young=$(cat young.pid)
			rm -f calls
			echo 4000 >/proc/sys/kernel/ns_last_pid
			strace -o calls -e trace=$call -e inject=$call:signal=SIGSTOP:when=$when \
				"$PFD_BINDIR/$1" -URG "${@:2}$leader" >out 2>&1 &
			tracer=$!
			wait_for held_or_over
			kill -KILL $young
			wait_for is_gone $young
			pkill -CONT -P $tracer || :
			wait $tracer || { echo "$1 $call $when: status $?, $(cat out)"; exit 1; }
			wait_for file_has old "^23 "
			kill -KILL $old
			wait_for is_gone $old
			file_has calls "stopped by SIGSTOP"
		}
		windows=0
		for call in getpgid pidfd_open; do
			for ((when = 1; when < 40; when++)); do try pfdkill -- - || break; windows=$((windows + 1)); done
			for ((when = 1; when < 40; when++)); do try pkill -g "" || break; windows=$((windows + 1)); done
		done
		((windows > 8)) || echo "$windows windows"'
	assert_success
	refute_output
}
