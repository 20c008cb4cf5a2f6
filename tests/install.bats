#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# make install reports other programs with the same name.

load helpers

# Only the hook, which "make install" runs last, with folders of the test.
install_hook() {
	[[ -x ${PFD_BUILDDIR-}/bin/pwait ]] || skip "nothing was built here"
	requires make
	mkdir -p bin behind "root$PWD/bin"
	printf '#!/bin/sh\n' >behind/pfdkill
	chmod +x behind/pfdkill
	run env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL "PATH=$PWD/bin:$PATH:$1" make -s \
		-C "$PFD_BUILDDIR" install-exec-hook "bindir=$PWD/bin" "libexecdir=$PWD/libexec" "${@:2}"
	echo "$output"
	assert_success
}

@test "make install reports a program of the same name that comes later in PATH" {
	install_hook "$PWD/behind"
	assert_line "note: besides '$PWD/bin/pfdkill' there is '$PWD/behind/pfdkill' in this PATH"
}

@test "make install with DESTDIR prints no such note" {
	install_hook "$PWD/behind" "DESTDIR=$PWD/root"
	refute_output --partial besides
}
