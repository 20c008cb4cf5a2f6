#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What ./dev demo counts. It compares our programs with others, so it must also count a hit by ours,
# and must report what it cannot see.

load helpers

FILE_REQUIRES='pidns strace linux:6.9'

# demo -STATUS: its output in $output.
demo() {
	mkdir -p stand-in/bin stand-in/helpers
	cp -Rs "$PFD_BINDIR/." bin
	cp -Rs "$PFD_HELPERS/." helpers
	# never write through a link: the real programs are behind it
	cp -R --remove-destination stand-in/bin stand-in/helpers .
	PFD_BINDIR=$PWD/bin PFD_HELPERS=$PWD/helpers run "$1" timeout -k 5 120 \
		"$PFD_SRCDIR/tools/demo" 3>&-
	echo "$output"
}

# stand_in bin|helpers NAME: a script from standard input that replaces a program.
stand_in() {
	mkdir -p "stand-in/$1"
	cat >"stand-in/$1/$2"
	chmod 755 "stand-in/$1/$2"
}

@test "the demo: kill, pkill and a script hit three of three bystanders, our programs none of four" {
	# ours may be installed before those of procps
	PATH=$PFD_BINDIR:$PATH demo -0
	refute_line --regexp '^theirs:.*pidfd-utils'
	assert_line 'bystanders hit: theirs 3 of 3, ours 0 of 4'
	refute_line --partial 'not shown'
	# the README shows a run of it: ./dev picture draws a new one
	assert_equal "$(sed -n 's/<[^>]*>//g; s/&amp;/\&/g; p' "$PFD_SRCDIR/doc/demo.svg" | words_of_ours)" \
		"$(words_of_ours <<<"$output")"
}

# What the demo prints itself, without what differs from run to run.
words_of_ours() {
	grep -E '^(which|[0-9]\.|   [a-z]|    (our|pfdkill)|bystanders)' | sed 's/  *[(]Linux.*//; s/[0-9][0-9]*/N/g; s/  */ /g'
}

@test "the demo counts a bystander that our program signals" {
	stand_in bin pfdkill <<-EOF
		#!/bin/sh
		# signal the process of -s TERM PID:INODE by its PID alone
		case \$1 in -s) exec kill -s "\$2" "\${3%:*}" ;; esac
		exec "$PFD_BINDIR/pfdkill" "\$@"
	EOF
	demo -1
	assert_line --regexp 'pfdkill -s TERM .* bystander received TERM$'
	assert_line 'bystanders hit: theirs 3 of 3, ours 1 of 4'
	assert_line 'ours hit a bystander: that must never happen'
}

@test "the demo counts a bystander that our program kills and that therefore cannot answer" {
	stand_in bin pfdkill <<-EOF
		#!/bin/sh
		# TERM, two seconds, then KILL by PID
		case \$* in *KILL*) shift 5; kill "\$1"; sleep 2; exec kill -s KILL "\$1" ;; esac
		exec "$PFD_BINDIR/pfdkill" "\$@"
	EOF
	demo -1
	assert_line --regexp 'pfdkill --timeout .* bystander received KILL and is dead$'
	assert_line 'bystanders hit: theirs 3 of 3, ours 1 of 4'
}

@test "if the demo is too slow for the script, it does the scene again with a longer grace" {
	mkdir real
	ln -s "$PFD_HELPERS/sigecho" real/victim
	ln -s "$PFD_HELPERS/sigecho" real/bystander
	stand_in helpers sigecho <<-EOF
		#!/bin/bash
		# the first bystander of the script is killed before it listens
		if [[ \$0 == *bystander && ! -e $PWD/slow ]] && grep -qs ': [>]late' /proc/[0-9]*/cmdline; then
			: >$PWD/slow
			sleep 60
		fi
		exec "$PWD/real/\${0##*/}" "\$@"
	EOF
	demo -0
	assert [ -e slow ]
	assert_line --regexp 'kill [0-9]+; sleep (8|32); kill -9 .* bystander received KILL and is dead$'
	assert_line 'bystanders hit: theirs 3 of 3, ours 0 of 4'
}

@test "the demo ends with a message when a bystander disappears" {
	mkdir real
	ln -s "$PFD_HELPERS/sigecho" real/victim
	stand_in helpers sigecho <<-EOF
		#!/bin/bash
		[[ \$0 != *victim ]] || exec "$PWD/real/victim" "\$@"
		trap : TERM
		trap 'exit 0' RTMAX
		while :; do sleep 0.02; done
	EOF
	demo -3
	assert_line --regexp '^demo: bystander [0-9]+ ended with status 0, without a word: that tells nothing$'
	refute_line --partial 'untouched'
	refute_line --partial 'bystanders hit'
}
