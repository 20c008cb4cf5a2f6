#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The table of --dry-run and pgrep --long, and the tree of --tree.

load helpers

# on_columns N COMMAND...: what it prints on a terminal of this width, without carriage returns. The
# terminal is a dumb one if TERM says no other.
on_columns() {
	local -x TERM=${terminal-dumb}
	printf 'stty cols %s rows 50\nexec %s\n' "$1" "${*:2}" >on-terminal
	SHELL=/bin/sh script -qec 'sh ./on-terminal' /dev/null </dev/null | tr -d '\r' >screen
	cat screen
}

@test "pgrep --long prints PID, user, age, name and command line, uncut in a pipe" {
	requires libproc2
	local long
	long=$(printf 'word%.0s ' {1..100})
	spawn_ready named "lng$BASHPID" -- "$long"
	run_tool -0 pgrep --long -x "lng$BASHPID"
	assert_equal "${#lines[@]}" 2
	assert_line --index 0 --regexp '^ *PID USER +AGE NAME +COMMAND$'
	assert_line --index 1 --regexp "^ *$spawned $(id -un) +[0-9]+s lng$BASHPID lng$BASHPID $long"
	run_tool -1 pgrep --long -x "none$BASHPID"
	refute_output
}

@test "a command line without a visible word is the name in brackets, in tables and questions" {
	spawn_ready named -a '' "emp$BASHPID"
	run_tool -0 pfdkill --dry-run "emp$BASHPID"
	assert_line --index 1 --regexp " emp$BASHPID +\[emp$BASHPID\]$"
	run_tool -1 pkill -I -x "emp$BASHPID" </dev/null
	assert_stderr_has "send TERM to $spawned [emp$BASHPID] ("
}

@test "on a terminal a line of the table is as wide as the terminal at most" {
	requires libproc2 script
	local columns
	spawn_ready named "wid$BASHPID" -- $'\xc3\xa9\xc3\xa9 \xe6\xbc\xa2\xe5\xad\x97' "$(printf 'x%.0s' {1..300})"
	for columns in 20 40 80 200; do
		on_columns "$columns" "env LC_ALL=C.UTF-8 $PFD_BINDIR/pgrep --long -p $spawned"
		assert_equal "$(wc -l <screen)" 2
		# shellcheck disable=SC2016
		LC_ALL=C.UTF-8 python3 -c 'if True:
			import sys, unicodedata
			wide = lambda c: 2 if unicodedata.east_asian_width(c) in "WF" else 1
			widths = [sum(map(wide, line.rstrip("\n"))) for line in open("screen", encoding="utf-8")]
			most = int(sys.argv[1])
			assert max(widths) <= most, widths
			assert max(widths) >= most - 1, widths' "$columns"
	done
}

@test "on a narrow terminal a long name leaves room for the command line" {
	requires libproc2 script
	spawn_ready named -a 123456789abcdef "a-long-name-of-a-process-$BASHPID"
	on_columns 40 "env LC_ALL=C.UTF-8 $PFD_BINDIR/pgrep --long -p $spawned"
	grep -q ' 123456789ab' screen || fail "$(cat screen)"
	on_columns 80 "env LC_ALL=C.UTF-8 $PFD_BINDIR/pgrep --long -p $spawned"
	grep -q 'a-long-name-of-a-process.* 123456789abcdef' screen || fail "$(cat screen)"
}

# Escape sequences as text: "<1>" is bold, "<2>" faint, "<33>" yellow, "<>" the end.
visible() {
	sed 's/\x1b\[\([0-9;]*\)m/<\1>/g' screen
}

@test "on a terminal titles and headings are bold, zombies faint and warnings yellow" {
	requires libproc2 script
	local zombie
	spawn_ready -i /dev/zero zombie true
	zombie=$(head -n 1 "$spawned_out")
	spawn_ready named "col$BASHPID"
	local terminal=xterm
	on_columns 80 "$PFD_BINDIR/pgrep --long -p $spawned,$zombie"
	run visible
	assert_line --regexp '^<1> *PID .*COMMAND<>$'
	assert_line --regexp "^ *$spawned .*col[0-9]+$"
	assert_line --regexp "^<2> *$zombie .*<defunct><>\$"
	on_columns 80 "$PFD_BINDIR/pkill --dry-run --tree -USR1 -p $spawned"
	run visible
	assert_line --regexp '^pkill: .*: <33>has no handler for USR1, which ends it<>$'
	assert_line --regexp '^<1> *PID .*COMMAND<>$'
	on_columns 80 "$PFD_BINDIR/pwait --no-such-option"
	run visible
	assert_line "pwait: unknown option '--no-such-option' (see 'pwait --help')"
	on_columns 80 "$PFD_BINDIR/pwait --help"
	run visible
	assert_line --partial '<1>Usage:<> pwait'
	assert_line '<1>Waiting:<>'
	on_columns 80 "$PFD_BINDIR/pgrep --columns pid,state -p $spawned,$zombie"
	run visible
	assert_line --regexp '^<1> *PID STATE<>$'
	assert_line --regexp "^<2> *$zombie Z *<>\$"
}

@test "nothing has colours in a pipe, with NO_COLOR or on a dumb terminal" {
	requires script
	local command
	spawn_ready named "pip$BASHPID"
	for command in "pgrep --long -p $spawned" "pfdkill --dry-run -USR1 $spawned" "pgrep --help"; do
		local terminal=xterm
		on_columns 80 "env NO_COLOR=1 $PFD_BINDIR/$command"
		run cat screen
		refute_output --partial $'\e'
		on_columns 80 "env NO_COLOR= $PFD_BINDIR/$command"
		run cat screen
		assert_output --partial $'\e[1m'
		for terminal in dumb ''; do
			on_columns 80 "$PFD_BINDIR/$command"
			run cat screen
			refute_output --partial $'\e'
		done
		# shellcheck disable=SC2086
		TERM=xterm run "$PFD_BINDIR/"$command
		assert_output
		refute_output --partial $'\e'
	done
}

@test "--tree draws each process below its parent" {
	requires libproc2
	local root signs
	spawn bash -c 'bash -c "sleep 1000 & sleep 1000 & echo; wait" & sleep 1000 & wait'
	root=$spawned
	wait_for has_line "$spawned_out"
	wait_for eval '(($(tool pfdkill --tree --pid "$root" | wc -l) == 5))'
	for signs in '├─ │ └─ C.UTF-8' '\|- \| `- C'; do
		read -ra signs <<<"$signs"
		LC_ALL=${signs[3]} run_tool -0 pfdkill --dry-run --tree "$root"
		assert_equal "${#lines[@]}" 6
		assert_line --index 1 --regexp " bash +bash -c bash"
		assert_line --index 2 --regexp " bash +${signs[0]}bash -c sleep"
		assert_line --index 3 --regexp " sleep +${signs[1]} ${signs[0]}sleep 1000"
		assert_line --index 4 --regexp " sleep +${signs[1]} ${signs[2]}sleep 1000"
		assert_line --index 5 --regexp " sleep +${signs[2]}sleep 1000"
	done
	run_tool -0 pkill --dry-run --tree -p "$root"
	assert_equal "${#lines[@]}" 6
	run_tool -0 pgrep --tree -p "$(tool pfdkill --tree --pid "$root" | paste -sd,)"
	assert_equal "${#lines[@]}" 6
	assert_line --index 4 --regexp '(│|\|) (└|`)'
	tool pfdkill --tree -KILL "$root"
}

@test "the table shows a zombie, and text of others escaped" {
	requires libproc2
	spawn_ready -i /dev/zero zombie true
	run_tool -0 pgrep --long -p "$(head -n 1 "$spawned_out")"
	assert_line --index 1 --regexp ' true +\[true\] <defunct>$'
	spawn_ready named $'e\e[31m' -- $'\n9 root'
	run_tool -0 pgrep --long -p "$spawned"
	assert_equal "${#lines[@]}" 2
	assert_line --index 1 --partial 'e\x1b[31m'
	assert_line --index 1 --partial '\n9 root'
}

# same_as_ps COLUMN: of a process whose value changes once a second.
same_as_ps() {
	[[ $("$PFD_BINDIR/pgrep" --columns "$1" -p 1 | sed 1d | tr -d ' ') == "$(ps -o "$1=" -p 1 | tr -d ' ')" ]]
}

@test "--columns prints what ps prints, of the processes that match" {
	requires libproc2
	local column ours theirs compared=()
	spawn setsid bash -c 'exec -a "col$0" sleep 1000' "$BASHPID"
	wait_for comm_is "$spawned" sleep
	# of ps, the columns that neither change meanwhile nor show ps itself or its samples
	for column in $(ps L | awk '$1 !~ /^_/ { print $1 }'); do
		case $column in
		c | *cpu* | *time* | *flt* | pagein | psr | rss* | rsz | *bytes | pss | uss | wchan | wname) continue ;;
		esac
		ours=$("$PFD_BINDIR/pgrep" --columns "$column" -p "$spawned" 2>"$BATS_TEST_TMPDIR/no") || {
			grep -q "no column '$column'" "$BATS_TEST_TMPDIR/no"
			continue
		}
		compared+=("$column")
		ours=${ours#*$'\n'}
		theirs=$(ps -o "$column=" -p "$spawned")
		assert_equal "$column: $(tr -d ' ' <<<"$ours")" "$column: $(tr -d ' ' <<<"$theirs")"
	done
	((${#compared[@]} > 60))
	# text is at the left of its column, a number at the right
	for column in cls state tty user; do
		run_tool -0 pgrep --columns "$column,pid" -p "$spawned"
		[[ ${lines[1]} != ' '* ]] || fail "$output"
	done
	run_tool -2 pgrep --columns none -p "$spawned"
	for column in $(grep -o 'there are .* (' <<<"$stderr" | tr -d ',('); do
		[[ $column != @(there|are|and) ]] || continue
		run_tool -0 pgrep --columns "$column,pid" -p "$spawned"
		# one that is narrower than its title
		[[ ! ${lines[1]} =~ ^[0-9]+\ {2,} ]] || fail "$output"
	done
	for column in etime etimes start_time; do
		wait_for same_as_ps "$column"
	done
	run_tool -0 pgrep --columns pid,comm --tree -p "$spawned,$$"
	assert_line --regexp "^ *$spawned .*sleep$"
	run_tool -2 pgrep --columns pid,colour -p "$spawned"
	assert_stderr_has "--columns: no column 'colour'; there are args, "
	run_tool -1 pgrep --columns pid -x "none$BASHPID"
	refute_output
}

@test "--columns: what we may not read is -, not 0" {
	requires libproc2 root
	spawn sleep 1000
	wait_for comm_is "$spawned" sleep
	run --separate-stderr as_user pgrep --columns pss,uss,rbytes,wbytes,vsz -p "$spawned"
	assert_line --index 1 --regexp '^ *- +- +- +- +[1-9]'
	run_tool -0 pgrep --columns pss,uss -p "$spawned"
	assert_line --index 1 --regexp '^ *[1-9][0-9]* +[1-9]'
	# a thread of the kernel has no memory
	run_tool pgrep --columns pss -p 2
	[[ $(ps -o comm= -p 2) != kthreadd ]] || assert_line --index 1 --regexp '^ *0$'
}

@test "--columns prints letters of the locale, as ps does" {
	requires libproc2
	local name=$'\xe6\xbc\xa2\xc3\xa9' column
	spawn_ready named "$name$BASHPID"
	for column in comm args; do
		LC_ALL=C.UTF-8 run_tool -0 pgrep --columns "$column" -p "$spawned"
		assert_equal "${lines[1]}" "$(LC_ALL=C.UTF-8 ps -o "$column=" -p "$spawned")"
		assert_line --index 1 --partial "$name"
	done
}

@test "a process that libproc2 cannot read is an error, no line of question marks" {
	requires strace libproc2
	sleeper
	run -3 strace -o log -P "/proc/$spawned/stat" -e inject=openat:error=EIO \
		"$PFD_BINDIR/pgrep" --columns pid,args -p "$spawned"
	assert_output "pgrep: --columns: process $spawned cannot be read"
}

@test "--columns: of a process that /proc hides, all but the PID is -" {
	requires root pidns libproc2
	public_copy
	# shellcheck disable=SC2016
	run in_pidns '
		hide_processes 1
		sleep 1000 & wait_for comm_is $! sleep
		setpriv --reuid 65534 --regid 65534 --clear-groups "$1/bin/pgrep" -u root --columns pid,comm,nlwp' \
		"$PFD_PUBLIC"
	skip_if_not_hidden
	assert_success
	assert_line --regexp '^ *1002 +- +-$'
}
