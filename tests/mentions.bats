#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Searches with -f that would find themselves, and the searches of others.

load helpers
FILE_REQUIRES='libproc2 pidns'

# in_world SCRIPT: run it in a new PID namespace, where pgrep, pkill and pidwait are ours. The script is
# in no command line. Reading `never` never ends.
in_world() {
	cat >world <<-SCRIPT
		PATH=\$PFD_BINDIR:\$PATH
		exec 3>&-
		set +e
		: >ready
		[[ -e never ]] || mkfifo never
		$1
	SCRIPT
	run --separate-stderr in_pidns '. ./world'
	printf 'status %s\n-- stdout\n%s\n-- stderr\n%s\n' "$status" "$output" "$stderr"
}

# ---- what is skipped ----

@test "the shells of a pipe that quotes the search are not selected, over any number of forks" {
	# the parts of the pipes are shells that never call exec, so that the search sees them
	in_world '
		for sh in sh bash; do
			$sh -c "(echo >>ready; read x <never) & pgrep -a -f uniq; :"
			$sh -c "(echo >>ready; read x <never; :) & (echo >>ready; (echo >>ready; read x <never; :) & wait; :) &
				until [ \$(wc -l <ready) = 4 ]; do :; done; pgrep -a -f uniq | { cat; cat; }; :"
			: >ready
		done'
	assert_success
	refute_output
	refute [ -n "$stderr" ]
}

@test "--args does not select the shells of a pipe that quotes the search either" {
	in_world '
		for sh in sh bash; do
			$sh -c "(echo >>ready; read x <never; :) & until [ -s ready ]; do :; done
				pgrep -a --args uniq . | cat; for p in foo; do pgrep -a --args \$p . | cat; done; kill \$!; wait"
			: >ready
			$sh -c "pgrep -a --args uniq --mentions $sh; :" | cut -d" " -f2
		done'
	assert_output $'sh\nbash'
}

@test "the shells of a loop over several patterns are not selected" {
	in_world '
		for sh in sh bash; do
			$sh -c "(echo >>ready; read x <never; :) & until [ -s ready ]; do :; done
				for p in foo1 foo2; do pgrep -a -f \$p | cat; done; kill \$!"
			: >ready
			$sh -c "(echo >>ready; read x <never; :) & until [ -s ready ]; do :; done
				cd /var && pgrep -a -f \$PWD | cat; kill \$!"
			: >ready
		done'
	assert_success
	refute_output
}

@test "a part of a pipe that is about to call exec is not selected" {
	requires strace
	# each execve takes a quarter of a second longer, so the shells of cat are still there when the search
	# has begun, and the search takes longer than they do
	in_world '
		strace -f -o /dev/null -e trace=execve -e inject=execve:delay_enter=250000:when=1 \
			sh -c "pgrep -a -f uniq | cat; for p in foo; do pgrep -a -f \$p | (cat | cat); done"
		echo $?' 3>&-
	assert_output 0
}

@test "the shell that becomes the search by exec leaves forks, which are not selected" {
	in_world '
		bash -c "(echo >ready; read x <never; :) & until [ -s ready ]; do :; done
			for p in foo1; do exec pgrep -a -f \$p; done"
		echo $?'
	assert_output 1
}

@test "the searches of others are not selected, nor what starts them" {
	in_world '
		named uniqa >ready & wait_for has_line ready
		sh -c "echo >x; read x <never; pkill -f uniqa" & wait_for has_line x
		timeout 100 sh -c "echo >y; read x <never; exec pidwait -f uniqa" & wait_for has_line y
		named pkill -- -f uniqa >z & wait_for has_line z
		pgrep -l -f "[u]niqa" | cut -d" " -f2
		echo mentions
		pgrep --mentions -f -c "[u]niqa"
		pkill -e -f "[u]niqa" | sed "s/ (.*//"
		echo $?'
	assert_output $'uniqa\nmentions\n5\nuniqa killed\n0'
}

@test "a process that waits for a pattern does not wait for another that does" {
	in_world '
		named uniqa >ready & victim=$! && wait_for has_line ready
		sh -c "pidwait -e -f uniqa; echo a" >a & wait_for has_line a
		sh -c "pidwait -e -f uniqa; echo b" >b & wait_for has_line b
		finish $victim
		wait
		sed "s/ (.*//" a b'
	assert_output $'waiting for uniqa\na\nwaiting for uniqa\nb'
}

@test "with -v a command line that only quotes a search is not selected either" {
	in_world '
		named uniqa >ready & wait_for has_line ready
		sh -c "echo >x; read x <never; pkill -f uniqa" & wait_for has_line x
		bash -c "pgrep -v -a -f [u]niqa | cat; :" >out
		grep -c uniq out
		bash -c "pgrep -v -u 54321 -a -f [u]niqa | cat; :" >out
		grep -c "^[0-9]* uniqa" out
		grep "pkill -f uniqa\|pgrep -v" out
		bash -c "for p in nothing; do pgrep -v -a -f \$p; done; : uniq" >out
		grep "bash.*uniq$" out
		echo end'
	assert_output $'0\n1\nend'
}

@test "a script that runs pgrep -f with its own name finds itself alone" {
	cat >script <<-'SCRIPT'
		#!/bin/bash
		[ "$(pgrep -f "$0")" != "$$" ] && echo dup
		[ $(pgrep -fc "$0") -gt 1 ] && echo two
		echo end
	SCRIPT
	chmod +x script
	in_world './script; ./script & other=$!; wait'
	assert_output $'end\nend'
	sed -i 's/^echo end/echo >ready; read x <never/' script
	in_world './script & wait_for has_line ready; : >ready; timeout 5 ./script; echo end' || true
	assert_line dup
	assert_line two
}

@test "a child can end its parent by the name of the script" {
	cat >supervisord <<-'SCRIPT'
		#!/bin/bash
		trap 'echo ended; exit' TERM
		bash ./listener &
		while :; do wait; done
	SCRIPT
	echo 'pkill -15 -f supervisord; :' >listener
	in_world 'bash ./supervisord -c x.conf'
	assert_output ended
}

@test "an event listener of supervisord can end it by name" {
	requires supervisord
	printf '%s\n' '#!/bin/bash' 'echo READY' 'read -r line' 'pkill -15 -f supervisord' 'read -r line' >listener
	chmod +x listener
	cat >supervisord.conf <<-CONF
		[supervisord]
		nodaemon=true
		user=root
		logfile=$PWD/log
		pidfile=$PWD/pid
		[eventlistener:listener]
		command=$PWD/listener
		events=PROCESS_STATE
		[program:one]
		command=true
		startsecs=0
		autorestart=false
	CONF
	in_world 'timeout 30 supervisord -c supervisord.conf >out; echo $?'
	assert_output 0
	file_has log 'received SIGTERM'
}

@test "a hook of tmux can end it by name" {
	requires tmux
	# shellcheck disable=SC2016
	in_world '
		export TERM=xterm TMUX_TMPDIR=$PWD
		tmux -L "$BASHPID" -f /dev/null new-session -d -s one "sleep 1000"
		server=$(pgrep -x "tmux: server")
		tmux -L "$BASHPID" set-hook -g session-closed "run-shell \"pkill -f tmux; sleep 1\""
		tmux -L "$BASHPID" new-session -d -s two "sleep 1000"
		tmux -L "$BASHPID" kill-session -t two
		wait_for is_gone $server && echo ended'
	assert_output ended
}

@test "pkill -f ends a loop that waits for another search" {
	in_world '
		named uniqa >ready & wait_for has_line ready
		sh -c "echo >x; until ! pgrep -f uniqa >/dev/null; do sleep 0.1; done" & loop=$!
		wait_for has_line x
		pkill -f uniqa.*sleep; echo $?
		pkill -f "[u]ntil ! pgrep"; echo $?
		wait $loop; echo $?'
	assert_output $'1\n0\n143'
}

@test "text that looks like a search but is none is selected" {
	in_world '
		for name in "vi pgrep.c uniq" "vi xpkill uniq" "uniq pgrep" "pgrep; uniq"; do
			: >ready
			named -a "$name" n >ready & wait_for has_line ready
		done
		pgrep -f -c "[u]niq"'
	assert_output 4
}

# ---- what is reported ----

@test "--verbose and --explain name what is skipped because it quotes a search" {
	in_world '
		sh -c "echo >x; read x <never; pkill -f uniqa" & wait_for has_line x
		echo $!
		for tool in pgrep pkill pidwait; do
			for option in --verbose --explain; do
				$tool $option -f "[u]niqa"
				echo $? >&2
			done
			$tool -f "[u]niqa"
		done'
	local pid=$output want=
	for tool in pgrep pkill pidwait; do
		for option in 1 2; do
			want+="$tool: $pid: skipped, its command line only quotes a search (--mentions selects it): "
			want+=$'sh -c echo >x; read x <never; pkill -f uniqa\n1\n'
		done
	done
	assert_stderr "${want%?}"
}

@test "on a terminal, pkill names a skipped process that is neither a search nor its own shell" {
	requires script
	in_world '
		sh -c "echo >x; read x <never; pkill -f uniqa" & wait_for has_line x
		named pkill -- -f uniqa >z & wait_for has_line z
		echo $!
		script -qec "pkill -f \"[u]niqa\"; echo status \$?" /dev/null </dev/null | tr -d "\r"
		script -qec "sh -c \"pkill -f uniqa; :\"" /dev/null </dev/null | tr -d "\r"
		script -qec "pgrep -f \"[u]niqa\"" /dev/null </dev/null'
	assert_equal "${#lines[@]}" 4
	assert_line --index 1 --regexp '^pkill: [0-9]+: skipped, its command line only quotes a search .*sh -c echo'
	assert_line --index 2 'status 1'
	assert_equal "${lines[3]}" "${lines[1]}"
}

# ---- -A ----

@test "-A leaves out the forks of the shell that runs the search, until they call exec" {
	local sh
	for sh in sh bash; do
		in_world "sh=$sh"'
			$sh -c "(echo >>ready; read x <never; :) & (echo >>ready; (echo >>ready; read x <never; :) & wait; :) &
				sleep 1000 &
				until [ \$(wc -l <ready) = 3 ] && [ \$(pgrep -x sleep) ]; do :; done
				pgrep -A -l . | cut -d\" \" -f2; :"'
		# of the pipe, cut may be running already
		refute_line "$sh"
		assert_line sleep
	done
}

@test "-A finds the workers that a server forks" {
	cat >server <<-'SCRIPT'
		for i in 1 2 3; do (echo >>ready; read x <never; :) & done
		wait
	SCRIPT
	in_world '
		bash ./server & until [ $(wc -l <ready) = 3 ]; do :; done
		pgrep -c -f server
		pgrep -A -c -f server
		sh -c "pgrep -A -c -f server; :"
		bash -c "(pgrep -A -c -f server | cat); :"'
	assert_output $'4\n4\n4\n4'
}

@test "-A finds the workers of a server that an ancestor has adopted" {
	# the server starts them and ends; PID 1, an ancestor, is their parent then
	cat >server <<-'SCRIPT'
		for i in 1 2 3; do (echo >>ready; until [ -e orphaned ]; do :; done; read x <never; :) & done
	SCRIPT
	in_world '
		bash ./server; until [ $(wc -l <ready) = 3 ]; do :; done
		: >orphaned
		pgrep -A -c -f server
		bash -c "pgrep -A -c -f server; :"'
	assert_output $'3\n3'
}

@test "-A -v does not select the forks of ancestors" {
	in_world '
		bash -c "(echo >>ready; read x <never; :) & until [ -s ready ]; do :; done
			pgrep -v -A -l nothing; :" >out
		grep -c bash out'
	assert_output 0
}
