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
	move_to_cgroup "$one"
	sleeper
	two=$spawned
	into=a/$unit.service move_to_cgroup "$two"
}

is_dead() {
	is_gone "$1" || is_zombie "$1"
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
	assert_output "cgroup:$cgroup: $one (sleep): would get TERM
cgroup:$cgroup: $two (sleep): would get TERM"
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
	assert_output --partial "cgroup:$cgroup/alone: it names only this program itself, which is left out"
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
