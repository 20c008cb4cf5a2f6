# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Shared by the tests of trees: `load tree` after `load helpers`.

load cgroup

# family: $root, its child $child and its child $leaf. Each records USR1, and TERM ends them.
family() {
	rm -f root child leaf leaf.pid
	spawn bash -c 'trap "echo USR1 >>root" USR1
		bash -c "trap \"echo USR1 >>child\" USR1
			sigecho -x 15 leaf & echo \$\$ \$! >leaf.pid
			until wait; do :; done" &
		until wait; do :; done'
	root=$spawned
	wait_for has_line leaf.pid
	read -r child leaf <leaf.pid
	wait_for comm_is "$leaf" sigecho
	wait_for catches "$leaf" 10
	wait_for catches "$child" 10
}

states() {
	local pid
	for pid; do
		proc_state "$pid"
	done
}

# None of these is stopped or has ended.
all_go_on() {
	[[ $(states "$@") =~ ^[SRD]+$ && $(states "$@" | wc -c) == "$#" ]]
}

all_stopped() {
	[[ $(states "$@") =~ ^T+$ ]]
}

all_ended() {
	[[ $(states "$@") =~ ^Z*$ ]]
}

# Inside the namespace: `held_at ARG...` runs pfdkill and stops it when it has found, and holds,
# everything that a first pass over /proc shows ($when: at which getdents64); its PID is in $us, and
# `let_go` continues it. $rule is a command that runs it, like old-kernel.
# shellcheck disable=SC2016
HELD='
	rule=
	when=2
	held_at() {
		: >us
		strace -f -o calls -P /proc -e trace=getdents64 \
			-e inject=getdents64:signal=SIGSTOP:when=$when \
			$rule sh -c "echo \$\$ >us; exec \"\$PFD_BINDIR/pfdkill\" \"\$@\"" sh "$@" &
		tracer=$!
		wait_for file_has calls "stopped by SIGSTOP"
		read -r us <us
	}
	let_go() {
		kill -CONT $us
		status=0
		wait $tracer || status=$?
	}
	is_traced() {
		[ "$(proc_state $1)" = t ]
	}
	keeper_of() {
		local file
		for file in /proc/[0-9]*; do
			comm_is "${file#/proc/}" pfd-keeper && echo "${file#/proc/}"
		done
	}
	runs() {
		[ "$(proc_state $1)" = S ]
	}
'
