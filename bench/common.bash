# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# common.bash: what bench/run and bench/plot share: a PID namespace, a population, peers.

die() {
	printf 'bench: %s\n' "$*" >&2
	exit 2
}

# bench_begin BUILDDIR ARG...: start over in a PID namespace, where the population meets nobody
# else's processes and cannot outlive us. Then sets ours, tools, temp, namespace.
bench_begin() {
	[[ $# -ge 1 && -d $1 ]] || die "usage: bench/${0##*/} BUILDDIR [ARGUMENT...]"
	local map=() build
	((EUID == 0)) || map=(--user --map-root-user)
	namespace=${BENCH_NAMESPACE:-none}
	if [[ $namespace == none ]] && unshare "${map[@]}" --pid --fork --mount-proc true 2>/dev/null; then
		BENCH_NAMESPACE=own exec unshare "${map[@]}" --pid --fork --kill-child --mount-proc "$0" "$@"
	fi
	build=$(cd "$1" && pwd)
	ours=$build/bin
	tools=$build/bench
	local tool
	for tool in "$tools"/{floor,pair,populate,steps,waits} "$ours/pgrep"; do
		[[ -x $tool ]] || die "$tool is not built; 'make bench' builds it"
	done
	temp=$(mktemp -d) || die "no temporary folder"
	keeper=
	trap bench_end EXIT
	trap 'exit 130' INT TERM HUP
	ulimit -Sn "$(ulimit -Hn)"
}

bench_end() {
	unpopulate
	rm -rf "$temp"
}

# The population lives as long as its standard input.
unpopulate() {
	[[ -n $keeper ]] || return 0
	exec 9>&-
	wait "$keeper" 2>/dev/null
	keeper=
	rm -f "$temp/keep" "$temp/said"
}

# populate COUNT: instead of the one before.
populate() {
	local word=
	port=
	unpopulate
	mkfifo "$temp/keep" "$temp/said"
	"$tools/populate" "$1" 7 <"$temp/keep" >"$temp/said" &
	keeper=$!
	exec 9>"$temp/keep"
	# bench/run reads it
	# shellcheck disable=SC2034
	read -r -t 600 word port <"$temp/said"
	[[ $word == ready ]]
}

# Peers by their own paths, so that ours on the PATH are never taken for them.
peer() {
	local folder
	for folder in /usr/bin /bin /usr/sbin /sbin; do
		if [[ -x $folder/$1 ]]; then
			printf '%s\n' "$folder/$1"
			return
		fi
	done
	printf '%s\n' "$1-is-not-installed"
}

# What a package is called and its version, or nothing.
version_of() {
	"$(peer "$1")" --version 2>/dev/null | awk 'NR == 1 { print $NF; exit }'
}
