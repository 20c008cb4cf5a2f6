# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What every .bats file loads first: `load helpers`. HACKING.md says how a test is written.
#
#	run_tool [-STATUS] TOOL ARG...   $status, $output, $stderr of one of ours
#	spawn CMD...; spawn_ready CMD... a background process, ended by teardown; number in $spawned
#	wait_for [-t SECONDS] CMD...     until CMD succeeds; fails when it never does
#	bash -c "$CONDITIONS"'CODE'      CODE in another shell knows wait_for and its conditions
#	requires WHAT...                 skip, saying why, where WHAT cannot be had
#	time_limit SECONDS               the test may take so long (60)
#	in_pidns SCRIPT [ARG...]         a bash script in a PID namespace of its own
#	as_user CMD...                   as a user without privileges
# The C helpers cutoff, hydra, inmate, named, notifier, odd, old-kernel, pidfacts, recycle, sigecho, storm, stubborn, subreap,
# threads, torture, waitstatus, windows, zombie and zoo are commands on the PATH; the head of each
# tests/helpers/*.c is its manual.

bats_require_minimum_version 1.5.0
: "${BATS_LIB_PATH:=/usr/lib/bats:/usr/share/bats:/usr/local/lib/bats}"
export BATS_LIB_PATH
bats_load_library bats-support
bats_load_library bats-assert

# Run by hand, `bats tests/x.bats` tests a build in the tree itself, or that of ./dev test.
PFD_SRCDIR=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
[[ -x $PFD_SRCDIR/bin/pfdkill ]] ||
	: "${PFD_BINDIR:=$PFD_SRCDIR/build/test/bin}" "${PFD_HELPERS:=$PFD_SRCDIR/build/test/tests/helpers}"
: "${PFD_BINDIR:=$PFD_SRCDIR/bin}" "${PFD_HELPERS:=$PFD_SRCDIR/tests/helpers}"
export PFD_SRCDIR PFD_BINDIR PFD_HELPERS
PATH=$PFD_HELPERS:$PATH
# tools/mutate: what each test reaches
[[ ! ${PFD_COUNTS-} || ! ${BATS_TEST_NUMBER-} ]] ||
	export LLVM_PROFILE_FILE=$PFD_COUNTS/$((PFD_COUNTS_BEFORE + BATS_TEST_NUMBER))/%m%c
export LC_ALL=C.UTF-8
# script(1) and tmux run it; that of the user may be nologin
export SHELL=/bin/sh
unset LIBPROC_HIDE_KERNEL POSIXLY_CORRECT

# The requirements of all tests in a file, set by the file.
FILE_REQUIRES=

setup_file() {
	cutoff "$((${PFD_TEST_LIMIT:-60} * ${PFD_PATIENCE:-1}))" "$BATS_FILE_TMPDIR" \
		</dev/null >/dev/null 3>&- &
	# teardown_file ends it silently
	disown
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	# shellcheck disable=SC2086
	requires $FILE_REQUIRES
}

teardown() {
	test_ends
}

# A teardown function of a file must call this.
test_ends() {
	local now=${EPOCHREALTIME/./}
	end_spawned
	[[ ! -w ${PFD_BUILDDIR-}/tests ]] ||
		printf '%7d ms  %s: %s\n' "$(((now - TEST_BEGAN) / 1000))" \
			"${BATS_TEST_FILENAME##*/}" "$BATS_TEST_DESCRIPTION" \
			>>"$PFD_BUILDDIR/tests/${BATS_TEST_FILENAME##*/}.times"
}
TEST_BEGAN=${EPOCHREALTIME/./}

teardown_file() {
	end_strays FILE
}

# ---- the limit of time ----

# time_limit SECONDS: how long the running test may take, instead of 60.
time_limit() {
	echo "$(($1 * ${PFD_PATIENCE:-1}))" >"$BATS_FILE_TMPDIR/limit.$$"
}

# What \`cutoff\` has to say to the shell of a test.
out_of_time() {
	: >"$BATS_FILE_TMPDIR/heard.$$"
	{
		printf '%s: ' "$BATS_TEST_DESCRIPTION"
		cat "$BATS_FILE_TMPDIR/late.$$"
	} >>"${BATS_OUT:-/dev/stderr}"
	end_strays TEST
	# the command that was running may have closed it
	{ : >&3; } 2>/dev/null || exec 3>"/proc/$PPID/fd/3"
	exit 1
}
trap out_of_time XCPU

# ---- running our programs ----

# A tool name always means the program that was just built, whatever the PATH is. The result is
# printed, and shown when the test fails.
run_tool() {
	local expect=()
	while [[ ${1-} == -* || ${1-} == ! ]]; do
		expect+=("$1")
		shift
	done
	run --separate-stderr "${expect[@]}" tool "$@" 3>&-
	printf '$ %s\nstatus %s\n' "$*" "$status"
	[[ -z $output ]] || printf -- '-- stdout\n%s\n' "$output"
	[[ -z $stderr ]] || printf -- '-- stderr\n%s\n' "$stderr"
}

tool() {
	local name=$1
	shift
	"$PFD_BINDIR/$name" "$@"
}

# help_rows TOOL: its options in --help, one line "SHORT LONG VALUE..." each, - for none.
help_rows() {
	tool "$1" --help | awk '
		/^(  |      )-/ {
			sub(/^ +/, "")
			sub(/   *[^ ].*$/, "")
			short = long = "-"
			if (match($0, /^-[^-]/)) {
				short = substr($0, 1, 2)
				sub(/^..(, | )?/, "")
			}
			if (match($0, /^--[a-z-]+/)) {
				long = substr($0, 1, RLENGTH)
				$0 = substr($0, RLENGTH + 1)
			}
			sub(/^ /, "")
			print short, long, $0 == "" ? "-" : $0
		}'
}

# help_options TOOL: its options, one per line.
help_options() {
	help_rows "$1" | awk '{ for (i = 1; i < 3; i++) if ($i != "-") print $i }' | sort -u
}

# Compare standard error, whole or in part.
assert_stderr() {
	# shellcheck disable=SC2154
	assert_equal "$stderr" "$1"
}

assert_stderr_has() {
	[[ $stderr == *"$1"* ]] || fail "standard error lacks '$1': $stderr"
}

# The table in $output has a row for the process, with this name.
assert_row() {
	assert_line --regexp "^ *$1 +[^ ]+ +[0-9]+[smhd] +$2 "
}

# ---- other processes ----

# Children of this shell by job number: bash itself knows whether a job is still the same.
SPAWNED_JOBS=()

# spawn [-i FILE] CMD...: PID in $spawned, standard output and error in the file $spawned_out.
spawn() {
	local input=/dev/null
	if [[ $1 == -i ]]; then
		input=$2
		shift 2
	fi
	spawned_out=$(mktemp "$BATS_TEST_TMPDIR/spawned.XXXXXX")
	# descriptor 3 belongs to bats: a process that holds it keeps bats from ending
	"$@" <"$input" >"$spawned_out" 2>&1 3>&- &
	spawned=$!
	# bash forgets a job that has ended by a signal as soon as it has reported that
	[[ ! $(jobs -l %+ 2>/dev/null) =~ ^\[([0-9]+)\][^0-9]*$spawned\  ]] ||
		SPAWNED_JOBS+=("%${BASH_REMATCH[1]}")
}

# The same, and wait for its first line of output ("ready" of sigecho, the PID of recycle).
spawn_ready() {
	spawn "$@"
	wait_for has_line "$spawned_out"
}

# spawn_zombie [CMD...]: a process that has ended and is not reaped, its PID in $zombie.
spawn_zombie() {
	(($#)) || set -- true
	mkfifo keep
	# open for reading and writing, so that it does not end
	exec 9<>keep
	spawn_ready -i keep zombie "$@"
	read -r zombie <"$spawned_out"
}

has_line() {
	local line
	{ IFS= read -r line <"$1"; } 2>/dev/null
}

end_spawned() {
	local job
	for job in "${SPAWNED_JOBS[@]}"; do
		kill -KILL "$job" 2>/dev/null || continue
		wait "$job" 2>/dev/null || true
	done
	SPAWNED_JOBS=()
}

# end_strays FILE|TEST: end the processes that the tests of this file, or this test, started
# indirectly and left behind; they are recognised by their environment.
end_strays() {
	local file pid folder=BATS_$1_TMPDIR
	while IFS= read -r file; do
		pid=${file#/proc/}
		kill -KILL "${pid%/environ}" 2>/dev/null || true
	done < <(grep -lszxF "$folder=${!folder}" /proc/[1-9]*/environ |
		grep -vxE "/proc/($$|$BASHPID)/environ")
}

# sleeper: spawn a process that does nothing and has no handlers, with a unique command line.
sleeper() {
	spawn sleep "$((1000 + BASHPID % 1000)).${BATS_TEST_NUMBER}${RANDOM}"
	# before that it is still a shell, with its name and handlers
	wait_for comm_is "$spawned" sleep
}

# finish PID: end a child of this shell, not yet waited for, and reap it.
finish() {
	kill -KILL "$1"
	wait "$1" 2>/dev/null || true
}

# ---- facts about processes, and waiting for them ----

# Wait for a condition, not for a duration: it is polled, and a timeout is a failure. Ten seconds by
# default.
wait_for() {
	local limit=10
	if [[ $1 == -t ]]; then
		limit=$2
		shift 2
	fi
	# an emulated machine needs more time
	limit=$((limit * ${PFD_PATIENCE:-1}))
	local end=$((SECONDS + limit))
	until "$@"; do
		if ((SECONDS > end)); then
			fail "after $limit s still not so: $*"
			return 1
		fi
		sleep 0.01
	done
}

# The letter in /proc/PID/stat; empty if there is No such process.
proc_state() {
	local stat
	{ stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
	stat=${stat##*) }
	printf '%s' "${stat%% *}"
}

is_gone() {
	[[ ! -e /proc/$1 ]]
}

is_zombie() {
	[[ $(proc_state "$1") == Z ]]
}

# waits PID: it waits for events in the kernel. Some kernels do not show where a process sleeps.
waits() {
	local where=
	{ IFS= read -r -d '' where <"/proc/$1/wchan"; } 2>/dev/null || true
	[[ $where == *poll* ]] || [[ ${where:-0} == 0 && $(proc_state "$1") == S &&
	$(readlink "/proc/$1"/fd/* 2>/dev/null) == *eventpoll* ]]
}

# How often a process has gone to sleep, and whether it was more often than COUNT.
sleeps() {
	sed -n 's/^voluntary_ctxt_switches:\t//p' "/proc/$1/status"
}

slept_more() { # PID COUNT
	(($(sleeps "$1") > $2))
}

is_stopped() {
	[[ $(proc_state "$1") == T ]]
}

comm_is() {
	local comm=
	# a name may have a newline in it
	{ ! IFS= read -r -d '' comm <"/proc/$1/comm"; } 2>/dev/null
	[[ $comm == "$2"$'\n' ]]
}

# catches PID SIGNAL_NUMBER: it has a handler for the signal.
catches() {
	local key mask=0
	while IFS=$':\t' read -r key mask; do
		[[ $key != SigCgt ]] || break
	done <"/proc/$1/status"
	(((16#${mask:-0} >> ($2 - 1)) & 1))
}

# file_has FILE REGEX: one of its lines matches.
file_has() {
	grep -q -- "$2" "$1" 2>/dev/null
}

# ---- what this machine can do ----

# Every skip is printed with its reason, and `./dev test` lists them at the end.
requires() {
	local what
	for what in "$@"; do
		case $what in
		root) ((EUID == 0)) || skip "needs root" ;;
		user) ((EUID != 0)) || skip "is for an ordinary user, this is root" ;;
		pidns) can_pidns || skip "no PID namespace can be made here" ;;
		strace)
			can_strace || skip "strace is missing or may not trace here"
			# the leak check cannot run in a traced process
			export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
			;;
		seccomp) old-kernel getinfo=ENOTTY true 2>/dev/null ||
			skip "no seccomp filter can be set here" ;;
		reaper) reaps_orphans || skip "no process here reaps orphans (PID 1 of a container)" ;;
		plain) ! grep -q __asan_init "$PFD_BINDIR/pfdkill" ||
			skip "a sanitizer has memory, time and uses for /proc and ptrace of its own" ;;
		libproc2) "$PFD_BINDIR/pgrep" --version | grep -q '^with libproc2' ||
			skip "built without libproc2" ;;
		linux:*) kernel_at_least "${what#*:}" || skip "needs Linux ${what#*:}" ;;
		cap:*) has_cap "${what#*:}" || skip "needs CAP_${what#*:}" ;;
		fds:*) (ulimit -n "${what#*:}") 2>/dev/null ||
			skip "needs ${what#*:} descriptors" ;;
		*) command -v "$what" >/dev/null || skip "$what is not installed" ;;
		esac
	done
}

kernel_at_least() {
	local have want
	IFS=.- read -ra have <<<"$(uname -r)"
	IFS=. read -ra want <<<"$1"
	((have[0] > want[0] || (have[0] == want[0] && have[1] >= want[1])))
}

# assert_ended WHO HOW: a line of the output reports this ending. Before Linux 6.15, if a process is
# reaped before its status can be read, its ending is unknown, and this must be reported.
assert_ended() {
	if ! kernel_at_least 6.15 && grep -qxF -- "$1: gone, status unknown" <<<"$output"; then
		return
	fi
	assert_line "$1: $2"
}

# Numbers of capability(7), only those that are needed.
has_cap() {
	local -A bit=([CHOWN]=0 [KILL]=5 [SETUID]=7 [NET_ADMIN]=12 [SYS_PTRACE]=19 [SYS_ADMIN]=21
		[SYS_NICE]=23 [SYS_RESOURCE]=24)
	local key mask
	while IFS=$':\t' read -r key mask; do
		[[ $key != CapEff ]] || break
	done </proc/self/status
	(((16#$mask >> bit[$1]) & 1))
}

# Whether an orphan is reaped soon, as by an init.
reaps_orphans() {
	local orphan end=$((SECONDS + 5))
	orphan=$(sh -c 'sleep 0 >/dev/null 2>&1 3>&- & echo $!')
	until is_gone "$orphan"; do
		((SECONDS < end)) || return 1
		sleep 0.01
	done
}

can_pidns() {
	unshare "${PIDNS_FLAGS[@]}" true 2>/dev/null
}

can_strace() {
	strace -o /dev/null -e trace=none true 2>/dev/null
}

# ---- namespaces and users ----

if ((EUID == 0)); then
	PIDNS_FLAGS=(--pid --fork --mount-proc --kill-child)
else
	PIDNS_FLAGS=(--user --map-root-user --pid --fork --mount-proc --kill-child)
fi

# in_pidns SCRIPT [ARG...]: run bash code in a new PID namespace with its own /proc, as root there.
# PID 1 reaps at once. PIDs start above 300, because lower ones are not reused; so `recycle` works
# with any PID there. The helpers are in the PATH, our programs are in $PFD_BINDIR, and `tool` and
# the functions about processes are defined.
in_pidns() {
	local script=$1
	shift
	# shellcheck disable=SC2016
	unshare "${PIDNS_FLAGS[@]}" subreap bash -c '
		set -eu
		echo 1000 >/proc/sys/kernel/ns_last_pid
		'"$CONDITIONS"'
		'"$script"'
		exit' in_pidns "$@" 3>&-
}

# hide_processes MODE: in in_pidns, mount /proc with this hidepid. If that cannot be done, the run ends
# here, and skip_if_not_hidden behind it skips the test.
hide_processes() {
	mount -t proc -o "remount,hidepid=$1" proc /proc 2>/dev/null ||
		mount -t proc -o "hidepid=$1" proc /proc || {
		echo skip
		exit
	}
}

skip_if_not_hidden() {
	[[ $output != skip ]] || skip 'hidepid cannot be had here'
}

# rt N: the number of the signal RTMIN+N.
rt() {
	echo $(($(pidfacts rtmin) + $1))
}

# The pidfs inode of a process: the part after the colon of PID:INODE.
inode_of() {
	pidfacts inode "$1"
}

# boot_handle_of PID: PID:INODE:BOOT of that process.
boot_handle_of() {
	printf '%s:%s:%s' "$1" "$(inode_of "$1")" "$(tr -d - </proc/sys/kernel/random/boot_id)"
}

# For bash code in another shell: `bash -c "$CONDITIONS"'...'`.
CONDITIONS=$(declare -f tool finish has_line wait_for proc_state is_gone is_zombie is_stopped waits \
	comm_is catches file_has fail batslib_err inode_of boot_handle_of hide_processes)

# as_user CMD...: run as uid 65534 without groups or capabilities if we are root, otherwise as our
# user. Our programs are found by name; they are copied first if that user cannot reach them.
as_user() {
	if ((EUID != 0)); then
		PATH=$PFD_BINDIR:$PATH "$@"
		return
	fi
	local bin=$PFD_BINDIR helpers=$PFD_HELPERS
	if ! drop_rights test -x "$PFD_BINDIR/pfdkill"; then
		public_copy
		bin=$PFD_PUBLIC/bin helpers=$PFD_PUBLIC/helpers
	fi
	PATH=$bin:$helpers:$PATH PFD_BINDIR=$bin PFD_HELPERS=$helpers HOME=/ drop_rights "$@"
}

drop_rights() {
	setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all "$@"
}

# A folder of this test that all users may enter. bats removes it.
public_copy() {
	local folder file
	PFD_PUBLIC=$BATS_TEST_TMPDIR/public
	# a copy that a subshell made may be running already
	[[ ! -d $PFD_PUBLIC ]] || return 0
	mkdir -p "$PFD_PUBLIC/bin" "$PFD_PUBLIC/helpers"
	for file in "$PFD_BINDIR"/* "$PFD_HELPERS"/*; do
		[[ -f $file && -x $file ]] || continue
		folder=bin
		[[ $file != "$PFD_HELPERS"/* ]] || folder=helpers
		cp "$file" "$PFD_PUBLIC/$folder/"
	done
	chmod -R a+rX "$PFD_PUBLIC"
	# bats creates its folders for their owner only; let other users pass, but not list
	folder=$PFD_PUBLIC
	while [[ $folder != / && $folder != "${TMPDIR:-/tmp}" ]]; do
		[[ ! -O $folder ]] || chmod a+x "$folder"
		folder=${folder%/*}
		folder=${folder:-/}
	done
}
