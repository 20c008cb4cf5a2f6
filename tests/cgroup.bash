# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Control groups of version 2: `load cgroup` after `load helpers`.

# new_cgroup: $cgroup is the path of a new control group v2, $folder its folder. teardown removes
# it, with all below it.
new_cgroup() {
	local mount
	cgroup=/pidfd-utils-$BASHPID-$RANDOM
	for mount in /sys/fs/cgroup /sys/fs/cgroup/unified; do
		[[ ! -e $mount/cgroup.procs ]] || break
	done
	folder=$mount$cgroup
	mkdir "$folder" 2>/dev/null || skip "no cgroup v2 can be made here"
	[[ -e $folder/cgroup.kill ]] || skip "needs cgroup.kill (Linux 5.14)"
}

teardown() {
	test_ends
	# the rest of a family whose root is gone
	end_strays TEST
	[[ ! -d ${folder-} ]] || {
		echo 1 >"$folder/cgroup.kill"
		wait_for remove_cgroup 2>/dev/null
	}
}

remove_cgroup() {
	find "$folder" -depth -type d -exec rmdir {} +
}

# move_to_cgroup PID...: into $folder, or into the folder $into below it.
move_to_cgroup() {
	local pid
	for pid; do
		echo "$pid" >"$folder/${into-}/cgroup.procs" ||
			skip "no process can be moved to a cgroup v2"
	done
}
