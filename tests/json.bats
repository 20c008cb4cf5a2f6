#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The JSON of every program has the keys and the types that pidfd-json(7) lists.

load helpers

# Lines of JSON from every program, in the file lines.
collect() {
	local stubborn
	spawn_ready stubborn
	stubborn=$spawned
	sleeper
	{
		# alive, never there, only planned
		tool pfdkill --json -0 "$spawned"
		tool pfdkill --json -CONT "$spawned" 4194304 || :
		tool pfdkill --json --dry-run "$spawned"
		tool pfdkill --json --tree --dry-run "$$"
		tool pfdkill --json -r -USR1 "$spawned" || :
		tool pfdkill --json -0 -- "-$(ps -o pgid= -p $$ | tr -d ' ')" || :
		tool pwait --json --nohang "$spawned" || :
		tool pwait --json -t 10ms "$spawned" || :
		if [[ -x $PFD_BINDIR/pgrep ]]; then
			tool pgrep --json -p "$spawned,$$"
			tool pgrep --json -t - -p "$spawned,$$" || :
			tool pkill --json --dry-run -p "$spawned"
			tool pidwait --json --timeout 10ms -p "$spawned" || :
			tool pgrep --version --json
		fi
		# and how they end
		tool pwait --json -v -- sh -c 'exit 3' || :
		# shellcheck disable=SC2016
		tool pwait --json -v -- sh -c 'kill $$' || :
		tool pfdkill --json --timeout 10ms KILL --wait "$stubborn" "$spawned"
		tool pfdkill --version --json
		tool pwait -J --version
	} >lines
	cat lines
}

# A program with strict types reads the file lines, and compares each key with the page.
as_documented() {
	python3 -c 'if True:
		import json, re, sys
		page = open(sys.argv[1]).read()
		types = dict(re.findall(r"^\.It Li (\w+) Pq (.*)$", page, re.M))
		names = {bool: "boolean", int: "number", str: "string", type(None): "null"}
		def kind(value):
			if isinstance(value, list) and all(type(word) is str for word in value):
				return "array of strings"
			return names[type(value)]
		def checked(pairs):
			keys = [key for key, value in pairs]
			assert len(keys) == len(set(keys)), "a key twice: %s" % keys
			for key, value in pairs:
				assert key in types, "not in the page: %s" % key
				assert kind(value) in types[key].split(" or "), "%s: %s" % (key, value)
			return keys
		seen = set()
		for line in open("lines"):
			seen.update(json.loads(line, object_pairs_hook=checked))
		rare = {"tty", "advised", "reclaimed", "error", "reason"}
		if "ppid" in seen:
			assert not set(types) - seen - rare, set(types) - seen - rare' "$PFD_SRCDIR/man/pidfd-json.7"
}

@test "every key of the JSON is in pidfd-json(7), with its type" {
	requires python3 linux:6.9
	collect
	as_documented
}

@test "--json names the boot as systemd does, and no handle of a process that is gone" {
	requires linux:6.9
	sleeper
	run_tool -0 pfdkill --json -0 "$spawned"
	[[ $output == *"\"bootId\":\"$(tr -d - </proc/sys/kernel/random/boot_id)\""* ]] || fail "no boot"
	run_tool -1 pfdkill --json -CONT 4194304
	[[ $output == *'"pidfdId":null,"bootId":null,"handle":null'* ]] || fail "a handle of nothing"
}

@test "pgrep --json has group, session, program file and control group" {
	requires libproc2
	spawn setsid bash -c 'exec sleep 1000'
	wait_for comm_is "$spawned" sleep
	run_tool -0 pgrep --json -p "$spawned"
	assert_output --partial "\"pgid\":$spawned,\"sid\":$spawned"
	assert_output --partial "\"exe\":\"$(readlink "/proc/$spawned/exe")\""
	assert_output --partial "\"cgroup\":\"$(sed -n s/^0:://p "/proc/$spawned/cgroup")\"" ||
		assert_output --partial '"cgroup":null'
	# only with --terminal
	refute_output --partial '"tty"'
}

@test "the name is in full in every program, though the kernel cuts it" {
	requires jq
	local name="name-longer-than-15-$BATS_ROOT_PID" command
	cp "$(command -v sleep)" "$name"
	spawn "./$name" 1000
	wait_for comm_is "$spawned" "${name:0:15}"
	for command in 'pgrep --json -p' 'pkill --json -0 -p' 'pidwait --json --timeout 10ms -p' \
		'pfdkill --json -0' 'pfdkill --json --dry-run' 'pfdkill --json --tree -CONT' \
		'pwait --json --nohang'; do
		[[ $command == pfdkill* || $command == pwait* || -x $PFD_BINDIR/pgrep ]] || continue
		# shellcheck disable=SC2086
		run tool $command "$spawned"
		assert_equal "$command: $(jq -r .name <<<"$output")" "$command: $name"
	done
	run_tool -0 pfdkill --verbose -0 "$spawned"
	assert_output "$spawned ($name): alive"
}

@test "--json prints each process when it is gone, and does not wait for the others" {
	requires jq
	spawn sleep 1000
	local first=$spawned
	spawn sleep 1000
	local second=$spawned
	spawn "$PFD_BINDIR/pwait" --json "$first" "$second"
	wait_for waits "$spawned"
	kill -KILL "$first"
	wait_for has_line "$spawned_out"
	refute is_gone "$second"
	assert_equal "$(jq .pid "$spawned_out")" "$first"
}

@test "--version --json is one object, in any order" {
	local tool
	for tool in pfdkill pwait; do
		run_tool -0 "$tool" --version --json
		assert_equal "${#lines[@]}" 1
		assert_output --partial "\"program\":\"$tool\",\"version\":"
		run_tool -0 "$tool" --json --version
		assert_equal "${#lines[@]}" 1
	done
	run_tool -0 pfdkill --version
	assert_line --partial 'This kernel:'
}

@test "a JavaScript program reads the JSON" {
	requires node linux:6.9
	collect
	node -e '
		const lines = require("fs").readFileSync("lines", "utf8").trim().split("\n").map(JSON.parse)
		if (!lines.every(o => o.program || o.pid === null || Number.isSafeInteger(o.pid)))
			process.exit(1)
		if (!lines.some(o => o.ending === "exited" && o.exitStatus === 3)) process.exit(2)
		if (!lines.some(o => o.ending === "killed" && o.killedBy === "TERM")) process.exit(3)'
}

@test "the number of a target that is gone is in pid, if it was given as a number" {
	local tool target
	for target in 4194304 4194304:5 pidfile:PATH :77; do
		target=${target/PATH/$PWD/gone}
		echo 4194304 >gone
		for tool in pfdkill pwait; do
			run tool $tool --json "$target"
			case $target in
			4194304*) assert_output --partial '{"pid":4194304,"pidfdId":null,"bootId":null,"handle":null,"name":null,"target":"'"$target"'"' ;;
			*) assert_output --partial '{"pid":null,"pidfdId":null,"bootId":null,"handle":null,"name":null,"target":"'"$target"'"' ;;
			esac
			assert_output --partial '"result":"gone"'
		done
	done
	# numbers of another namespace are none of ours
	run_tool -1 pfdkill --json --in "$$" 4194304
	assert_output --partial '"pid":'
	requires linux:6.9
	sleeper
	run_tool -1 pfdkill --json "$spawned:1"
	assert_output --partial '{"pid":'"$spawned,"
	assert_output --partial '"result":"recycled"'
	run_tool -0 pwait --json "$spawned:1"
	assert_output --partial '{"pid":'"$spawned,"
	assert_output --partial '"result":"recycled"'
}
