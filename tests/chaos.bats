#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A few steps of tools/chaos, which `./dev chaos MINUTES` runs for as long as you want.

load helpers

@test "among processes that fork, stop, are traced and frozen, each that is meant is hit, and no other" {
	requires pidns linux:6.9 plain python3
	time_limit 300
	run "$PFD_SRCDIR/tools/chaos" 4 "$RANDOM" -n 40 3>&-
	printf '%s\n' "$output"
	assert_success
	assert_line --regexp '^seed [0-9]+: 40 steps, 0 violations$'
}
