#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Control groups as targets: cgroup:PATH and unit:NAME.

load helpers
load cgroup

# two_in_it: $one is in the cgroup, $two in the unit x.service below it, $other in neither.
two_in_it() {
	new_cgroup
	unit=x$RANDOM$RANDOM
	mkdir -p "$folder/a/$unit.service"
	sleeper
	other=$spawned
	sleeper
	one=$spawned
	sleeper
	two=$spawned
	# the numbers may have begun anew between them
	((one < two)) || {
		two=$one
		one=$spawned
	}
	move_to_cgroup "$one"
	into=a/$unit.service move_to_cgroup "$two"
}

is_dead() {
	is_zombie "$1" || is_gone "$1"
}

is_alive() {
	! is_dead "$1"
}

@test "cgroup:PATH is every process of that cgroup and of those below it" {
	two_in_it
	local path
	for path in "$cgroup" "$folder" "0::$cgroup" "$cgroup/" "/$cgroup"; do
		run_tool -0 pgrep -p "cgroup:$path"
		assert_output "$one"$'\n'"$two"
		assert_stderr ''
	done
	run_tool -0 pfdkill --dry-run "cgroup:$cgroup"
	assert_equal "${#lines[@]}" 3
	assert_row "$one" sleep
	assert_row "$two" sleep
	run_tool -0 pfdkill --wait "cgroup:$cgroup"
	refute_output
	assert_stderr ''
	is_dead "$one" && is_dead "$two"
	is_alive "$other"
}

@test "unit:NAME is the cgroup whose last component is the name, .service where it has no type" {
	two_in_it
	local name
	for name in "$unit" "$unit.service"; do
		run_tool -0 pfdkill -p "unit:$name"
		assert_output "$two"
		run_tool -0 pgrep -p "unit:$name"
		assert_output "$two"
	done
	for name in "$unit.scope" a x; do
		run_tool -1 pfdkill "unit:$name"
		assert_stderr "pfdkill: unit:$name: no cgroup (v2) has the name of that unit"
	done
	is_alive "$two"
}

@test "unit:NAME is searched for from the root, also where only a part of the hierarchy is mounted once more" {
	requires root
	two_in_it
	mkdir "$folder/b" part
	# shellcheck disable=SC2016
	run -0 unshare --mount bash -c '
		mount --bind "$1/b" part
		"$PFD_BINDIR/pfdkill" -p "unit:$2"' bash "$folder" "$unit" 3>&-
	assert_output "$two"
}

@test "a unit that several cgroups can be is refused, and all of them are named" {
	two_in_it
	mkdir -p "$folder/b/$unit.service"
	run_tool -2 pfdkill "$other" "unit:$unit"
	assert_stderr_has "pfdkill: unit:$unit: it can be cgroup:$cgroup/a/$unit.service"
	assert_stderr_has "pfdkill: unit:$unit: it can be cgroup:$cgroup/b/$unit.service"
	assert_stderr_has "pfdkill: unit:$unit: several cgroups have that name: write one as cgroup:PATH"
	is_alive "$two" && is_alive "$other"
	run_tool -2 pwait "unit:$unit"
	assert_stderr_has "several cgroups have that name"
	run_tool -2 pgrep -p "unit:$unit"
	assert_stderr_has "several cgroups have that name"
}

@test "a process that two targets name counts once" {
	two_in_it
	run_tool -0 pfdkill -p "$two" "cgroup:$cgroup" "unit:$unit" ":$(inode_of "$one")"
	assert_equal "$(sort <<<"$output")" "$(printf '%s\n' "$one" "$two" | sort)"
	run_tool -0 pgrep -p "$two,cgroup:$cgroup,unit:$unit"
	assert_output "$one"$'\n'"$two"
}

@test "a cgroup without a process, or that does not exist, is gone" {
	new_cgroup
	run_tool -1 pfdkill "cgroup:$cgroup"
	assert_stderr "pfdkill: cgroup:$cgroup: no process is in that cgroup"
	run_tool -1 pgrep -p "cgroup:$cgroup"
	assert_stderr "pgrep: cgroup:$cgroup: no process is in that cgroup"
	run_tool -0 pwait "cgroup:$cgroup"
	assert_stderr "pwait: cgroup:$cgroup: no process is in that cgroup"
	sleeper
	run_tool -64 pfdkill "$spawned" "cgroup:$cgroup/nothing"
	assert_stderr "pfdkill: cgroup:$cgroup/nothing: no such cgroup (v2)"
	is_dead "$spawned" || wait_for is_dead "$spawned"
	# a folder that is no cgroup
	run_tool -1 pfdkill "cgroup:$BATS_TEST_TMPDIR"
	assert_stderr "pfdkill: cgroup:$BATS_TEST_TMPDIR: no such cgroup (v2)"
}

@test "a cgroup never names the program itself" {
	two_in_it
	# shellcheck disable=SC2016
	run -0 bash -c 'echo $$ >"$1/cgroup.procs"; exec "$PFD_BINDIR/pfdkill" -p "cgroup:$2"' \
		sh "$folder" "$cgroup"
	assert_output "$one"$'\n'"$two"
	mkdir "$folder/alone"
	# shellcheck disable=SC2016
	run -1 bash -c 'echo $$ >"$1/cgroup.procs"; exec "$PFD_BINDIR/pfdkill" "cgroup:$2"' \
		sh "$folder/alone" "$cgroup/alone"
	assert_output --partial "cgroup:$cgroup/alone: it names only this program itself, which is skipped"
}

@test "where one process is needed, a target that can name many is refused" {
	local target
	for target in cgroup:/x unit:x; do
		run_tool -2 pfdkill --in "$target" 5
		assert_stderr_has "--in: '$target': it can name several processes, and one is needed here"
		run_tool -2 pwait --in "$target" 5
		assert_stderr_has "--in: '$target': it can name several processes"
		run_tool -2 pgrep --ns "$target"
		assert_stderr_has "--ns: '$target': it can name several processes"
		run_tool -2 pgrep -P "$target"
		assert_stderr_has "'$target': it can name several processes"
		run_tool -2 pfdkill --thread "$target"
		assert_stderr_has "'$target': --thread takes single processes"
		run_tool -2 pfdkill --group "$target"
		assert_stderr_has "'$target': --group takes single processes"
		run_tool -2 pfdkill -d "$target"
		assert_stderr_has "'$target': it can name several processes"
	done
}

@test "an ordinary user can name a cgroup" {
	requires root
	two_in_it
	run -0 as_user pgrep -p "cgroup:$cgroup"
	assert_output "$one"$'\n'"$two"
}

@test "before Linux 6.13 the list of the cgroup proves that a process is in it" {
	requires linux:6.13
	two_in_it
	run_tool -0 pgrep -p "cgroup:$cgroup"
	run -0 old-kernel 5.2 "$PFD_BINDIR/pfdkill" -p "cgroup:$cgroup"
	assert_output "$one"$'\n'"$two"
}

# ---- pfdkill: processes that join ----

# traced STRACE_ARG... -- ARG...: run pfdkill ARG... under strace; $us is its PID.
traced() {
	local rules=()
	while [[ $1 != -- ]]; do
		rules+=("$1")
		shift
	done
	shift
	: >us
	# shellcheck disable=SC2016
	spawn strace -f -o calls "${rules[@]}" \
		sh -c 'echo $$ >us; exec "$PFD_BINDIR/pfdkill" "$@"' sh "$@"
	tracer=$spawned
	tracer_out=$spawned_out
	wait_for has_line us
	us=$(<us)
}

is_stopped_after() {
	grep -qs 'stopped by SIGSTOP' calls
}

traced_ends() {
	status=0
	wait "$tracer" || status=$?
	echo "status $status"
	cat "$tracer_out"
}

@test "KILL ends all in a cgroup at once; each process that is found is held before, and told" {
	requires strace
	two_in_it
	sleeper
	late=$spawned
	# in the write to cgroup.kill
	traced -P "$folder/cgroup.kill" -e trace=write -e inject=write:delay_enter=3000000 -- \
		-KILL --verbose "cgroup:$cgroup" "$one"
	wait_for kills_now
	move_to_cgroup "$late"
	traced_ends >out
	# the last look finds the one that joined only while it is dying
	assert_equal "$(grep -v ": $late " out)" "status 0
cgroup:$cgroup: $one (sleep): sent KILL
cgroup:$cgroup: $two (sleep): sent KILL"
	# it joined when all that were found were held: it is killed with them
	wait_for is_dead "$late"
	is_dead "$one" && is_dead "$two"
	is_alive "$other"
}

@test "a process that leaves the cgroup after the first signal gets the follow-up KILL as well" {
	new_cgroup
	mkdir "$folder/one" "$folder/two"
	# shellcheck disable=SC2016
	spawn bash -c 'trap "echo $$ >\"$1/two/cgroup.procs\"" TERM; while :; do sleep 1000 & wait; done' - \
		"$folder"
	wait_for catches "$spawned" 15
	into=one move_to_cgroup "$spawned"
	run_tool -0 pfdkill --timeout 300ms KILL --deadline 20s "cgroup:$cgroup/one"
	wait_for is_dead "$spawned"
}

kills_now() {
	[[ $(readlink "/proc/$us/fd/"*) == *"$folder/cgroup.kill"* ]]
}

@test "a signal reaches those too that join while it is sent, and each has its outcome" {
	requires strace
	two_in_it
	spawn_ready sigecho
	late=$spawned
	late_out=$spawned_out
	# after the first signal
	traced -e trace=pidfd_send_signal -e inject=pidfd_send_signal:signal=SIGSTOP:when=1 -- \
		-USR1 --verbose "cgroup:$cgroup"
	wait_for is_stopped_after
	move_to_cgroup "$late"
	kill -CONT "$us"
	traced_ends >out
	assert_equal "$(cat out)" "status 0
cgroup:$cgroup: $one (sleep): sent USR1
cgroup:$cgroup: $two (sleep): sent USR1
cgroup:$cgroup: $late (sigecho): sent USR1"
	wait_for file_has "$late_out" '^10 '
	assert_equal "$(grep -c '^10 ' "$late_out")" 1
}

# successor COMMAND: a process of the cgroup that at TERM starts COMMAND there and ends.
successor() {
	new_cgroup
	rm -f next
	spawn bash -c "trap 'sleep 0.5; $1 & echo \$! >next; exit' TERM; echo ready
		until false; do sleep 60 & wait; kill \$!; done"
	wait_for has_line "$spawned_out"
	move_to_cgroup "$spawned"
	first=$spawned
}

@test "with --wait pfdkill returns when the cgroup is empty, whatever was born after the signal" {
	successor 'exec sleep 1000'
	spawn tool pfdkill --wait "cgroup:$cgroup"
	local waiter=$spawned
	wait_for has_line next
	next=$(<next)
	wait_for comm_is "$next" sleep
	is_alive "$waiter"
	kill "$next"
	wait "$waiter"
}

@test "a follow-up signal reaches those that were born after the first" {
	successor 'exec sleep 1000'
	run_tool -0 pfdkill --timeout 3s KILL --wait "cgroup:$cgroup"
	has_line next
	assert_equal "$(<"$folder/cgroup.procs")" ''
}

# storm: processes in the cgroup that start others all the time, and ignore TERM.
storm() {
	new_cgroup
	# shellcheck disable=SC2016
	spawn bash -c 'echo $$ >"$1/cgroup.procs"; trap "" TERM
		while :; do (sleep 0.1; exec sleep 3) & sleep 0.005; done' sh "$folder"
	storm=$spawned
	wait_for has_many
}

has_many() {
	(($(wc -l <"$folder/cgroup.procs") > 30))
}

@test "nothing is left of a cgroup that forks all the time and ignores TERM" {
	local args
	for args in '-KILL' '--timeout 300ms KILL' '--timeout 300ms KILL --tree'; do
		storm
		# shellcheck disable=SC2086
		run_tool -0 pfdkill $args --wait "cgroup:$cgroup"
		refute_output
		assert_stderr ''
		assert_equal "$(<"$folder/cgroup.procs")" ''
		wait_for is_dead "$storm"
		wait_for remove_cgroup 2>/dev/null
	done
}

@test "--dry-run, --json, --tree and the outcomes of --wait are those of each process" {
	two_in_it
	run_tool -0 pfdkill --json --dry-run "cgroup:$cgroup"
	assert_equal "$(grep -c '"result":"planned"' <<<"$output")" 2
	is_alive "$one" && is_alive "$two"
	run_tool -0 pfdkill --tree -p "cgroup:$cgroup"
	assert_output "$one"$'\n'"$two"
	run_tool -0 pfdkill -0 "cgroup:$cgroup"
	run_tool -0 pfdkill --json --tree --wait -KILL "cgroup:$cgroup"
	assert_equal "$(grep -c '"result":"ended","ending":"killed","killedBy":"KILL"' <<<"$output")" 2
	assert_output --partial "\"target\":\"cgroup:$cgroup\""
}

@test "--tree -KILL: a descendant that is not in the cgroup is killed as well" {
	new_cgroup
	spawn sh -c 'sleep 1000 & echo $!; wait'
	wait_for has_line "$spawned_out"
	local leaf
	leaf=$(<"$spawned_out")
	wait_for comm_is "$leaf" sleep
	move_to_cgroup "$spawned"
	run_tool -0 pfdkill --tree -KILL --deadline 30s "cgroup:$cgroup"
	refute_output
	is_dead "$spawned" && is_dead "$leaf"
}

@test "--at-most counts the processes of a cgroup before any gets the signal" {
	two_in_it
	run_tool -2 pfdkill --at-most 1 -KILL "cgroup:$cgroup"
	is_alive "$one" && is_alive "$two"
	run_tool -0 pfdkill --at-most 2 -KILL --wait "cgroup:$cgroup" "$one" "unit:$unit"
	is_dead "$one" && is_dead "$two"
}

@test "--require-handler spares those without a handler, also from KILL" {
	two_in_it
	spawn_ready sigecho
	move_to_cgroup "$spawned"
	run_tool -0 pfdkill -r -USR1 --timeout 100ms KILL --wait "cgroup:$cgroup"
	wait_for is_dead "$spawned"
	is_alive "$one" && is_alive "$two"
}

@test "a cgroup that contains pfdkill is signalled without it" {
	two_in_it
	local sig
	for sig in CONT KILL; do
		# shellcheck disable=SC2016
		run -0 bash -c 'echo $$ >"$1/cgroup.procs"
			exec "$PFD_BINDIR/pfdkill" --verbose -"$3" "cgroup:$2"' \
			sh "$folder" "$cgroup" "$sig"
		assert_output --partial "$two (sleep): sent $sig"
		[[ $sig == KILL ]] || continue
		wait_for is_dead "$one"
		wait_for is_dead "$two"
	done
}

@test "PID 1 is not signalled with its cgroup where it is a service manager, and is elsewhere" {
	requires pidns root
	new_cgroup
	# shellcheck disable=SC2016
	run -0 in_pidns '
		sleep 1000 &
		service=$!
		echo 1 >"$1/cgroup.procs"
		echo $service >"$1/cgroup.procs"
		tool pfdkill -p "cgroup:$2" | sed "s/^$service$/service/"
		mount -t tmpfs none /run
		mkdir -p /run/systemd/system
		tool pfdkill -p "cgroup:$2" | sed "s/^$service$/service/"
		tool pfdkill -KILL "cgroup:$2"
		wait $service || echo "status $?"
		tool pfdkill -KILL "cgroup:$2" || echo "status $?"' "$folder" "$cgroup"
	assert_line --index 0 1
	assert_line --index 1 service
	assert_line --index 2 service
	assert_line --index 3 --regexp 'Killed|status 137'
	assert_output --partial "pfdkill: cgroup:$cgroup: it names only a service manager, which is skipped (its PID names it)"
}

@test "a process that has the number of a member now is not signalled" {
	requires pidns strace root
	new_cgroup
	# shellcheck disable=SC2016
	run in_pidns '
		sleep 1000 & victim=$!
		echo $victim >"$1/cgroup.procs"
		: >us
		strace -f -o calls -P "$1/cgroup.procs" -e trace=read \
			-e inject=read:signal=SIGSTOP:when=3 \
			sh -c "echo \$\$ >us; exec \"\$PFD_BINDIR/pfdkill\" --verbose -USR1 \"cgroup:\$1\"" \
			sh "$2" >out 2>&1 &
		tracer=$!
		stopped() { grep -qs "stopped by SIGSTOP" calls; }
		wait_for stopped
		finish $victim
		recycle $victim -- sigecho log >number &
		wait_for has_line number
		wait_for catches $victim 10
		kill -CONT $(cat us)
		wait $tracer || echo "status $?"
		cat out
		kill -64 $victim
		wait_for file_has log "^64 "
		cut -d" " -f1 log' "$folder" "$cgroup"
	assert_output "status 1
pfdkill: cgroup:$cgroup: no process is in that cgroup
64"
}

@test "processes outside our pid namespace are mentioned, and only KILL reaches them" {
	requires pidns root
	two_in_it
	# shellcheck disable=SC2016
	run -0 in_pidns '
		sleep 1000 &
		echo $! >"$1/cgroup.procs"
		sh -c "echo \$\$ >\"\$0/cgroup.procs\"; exec \"\$PFD_BINDIR/pfdkill\" -KILL \"cgroup:\$1\"" \
			"$1" "$2" >ours 2>&1 || echo "status $?" >>ours
		{ wait $!; } 2>/dev/null || :
		sleep 1000 & inside=$!
		echo $inside >"$1/cgroup.procs"
		for args in "pfdkill -TERM" "pgrep -p"; do
			tool $args "cgroup:$2" || echo "status $?"
		done
		kill -0 $inside
		tool pfdkill -KILL --verbose "cgroup:$2" | sed "s/$inside/PID/"' "$folder" "$cgroup"
	local sentence="cgroup:$cgroup: processes of it are outside our pid namespace, and have no PID here"
	# the shell reports the end of its job when it notices it
	assert_equal "$(grep -v Killed <<<"$output" | head -n 5)" "pfdkill: $sentence
status 3
pgrep: $sentence
status 3
cgroup:$cgroup: PID (sleep): sent KILL"
	# the whole cannot be killed with pfdkill in it
	run -0 cat ours
	assert_line "pfdkill: $sentence"
	assert_line "status 3"
	wait_for is_dead "$one"
	wait_for is_dead "$two"
}

@test "a name that is only that of a service manager, PID 1, is refused with a sentence" {
	requires pidns root
	# shellcheck disable=SC2016
	run -0 in_pidns '
		tool pfdkill -p name:subreap
		mount -t tmpfs none /run
		mkdir -p /run/systemd/system
		tool pfdkill name:subreap || echo "status $?"'
	assert_output "1
pfdkill: name:subreap: it names only a service manager, which is skipped (its PID names it)
status 1"
}

@test "a process of a cgroup that a group names too gets one signal" {
	new_cgroup
	spawn_ready setsid sigecho
	local leader=$spawned out=$spawned_out
	move_to_cgroup "$leader"
	local args
	for args in "cgroup:$cgroup -- -$leader" "$leader -- -$leader" "-- -$leader $leader" \
		"cgroup:$cgroup $leader"; do
		# shellcheck disable=SC2086
		run_tool -0 pfdkill -s RTMIN $args
	done
	tool pfdkill -s TERM "$leader"
	wait_for file_has "$out" '^15 '
	assert_equal "$(grep -c "^$(rt 0) " "$out")" 4
}

# ---- pwait ----

@test "pidwait --until-none and --appear look again which processes are in a cgroup" {
	new_cgroup
	sleeper
	local first=$spawned
	spawn "$PFD_BINDIR/pidwait" --appear -p "cgroup:$cgroup"
	local appear=$spawned out=$spawned_out
	wait_for slept_more "$appear" 2
	move_to_cgroup "$first"
	wait_for file_has "$out" "^$first:"
	# it waits for that, so it does not report that the cgroup was empty
	assert_equal "$(wc -l <"$out")" 1
	spawn "$PFD_BINDIR/pidwait" --until-none -e -p "cgroup:$cgroup"
	out=$spawned_out
	wait_for file_has "$out" "(pid $first)"
	sleeper
	move_to_cgroup "$spawned"
	finish "$first"
	wait_for file_has "$out" "(pid $spawned)"
}

@test "pwait of a cgroup returns when the last process is gone, also of those born after it began" {
	successor 'exec sleep 1000'
	spawn "$PFD_BINDIR/pwait" -v "cgroup:$cgroup"
	local waiter=$spawned out=$spawned_out
	wait_for waits "$waiter"
	kill "$first"
	wait_for has_line next
	next=$(<next)
	wait_for comm_is "$next" sleep
	waits "$waiter"
	kill "$next"
	wait "$waiter"
	assert_equal "$(<"$out")" "cgroup:$cgroup: no process is left in it."
}

@test "an ordinary user waits for a cgroup of root without a wake-up until its end" {
	requires root strace
	new_cgroup
	# processes come and go all the time, and the last one ends
	# shellcheck disable=SC2016
	spawn bash -c 'echo $$ >"$1/cgroup.procs"
		for i in {1..40}; do sleep 0.05 & wait; done' sh "$folder"
	wait_for is_in_cgroup "$spawned"
	as_user true
	local bin=${PFD_PUBLIC:+$PFD_PUBLIC/bin}
	run -0 strace -f -c -o counts setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps=-all --bounding-set=-all "${bin:-$PFD_BINDIR}/pwait" \
		-v "cgroup:$cgroup"
	assert_output "cgroup:$cgroup: no process is left in it."
	assert_equal "$(awk '$NF == "epoll_wait" || $NF == "epoll_pwait" { print $4 }' counts)" 1
}

is_in_cgroup() {
	grep -qx "$1" "$folder/cgroup.procs"
}

@test "at the deadline pwait prints a cgroup that is not empty, and --kill reaches all in it" {
	two_in_it
	run_tool -124 pwait -t 0.2 -p -v "cgroup:$cgroup" "$one"
	assert_output "timeout
cgroup:$cgroup
$one"
	run_tool -124 pwait -t 0.1 -k CONT -p "unit:$unit"
	assert_output "unit:$unit"
	run_tool -124 pwait -t 0.1 -k TERM "unit:$unit"
	assert_stderr ''
	is_dead "$two" && is_alive "$one"
	storm=
	storm
	run_tool -124 pwait -t 0.1 -k KILL "cgroup:$cgroup"
	assert_equal "$(<"$folder/cgroup.procs")" ''
}

@test "pwait --kill: that a cgroup forks faster than it is signalled is reported" {
	requires strace
	storm=
	storm
	run strace -o calls -P "$folder" -e trace=openat -e inject=openat:delay_enter=30000 \
		"$PFD_BINDIR/pwait" -t 0.1 -k TERM "cgroup:$cgroup"
	assert_output "pwait: cgroup:$cgroup: cannot send the signal: processes are born in it faster than they get the signal, so it was not sent to all (KILL reaches all at once)"
	assert_equal "$status" 124
	run_tool pfdkill -KILL --wait "cgroup:$cgroup"
}

@test "a cgroup counts as one target of pwait, under all its names" {
	two_in_it
	spawn "$PFD_BINDIR/pwait" --any --json "cgroup:$cgroup" "unit:$unit"
	local waiter=$spawned out=$spawned_out
	wait_for waits "$waiter"
	kill "$two"
	wait "$waiter"
	assert_equal "$(wc -l <"$out")" 2
	file_has "$out" "\"target\":\"unit:$unit\",\"result\":\"ended\",\"ending\":null,\"reason\":\"a control group has no status of its own\""
	file_has "$out" "\"target\":\"cgroup:$cgroup\",\"result\":\"running\""
	spawn "$PFD_BINDIR/pwait" -v --count 1 "cgroup:$cgroup" "cgroup:$folder" "cgroup:0::$cgroup"
	local waiter=$spawned out=$spawned_out
	wait_for waits "$waiter"
	kill "$one"
	wait "$waiter"
	assert_equal "$(<"$out")" "cgroup:$cgroup: no process is left in it."
	run_tool -2 pwait --count 2 "cgroup:$cgroup"
	assert_stderr_has "--count: 2 is more than the 1 targets"
}

@test "pwait cannot wait for the root, nor for a cgroup that it is in" {
	new_cgroup
	# in a cgroup namespace the root is another cgroup
	if [[ $(readlink /proc/self/ns/cgroup) == cgroup:\[4026531835] ]]; then
		run_tool -1 pwait cgroup:/
		assert_stderr "pwait: cgroup:/: the root of all cgroups is never empty"
	fi
	# shellcheck disable=SC2016
	run -1 bash -c 'echo $$ >"$1/cgroup.procs"; exec "$PFD_BINDIR/pwait" "cgroup:$2"' \
		sh "$folder" "$cgroup"
	assert_output --partial "cgroup:$cgroup: this program is in that cgroup, so it would never be empty"
}

@test "unit:NAME is searched for with one descriptor a level, and the limit is raised when needed" {
	local deep tool
	two_in_it
	deep=$(printf '/x%.0s' {1..30})
	mkdir -p "$folder$deep"
	for tool in 'pfdkill -p' 'pgrep -p'; do
		# shellcheck disable=SC2086
		run -0 prlimit --nofile=25:45 "$PFD_BINDIR"/$tool "unit:$unit" 3>&-
		assert_output "$two"
	done
	run -124 prlimit --nofile=25:45 "$PFD_BINDIR/pwait" --nohang "unit:$unit" 3>&-
	assert_output ''
}
