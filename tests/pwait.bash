# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Shared by the tests of pwait: `load pwait` after `load helpers`.

# ---- a process of another parent, and pwait beside it ----

# victim WAY N: $pid is a child of another process; `order` ends it, and a second order reaps it.
victim() {
	local fifo
	fifo=$(mktemp -u "$BATS_TEST_TMPDIR/orders.XXXXXX")
	mkfifo "$fifo"
	exec {orders}<>"$fifo"
	spawn_ready -i "$fifo" waitstatus "$@"
	parent_out=$spawned_out
	read -r pid <"$spawned_out"
}

order() {
	echo >&"$orders"
}

end_victim() {
	order
	wait_for is_zombie "$pid"
}

reap_victim() {
	order
	wait_for is_gone "$pid"
}

# start PROGRAM ARG...: run it in the background until `result`; its PID is in $waiter. Its standard
# output and error are one text, $output of result.
start() {
	local as=()
	if [[ $1 == as_user ]]; then
		as=(as_user)
		shift
	fi
	# shellcheck disable=SC2016
	spawn_ready "${as[@]}" sh -c 'echo $$; exec "$PFD_BINDIR/$0" "$@"' "$@"
	job=$spawned
	told=$spawned_out
	read -r waiter <"$told"
}

# start it, and wait until it waits
start_waiting() {
	start "$@"
	wait_for waits "$waiter"
}

result() {
	status=0
	wait "$job" || status=$?
	output=$(tail -n +2 "$told")
	printf 'status %s\n%s\n' "$status" "$output"
}

# herd_of N: the PIDs are in $pids; `order` ends them all, the one at index i with i % 256.
herd_of() {
	mkfifo herd_orders
	exec {orders}<>herd_orders
	spawn -i herd_orders herd "$1"
	wait_for -t 150 file_has "$spawned_out" ready
	mapfile -t pids < <(grep -v ready "$spawned_out")
}

# ---- on a terminal ----

# terminal: a shell with job control on its own terminal; `type_keys` types, and its output is in
# the file screen.
terminal() {
	requires script
	mkfifo keys
	exec {keyboard}<>keys
	: >screen
	spawn -i keys env --default-signal TERM=vt100 script -qfc \
		'stty cols 300; exec bash --norc --noprofile -i' screen
	wait_for prompted
}

type_keys() {
	printf '%b' "$1" >&"$keyboard"
}

# The text on the screen, without the sequences for pasting.
seen() {
	sed 's/\r//g; s/\x1b\[?2004[hl]//g' screen
}

# The shell waits for a command.
prompted() {
	seen | tail -n 1 | grep -q '[$#] $'
}

shown() {
	seen | grep -q -- "$1"
}

# job_is WORD: the only job of that shell is Stopped or Running.
job_is() {
	wait_for prompted
	type_keys 'jobs\n'
	wait_for prompted
	seen | grep -A1 'jobs$' | tail -n 1 | grep -q -- "^\[1\].*$1"
}

# The status that a shell uses for the ending in a JSON object.
json_status() {
	if [[ $1 =~ \"exitStatus\":([0-9]+) ]]; then
		echo "${BASH_REMATCH[1]}"
	elif [[ $1 =~ \"killedBy\":\"([A-Z0-9+-]+)\" ]]; then
		echo $((128 + $(kill -l "${BASH_REMATCH[1]}")))
	fi
}
