#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Command lines that people run, in scripts, packages and by hand, answer as with procps. The
# exceptions are in tests/dropin/differences, with their reasons. `./dev dropin` runs them from other
# shells, and as an ordinary user.

load helpers

@test "command lines of scripts answer as with procps, or the difference is listed with its reason" {
	requires root pidns plain linux:6.9 libproc2 dash bash python3 ps perl
	time_limit 300
	run "$PFD_SRCDIR/tests/dropin/compare" 3>&-
	printf '%s\n' "$output"
	assert_success
}

@test "each reason for which a command line answers differently is in a manual page" {
	local key reason
	while IFS= read -r key; do
		reason=$(sed -n "s/^$key: //p" "$PFD_SRCDIR/tests/dropin/differences")
		[[ -n $reason ]] || fail "no reason is called $key"
	done < <(sed -n 's,^\([a-z]*/\)*\([a-z-]*\)\t.*,\2,p' "$PFD_SRCDIR/tests/dropin/differences" | sort -u)
	while IFS=$'\t' read -r key reason; do
		mandoc -T ascii -O width=1000 "$PFD_SRCDIR"/man/{pgrep,pfdkill}.1 | col -b | grep -qF -- "$reason" ||
			fail "no manual page has, for $key: $reason"
	done < <(sed -n 's/^\([a-z-]*\): .* Manual: \(.*\)$/\1\t\2/p' "$PFD_SRCDIR/tests/dropin/differences")
}

@test "the comparison of command lines notices a program that answers differently" {
	requires root pidns plain linux:6.9 dash python3
	mkdir bin
	cp -Rs "$PFD_BINDIR/." bin
	rm bin/pgrep
	# shellcheck disable=SC2016
	printf '#!/bin/sh\n"%s" "$@" | tail -n 1\n' "$PFD_BINDIR/pgrep" >bin/pgrep
	chmod 755 bin/pgrep
	PFD_BINDIR=$PWD/bin run -1 "$PFD_SRCDIR/tests/dropin/compare" --only '^pgrep -x nginx$' 3>&-
	assert_line --partial 'differs'
	assert_line "1 lines, 1 answered differently, 1 of them wrongly"
}
