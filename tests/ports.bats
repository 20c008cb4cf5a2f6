#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Ports as targets: tcp:[ADDRESS:]PORT and udp:[ADDRESS:]PORT.

load helpers

# serve [OPTION]... ADDRESS [PORT]: $server listens on $port; $workers hold the socket too.
serve() {
	spawn_ready server "$@"
	server=$spawned
	read -r _ port workers <"$spawned_out"
}

# visit [OPTION]... ADDRESS PORT: $client is connected to it from the port $from.
visit() {
	spawn_ready server -c "$@"
	client=$spawned
	read -r _ from <"$spawned_out"
}

is_dead() {
	is_zombie "$1" || is_gone "$1"
}

is_alive() {
	! is_dead "$1"
}

# names TARGET PID...: it names exactly these processes, in every tool.
names() {
	local target=$1
	shift
	run_tool -0 pgrep -p "$target"
	assert_output "$(printf '%s\n' "$@")"
	assert_stderr ''
	run_tool -0 pfdkill -p "$target"
	assert_equal "$(sort -n <<<"$output")" "$(printf '%s\n' "$@")"
}

@test "tcp:PORT is the process that listens there, never a client" {
	serve 127.0.0.1
	visit 127.0.0.1 "$port"
	names "tcp:$port" "$server"
	run_tool -0 pfdkill --wait --verbose "tcp:$port"
	assert_ended "tcp:$port: $server (server)" 'killed by signal 15 (TERM)'
	is_alive "$client"
	run_tool -1 pfdkill "tcp:$from"
	assert_stderr "pfdkill: tcp:$from: no process listens there"
	is_alive "$client"
}

@test "a port where no process listens is gone" {
	serve 127.0.0.1
	finish "$server"
	run_tool -1 pfdkill "tcp:$port"
	assert_stderr "pfdkill: tcp:$port: no process listens there"
	run_tool -1 pgrep -p "tcp:$port"
	assert_stderr "pgrep: tcp:$port: no process listens there"
	run_tool -0 pwait "tcp:$port"
	assert_stderr "pwait: tcp:$port: no process listens there"
	sleeper
	run_tool -64 pfdkill "tcp:$port" "$spawned"
	wait_for is_dead "$spawned"
}

@test "pwait tcp:PORT returns when all that hold the socket are gone" {
	serve -w 2 127.0.0.1
	spawn "$PFD_BINDIR/pwait" "tcp:$port"
	local waiter=$spawned one two
	read -r one two <<<"$workers"
	wait_for waits "$waiter"
	kill -KILL "$server" "$one"
	wait_for is_dead "$one"
	is_alive "$waiter"
	kill -KILL "$two"
	wait_for is_dead "$waiter"
}

@test "all that hold the socket are meant, also workers whose parent has ended" {
	serve -w 3 127.0.0.1
	visit 127.0.0.1 "$port"
	# shellcheck disable=SC2046,SC2086
	names "tcp:$port" $(printf '%s\n' "$server" $workers | sort -n)
	serve -x -w 2 127.0.0.1
	# shellcheck disable=SC2046,SC2086
	names "tcp:$port" $(printf '%s\n' $workers | sort -n)
	run_tool -0 pfdkill --wait "tcp:$port"
	local pid
	for pid in $workers; do
		is_dead "$pid"
	done
	is_alive "$client"
}

@test "two servers on one port are both meant" {
	serve -r 127.0.0.1
	local one=$server
	serve -r 127.0.0.1 "$port"
	# shellcheck disable=SC2046
	names "tcp:$port" $(printf '%s\n' "$one" "$server" | sort -n)
}

@test "ADDRESS is the one that the socket is bound to" {
	serve 127.0.0.1
	local one=$server
	serve 127.0.0.2 "$port"
	names "tcp:127.0.0.1:$port" "$one"
	names "tcp:127.0.0.2:$port" "$server"
	# shellcheck disable=SC2046
	names "tcp:$port" $(printf '%s\n' "$one" "$server" | sort -n)
	run_tool -1 pfdkill "tcp:127.0.0.3:$port"
	run_tool -1 pfdkill "tcp:0.0.0.0:$port"
	run_tool -1 pfdkill "tcp:[::]:$port"
	serve 0.0.0.0
	names "tcp:0.0.0.0:$port" "$server"
	run_tool -1 pfdkill "tcp:127.0.0.1:$port"
}

has_ipv6() {
	grep -q . /proc/net/if_inet6 2>/dev/null || skip "there is no IPv6 here"
}

@test "IPv6 addresses are written in brackets" {
	has_ipv6
	serve ::1
	visit ::1 "$port"
	names "tcp:$port" "$server"
	names "tcp:[::1]:$port" "$server"
	names "tcp:[0:0:0:0:0:0:0:1]:$port" "$server"
	run_tool -1 pfdkill "tcp:[::]:$port"
	run_tool -1 pfdkill "tcp:127.0.0.1:$port"
	is_alive "$client"
}

@test "a server of both IPv4 and IPv6 is found by either, one of IPv6 alone only by that" {
	has_ipv6
	serve ::
	visit 127.0.0.1 "$port"
	names "tcp:$port" "$server"
	names "tcp:[::]:$port" "$server"
	names "tcp:0.0.0.0:$port" "$server"
	is_alive "$client"
	serve -o ::
	local six=$server
	names "tcp:[::]:$port" "$six"
	run_tool -1 pfdkill "tcp:0.0.0.0:$port"
	serve 0.0.0.0 "$port"
	names "tcp:0.0.0.0:$port" "$server"
	names "tcp:[::]:$port" "$six"
	serve ::ffff:127.0.0.1
	names "tcp:127.0.0.1:$port" "$server"
	names "tcp:[::ffff:127.0.0.1]:$port" "$server"
}

@test "udp:PORT is every process with a socket bound to the port that is not connected" {
	serve -u 127.0.0.1
	local one=$server udp=$port
	names "udp:$udp" "$one"
	run_tool -1 pfdkill "tcp:$udp"
	visit -u -p 127.0.0.1 "$udp"
	run_tool -1 pfdkill "udp:$from"
	assert_stderr "pfdkill: udp:$from: no process listens there"
	run_tool -0 pfdkill --wait "udp:$udp"
	is_dead "$one"
	is_alive "$client"
}

@test "an MPTCP server is found" {
	[[ $(cat /proc/sys/net/mptcp/enabled 2>/dev/null) == 1 ]] || skip "there is no MPTCP here"
	serve -m 127.0.0.1
	names "tcp:$port" "$server"
}

@test "a server whose first thread has ended is found" {
	serve -t 127.0.0.1
	wait_for is_zombie "$server"
	names "tcp:$port" "$server"
	run_tool -0 pfdkill --wait "tcp:$port"
	is_gone "$server" || kill -0 "$server"
}

@test "the program itself is never meant" {
	requires python3
	# a process with the socket, that becomes the program; and one that starts it
	cat >listen.py <<-'PY'
		import os, socket, sys
		s = socket.socket()
		s.bind(("127.0.0.1", 0))
		s.listen()
		s.set_inheritable(True)
		port = s.getsockname()[1]
		if sys.argv[1] == "start" and os.fork() > 0:
		    os.wait()
		    sys.exit()
		os.execv(sys.argv[2], ["pfdkill", "-p", f"tcp:{port}"])
	PY
	run -1 python3 listen.py become "$PFD_BINDIR/pfdkill"
	assert_output --regexp '^pfdkill: tcp:[0-9]+: it names only this program itself, which is skipped$'
	spawn python3 listen.py start "$PFD_BINDIR/pfdkill"
	wait_for is_dead "$spawned"
	run cat "$spawned_out"
	assert_output "$spawned"
}

@test "two targets that are one process count once" {
	serve 127.0.0.1
	run_tool -0 pfdkill -p "$server" "tcp:$port" "tcp:127.0.0.1:$port" ":$(inode_of "$server")"
	assert_output "$server"
	run_tool -0 pwait --nohang "tcp:$port" "$server" || true
	run_tool -0 pgrep -p "$server,tcp:$port"
	assert_output "$server"
}

@test "a port that a process holds into which we may not look is refused with its user" {
	serve -h 127.0.0.1
	run -3 as_user pfdkill "tcp:$port"
	local user
	user=$(id -un)
	assert_output "pfdkill: tcp:$port: held by user $user
pfdkill: tcp:$port: it is held by a process that we may not look into; try as root"
	run -3 as_user pgrep -p "tcp:$port"
	assert_output --partial "held by user $user"
	run -3 as_user pwait "tcp:$port"
	assert_output --partial "held by user $user"
	is_alive "$server"
}

@test "processes that /proc hides are not taken for none" {
	requires root pidns
	local bin=$PFD_BINDIR
	drop_rights test -x "$bin/pfdkill" || {
		public_copy
		bin=$PFD_PUBLIC/bin
	}
	# shellcheck disable=SC2016
	run in_pidns '
		hide_processes 2
		server 127.0.0.1 >out &
		wait_for has_line out
		read -r _ port <out
		setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \
			--bounding-set=-all "$1/pfdkill" "tcp:$port"' \
		"$bin"
	skip_if_not_hidden
	assert_failure 3
	assert_output --regexp 'held by user root.*held by a process that we may not look into'
}

@test "a port of another network namespace is not ours" {
	requires root ip
	spawn unshare --net sh -c 'ip link set lo up; exec server 127.0.0.1'
	wait_for has_line "$spawned_out"
	read -r _ port <"$spawned_out"
	local inside=$spawned
	run_tool -1 pfdkill "tcp:$port"
	assert_stderr "pfdkill: tcp:$port: no process listens there"
	serve 127.0.0.1 "$port"
	names "tcp:$port" "$server"
	run -0 nsenter --net -t "$inside" "$PFD_BINDIR/pfdkill" -p "tcp:$port"
	assert_output "$inside"
}

@test "where sockets cannot be listed, or descriptors not be seen, the status is 3 and the reason is given" {
	requires seccomp
	serve 127.0.0.1
	run -3 old-kernel netlink=EPERM "$PFD_BINDIR/pfdkill" "tcp:$port"
	assert_output "pfdkill: tcp:$port: this kernel, or a sandbox, does not list sockets (sock_diag)"
	run -3 old-kernel netlink=ENOSYS "$PFD_BINDIR/pwait" "udp:$port"
	assert_output --partial "does not list sockets (sock_diag)"
	requires plain pidns
	# shellcheck disable=SC2016
	run -3 unshare "${PIDNS_FLAGS[@]}" sh -c 'mount -t tmpfs none /proc; exec "$@"' sh \
		"$PFD_BINDIR/pfdkill" "tcp:$port" 3>&-
	assert_output "pfdkill: tcp:$port: its holders cannot be found without the /proc of our pid namespace"
	is_alive "$server"
}

@test "a port that a process outside our pid namespace holds is not free" {
	requires pidns
	serve 127.0.0.1
	run -3 in_pidns '"$PFD_BINDIR/pfdkill" "tcp:$1"' "$port"
	assert_output --regexp "tcp:$port: it is held by (the kernel|a process that)"
	is_alive "$server"
}

@test "where we may not duplicate a descriptor, its link is the proof" {
	requires seccomp
	serve -w 1 127.0.0.1
	visit 127.0.0.1 "$port"
	local both
	# shellcheck disable=SC2086
	both=$(printf '%s\n' "$server" $workers | sort -n)
	run -0 old-kernel 438=1 "$PFD_BINDIR/pfdkill" -p "tcp:$port"
	assert_equal "$(sort -n <<<"$output")" "$both"
	run -0 old-kernel 5.2 "$PFD_BINDIR/pfdkill" -p "tcp:$port"
	assert_equal "$(sort -n <<<"$output")" "$both"
}

@test "an ordinary user finds its own servers" {
	requires root
	spawn as_user server -w 1 127.0.0.1
	wait_for has_line "$spawned_out"
	read -r _ port worker <"$spawned_out"
	run -0 as_user pfdkill -p "tcp:$port"
	assert_equal "$(wc -l <<<"$output")" 2
	assert_line "$worker"
	run -0 as_user pfdkill --wait "tcp:$port"
	is_dead "$worker"
}

# meets TARGET PID...: the target names these, they end by it, and its client lives on.
meets() {
	local target=$1 pid
	shift
	visit 127.0.0.1 "$port"
	# shellcheck disable=SC2046
	names "$target" $(printf '%s\n' "$@" | sort -n)
	run_tool -0 pfdkill --timeout 20s KILL --wait "$target"
	for pid; do
		wait_for is_dead "$pid"
	done
	is_alive "$client"
}

# free_port: a port where no process listens.
free_port() {
	serve 127.0.0.1
	finish "$server"
}

listens() {
	[[ $("$PFD_BINDIR/pgrep" -p "tcp:$port" 2>/dev/null | wc -l) == "$1" ]]
}

@test "tcp:PORT of an nginx is its master and its workers, not its clients" {
	requires nginx libproc2
	free_port
	mkdir tmp
	printf '%s\n' "pid nginx.pid; error_log error.log; worker_processes 3; daemon off;" \
		'events {}' "http { access_log off; client_body_temp_path tmp; proxy_temp_path tmp;" \
		"fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;" \
		"server { listen 127.0.0.1:$port; } }" >nginx.conf
	spawn nginx -p "$PWD" -c "$PWD/nginx.conf"
	local master=$spawned
	wait_for listens 4
	# shellcheck disable=SC2046
	meets "tcp:$port" "$master" $("$PFD_BINDIR/pgrep" -P "$master")
}

@test "tcp:PORT of a redis server is that server, not its clients" {
	requires redis-check-rdb libproc2
	# it is the server if it is called so
	ln -s "$(command -v redis-check-rdb)" redis-server
	free_port
	spawn ./redis-server --port "$port" --bind 127.0.0.1 --save ''
	wait_for listens 1
	meets "tcp:127.0.0.1:$port" "$spawned"
}

@test "tcp:PORT of python's http.server is that server, not its clients" {
	requires python3 libproc2
	free_port
	spawn python3 -m http.server --bind 127.0.0.1 "$port"
	wait_for listens 1
	meets "tcp:$port" "$spawned"
}

# TARGET | REASON; a REASON of one letter stands for one of these.
reason() {
	case $1 in
	n) echo 'a PORT must be a number, as in tcp:8080 or tcp:[::1]:8080' ;;
	a) echo 'an ADDRESS must be a number, as in tcp:127.0.0.1:8080' ;;
	s) echo 'not an IPv6 address in the brackets' ;;
	b) echo 'an address in brackets is followed by :PORT, as in tcp:[::1]:8080' ;;
	p) echo 'an IPv6 address needs brackets, as in tcp:[::1]:8080' ;;
	k) echo 'no such kind of target (a name with a colon is written name:NAME)' ;;
	*) echo "$1" ;;
	esac
}

bad_targets() {
	cat <<-'ROWS'
		tcp: | n
		udp: | n
		tcp:x | n
		udp:http | n
		tcp:http | n
		tcp:80x | n
		tcp:x80 | n
		tcp:0x50 | n
		tcp:+80 | n
		tcp:-80 | n
		tcp:80.0 | n
		tcp:8e1 | n
		tcp: 80 | n
		tcp:80  | n
		tcp:80-90 | n
		tcp:80/tcp | n
		tcp:80;ls | n
		tcp:８０ | n
		tcp:0 | no socket is bound to port 0
		tcp:00000 | no socket is bound to port 0
		udp:0 | no socket is bound to port 0
		tcp:65536 | a port is at most 65535
		udp:65536 | a port is at most 65535
		tcp:4294967376 | a port is at most 65535
		tcp:18446744073709551696 | a port is at most 65535
		tcp:99999999999999999999999999999999999999 | a port is at most 65535
		tcp:127.0.0.1: | n
		tcp:127.0.0.1:x | n
		tcp:127.0.0.1:0 | no socket is bound to port 0
		tcp:127.0.0.1:70000 | a port is at most 65535
		tcp:127.0.0.1:-1 | n
		tcp:127.0.0.1 | n
		tcp::80 | a
		tcp:localhost:80 | a
		tcp:example.org:443 | a
		udp:localhost:53 | a
		tcp:127.1:80 | a
		tcp:127.0.0.1.1:80 | a
		tcp:127.0.0.256:80 | a
		tcp:127.0.0.01:80 | a
		tcp:0x7f.0.0.1:80 | a
		tcp:2130706433:80 | a
		tcp: 127.0.0.1:80 | a
		tcp:127.0.0.1 :80 | a
		tcp:127.0.0.1/8:80 | a
		tcp:1111111111111111111111111111111111111111111111111111111111111111111111:80 | a
		tcp:*:80 | for all addresses, leave the address out, as in tcp:8080
		udp:*:80 | for all addresses, leave the address out, as in tcp:8080
		tcp:::80 | p
		tcp:::1:80 | p
		tcp:::ffff:127.0.0.1:80 | p
		tcp:fe80::1:80 | p
		tcp:127.0.0.1:80:90 | p
		tcp:http://127.0.0.1:80 | p
		tcp:[ | b
		tcp:[] | b
		tcp:[::1 | b
		tcp:[::1] | b
		tcp:[::1]80 | b
		tcp:[::1]/80 | b
		tcp:[::1]]:80 | b
		tcp:[]:80 | s
		tcp:[:]:80 | s
		tcp:[:::]:80 | s
		tcp:[::g]:80 | s
		tcp:[127.0.0.1]:80 | s
		tcp:[1:2:3:4:5:6:7:8:9]:80 | s
		tcp:[[::1]]:80 | b
		tcp:[::1]: | n
		tcp:[::1]:x | n
		tcp:[::1]:0 | no socket is bound to port 0
		tcp:[::1]:65536 | a port is at most 65535
		tcp:[fe80::1%eth0]:80 | an ADDRESS has no zone, as in tcp:[fe80::1]:8080
		tcp:[*]:80 | for all addresses, leave the address out, as in tcp:8080
		lock: | lock: must be followed by the path of a file
		locks:/x | k
		sctp:80 | k
		port:80 | k
		http:80 | k
		tcpp:80 | k
	ROWS
}

@test "a port that is written wrong is refused by every tool, with the reason" {
	sleeper
	local target why count=0
	while IFS='|' read -r target why; do
		target=${target% } why=$(reason "${why# }")
		run_tool -2 pfdkill "$spawned" "$target"
		assert_stderr_has "pfdkill: '$target': $why"
		run_tool -2 pwait "$target" "$spawned"
		assert_stderr_has "pwait: '$target': $why"
		run_tool -2 pgrep -p "$spawned,$target"
		assert_stderr_has "'$target': $why"
		((++count))
	done < <(bad_targets)
	((count >= 60))
	is_alive "$spawned"
}

@test "where one process is needed, a port and a lock are refused" {
	local target
	for target in tcp:80 udp:80 lock:/x; do
		run_tool -2 pfdkill --in "$target" 5
		assert_stderr_has "--in: '$target': it can name several processes, and one is needed here"
		run_tool -2 pwait --in "$target" 5
		assert_stderr_has "it can name several processes"
		run_tool -2 pgrep --ns "$target"
		assert_stderr_has "it can name several processes"
		run_tool -2 pfdkill --group "$target"
		assert_stderr_has "'$target': --group takes single processes"
		run_tool -2 pfdkill --thread "$target"
		assert_stderr_has "'$target': --thread takes single processes"
	done
}
