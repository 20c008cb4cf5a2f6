#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Abbreviated long options: a beginning that fits one option of the program that ours replaces means
# that option, whatever options we have besides.

load helpers

# The long options of procps-ng 4.0.6, and of kill and waitpid of util-linux 2.42.
PROCPS="cgroup count delimiter echo env euid exact full group help ignore-ancestors ignore-case
	inverse lightweight list-full list-name logpidfile mrelease newest ns nslist older oldest parent
	pgroup pid pidfile queue quiet require-handler runstates session shell-quote signal terminal uid
	version"
KILL="all help list pid queue require-handler show-process-state signal table timeout verbose version"
WAITPID="count exited help timeout verbose version"

# beginnings NAME...: "BEGINNING NAME" for each beginning that fits exactly one of the names.
beginnings() {
	local name len
	for name; do
		for ((len = 1; len < ${#name}; len++)); do
			printf '%s %s\n' "${name:0:len}" "$name"
		done
	done | awk -v names="$*" '
		{ count[$1]++; of[$1] = $2 }
		END {
			split(names, list, /[ \t\n]+/)
			for (i in list) exact[list[i]]
			for (b in count) if (count[b] == 1 && !(b in exact)) print b, of[b]
		}'
}

# means TOOL BEGINNING NAME: an error about a value, or of an option that is not this program's,
# names the whole option. Prints what is wrong.
means() {
	local text
	text=$(tool "$1" "--$2=" 2>&1) || :
	[[ $text != *"--$3 takes no value"* && $text != *"'--$3='"* ]] || return 0
	text=$(tool "$1" "--$2" 2>&1) || :
	[[ $text == *"--$3 needs a value"* || $text == *"'--$3'"* ]] || echo "$1 --$2: $text"
}

check() { # TOOL NAME...
	local tool=$1 beginning name wrong count=0
	shift
	while read -r beginning name; do
		wrong+=$(means "$tool" "$beginning" "$name")
		count=$((count + 1))
	done < <(beginnings "$@")
	assert_equal "$wrong" ''
	((count > 2 * $#)) || fail "$tool: only $count beginnings"
}

# shellcheck disable=SC2086
@test "a beginning that fits one option of procps means that option" {
	local tool
	time_limit 200
	for tool in pgrep pkill pidwait; do
		check $tool $PROCPS
	done
}

# shellcheck disable=SC2086
@test "a beginning that fits one option of util-linux means that option" {
	local tool
	time_limit 200
	for tool in kill pfdkill; do
		# --list has an optional value, --li=x lists that signal
		check $tool ${KILL/list /}
		run_tool -0 "$tool" --li=15
		assert_output TERM
		run_tool -0 "$tool" --li 15
		assert_output TERM
	done
	for tool in waitpid pwait; do
		check $tool $WAITPID
	done
}

@test "an abbreviated option takes its value with and without =, and is none behind -- or as a value" {
	sleeper
	run_tool -0 pgrep --ex --par="$PPID,$$" --not-pid 999999999 sleep
	assert_output "$spawned"
	run_tool -0 pgrep --ex --par "$$" sleep
	assert_output "$spawned"
	run_tool -1 pgrep -- --ex
	run_tool -1 pgrep --args --ex sleep
	run_tool -0 pgrep --co --ex --par "$$" sleep
	assert_output 1
	# ours are abbreviated as well, where they are the only ones
	run_tool -0 pgrep --ali -p "$spawned"
	run_tool -2 pgrep --i sleep
	assert_stderr_has "ambiguous option '--i'"
}
