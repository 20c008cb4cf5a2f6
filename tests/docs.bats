#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The documentation agrees with the programs: pages, statuses, tables.

load helpers

MAN=$PFD_SRCDIR/man
PROGRAMS=()
for tool in pfdkill pwait pgrep pkill pidwait; do
	[[ ! -x $PFD_BINDIR/$tool ]] || PROGRAMS+=("$tool")
done
((${#PROGRAMS[@]} > 1)) || fail "no programs in $PFD_BINDIR"

# A page, or the page that it refers to.
page_of() {
	local so
	so=$(sed -n '1s,^\.so man1/,,p' "$MAN/$1.1")
	echo "$MAN/${so:-$1.1}"
}

@test "pgrep --help lists the same options as criteria as the page does" {
	local page help
	page=$(awk '/^\.Ss / { mine = $2 == "Pattern" } mine && /^\.It / && match($0, /Fl Fl [a-z-]+/) {
		print substr($0, RSTART + 6, RLENGTH - 6) }' "$MAN/pgrep.1" | sort -u)
	help=$("$PFD_BINDIR/pgrep" --help | awk '/^[A-Z].*:$/ { mine = /^(Pattern|Criteria):/ }
		mine && match($0, /--[a-z-]+/) && RSTART < 10 { print substr($0, RSTART + 2, RLENGTH - 2) }' |
		sort -u)
	# it has a section of its own
	assert_equal "$(grep -vx inverse <<<"$help")" "$page"
}

# The options of the page for this program. A section of options is for the programs named before
# its list, or for all.
page_options() {
	awk -v tool="$1" '
		/^\.Sh / { options = $2 == "OPTIONS" }
		/^\.Ss / { named = mine = listed = 0 }
		/^\.Bl / { listed = 1 }
		/^\.Nm / && !listed { named = 1; mine = mine || $2 == tool }
		/^\.It Fl / && options && (mine || !named) {
			for (i = 2; i < NF; i++) {
				if ($i != "Fl" || $(i + 1) == "Ns")
					continue
				dashes = "-"
				if ($(i + 1) == "Fl") {
					dashes = "--"
					i++
				}
				print dashes $(i + 1)
			}
		}' "$(page_of "$1")" | sort -u
}

@test "a manual page has the options that --help has, and no others" {
	local tool
	for tool in "${PROGRAMS[@]}"; do
		help_options "$tool" >help
		page_options "$tool" >page
		[[ $(wc -l <help) -gt 20 ]] || fail "$tool: only $(wc -l <help) options in --help"
		diff -u help page || fail "$tool: --help (-) and page (+) differ"
	done
}

@test "--help fits a terminal of 80 columns, and each option is in a group" {
	local tool
	for tool in "${PROGRAMS[@]}"; do
		tool "$tool" --help >help
		awk 'length > 80 { print; bad = 1 } END { exit bad }' help || fail "$tool: a line is too long"
		grep -qx 'Output:' help
		# only those without an effect of their own are among the others
		sed -n '/^Other options:$/,/^$/p' help | grep -E '^(  |      )-' |
			grep -vE 'accepted without|the same as|--(help|version|if-any) ' >others || true
		[[ ! -s others ]] || fail "$tool: in no group: $(<others)"
	done
}

@test "the programs of the private folder have the options of their manual pages" {
	diff <(help_options kill) <(help_options pfdkill)
	# it starts no commands
	diff <(help_options waitpid) <(help_options pwait | grep -vxE -- '--(cgroup|cleanup|die-with-parent|foreground|handle-file|json-fd|ready|tree)')
}

@test "mandoc has no complaint about the manual pages" {
	requires mandoc
	local page so
	for page in "$MAN"/*.[1-8]; do
		so=$(sed -n '1s,^\.so man[1-8]/,,p' "$page")
		if [[ -n $so ]]; then
			[[ -e $MAN/$so ]] || fail "$page stands for a page that is not there"
			continue
		fi
		mandoc -T lint -W warning "$page" || fail "$page"
	done
}

@test "every page of ours that another page mentions exists" {
	local page name section
	grep -hE '^\.Xr (pfd|pidfd-|pgrep|pkill|pidwait|pwait)' "$MAN"/* | sort -u >references
	[[ -s references ]]
	while read -r _ name section _; do
		case $name in
		pidfd_*) continue ;;
		esac
		[[ -e $MAN/$name.$section ]] || fail "$name($section) is mentioned"
	done <references
}

# The examples of a page, one line per command.
page_examples() {
	awk '/^\.Bd -literal -offset/ { inside = 1; next } /^\.Ed/ { inside = 0 } inside' \
		"$(page_of "$1")"
}

@test "every option of a page is used in one of its examples, except second names of an option" {
	local tool short long row
	for tool in "${PROGRAMS[@]}"; do
		page_examples "$tool" >examples
		tool "$tool" --help | grep -E '^(  |      )-' | grep -v 'the same as' >rows
		while IFS= read -r row; do
			[[ $row =~ ^\ +(-[A-Za-z])?(,\ )?(--[a-z-]+)? ]]
			short=${BASH_REMATCH[1]} long=${BASH_REMATCH[3]}
			case $long in
			--help | --version) continue ;;
			esac
			[[ -n $long ]] && grep -qE -- " $long([ =]|\$)" examples && continue
			# if several programs of a page have a letter, it means the same in each
			[[ -n $short ]] && grep -qE -- "(^| )$short( |\$)" examples && continue
			fail "$tool: no example has ${short:+$short or }$long"
		done <rows
	done
}

# ---- exit statuses ----

# The exit statuses of a page, without those in prose.
page_statuses() {
	awk '
		/^\.Sh / { statuses = $0 == ".Sh EXIT STATUS" }
		statuses && /^\.It [0-9]+$/ { print $2 }' "$(page_of "$1")" | sort -n
}

@test "the exit statuses in the pages are those of the programs" {
	local tool status
	grep -oE '^	EXIT_[A-Z_]+ = [0-9]+' "$PFD_SRCDIR/src/common/base/exits.h" |
		sed 's/.* = //' | sort -n >enum
	[[ $(wc -l <enum) -ge 6 ]]
	for tool in pfdkill pwait pgrep; do
		page_statuses "$tool" >page
		[[ -z $(comm -13 <(sort enum) <(sort page)) ]] ||
			fail "$tool: a status of the page is not in exits.h"
		# every program has these
		for status in 0 1 2 3 124; do
			grep -qx "$status" page || fail "$tool: status $status is not explained"
		done
	done
	grep -qx 64 <(page_statuses pfdkill)
	if "$PFD_BINDIR/pwait" --help | grep -q COMMAND; then
		grep -qx 126 <(page_statuses pwait)
		grep -qx 127 <(page_statuses pwait)
	fi
}

@test "every page has the sections that a user looks for" {
	local page section
	for page in pfdkill.1 pwait.1 pgrep.1; do
		for section in NAME SYNOPSIS DESCRIPTION OPTIONS ENVIRONMENT 'EXIT STATUS' EXAMPLES COMPATIBILITY \
			NOTES 'SEE ALSO' CAVEATS; do
			grep -qx "\.Sh $section" "$MAN/$page" || fail "$page lacks $section"
		done
	done
}

@test "NEWS and the Debian changelog begin with the version of configure.ac" {
	local version
	version=$(sed -n 's/^AC_INIT(\[pidfd-utils\], \[\(.*\)\])/\1/p' "$PFD_SRCDIR/configure.ac")
	[[ $version ]]
	[[ $(sed -n 3p "$PFD_SRCDIR/NEWS") == "$version "* ]]
	[[ $(head -n 1 "$PFD_SRCDIR/packaging/debian/changelog") == "pidfd-utils ($version-"* ]]
}

# ---- tables of files ----

# The folders of the table in ARCHITECTURE.md, from the upper to the lower layer.
map_folders() {
	grep '^| `src/' "$PFD_SRCDIR/ARCHITECTURE.md" | cut -d '|' -f 2 | grep -oE '`[^`]+`' | tr -d '`'
}

@test "every folder with sources has a row in ARCHITECTURE.md, and every row has a folder" {
	(cd "$PFD_SRCDIR" && find src -name '*.[ch]') | sed 's,[^/]*$,,' | sort -u >folders
	[[ -s folders ]]
	diff -u folders <(map_folders | sort)
}

@test "every file that ARCHITECTURE.md names exists" {
	local file
	grep -oE '`(src|tests|tools)/[^`]+`' "$PFD_SRCDIR/ARCHITECTURE.md" | tr -d '`' >named
	[[ -s named ]]
	while read -r file; do
		compgen -G "$PFD_SRCDIR/$file" >/dev/null || fail "$file is not there"
	done <named
}

@test "the first line of a header says what the file is for, and the source does not repeat it" {
	local file name line
	while IFS= read -r file; do
		name=${file##*/}
		line=$(sed -n 2p "$file")
		if [[ $file == *.c && -e ${file%.c}.h ]]; then
			[[ $line != "// $name: "* ]] || fail "$file repeats what its header says"
		else
			[[ $line == "// $name: "?* ]] || fail "$file does not say what it is for"
		fi
	done < <(find "$PFD_SRCDIR/src" -name '*.[ch]')
}

@test "the commands of README.md and HACKING.md are commands of ./dev" {
	local command
	"$PFD_SRCDIR/dev" help >commands
	echo './dev help' >>commands
	grep -ohE '\./dev [a-z]+' "$PFD_SRCDIR/README.md" "$PFD_SRCDIR/HACKING.md" | sort -u >used
	[[ -s used ]]
	while read -r command; do
		grep -qE "^ *$command( |\$)" commands || fail "$command is no command"
	done <used
}
