#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pgrep, pkill and a slow and simple reference agree over generated combinations of options, in a
# namespace of unusual processes. procps agrees too, except for its known faults.

load helpers
FILE_REQUIRES=libproc2

@test "pgrep, pkill -0 -e and the reference agree over 250 combinations" {
	requires pidns
	time_limit 300
	# shellcheck disable=SC2016
	run in_pidns 'SEED=4711
		source "$PFD_SRCDIR/tests/agree.bash"
		prepare
		nonempty=0
		for ((round = 0; round < 250; )); do
			generate
			reference ours
			status=0
			"$PFD_BINDIR/pgrep" "${args[@]}" >out 2>err || status=$?
			! expired || continue
			round=$((round + 1))
			got=($(<out))
			[[ ! -s err ]] || differ "says $(<err)"
			[[ "${got[*]}" == "${expected[*]}" ]] ||
				differ "pgrep finds (${got[*]}), the reference (${expected[*]})"
			((status == (${#got[@]} == 0))) || differ "pgrep: status $status"
			nonempty=$((nonempty + (${#got[@]} > 0)))
			[[ -z ${want[v]-} ]] || continue
			pstatus=0
			# with -H the signal must have a default effect
			how=(-0 -e)
			[[ -z ${want[H]-} ]] || how=(--dry-run)
			"$PFD_BINDIR/pkill" "${how[@]}" "${args[@]}" >out 2>err || pstatus=$?
			echoed
			! expired || continue
			[[ "${got[*]}" == "${expected[*]}" ]] ||
				differ "pkill finds (${got[*]}), the reference (${expected[*]})"
			# signal 0 asks which are alive: zombies alone are none
			[[ -n ${want[H]-} ]] || any_alive "${expected[@]}" || status=1
			((status == pstatus)) || differ "pkill: status $pstatus"
		done
		((nonempty < 100)) || echo "enough of them find somebody"'
	assert_output 'enough of them find somebody'
	assert_success
}

@test "procps 4.0.2 finds the same in 200 combinations, except for its known faults" {
	requires pidns
	time_limit 300
	local procps
	procps=$(PATH=/usr/bin:/bin type -P pgrep) && [[ $("$procps" -V) == *'procps-ng 4.0.2' ]] ||
		skip "procps 4.0.2 is not installed, and of others the bugs are not known here"
	# shellcheck disable=SC2016
	run in_pidns 'SEED=815 procps=$1
		source "$PFD_SRCDIR/tests/agree.bash"
		prepare
		for ((round = 0; round < 200; )); do
			generate
			# options that procps 4.0.2 does not have
			[[ -z ${want[younger]-}${want[env]-}${want[H]-}${want[p]-}${want[fixed]-} ]] ||
				continue
			[[ ${want[cgroup]-} != *"/**" ]] || continue
			reference procps
			"$procps" "${args[@]}" >theirs 2>/dev/null
			# it selects command lines that quote a search
			args=(--mentions "${args[@]}")
			"$PFD_BINDIR/pgrep" "${args[@]}" >ours 2>&1
			got=($(<ours))
			! expired || continue
			round=$((round + 1))
			[[ "${got[*]}" == "${expected[*]}" ]] || differ "ours is wrong"
			cmp -s ours theirs && continue
			theirs=($(<theirs))
			excuse || differ "finds (${theirs[*]}), not (${got[*]}):"
		done >lines
		sort lines | uniq' "$procps"
	assert_success
	refute_line --partial 'finds ('
	refute_line --partial 'ours is wrong'
	printf '%s\n' "${lines[@]}"
}
