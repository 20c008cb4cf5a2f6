#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# ./dev before anything is built: its messages when it cannot continue.

load helpers

setup() {
	mkdir "$BATS_TEST_TMPDIR/tree" && cd "$BATS_TEST_TMPDIR/tree" || return
	cp "$PFD_SRCDIR/dev" .
	cp -R "$PFD_SRCDIR/tools" tools
	chmod -R u+w,a+rX tools
	mkdir bin
	# a Debian without installed packages; an installation would be noted
	printf '#!/bin/sh\nexit 1\n' >bin/dpkg-query
	printf '#!/bin/sh\necho "$0 $*" >>installed\nexit 1\n' >bin/apt-get
	chmod 755 bin/*
	ln -s "$(type -P bash)" "$(type -P env)" "$(type -P dirname)" "$(type -P realpath)" \
		"$(type -P nproc)" "$(type -P cat)" "$(type -P sed)" "$(type -P expand)" \
		"$(type -P mkdir)" "$(type -P sort)" "$(type -P ls)" bin/
}

# dev ARG...: with nothing but bin in the PATH.
dev() {
	run --separate-stderr env "PATH=$PWD/bin" "$BASH" ./dev "$@" 3>&-
	printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr"
}

@test "an unknown command is reported by its name" {
	dev tset
	assert_equal "$status" 2
	refute_output
	assert_stderr "dev: no command 'tset'; ./dev help lists them"
}

@test "without root and sudo the command for an administrator is printed, and nothing is installed" {
	requires user
	local command
	for command in demo test; do
		dev "$command"
		assert_equal "$status" 3
		assert_stderr_has 'dev: not installed: autoconf automake '
		assert_stderr_has 'apt-get update && apt-get install -y --no-install-recommends autoconf automake '
	done
	[[ ! -e installed ]] || fail "$(cat installed)"
}

@test "./dev lint -l lists the checks and installs nothing" {
	dev lint -l
	assert_equal "$status" 0
	assert_line --regexp '^gcc +builds without a warning with gcc$'
	[[ ! -e installed ]] || fail "$(cat installed)"
}

@test "./dev lint CHECK needs only what that check needs" {
	run "$PFD_SRCDIR/tools/lint" --packages shfmt
	assert_output $'git\nshfmt'
}

@test "./dev fresh reports a word that it does not know" {
	run --separate-stderr tools/fresh trixie dmeo 3>&-
	assert_equal "$status" 2
	assert_stderr_has "fresh: 'dmeo' is neither a release (bookworm trixie sid) nor one of: demo "
}

@test "a package that some releases do not have is installed only if apt knows it" {
	requires root
	printf '#!/bin/sh\nexit 100\n' >bin/apt-cache
	printf '#!/bin/sh\necho "$*" >>installed\n' >bin/apt-get
	chmod 755 bin/*
	dev test
	grep -q 'install .* zsh' installed || fail "$(cat installed)"
	run ! grep -w yash installed
	printf '#!/bin/sh\nexit 0\n' >bin/apt-cache
	dev test
	run -0 grep -w yash installed
}
