#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A hostile environment: what another process, a parent or a limit can do to our programs.

load helpers

TOOLS=(pfdkill kill pwait waitpid pgrep pkill pidwait)

# A bystander that no program may signal, and a process that is to be signalled.
setup_two() {
	spawn_ready sigecho
	bystander=$spawned bystander_out=$spawned_out
	name=hst$BASHPID
	spawn_ready named "$name"
	victim=$spawned
	wait_for comm_is "$victim" "$name"
}

# has_open PID FILE
has_open() {
	[[ $(readlink "/proc/$1"/fd/*) == *"$2"* ]]
}

refute_bystander_hit() {
	assert_equal "$(<"$bystander_out")" ready
}

# under LIMIT...: run the calls below with these limits of prlimit(1). Each must end by itself with
# a status from its manual, never by a signal, and print a message unless it succeeds completely.
under() {
	# 127 is the status of a loader that cannot start, which bats treats differently
	# shellcheck disable=SC2016
	run --separate-stderr bash -c '"$@" 3>&-; r=$?; exit $((r == 127 ? 77 : r))' under \
		timeout -s KILL 60 prlimit "$@"
	printf 'prlimit %s: status %s\n%s\n%s\n' "$*" "$status" "$output" "$stderr"
	case $status in
	0 | 1 | 3 | 64 | 77 | 124) ;;
	*) fail "status $status" ;;
	esac
	if ((status == 3)); then
		[[ $stderr ]] || fail "not a word"
	fi
}

each_tool_under() {
	local limit=$1 tool
	under "$limit" "$PFD_BINDIR/pfdkill" -0 "$victim"
	under "$limit" "$PFD_BINDIR/pwait" --nohang "$victim"
	under "$limit" "$PFD_BINDIR/pwait" -- true
	[[ -x $PFD_BINDIR/pgrep ]] || return 0
	under "$limit" "$PFD_BINDIR/pgrep" -x "$name"
	under "$limit" "$PFD_BINDIR/pkill" -0 -x "$name"
	under "$limit" "$PFD_BINDIR/pidwait" --timeout 10ms -x "$name"
}

@test "with any descriptor limit the program does its work or reports the failure" {
	requires prlimit
	setup_two
	local n
	for n in 0 1 3 4 5 6 7 8 10; do
		each_tool_under --nofile="$n:$n"
	done
	refute_bystander_hit
}

# with_table FREE SOFT HARD CMD...: run with a full table, except for FREE descriptors of the SOFT
# limit.
with_table() {
	# shellcheck disable=SC2016
	bash -c 'free=$1 soft=$2
		ulimit -Sn "$soft" && ulimit -Hn "$3" || exit 70
		for ((fd = 3; fd < soft - free; fd++)); do
			eval "exec $fd</dev/null" 2>/dev/null
		done
		shift 3
		exec "$@"' with_table "$@"
}

@test "with a nearly full descriptor table the program does its work or reports the failure" {
	requires prlimit
	setup_two
	local free
	for free in 1 2 3 4 6; do
		run --separate-stderr with_table "$free" 64 64 "$PFD_BINDIR/pfdkill" -0 "$victim" 3>&-
		[[ $status == 0 || ($status == 3 && $stderr) ]] || fail "pfdkill: $status, $stderr"
		run --separate-stderr with_table "$free" 64 64 "$PFD_BINDIR/pwait" --nohang "$victim" 3>&-
		[[ $status == 124 || ($status == 3 && $stderr) ]] || fail "pwait: $status, $stderr"
		[[ -x $PFD_BINDIR/pkill ]] || continue
		run --separate-stderr with_table "$free" 64 64 "$PFD_BINDIR/pkill" -0 -e -x "$name" 3>&-
		[[ ($status == 0 && $output) || ($status == 3 && $stderr) ]] || fail "pkill: $status, $stderr"
	done
	refute_bystander_hit
}

@test "if the hard limit allows more, a full descriptor table does not matter" {
	requires prlimit
	(($(ulimit -Hn) >= 256)) || skip "the hard limit is $(ulimit -Hn) descriptors"
	setup_two
	run --separate-stderr with_table 1 64 256 "$PFD_BINDIR/pfdkill" -s CONT "$victim" "$$" 3>&-
	assert_success
	assert_equal "$stderr" ''
	run --separate-stderr with_table 1 64 256 "$PFD_BINDIR/pwait" --nohang "$victim" "$$" 3>&-
	assert_equal "$status" 124
	refute_bystander_hit
}

@test "with any limit of the address space the program does its work or reports the failure" {
	requires prlimit plain
	setup_two
	local n
	for n in 2 4 6 8 10 14 20; do
		each_tool_under --as="$((n * 1000000))"
	done
	refute_bystander_hit
}

@test "limits of zero for processes, files, cores, locked memory and signals do not matter if none is needed" {
	requires prlimit
	setup_two
	each_tool_under --core=0:0
	each_tool_under --memlock=0:0
	each_tool_under --msgqueue=0:0
	each_tool_under --sigpending=0:0
	run --separate-stderr prlimit --fsize=0:0 "$PFD_BINDIR/pfdkill" -0 "$victim" 3>&-
	assert_success
	# the limit does not apply to root
	run --separate-stderr as_user prlimit --nproc=0:0 pwait -- true 3>&-
	((status == 3)) || skip "this system does not count processes"
	assert_stderr_has 'cannot start a process: Resource temporarily unavailable'
	refute_bystander_hit
}

@test "with a file size limit of zero the output is lost, and that is reported" {
	requires prlimit
	setup_two
	# SIGXFSZ would end it silently if the shell did not ignore it
	run bash -c 'trap "" XFSZ; prlimit --fsize=0:0 "$0" -x "$1" 2>&1 >"$2" | cat; exit ${PIPESTATUS[0]}' \
		"$PFD_BINDIR/pgrep" "$name" "$BATS_TEST_TMPDIR/out"
	assert_equal "$status" 3
	assert_output --partial 'write error: File too large'
}

@test "if the reader is gone, the program ends, or reports it if SIGPIPE is ignored" {
	local tool
	for tool in pgrep pfdkill; do
		local arguments=(.)
		[[ $tool == pgrep ]] || arguments=(--verbose -0 "$$")
		run --separate-stderr bash -c 'trap "" PIPE; mkfifo p; exec 4<>p 5>p 4<&-; exec "$@" >&5' \
			"$tool" "$PFD_BINDIR/$tool" "${arguments[@]}"
		assert_equal "$status" 3
		assert_stderr_has 'write error: '
		rm p
	done
}

@test "signals that the parent ignores or blocks do not change the result" {
	setup_two
	run env --ignore-signal --block-signal timeout -s KILL 20 "$PFD_BINDIR/pfdkill" --deadline 10s "$victim" 3>&-
	assert_success
	sleeper
	run env --ignore-signal --block-signal timeout -s KILL 20 "$PFD_BINDIR/pwait" -t 50ms "$spawned" 3>&-
	assert_equal "$status" 124
	run env --ignore-signal --block-signal timeout -s KILL 20 "$PFD_BINDIR/pwait" -- sh -c 'exit 7' 3>&-
	assert_equal "$status" 7
	refute_bystander_hit
}

@test "an environment of the maximum size for execve is accepted" {
	local i big
	big=$(printf '%0100000d' 0)
	for i in {1..15}; do
		export "PFD_BIG_$i=$big"
	done
	setup_two
	run_tool -0 pfdkill -0 "$victim"
	run_tool -0 pwait -- true
	[[ ! -x $PFD_BINDIR/pgrep ]] || {
		run_tool -0 pgrep -x "$name"
		assert_output "$victim"
		run_tool -0 pgrep --env PFD_BIG_15 -x "$name"
		run_tool -1 pgrep --env PFD_BIG_16 -x "$name"
	}
}

@test "environment variables of libraries do not change which processes match" {
	setup_two
	export LIBPROC_HIDE_KERNEL=1 LOCPATH=/nonexistent LANGUAGE=xx LC_ALL=xx_YY.UTF-16
	export MALLOC_CHECK_=3 MALLOC_PERTURB_=165 POSIXLY_CORRECT=1 TZ=:/etc/passwd GCONV_PATH=/tmp
	run_tool -0 pgrep -x "$name"
	assert_output "$victim"
	assert_equal "$stderr" ''
	run_tool -0 pfdkill -0 "$victim"
	if [[ -e /proc/2/comm && $(<"/proc/2/comm") == kthreadd ]]; then
		run_tool -0 pgrep -x kthreadd
		assert_output 2
	fi
}

@test "the name and command line of another process cannot control the terminal or start a new line" {
	local evil=$'e\e]0;x\a\n\r\x9b2J\u202e'
	evil=${evil:0:12}$BASHPID
	spawn_ready named "$evil" -- $'a\nb\e[31m' $'4711 forged\n'
	local row
	for row in 'pgrep -l' 'pgrep -a' 'pgrep -J' 'pgrep --long' 'pkill --dry-run' 'pkill -e -0'; do
		# shellcheck disable=SC2086
		run_tool -0 $row -p "$spawned"
		output=$(grep -v '^ *PID USER' <<<"$output")
		[[ $output != *[$'\x01'-$'\x1f\x7f']* ]] || fail "control bytes: $row"
	done
	run_tool -0 pfdkill --verbose -J -0 "$spawned"
	[[ $output != *[$'\x01'-$'\x09\x0b'-$'\x1f\x7f']* ]] || fail "control bytes: pfdkill"
}

@test "a pidfile that is a link to the file of another user is judged by that file" {
	requires root
	setup_two
	echo "$victim" >theirs
	chown 65534 theirs
	ln -s theirs link
	run_tool -1 pkill -0 -F link
	assert_stderr_has link
	run_tool -0 pkill -0 --trust-pidfile -F link
	ln -s link2 link2
	run_tool -3 pkill -0 -F link2
	assert_stderr_has 'Too many levels of symbolic links'
	run_tool -3 pkill -0 -F "$BATS_TEST_TMPDIR"
	assert_stderr_has 'Is a directory'
}

@test "a FIFO in place of a pidfile names no process and does not block root" {
	requires root cap:CHOWN
	setup_two
	local both
	mkfifo theirs ours
	chown 65534 theirs
	# no process writes, so it must not wait for a writer
	run_tool -1 pkill -0 -F theirs
	assert_stderr_has 'theirs: other users can write it'
	run_tool -1 pfdkill -0 --verbose pidfile:theirs
	assert_stderr_has 'pidfile:theirs: other users can write it'
	exec {both}<>theirs
	echo "$victim" >&"$both"
	run_tool -1 pkill -0 -F theirs
	assert_stderr_has 'theirs: other users can write it'
	exec {both}>&-
	echo "$victim" >theirs 3>&- &
	run_tool -0 pgrep --trust-pidfile -F theirs
	assert_output "$victim"
	# a FIFO of our own is waited for, whether the writer comes before or after
	"$PFD_BINDIR/pgrep" -F ours >told 3>&- &
	local reader=$!
	wait_for has_open "$reader" "$BATS_TEST_TMPDIR/ours"
	echo "$victim" >ours
	wait "$reader"
	assert_equal "$(<told)" "$victim"
	run_tool -0 pgrep -F <(echo "$victim")
	assert_output "$victim"
}

@test "a socket of another user gives its listener or a reason, and never hangs" {
	requires root linux:6.5 cap:CHOWN cap:SETUID
	local nobody n
	public_copy # so that the user can enter this folder
	install -d -o 65534 -g 65534 theirs
	# shellcheck disable=SC2016
	spawn_ready as_user sh -c 'echo $$; exec listener "$1"' sh "$BATS_TEST_TMPDIR/theirs/s"
	wait_for grep -q ready "$spawned_out"
	read -r nobody <"$spawned_out"
	run_tool -0 pfdkill -0 --verbose unix:theirs/s
	assert_output --partial "unix:theirs/s: $nobody (listener): "
	# a socket to which we may not connect
	spawn_ready listener mine.sock
	chmod 600 mine.sock
	run -3 --separate-stderr as_user pfdkill -KILL "unix:$BATS_TEST_TMPDIR/mine.sock"
	assert_stderr "pfdkill: unix:$BATS_TEST_TMPDIR/mine.sock: we have no right to it"
	run_tool -0 pfdkill -0 "$spawned"
	# it stops accepting, so after some time no connection is accepted any more
	"$PFD_BINDIR/pfdkill" -STOP "$nobody"
	wait_for is_stopped "$nobody"
	for ((n = 0; n < 40; n++)); do
		run --separate-stderr timeout -s KILL 30 "$PFD_BINDIR/pfdkill" -0 unix:theirs/s
		((status == 0)) || break
	done
	assert_equal "$status" 3
	assert_stderr "pfdkill: unix:theirs/s: its listener accepts no connection, so its process cannot be found"
	is_stopped "$nobody"
}

@test "if something else is mounted over /proc, it is rejected" {
	requires root plain
	setup_two
	# shellcheck disable=SC2016
	run unshare --mount bash -c '
		mount -t tmpfs none /proc && mkdir /proc/self && printf "NSpid:\t1\n" >/proc/self/status
		mkdir "/proc/$1" && echo "$2" >"/proc/$1/comm"
		"$3/pkill" -KILL -x "$2"; echo "status $?"
		"$3/pgrep" -f .; echo "status $?"
		"$3/pfdkill" -KILL "name:$2"; echo "status $?"' hostile "$bystander" sigecho "$PFD_BINDIR" 3>&-
	assert_line "status 3"
	refute_line "status 0"
	[[ $(proc_state "$bystander") == [RSD] ]] || fail "the bystander is gone"
	refute_bystander_hit
}

@test "if a folder of procfs is mounted over /proc, it is rejected as not being /proc" {
	requires root plain
	# shellcheck disable=SC2016
	run unshare --mount bash -c '
		mount --bind /proc/1/task /proc
		"$1/pgrep" .; echo "status $?"
		"$1/pfdkill" -0 --tree 1; echo "status $?"' hostile "$PFD_BINDIR" 3>&-
	assert_output "pgrep: /proc is not mounted
status 3
pfdkill: --tree: /proc is not mounted
status 3"
}

@test "processes that rename and fork all the time are signalled only if they matched" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns '
		sigecho log >/dev/null & bystander=$!
		wait_for catches $bystander 10
		(while :; do
			echo wanted >/proc/self/comm
			(:)
			echo other >/proc/self/comm
		done) &
		changer=$!
		for i in {1..60}; do
			tool pkill -CONT -x wanted || true
		done
		kill -KILL $changer
		cat log'
	printf '%s\n' "$output"
	assert_success
	# a missing log counts as an empty one
	[[ $output != *code=* ]] || fail "$output"
}

# with_stack KIB STATUS TOOL ARG...
with_stack() {
	local stack=$1 expected=$2
	shift 2
	# shellcheck disable=SC2016
	run --separate-stderr bash -c 'ulimit -s "$1"; shift; "$PFD_BINDIR/$@"' - "$stack" "$@" 3>&-
	printf '%s: %s %s\n' "$*" "$status" "$stderr"
	assert_equal "$status" "$expected"
}

@test "a stack of 64 KiB is enough" {
	requires plain
	local stack=64 deep=''
	spawn_ready named "st$BASHPID"
	with_stack $stack 0 pgrep -f "st$BASHPID"
	assert_output "$spawned"
	with_stack $stack 0 pgrep --long --tree -x "st$BASHPID"
	with_stack $stack 1 pgrep -g 99999998
	printf -v deep '/**%.0s' {1..300}
	with_stack $stack 1 pgrep --cgroup "$deep/x" -x "st$BASHPID"
	with_stack $stack 0 pgrep --help
	echo "$spawned" >a.pid
	with_stack $stack 124 pwait --nohang --print pidfile:a.pid
	with_stack $stack 1 pfdkill -0 tcp:9
	with_stack $stack 0 pfdkill --tree -0 "$spawned"
	with_stack $stack 1 pfdkill "$(printf 'n%.0s' {1..2000})"
	with_stack $stack 0 pkill --timeout 10s KILL --wait -x "st$BASHPID"
}

@test "a stack of 64 KiB is enough for --columns" {
	requires plain libproc2
	spawn_ready named "st$BASHPID"
	with_stack 64 0 pgrep --columns pid,comm,user,unit -x "st$BASHPID"
	with_stack 64 0 pgrep -t - -x "st$BASHPID"
}
