#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pgrep: selection and output.

load helpers

# A name that the processes of no other test have; with ARG, a second one.
own() {
	printf 'g%sx%s%s' "$BATS_TEST_NUMBER" "$$" "${1-}"
}

# A shell script that runs one of our programs by its path, its first argument.
run_script() {
	local expect=$1 script=$2
	shift 2
	run --separate-stderr "$expect" bash -c "$script" "$PFD_BINDIR/pgrep" "$@" 3>&-
}

# Two processes with one name, $first and $second.
two() {
	local name
	name=$(own)
	spawn_ready named "$name"
	first=$spawned
	spawn_ready named "$name"
	second=$spawned
	((first < second)) || skip "the numbers wrapped just now"
}

@test "a name is found, and the PIDs are printed one per line, ascending" {
	two
	run_tool -0 pgrep "$(own)"
	assert_output "$first"$'\n'"$second"
	assert_stderr ''
}

@test "no match is status 1 without output" {
	run_tool -1 pgrep "$(own)-nobody"
	refute_output
	assert_stderr ''
}

@test "a command line without a pattern and a criterion is rejected" {
	for tool in pgrep pkill pidwait; do
		run_tool -2 "$tool"
		refute_output
		assert_stderr_has 'no matching criteria specified'
	done
}

@test "a pattern is an extended regular expression and may match anywhere in the name" {
	spawn_ready named "$(own)abc"
	run_tool -0 pgrep "^$(own)(x|a)[bc]{2}\$"
	assert_output "$spawned"
	run_tool -0 pgrep "${BATS_TEST_NUMBER}x$$[a]b"
	assert_line "$spawned"
}

@test "an invalid regular expression is rejected and named" {
	run_tool -2 pgrep 'a('
	refute_output
	assert_stderr_has "'a('"
	assert_stderr_has 'not a regular expression'
	for pattern in '*star' '{a}'; do
		run_tool -2 pgrep "$pattern"
		assert_stderr_has '(--fixed takes it as plain text)'
		run_tool -1 pgrep --fixed "$pattern"
	done
}

@test "parentheses are accepted up to a thousand levels, and rejected beyond" {
	local open close
	spawn_ready named "$(own a)"
	open=$(printf '%01000d' 0) close=${open//0/)} open=${open//0/(}
	run_tool -0 pgrep "$open$(own a)$close"
	assert_output "$spawned"
	# with these, glibc would overflow its stack
	run_tool -2 pgrep "${open}($open$open(a)$close$close)$close"
	refute_output
	assert_stderr_has 'not a regular expression: more than 1000 parentheses within each other'
	# these are plain text
	run_tool -1 pgrep "$(own a)${open//(/\\(}${open//(/\\(}"
	run_tool -1 pgrep --fixed "$open$open"
	for _ in 1 2 3 4 5; do
		open+=$open close+=$close
	done
	run_tool -2 pgrep "$open"
	run_tool -2 pgrep "$open(a)$close"
}

@test "--fixed treats every character as plain text" {
	spawn_ready named "$(own)a+b[c.d*"
	run_tool -0 pgrep --fixed "$(own)a+b[c.d*"
	assert_output "$spawned"
	run_tool -1 pgrep --fixed "$(own)a.b"
	refute_output
	run_tool -0 pgrep --fixed -x "$(own)a+b[c.d*"
	assert_output "$spawned"
	run_tool -0 pgrep --fixed -i "$(own)A+B[C"
	assert_output "$spawned"
}

@test "-x: the pattern must match the whole name" {
	spawn_ready named "$(own)ab"
	local ab=$spawned
	spawn_ready named "$(own)abc"
	run_tool -0 pgrep -x "$(own)ab"
	assert_output "$ab"
	run_tool -0 pgrep --exact "$(own)abc?"
	assert_output "$ab"$'\n'"$spawned"
}

@test "-x applies to each alternative, whatever the parentheses" {
	spawn_ready named "$(own)abc"
	run_tool -1 pgrep -p "$spawned" -x "$(own)a|b"
	run_tool -2 pgrep -p "$spawned" -x "$(own)a)|(bc"
	run_tool -1 pgrep -p "$spawned" -x "$(own)a)|bc"
	run_tool -1 pgrep -p "$spawned" -x "x|$(own)ab"
	run_tool -0 pgrep -p "$spawned" -x "$(own)a|$(own)abc"
	assert_output "$spawned"
}

@test "-i ignores case, also if it is given twice" {
	spawn_ready named "$(own)AbÉ"
	run_tool -0 pgrep -i "$(own)aBé"
	assert_output "$spawned"
	run_tool -1 pgrep "$(own)ab"
	run_tool -1 pgrep -i -i "$(own)nobody"
	run_tool -0 pgrep -i -i -f "$(own)AB"
	assert_output "$spawned"
}

@test "a name of 30 bytes is found by its full name, with and without -x" {
	local name
	name=$(own)-a-name-of-thirty-bytes-xxxxxxxx
	name=${name:0:30}
	spawn_ready named "$name"
	run_tool -0 pgrep "$name"
	assert_output "$spawned"
	run_tool -0 pgrep -x "$name"
	assert_output "$spawned"
	assert_stderr ''
	run_tool -1 pgrep -x "${name}y"
	run_tool -1 pgrep -x "${name:0:29}"
	# queries of scripts for procps still work
	run_tool -0 pgrep -x "${name:0:15}"
	assert_output "$spawned"
	run_tool -0 pgrep -l "^${name:0:15}"
	assert_output "$spawned $name"
}

@test "a script with a long name is found by its full name" {
	local name
	name=$(own)-a-script-with-a-long-name
	# shellcheck disable=SC2016
	printf '#!/bin/sh\necho ready\nread -r line <fifo\n' >"$name"
	chmod +x "$name"
	mkfifo fifo
	spawn_ready "./$name"
	run_tool -0 pgrep -x "$name"
	assert_output "$spawned"
	echo >fifo
}

@test "a script with a long name is found behind the options of its interpreter" {
	local name
	name=$(own)-a-script-with-options
	# shellcheck disable=SC2016
	printf '#!/bin/bash -e\necho ready\nread -r line <fifo\n' >"$name"
	chmod +x "$name"
	mkfifo fifo
	spawn_ready "./$name"
	run_tool -0 pgrep -x "$name"
	assert_output "$spawned"
	run_tool -1 pgrep -x -- -e
	echo >fifo
	# only the script is a name, no later argument
	# shellcheck disable=SC2016
	spawn_ready bash -c 'printf %s "$1" >/proc/self/comm; echo ready; read -r line <fifo' \
		script "$(own)-a-script" "$(own)-a-script-with-options"
	run_tool -1 pgrep -x "$name"
	echo >fifo
}

# titled TITLE: a process that has the title TITLE, and the first 15 bytes of its last part as its name.
titled() {
	# shellcheck disable=SC2016
	spawn_ready bash -c 'exec -a "$1" bash -c "printf %s \"\$1\" >/proc/self/comm
		echo ready; read -r line <\"\$2\"" sh "$2" "$3"' sh "$1" "${2:0:15}" "$PWD/fifo"
}

@test "a title with a slash, and a Windows program, are found by their full name" {
	mkfifo fifo
	titled "gunicorn: master [/srv/$(own):wsgi]" 'gunicorn: master'
	run_tool -0 pgrep -l "^gunicorn: master \\[/srv/$(own):wsgi]$"
	assert_output "$spawned gunicorn: master [/srv/$(own):wsgi]"
	run_tool -0 pgrep -x -u "$EUID" --fixed "gunicorn: master [/srv/$(own):wsgi]"
	assert_output "$spawned"
	echo >fifo
	titled "Z:\\games\\$(own)DarkSoulsIII.exe" "$(own)DarkSoulsIII.exe"
	run_tool -0 pgrep -x "$(own)DarkSoulsIII.exe"
	assert_output "$spawned"
	run_tool -0 pfdkill -0 "$(own)DarkSoulsIII.exe"
	echo >fifo
}

@test "a program that is really called 'x (deleted)' is found by this name" {
	local name
	name=$(own)-abcdefghijklmno
	name=${name:0:15}
	spawn_ready named "$name (deleted)"
	run_tool -0 pgrep -x "$name \\(deleted\\)"
	assert_output "$spawned"
	run_tool -0 pfdkill -0 "name:$name (deleted)"
	run_tool -1 pfdkill -0 "name:$name"
	# before Linux 5.12, and where the cache cannot answer at first
	if can_strace; then
		run -0 strace -o log -e trace=openat2 -e inject=openat2:error=EINVAL \
			"$PFD_BINDIR/pfdkill" -0 "name:$name (deleted)"
		run -0 strace -o log -e trace=openat2 -e inject=openat2:error=EAGAIN:when=1 \
			"$PFD_BINDIR/pfdkill" -0 "name:$name (deleted)"
	fi
	# one that was removed has it only in /proc
	spawn_ready named "${name}pq"
	rm -f "named."*"/${name}pq"
	run_tool -0 pgrep -x "${name}pq"
	assert_output "$spawned"
	run_tool -1 pgrep -x "${name}pq \\(deleted\\)"
}

@test "names with parentheses, spaces, tabs, newlines and escape sequences" {
	local odd
	for odd in 'a) b' '(sd-pam)' $'a\tb' $'a\nb' $'a\e[2Jb' '((' 'a  b'; do
		spawn_ready named "$odd$BATS_TEST_NUMBER"
		run_tool -0 pgrep --fixed -x -- "$odd$BATS_TEST_NUMBER"
		assert_line "$spawned"
		assert_equal "${#lines[@]}" 1
	done
}

@test "if the locale has no UTF-8, all but ASCII is escaped" {
	local odd=$'\xdb\x9b31m' locale
	spawn_ready named "$(own)$odd"
	for locale in C POSIX C.ISO-8859-1 ''; do
		LC_ALL=$locale LANG='' run_tool -0 pgrep -a "$(own)"
		assert_output "$spawned $(own)\\xdb\\x9b31m"
		LC_ALL=$locale LANG='' run_tool -0 pgrep -aQ "$(own)"
		assert_output "$spawned \$'$(own)\\333\\23331m'"
	done
	LC_ALL='' LANG=C.UTF-8 run_tool -0 pgrep -a "$(own)"
	assert_output "$spawned $(own)$odd"
	run_tool -0 pfdkill --verbose -0 "name:$(own)$odd"
	assert_output --partial "$odd"
	LC_ALL=C run_tool -0 pfdkill --verbose -0 "name:$(own)$odd"
	refute_output --partial "$odd"
}

@test "marks that change the direction of text or cannot be seen are escaped" {
	local mark
	for mark in $'\u200e' $'\u200f' $'\u061c' $'\u202e' $'\u2066' $'\u206a' \
		$'\u00ad' $'\u180e' $'\u200b' $'\u2060' $'\ufeff' $'\ufff9'; do
		spawn_ready named "$(own)$mark"
		run_tool -0 pgrep -l "$(own)"
		refute_output --partial "$mark"
		assert_output --partial '\x'
		finish "$spawned"
	done
}

@test "names that are not UTF-8 are matched byte by byte, in any locale" {
	local locale
	spawn_ready named "$(own)"$'a\xffb'
	for locale in C C.UTF-8; do
		LC_ALL=$locale run_tool -0 pgrep "$(own)"$'a\xffb'
		assert_output "$spawned"
		LC_ALL=$locale run_tool -0 pgrep "$(own)a.b"
		assert_output "$spawned"
		LC_ALL=$locale run_tool -0 pgrep -i -x "$(own)A.B"
		assert_output "$spawned"
	done
	spawn_ready named "$(own)éa"
	LC_ALL=C run_tool -0 pgrep "$(own)..a"
	assert_line "$spawned"
	LC_ALL=C.UTF-8 run_tool -0 pgrep -x "$(own).a"
	assert_output "$spawned"
	LC_ALL=C run_tool -0 pgrep "$(own)é"
	assert_output "$spawned"
}

@test "-f matches the command line, words joined by spaces" {
	spawn_ready named "$(own)" -- one 'two three' four
	run_tool -0 pgrep -f "$(own) one two three four\$"
	assert_output "$spawned"
	run_tool -0 pgrep -fx "$(own) one .* four"
	assert_output "$spawned"
	run_tool -1 pgrep -fx "$(own) one"
	run_tool -1 pgrep "$(own) one"
}

@test "-f matches tabs, newlines and bytes that are not UTF-8 as they are" {
	spawn_ready named "$(own)" -- $'tab\tbed' $'new\nline' $'\xfe\xff'
	local want
	for want in $'tab\tbed' $'new\nline' $'\xfe\xff$' 'tab.bed' 'new.line'; do
		LC_ALL=C run_tool -0 pgrep -f "$(own).*$want"
		assert_output "$spawned"
		LC_ALL=C.UTF-8 run_tool -0 pgrep -f "$(own).*$want"
		assert_output "$spawned"
	done
}

@test "-f reads a command line of two megabytes to its end" {
	local i words=() tail
	tail=$(own)-the-end
	# one argument may have 128 KiB
	for i in {1..16}; do
		words+=("$(head -c 120000 /dev/zero | tr '\0' x)")
	done
	(ulimit -s unlimited 2>/dev/null || ulimit -s 16384) || skip "the stack cannot grow"
	ulimit -s 16384 2>/dev/null || true
	spawn_ready named "$(own)" -- "${words[@]}" "$tail"
	run_tool -0 pgrep -f -- "$tail\$"
	assert_line "$spawned"
	run_tool -0 pgrep -f --fixed -- "$tail"
	assert_line "$spawned"
}

@test "-f finds processes without a command line by their name in brackets" {
	requires root
	comm_is 2 kthreadd || skip "no kernel thread to be seen"
	run_tool -0 pgrep -fx '\[kthreadd\]'
	assert_output 2
	run_tool -0 pgrep -a -x kthreadd
	assert_output '2 [kthreadd]'
}

@test "-a and -f see a zombie as [NAME] <defunct>" {
	spawn_zombie
	run_tool -0 pgrep -a -x true -P "$spawned"
	assert_output "$zombie [true] <defunct>"
	run_tool -0 pgrep -f '<defunct>' -P "$spawned"
	assert_output "$zombie"
	run_tool -0 pgrep -f '^.true.$|defunct>$' -P "$spawned"
	assert_output "$zombie"
	run_tool -0 pgrep -xf '\[true\] <defunct>' -P "$spawned"
	assert_output "$zombie"
	run_tool -1 pgrep -xf '\[true\]' -P "$spawned"
	run_tool -1 pgrep -f '\[true\]$' -P "$spawned"
	run_tool -0 pgrep -v -f '\[true\]$' -P "$spawned"
	assert_line "$zombie"
	run_tool -0 pgrep -v -f defunct
	refute_line "$zombie"
	run_tool -0 pgrep --args defunct -x true -P "$spawned"
	assert_output "$zombie"
	# the name alone is that of the kernel
	run_tool -0 pgrep -x true -P "$spawned"
	assert_output "$zombie"
	run_tool -0 pgrep -l -x true -P "$spawned"
	assert_output "$zombie true"
}

@test "-A leaves out the ancestors, with and without -f" {
	local text
	text=$(own)-unique
	# shellcheck disable=SC2016
	run_script -0 'echo $$; "$0" "^bash\$" -p $$; exit $?'
	assert_equal "${lines[1]}" "${lines[0]}"
	# shellcheck disable=SC2016
	run_script -1 '"$0" -A "^bash\$" -p $$; exit $?'
	refute_output
	# shellcheck disable=SC2016
	run_script -1 '"$0" --verbose -A "^bash\$" -p $$; exit $?'
	assert_stderr_has 'excluded by --ignore-ancestors: it is an ancestor'
	# shellcheck disable=SC2016
	run_script -0 'echo $$; "$0" --mentions -f "$1"; exit $?' "$text"
	assert_equal "${lines[1]}" "${lines[0]}"
	# shellcheck disable=SC2016
	run_script -1 '"$0" --mentions -A -f "$1"; exit $?' "$text"
	refute_output
}

@test "if ancestors cannot be searched for, the status is 3 and they are not selected" {
	requires seccomp strace
	# before Linux 6.13 a parent is read from /proc
	local text
	text=$(own)-unique
	# shellcheck disable=SC2016
	run --separate-stderr bash -c 'strace -f -o log -P "$$/status" -e trace=openat \
		-e inject=openat:error=EMFILE old-kernel getinfo=ENOTTY "$0" -0 -f "$1"; echo $?' \
		"$PFD_BINDIR/pkill" "$text"
	assert_output 3
	[[ -n $stderr ]]
}

@test "-A: if descriptors run out while ancestors are searched for, none of them is selected" {
	requires seccomp prlimit
	local text
	text=$(own)-unique
	# shellcheck disable=SC2016
	run --separate-stderr bash -c 'for limit in {4..16}; do
		prlimit --nofile=$limit:$limit old-kernel getinfo=ENOTTY "$0" -A --mentions -f "$1" && echo "$limit"
	done; :' "$PFD_BINDIR/pgrep" "$text" 3>&-
	refute_output
}

@test "pgrep never finds itself" {
	run_tool ! pgrep -f "$(own)-only-in-our-own-command-line" --mentions -x
	refute_output
	# shellcheck disable=SC2016
	run_script -0 '"$0" . & wait $! ; echo "self $!"'
	refute_line "${lines[-1]#self }"
}

@test "the name is not the path by which a program was called (B3)" {
	spawn_ready named -a "/opt/$(own)" "$(own)"
	run_tool -1 pgrep "^/opt/$(own)"
	run_tool -0 pgrep "^$(own)"
	assert_output "$spawned"
	run_tool -0 pgrep -f "^/opt/$(own)"
	assert_output "$spawned"
}

@test "-i does not change special characters of a pattern (u2)" {
	spawn_ready named "$(own)AB" -- "Two Words"
	run_tool -0 pgrep -fi "$(own)ab\\Stwo|$(own)ab\\stwo\\Swords|$(own)ab two words"
	assert_output "$spawned"
	run_tool -1 pgrep -fi "$(own)ab\\Stwo"
	run_tool -0 pgrep -i "$(own)[[:upper:]]b"
	assert_output "$spawned"
}

@test "-v with -f does not select our own ancestors (F1)" {
	spawn_ready named "$(own)"
	# shellcheck disable=SC2016
	run_script -0 'echo self $$; "$0" -v -f "$1"; exit $?' "$(own)-nobody"
	assert_line "$spawned"
	refute_line "${lines[0]#self }"
	# shellcheck disable=SC2016
	run_script -0 'echo self $$; "$0" -v -A "$1"; exit $?' "$(own)-nobody"
	refute_line "${lines[0]#self }"
	# shellcheck disable=SC2016
	run_script -0 'echo self $$; "$0" -v "$1"; exit $?' "$(own)-nobody"
	assert_line "${lines[0]#self }"
}

@test "-v selects processes that do not fulfil all criteria" {
	spawn_ready named "$(own)a"
	local a=$spawned
	spawn_ready named "$(own)b"
	run_tool -0 pgrep -v "$(own)a"
	refute_line "$a"
	assert_line "$spawned"
	assert_line 1
	run_tool -0 pgrep -v -p "$a" "$(own)b"
	assert_line "$a"
	assert_line "$spawned"
}

@test "-v cannot be combined with -n or -o, nor -n with -o" {
	run_tool -2 pgrep -v -n .
	assert_stderr_has "--inverse"
	run_tool -2 pgrep -o -v .
	run_tool -2 pgrep -n -o .
	assert_stderr_has '--newest and --oldest'
	run_tool -0 pgrep -n -n -p 1 .
	assert_output 1
}

@test "-c prints only the number of matches, also 0" {
	two
	run_tool -0 pgrep -c "$(own)"
	assert_output 2
	run_tool -0 pgrep --count -l "$(own)"
	assert_output 2
	run_tool -1 pgrep -c "$(own)nobody"
	assert_output 0
}

@test "-q and --quiet print nothing" {
	two
	run_tool -0 pgrep -q "$(own)"
	refute_output
	assert_stderr ''
	run_tool -1 pgrep --quiet "$(own)nobody"
	refute_output
}

@test "-l prints the name, -a the command line, both escaped" {
	spawn_ready named "$(own)"$'\e' -- $'new\nline' ''
	run_tool -0 pgrep -l "$(own)"
	assert_output "$spawned $(own)\\x1b"
	run_tool -0 pgrep -a "$(own)"
	assert_output "$spawned $(own)\\x1b new\\nline"
	run_tool -0 pgrep --list-full --list-name "$(own)"
	assert_output "$spawned $(own)\\x1b new\\nline"
}

@test "-d prints a text between the PIDs, and a newline at the end" {
	two
	run_tool -0 pgrep -d, "$(own)"
	assert_output "$first,$second"
	run_tool -0 pgrep --delimiter ' & ' -l "$(own)"
	assert_output "$first $(own) & $second $(own)"
	run_tool -0 pgrep -d '' -p "$first"
	assert_output "$first"
	run_tool -1 pgrep -d, "$(own)nobody"
	refute_output
}

@test "--null ends each process with a NUL" {
	two
	local got
	got=$(tool pgrep --null "$(own)" | tr '\0' '|')
	assert_equal "$got" "$first|$second|"
	got=$(tool pgrep --null -l "$(own)" | xargs -0 -n1 echo)
	assert_equal "$got" "$first $(own)"$'\n'"$second $(own)"
	run_tool -2 pgrep --null -d, x
	assert_stderr_has 'cannot be combined'
}

@test "-Q quotes names and command lines for the shell" {
	spawn_ready named "$(own) b" -- "it's" '' plain $'tab\t'
	run_tool -0 pgrep -lQ "$(own)"
	assert_output "$spawned '$(own) b'"
	run_tool -0 pgrep -aQ "$(own)"
	assert_output "$spawned '$(own) b' 'it'\\''s' '' plain \$'tab\\011'"
	local back
	eval "back=(${output#* })"
	assert_equal "${#back[@]}" 5
	assert_equal "${back[4]}" $'tab\t'
	run_tool -0 pgrep -Q "$(own)"
	assert_output "$spawned"
}

# read_back SHELL: let it read the words of $spawned that -Q prints. 0: each one came back
# unchanged; 2: there are as many, some with escapes in them; otherwise a word was run or lost.
read_back() {
	local shell
	read -ra shell <<<"$1"
	rm -f ran
	tool pgrep -fQ -a "^$(own)" >quoted
	# shellcheck disable=SC2016
	if ! timeout 60 "${shell[@]}" -c '
		p() { : >ran; }
		eval "set -- $(cat quoted)"
		shift
		printf "%s\\0" "$@" >back' 2>errors || [[ -s errors || -e ran ]]; then
		return 1
	fi
	cat "/proc/$spawned/cmdline" >words
	! cmp -s back words || return 0
	[[ $(tr -dc '\0' <back | wc -c) == "$(tr -dc '\0' <words | wc -c)" ]] || return 1
	return 2
}

# Every byte alone, every byte after a control character and a quote, and words of characters that
# are special in shells, some with a control character, which needs $'...'.
odd_words() {
	local i j part word parts=("'" '"' "\\" '$' '`' ';p;' '$(p)' '`p`' '|p|' '&p&' "';p;#" "\\';p;#" '(' ')'
		'{' '}' '<' '>' '*' '?' '[' ']' '~' '#' '!' '=' '%' '^' ' ' $'\n' $'\t' $'\e' $'\1' $'\xff'
		$'\xc3\xa9' $'\x9b' $'\xe2\x80\xae' 0 7 a 'p;' $'\np\n' '@(p)' '${x:-`p`}' -)
	words=()
	for ((i = 1; i < 256; i++)); do
		printf -v part '\\x%02x' "$i"
		printf -v word %b "$part."
		words+=("${word%.}" $'\a'"'${word%.}';p;'")
	done
	RANDOM=$1
	for ((i = 0; i < 100; i++)); do
		word=
		for ((j = RANDOM % 6; j >= 0; j--)); do
			word+=${parts[RANDOM % ${#parts[@]}]}
		done
		words+=("$word")
	done
}

@test "-Q: a shell that reads the output runs no text of another process" {
	local shell seed=$RANDOM words missing=()
	echo "seed $seed"
	odd_words "$seed"
	spawn_ready named "$(own)" -- "${words[@]}"
	for shell in bash dash zsh ksh ksh93 mksh yash 'busybox sh' 'bash --posix' 'zsh --emulate sh'; do
		if ! command -v "${shell%% *}" >/dev/null; then
			missing+=("$shell")
			continue
		fi
		echo "in $shell"
		local result=0
		read_back "$shell" || result=$?
		case $shell in
		# $'...' is not supported before dash 0.5.13
		dash | yash) [[ $result == [02] ]] ;;
		*) assert_equal "$result" 0 ;;
		esac
	done
	echo "not installed: ${missing[*]}"
}

# bats test_tags=kernel
# bats test_tags=kernel
@test "--handle prints PID:INODE" {
	requires linux:6.9
	spawn_ready named "$(own)"
	run_tool -0 pgrep --handle "$(own)"
	assert_output "$spawned:$(inode_of "$spawned")"
	run_tool -0 pgrep -p "$output"
	assert_output "$spawned"
	run_tool -0 pgrep --handle -l "$(own)"
	assert_output "$spawned:$(inode_of "$spawned") $(own)"
}

# bats test_tags=kernel
@test "--handle does not print a PID alone if there are no inodes" {
	requires strace
	spawn_ready named "$(own)"
	# the first call is for /proc, the next for the handle
	run --separate-stderr strace -o log -e trace=/statfs -e inject=/fstatfs:error=EOPNOTSUPP:when=2+ \
		"$PFD_BINDIR/pgrep" --handle "$(own)"
	assert_failure 3
	refute_output
	[[ $stderr == *"--handle"* ]]
}

@test "--json prints one object per line" {
	requires jq linux:6.9
	spawn_ready named "$(own)" -- 'a b' $'\xff' '"'
	run_tool -0 pgrep --json "$(own)"
	assert_equal "${#lines[@]}" 1
	local got
	got=$(jq -r '[.pid, .pidfdId, .handle, .name, .ppid, .uid, .user, .state] | map(tostring) |
		join(" ")' <<<"$output")
	local inode
	inode=$(inode_of "$spawned")
	assert_equal "$got" \
		"$spawned $inode $spawned:$inode $(own) $$ $EUID $(id -un 2>/dev/null || echo null) S"
	assert_equal "$(jq -r '.args | join("|")' <<<"$output")" "$(own)|a b|�|\""
	local start now
	start=$(jq .start <<<"$output")
	now=$(date +%s)
	((start <= now && start > now - 600))
}

@test "-n selects the process that started last, -o the first" {
	two
	run_tool -0 pgrep -n "$(own)"
	assert_output "$second"
	run_tool -0 pgrep --oldest "$(own)"
	assert_output "$first"
	run_tool -1 pgrep -n "$(own)nobody"
	refute_output
}

@test "-n and -o compare ages, also after the PIDs have wrapped around" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns '
		named wrapped >old & old=$!
		wait_for has_line old
		# wait one clock tick, so that their ages differ
		sleep 0.05
		echo 400 >/proc/sys/kernel/ns_last_pid
		named wrapped >new & new=$!
		wait_for has_line new
		((new < old))
		test $(tool pgrep -n wrapped) = $new
		test $(tool pgrep -o wrapped) = $old
		test "$(tool pgrep -d, wrapped)" = $new,$old'
	assert_output ''
	assert_success
}

@test "processes of the same age are ordered by PID" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns '
		herd 40 < <(sleep 100) >herd.out &
		wait_for file_has herd.out ready
		newest=$(tool pgrep -n -x herd)
		oldest=$(tool pgrep -o -P $! -x herd)
		start() { local s; s=$(</proc/$1/stat); set -- ${s##*) }; echo ${20}; }
		for pid in $(tool pgrep -P $! -x herd); do
			a=$(start $pid) b=$(start $newest) c=$(start $oldest)
			((a < b || (a == b && pid <= newest))) || echo "newest $newest: $pid"
			((a > c || (a == c && pid >= oldest))) || echo "oldest $oldest: $pid"
		done'
	assert_output ''
	assert_success
}

@test "-P: children of the listed parents" {
	spawn_ready named "$(own)"
	run_tool -0 pgrep -P "$$" "$(own)"
	assert_output "$spawned"
	run_tool -0 pgrep --parent "1,$$" "$(own)"
	assert_output "$spawned"
	run_tool -1 pgrep -P 1 "$(own)"
	run_tool -2 pgrep -P "1,x"
	assert_stderr_has 'not a number: x'
	run_tool -2 pgrep -P ''
}

@test "-g: members of a process group, 0 is our own; -s: of a session" {
	spawn_ready setsid -w named "$(own)"
	local leader
	leader=$(tool pgrep -x "$(own)")
	run_tool -0 pgrep -g "$leader" "$(own)"
	assert_output "$leader"
	run_tool -0 pgrep --session "$leader"
	assert_output "$leader"
	run_tool -1 pgrep -g 0 "$(own)"
	run_tool -1 pgrep -s 0 "$(own)"
	spawn_ready named "$(own b)"
	run_tool -0 pgrep -s 0 "$(own b)"
	assert_output "$spawned"
	run_tool -0 pgrep --pgroup 0 "$(own b)"
	assert_output "$spawned"
	run_tool -2 pgrep -g leader
	assert_stderr_has 'not a number: leader'
	run_tool -2 pgrep -s -1
	assert_stderr_has "not a number: "
}

@test "-u compares only the effective user, -U the real user, -G the real group" {
	requires root seccomp
	spawn_ready setpriv --ruid 54321 --euid 54322 --rgid 54323 --egid 54324 --clear-groups \
		named "$(own)"
	local how option
	# by the handle, and by /proc/PID/status if the handle does not give it
	for how in env 'old-kernel 6.10'; do
		for option in -U54321 -u54322 -G54323; do
			# shellcheck disable=SC2086
			run -0 --separate-stderr $how "$PFD_BINDIR/pgrep" "$option" "$(own)"
			assert_output "$spawned"
		done
		for option in -u54321 -U54322 -U0 -u0 -G54324 -G0; do
			# shellcheck disable=SC2086
			run -1 --separate-stderr $how "$PFD_BINDIR/pgrep" "$option" "$(own)"
			refute_output
		done
	done
}

@test "-u: effective user, -U: real user, -G: real group, by name and number" {
	spawn_ready named "$(own)"
	run_tool -0 pgrep -u "$EUID" "$(own)"
	assert_output "$spawned"
	run_tool -0 pgrep --uid "0,$EUID" "$(own)"
	assert_output "$spawned"
	run_tool -0 pgrep -G "$(id -g)" "$(own)"
	assert_output "$spawned"
	run_tool -1 pgrep -u 54321 "$(own)"
	run_tool -1 pgrep -U 54321 "$(own)"
	run_tool -1 pgrep --group 54321 "$(own)"
	run_tool -0 pgrep -u root -U root -G root -x "$(tool pgrep -l -p 1 | cut -d' ' -f2)"
	assert_line 1
	run_tool -2 pgrep -u no-such-user
	assert_stderr_has 'invalid user name: no-such-user'
	run_tool -2 pgrep -G no-such-group
	assert_stderr_has 'invalid group name: no-such-group'
}

@test "-u compares the effective user and -U the real user when they differ" {
	requires root cap:SETUID
	spawn_ready env -u BATS_TEST_TMPDIR setpriv --euid 54321 -- named "$(own)"
	run_tool -0 pgrep -u 54321 "$(own)"
	assert_output "$spawned"
	run_tool -1 pgrep -U 54321 "$(own)"
	run_tool -0 pgrep -U 0 "$(own)"
	assert_output "$spawned"
	run_tool -1 pgrep -u 0 "$(own)"
}

@test "-t: by terminal; a number is pts/N, - is no terminal" {
	requires script libproc2
	spawn_ready named "$(own a)"
	local a=$spawned
	run_tool -0 pgrep -t - "$(own a)"
	assert_output "$a"
	run_tool -0 pgrep -t '?' "$(own a)"
	assert_output "$a"
	spawn script -qec "tty; exec named $(own b)" /dev/null
	wait_for file_has "$spawned_out" ready
	local tty
	tty=$(tr -d '\r' <"$spawned_out" | grep '^/dev/pts/')
	run_tool -0 pgrep -t "${tty#/dev/pts/}" "$(own)"
	local b=$output
	run_tool -0 pgrep --terminal "tty63,${tty#/dev/}" "$(own)"
	assert_output "$b"
	run_tool -0 pgrep -t "$tty" "$(own)"
	assert_output "$b"
	run_tool -1 pgrep -t pts/4444 "$(own)"
	run_tool -0 pgrep -t - "$(own)"
	refute_line "$b"
}

@test "-p: by PID, PID:INODE, :INODE or inherited descriptor" {
	spawn_ready named "$(own)"
	run_tool -0 pgrep -p "$spawned"
	assert_output "$spawned"
	run_tool -0 pgrep --pid "1,$spawned" "$(own)"
	assert_output "$spawned"
	run_tool -0 pgrep -p "$spawned,$spawned,$spawned"
	assert_output "$spawned"
	run_tool -1 pgrep -p 999999999
	refute_output
	assert_stderr ''
	run_tool -2 pgrep -p "1,2x"
	assert_stderr_has "'2x'"
	run_tool -1 pgrep -p fd:99
	assert_stderr_has 'no such descriptor'
	requires linux:6.9
	local inode
	inode=$(inode_of "$spawned")
	run_tool -0 pgrep -p "$spawned:$inode" "$(own)"
	assert_output "$spawned"
	run_tool -1 pgrep -p "$spawned:$((inode + 12345678))"
	refute_output
	assert_stderr_has 'recycled'
	requires linux:6.14
	run_tool -0 pgrep -p ":$inode"
	assert_output "$spawned"
}

@test "-r: by state" {
	spawn_ready named "$(own)"
	kill -STOP "$spawned"
	wait_for is_stopped "$spawned"
	run_tool -0 pgrep -r T "$(own)"
	assert_output "$spawned"
	run_tool -0 pgrep --runstates Z,T,R "$(own)"
	assert_output "$spawned"
	run_tool -1 pgrep -r S "$(own)"
	spawn_zombie
	run_tool -0 pgrep -r Z -p "$zombie"
	assert_output "$zombie"
	run_tool -2 pgrep -r Q x
	assert_stderr_has "'Q' is not the letter of a state"
	run_tool -2 pgrep -r , x
}

@test "a zombie is found by its name" {
	spawn_zombie
	run_tool -0 pgrep -l -x true -p "$zombie"
	assert_output "$zombie true"
	run_tool -0 pgrep -a -fx '\[true\] <defunct>' -p "$zombie"
	assert_output "$zombie [true] <defunct>"
}

@test "-H: only processes with a handler for the signal" {
	spawn_ready sigecho
	local with=$spawned
	spawn_ready named "$(own)"
	run_tool -0 pgrep -H -p "$with,$spawned"
	assert_output "$with"
	run_tool -0 pgrep --require-handler --signal RTMIN+3 -p "$with,$spawned"
	assert_output "$with"
	run_tool -1 pgrep -H --signal KILL -p "$with"
	run_tool -2 pgrep -H --signal 0 -p "$with"
	assert_stderr_has 'needs a signal'
	run_tool -2 pgrep -H --signal NONSENSE -p "$with"
	assert_stderr_has "'NONSENSE' is not a signal"
}

@test "--older and --younger select by durations" {
	spawn_ready named "$(own)"
	run_tool -0 pgrep --younger 10m "$(own)"
	assert_output "$spawned"
	run_tool -0 pgrep --older 0 "$(own)"
	assert_output "$spawned"
	run_tool -1 pgrep -O 10m "$(own)"
	run_tool -1 pgrep --older 1h "$(own)"
	run_tool -1 pgrep --older 90d "$(own)"
	run_tool -1 pgrep --younger 0 "$(own)"
	run_tool -0 pgrep -O 0.001s -p 1
	assert_output 1
	run_tool -2 pgrep -O abc
	refute_output
	assert_stderr_has "'abc' is not a duration"
	run_tool -2 pgrep -O -5
	run_tool -2 pgrep --younger 1x
}

@test "--older and --younger with the same duration divide all processes" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns '
		named a >a & a=$!
		# on a busy machine try again, with a new young process
		parted() {
			named b >b & b=$!
			wait_for has_line b
			old=$(tool pgrep -x -O 0.5 "a|b") || true
			young=$(tool pgrep -x --younger 0.5 "a|b") || true
			finish $b
			test "$old,$young" = "$a,$b"
		}
		wait_for parted'
	assert_output ''
	assert_success
}

@test "--env: by a variable or its value, with commas escaped" {
	OWN="$(own)" OWNER=x LIST='a,b' spawn_ready named "$(own)"
	run_tool -0 pgrep --env "OWN=$(own)"
	assert_output "$spawned"
	run_tool -0 pgrep --env OWN "$(own)"
	assert_output "$spawned"
	run_tool -1 pgrep --env OW "$(own)"
	run_tool -1 pgrep --env OWN=other "$(own)"
	run_tool -0 pgrep --env "NONE,OWNER=y,OWNER=x" "$(own)"
	assert_output "$spawned"
	run_tool -0 pgrep --env 'LIST=a\,b' "$(own)"
	assert_output "$spawned"
	run_tool -1 pgrep --env 'LIST=a,c' "$(own)"
	run_tool -2 pgrep --env '=x'
	assert_stderr_has 'NAME=VALUE'
	run_tool -2 pgrep --env ''
}

@test "--env matches tabs and bytes that are not UTF-8" {
	OWN=$'\t'"$(own)"$'\xff' spawn_ready named "$(own)"
	run_tool -0 pgrep --env "OWN="$'\t'"$(own)"$'\xff'
	assert_output "$spawned"
}

@test "--cgroup: by path, by hierarchy, or a whole subtree" {
	spawn_ready named "$(own)"
	local line path kind
	IFS= read -r line </proc/self/cgroup
	path=${line#*:*:}
	kind=${line#*:}
	kind=${kind%%:*}
	run_tool -0 pgrep --cgroup "$path" "$(own)"
	assert_output "$spawned"
	run_tool -0 pgrep --cgroup "/nowhere,${kind%%,*}:$path" "$(own)"
	assert_output "$spawned"
	run_tool -0 pgrep --cgroup '/**' "$(own)"
	assert_output "$spawned"
	run_tool -1 pgrep --cgroup "nothing:$path" "$(own)"
	run_tool -1 pgrep --cgroup "/nowhere/**" "$(own)"
	run_tool -2 pgrep --cgroup name
	assert_stderr_has "a group of that name anywhere: '**/name/**'"
}

@test "--cgroup: a line of several hierarchies of version 1" {
	requires root pidns
	# shellcheck disable=SC2016
	run in_pidns '
		sleep 1000 & pid=$!
		wait_for comm_is $pid sleep
		printf "%s\n" 7:cpu,cpuacct:/x 0::/y >lines
		mount --bind lines /proc/$pid/cgroup
		for path in "7:cpu\,cpuacct:/x" "cpu\,cpuacct:/**" /sys/fs/cgroup/cpu\\,cpuacct/x cpuacct:/x; do
			[ "$(tool pgrep --cgroup "$path")" = $pid ] || echo "not: $path"
		done
		! tool pgrep --cgroup "cpu\,cpuacc:/x"'
	assert_success
	refute_output
}

@test "-t rejects what cannot be a terminal" {
	local what
	for what in pts/ /dev/ /dev/pts/ 3,pts/; do
		run_tool -2 pgrep -t "$what"
		assert_stderr_has "--terminal: '$what' has an item that is not a terminal"
	done
}

@test "--cgroup: lines of /proc, folders of /sys/fs/cgroup, and groups anywhere" {
	spawn_ready named "$(own)"
	local line path want
	while IFS= read -r line; do
		path=${line#*:*:}
		[[ $line != *,* ]] || continue
		for want in "$line" "$line/" "${line%/}/**" "${path%/}/" "**${path%/}/**"; do
			run_tool -0 pgrep --cgroup "/nowhere,$want" "$(own)"
			assert_output "$spawned"
		done
		run_tool -1 pgrep --cgroup "${line%/}/x" "$(own)"
	done <"/proc/$spawned/cgroup"
	run_tool -1 pgrep --cgroup '**/nowhere/**' "$(own)"
}

@test "--cgroup: a folder below /sys/fs/cgroup is the group that it belongs to" {
	local folder found=
	spawn_ready named "$(own)"
	while IFS= read -r folder; do
		grep -qsx "$spawned" "$folder/cgroup.procs" || continue
		found=$folder
		run_tool -0 pgrep --cgroup "$folder" "$(own)"
		assert_output "$spawned"
		run_tool -0 pgrep --cgroup "$folder/" "$(own)"
		run_tool -0 pgrep --cgroup "$folder/**" "$(own)"
		run_tool -1 pgrep --cgroup "$folder/nowhere" "$(own)"
	done < <(find /sys/fs/cgroup/ -maxdepth 5 -type d 2>/dev/null)
	[[ $found ]] || skip "no folder of /sys/fs/cgroup lists our processes"
}

@test "--ns: in the same namespaces as another process; --nslist: only these" {
	requires pidns
	spawn_ready named "$(own a)"
	local a=$spawned
	if ((EUID == 0)); then
		spawn_ready unshare -u -- named "$(own b)"
	else
		spawn_ready unshare -rU -- named "$(own b)"
	fi
	local b=$spawned
	run_tool -0 pgrep --ns "$$" "$(own)"
	assert_output "$a"
	run_tool -0 pgrep --ns "$b" "$(own)"
	assert_output "$b"
	run_tool -0 pgrep --ns "$$" --nslist ipc,net "$(own)"
	assert_equal "$(sort -n <<<"$output")" "$(printf '%s\n' "$a" "$b" | sort -n)"
	run_tool -0 pgrep --ns "$$" --nslist uts,user,net "$(own)"
	assert_output "$a"
	run_tool -2 pgrep --ns "$$" --nslist uts,nothing "$(own)"
	assert_stderr_has "'nothing' is none of"
	run_tool -2 pgrep --nslist uts "$(own)"
	assert_stderr_has "needs --ns"
	run_tool -2 pgrep --ns self "$(own)"
	assert_stderr_has "'self'"
	run_tool -2 pgrep --ns 0 "$(own)"
	run_tool -1 pgrep --ns 999999999 "$(own)"
	assert_stderr 'pgrep: 999999999: No such process'
	requires linux:6.9
	run_tool -1 pgrep --ns "$a:123456789" "$(own)"
	assert_stderr "pgrep: $a:123456789: recycled: that process is gone"
}

@test "--ns does not match a process whose namespaces may not be read" {
	requires user
	run_tool -3 pgrep --ns 1 .
	refute_output
	assert_stderr_has "ermission denied"
}

@test "-w selects threads and prints their TIDs" {
	requires python3
	cat >threads.py <<-'PYTHON'
		import threading, ctypes, sys, time
		def run():
		    ctypes.CDLL(None).prctl(15, sys.argv[1].encode(), 0, 0, 0)
		    print("ready", threading.get_native_id(), flush=True)
		    time.sleep(1000)
		threading.Thread(target=run, daemon=True).start()
		time.sleep(1000)
	PYTHON
	spawn_ready python3 threads.py "$(own)"
	local tid
	read -r _ tid <"$spawned_out"
	run_tool -0 pgrep -w "$(own)"
	assert_output "$tid"
	run_tool -0 pgrep -w -l -p "$spawned"
	assert_line "$tid $(own)"
	assert_line --regexp "^$spawned python"
	assert_equal "${#lines[@]}" 2
	run_tool -1 pgrep "$(own)"
	run_tool -2 pgrep -w --handle "$(own)"
	run_tool -1 pgrep -p "$tid"
	refute_output
}

@test "--explain prints which option excluded a process" {
	two
	run_tool -0 pgrep --explain -p "$first" "$(own)"
	assert_output "$first"
	assert_stderr_has "$second ($(own)): excluded by --pid"
	run_tool -1 pgrep --explain -u 54321 "$(own)"
	assert_stderr_has "$first ($(own)): excluded by --euid"
	assert_stderr_has "$second ($(own)): excluded by --euid"
	run_tool -0 pgrep --explain -n "$(own)"
	assert_output "$second"
	assert_stderr "pgrep: $first ($(own)): excluded by --newest"
	run_tool -0 pgrep --explain -o "$(own)"
	assert_output "$first"
	assert_stderr "pgrep: $second ($(own)): excluded by --oldest"
	run_tool -0 pgrep --explain -f "^$(own)\$" -P $$
	assert_stderr ''
}

@test "--explain with -v, or with a pidfile, prints the option that was written" {
	sleeper
	local pid=$spawned
	run_tool -0 pgrep -v -p 1 --not-pid "$pid" --explain
	assert_stderr_has "$pid (sleep): excluded by --not-pid"
	[[ $stderr != *'excluded by --pid'* ]]
	spawn_zombie
	run_tool -0 pgrep -v -p 1 --alive --explain
	assert_stderr_has "$zombie (true): excluded by --alive"
	[[ $stderr != *'excluded by --pid'* ]]
	# this one is left out by -v itself
	[[ $stderr != *'pgrep: 1 ('* ]]
	echo 1 >file
	run_tool -1 pgrep -F file --stale-ok --trust-pidfile --explain -x sleep
	assert_stderr_has "$pid (sleep): excluded by --pidfile"
}

@test "--explain prints the whole name of a process, not what the kernel has cut" {
	spawn_ready named "$(own)-with-a-long-name"
	run_tool -1 pgrep --explain -u 54321 "$(own)"
	assert_stderr "pgrep: $spawned ($(own)-with-a-long-name): excluded by --euid"
}

@test "--explain names processes whose name does not match, but their command line or program file" {
	spawn_ready named -a "$(own)here x" other
	run_tool -1 pgrep --explain "$(own)here"
	assert_stderr "pgrep: $spawned (other): its name does not match, but its command line does (--full)"
	# another criterion is not fulfilled
	run_tool -1 pgrep --explain -u 54321 "$(own)here"
	assert_stderr 'pgrep: no process matches'
	run_tool -0 pgrep --explain -f "$(own)here"
	assert_output "$spawned"
	# this one has changed its name
	mkdir folder
	mkfifo never
	cp "$(command -v bash)" "folder/$(own)file"
	# shellcheck disable=SC2016
	(exec -a renamed "folder/$(own)file" -c 'printf renamed >/proc/$$/comm; echo ready; read -r x <never') \
		>out 2>&1 3>&- &
	spawned=$!
	wait_for has_line out
	run_tool -1 pgrep --explain "^$(own)file\$"
	assert_stderr "pgrep: $spawned (renamed): its name does not match, but its program file does (--exe $PWD/folder/$(own)file)"
	finish "$spawned"
}

@test "--explain says that /proc hides processes" {
	requires root pidns
	# shellcheck disable=SC2016
	run --separate-stderr in_pidns '
		export BATS_TEST_TMPDIR=$PWD
		setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all \
			"$PFD_BINDIR/pgrep" --explain no-such-process || echo $?
		mount -t proc -o hidepid=2 proc /proc
		setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all \
			"$PFD_BINDIR/pgrep" --explain init || echo $?
		"$PFD_BINDIR/pgrep" --explain no-such-process || echo $?
		mount -o remount,hidepid=2,gid=65534 /proc
		setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all \
			"$PFD_BINDIR/pgrep" --explain no-such-process || echo $?'
	assert_output $'1\n1\n1\n1'
	[[ $(grep -vx 'pgrep: no process matches' <<<"$stderr") =~ ^'pgrep: /proc has the mount option hidepid='[a-z0-9]+': processes of other users are hidden from this search'$ ]] ||
		fail "$stderr"
}

@test "--explain reports ancestors, and facts that may not be read" {
	local text
	text=$(own)-unique
	# shellcheck disable=SC2016
	run_script -1 'echo $$; "$0" --explain -f "$1"; exit $?' "$text"
	assert_stderr_has "$output: skipped, its command line only quotes a search"
	# shellcheck disable=SC2016
	run_script -1 'echo $$; "$0" --explain -A -p $$ bash; exit $?'
	assert_stderr_has "$output (bash): excluded by --ignore-ancestors: it is an ancestor"
	requires root
	spawn_ready named "$(own)"
	run --separate-stderr as_user pgrep --explain --env X=Y "$(own)"
	assert_failure 1
	assert_equal "$stderr" \
		"pgrep: $spawned ($(own)): excluded by --env, which we may not read for this process"
}

@test "lists of thousands are read to their end" {
	spawn_ready named "$(own)"
	# numbers that no process of this test has
	local list first=$((spawned > 1000000 ? 400001 : 2400001))
	local last=$((first + 14999))
	list=$(seq -s, "$first" "$last"),$spawned,$$,$(seq -s, "$((first + 20000))" "$((first + 20500))")
	run_tool -0 pgrep -p "$list" -P "$list" "$(own)"
	assert_output "$spawned"
	run_tool -1 pgrep -p "$list" -P "$(seq -s, "$first" "$last")" "$(own)"
	run_tool -1 pgrep -P "$list" -g "$(seq -s, "$last" -1 "$first")" "$(own)"
}

@test "more processes than the soft limit of descriptors can be named" {
	requires flock
	mkfifo go
	exec 9<>go
	touch file
	spawn -i go bash -c 'exec 8<file; flock 8; exec herd 40'
	wait_for file_has "$spawned_out" ready
	local option list
	list=$(grep -v ready "$spawned_out" | paste -sd,)
	for option in "-P $list" "-g $spawned,$list" "--under $spawned,$list" "--not-pid $list -P $spawned" \
		"-p lock:$PWD/file"; do
		# shellcheck disable=SC2016
		run --separate-stderr bash -c 'ulimit -Sn 24; exec "$PFD_BINDIR/pgrep" -c $1' - "$option" 3>&-
		assert_equal "$option: $status $stderr" "$option: $((output == 0)) "
	done
	assert_output 41
}

@test "options of the other programs are rejected, also long ones" {
	local option
	for option in -e --echo --queue=1 --mrelease --wait --dry-run --interactive --timeout=1 --deadline=1; do
		run_tool -2 pgrep "$option" x
		refute_output
	done
	for option in -v -w --lightweight -a -l "-d," --any --status; do
		run_tool -2 pkill "$option" "$(own)"
		refute_output
	done
	for option in -w --lightweight -l -a --queue=1 -m --dry-run --wait -q; do
		run_tool -2 pidwait "$option" "$(own)"
		refute_output
	done
}

@test "numbers and durations must be valid as a whole" {
	local args
	for args in '-P 1x' '-g 0x10' '-s 1.5' '-O 1hh' '-p 1:' '-u 1x' '-P -1' '-P 99999999999'; do
		# shellcheck disable=SC2086
		run_tool -2 pgrep $args
		refute_output
	done
}

@test "lost standard output is status 3" {
	[[ -c /dev/full ]] || skip "there is no /dev/full"
	# shellcheck disable=SC2016
	run_script -3 '"$0" -p 1 >/dev/full'
	assert_stderr_has 'write error'
}

@test "-w never matches the threads of pgrep itself" {
	cp "$PFD_BINDIR/pgrep" "$(own)"
	run -1 --separate-stderr "./$(own)" -w -x "$(own)" 3>&-
	refute_output
	run -1 --separate-stderr "./$(own)" -x "$(own)" 3>&-
	refute_output
}

@test "-u, -U and -G reject 4294967295, which is not a user or group" {
	local option
	for option in -u -U -G; do
		run_tool -2 pgrep "$option" 4294967295
		run_tool -1 pgrep "$option" 4294967294 -x nobody
	done
}
