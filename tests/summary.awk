# SPDX-License-Identifier: GPL-2.0-or-later
# Add up automake's .trs files. Fails when a test failed, or when none passed.
/^:test-result: / { n[$2]++ }
END {
	failed = n["FAIL"] + n["ERROR"] + n["XPASS"] + 0
	printf "%d passed, %d failed, %d skipped\n", n["PASS"], failed, n["SKIP"]
	exit (failed || !n["PASS"])
}
