#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# After the installed init file, kill is ours in bash, zsh and fish, and jobs stay with the shell.

load helpers

# The private folder of a package, with links to the programs, and the init files beside it.
private_folder() {
	local program shell name
	folder=$BATS_FILE_TMPDIR/private
	[[ ! -d $folder ]] || return 0
	mkdir -p "$folder/bin" "$folder/share/bash-completion/completions" \
		"$folder/share/zsh/site-functions" "$folder/share/fish/vendor_completions.d"
	for program in "$PFD_BINDIR"/*; do
		name=${program##*/}
		[[ -x $program && -f $program ]] || continue
		ln -s "$program" "$folder/bin/$name"
		for shell in "bash bash-completion/completions/$name" "zsh zsh/site-functions/_$name" \
			"fish fish/vendor_completions.d/$name.fish"; do
			sed -e "s/@PROGRAM@/$name/g" -e s/@PGREP@/pgrep/g \
				"$PFD_SRCDIR/completions/pidfd-utils.${shell%% *}" >"$folder/share/${shell#* }"
		done
	done
	for name in init.sh init.fish; do
		sed -e "s,@FOLDER@,$folder,g" -e "s,@KILL@,$folder/bin/kill,g" -e "s,@INIT@,$folder,g" \
			"$PFD_SRCDIR/shell/$name" >"$folder/$name"
	done
}

# Run the text in a shell that has read its init file: what it prints, with errors, in $output.
after_init() {
	local folder init
	requires "$1"
	private_folder
	case $1 in
	bash | zsh | dash) init=". $folder/init.sh" ;;
	fish) init="source $folder/init.fish" ;;
	esac
	printf '%s\n' "$init" "$2" >script
	HOME=$PWD run timeout 30 "$1" "${@:3}" script
	echo "$output"
}

kill_is_ours() {
	spawn_ready sigecho
	after_init "$1" "
		kill -s USR1 $spawned
		kill --version
		kill -TERM no-such-program" "${@:2}"
	assert_line --partial pidfd-utils
	assert_line --regexp '^kill: .*no-such-program'
	wait_for grep -q '^10 code=0' "$spawned_out"
}

@test "after the init file of bash, kill is the one of pidfd-utils" {
	kill_is_ours bash
}

@test "after the init file of zsh, kill is the one of pidfd-utils" {
	kill_is_ours zsh -f
}

@test "after the init file of fish, kill is the one of pidfd-utils" {
	kill_is_ours fish --no-config
}

# keeps_jobs SHELL...: kill %1 of a script, and -l.
keeps_jobs() {
	after_init "$1" '
		sleep 60 &
		kill -USR1 %1
		wait $!
		echo status $?
		kill -l 137
		kill -L' "${@:2}"
	assert_line 'status 138'
	assert_line KILL
	# the table of numbers, which no builtin has
	assert_line --regexp '^ *1 HUP\b'
}

@test "bash keeps its jobs, and the list of signals" {
	keeps_jobs bash -m
}

@test "zsh keeps its jobs, and the list of signals" {
	keeps_jobs zsh -f
}

# mixed SHELL: a job and a PID in one command; each is signalled once.
mixed() {
	spawn_ready sigecho
	after_init "$1" "
		sleep 60 &
		kill -USR1 %1 $spawned
		echo kill \$?
		wait \$!
		echo job \$?
		sleep 60 &
		kill -TERM %% no-such-program || echo failed \$?" "${@:2}"
	assert_line 'kill 0'
	assert_line 'job 138'
	assert_line --regexp '^failed [1-9]'
	wait_for grep -q '^10 code=0' "$spawned_out"
	assert_equal "$(grep -c '^10 ' "$spawned_out")" 1
}

@test "bash signals its job and the program of pidfd-utils a PID, when one command has both" {
	mixed bash -m
}

@test "zsh signals its job and the program of pidfd-utils a PID, when one command has both" {
	mixed zsh -f
}

@test "with an option of pidfd-utils, a job is refused with what to write" {
	after_init bash '
		sleep 60 &
		kill --timeout 5s KILL %1
		echo status $?
		builtin kill %1' -m
	assert_line --partial 'jobs are the shell'
	assert_line 'status 1'
}

@test "in dash, which may read ~/.profile, the init file sets the PATH and nothing else" {
	requires dash
	after_init dash 'set -e; command -v pgrep; command -V kill; echo "still here"'
	assert_line --regexp '/private/bin/pgrep$'
	assert_line 'kill is a shell builtin'
	assert_line 'still here'
	refute_line --partial 'not found'
}

@test "fish keeps its jobs" {
	after_init fish '
		status job-control full
		sleep 60 &
		kill %1
		wait
		jobs; or echo no job is left'
	assert_line 'no job is left'
}

@test "the init file can be read twice, and puts the folder into PATH once" {
	local folder
	private_folder
	after_init bash ". $BATS_FILE_TMPDIR/private/init.sh; echo \$PATH"
	assert_equal "$(grep -o 'private/bin' <<<"$output" | wc -l)" 1
	after_init fish "source $BATS_FILE_TMPDIR/private/init.fish; string join : \$PATH" --no-config
	assert_equal "$(grep -o 'private/bin' <<<"$output" | wc -l)" 1
}

@test "after the init file, bash completes kill as pidfd-utils does" {
	after_init bash '
		complete -p kill pgrep
		COMP_WORDS=(kill --time) COMP_CWORD=1
		_pidfd_utils_load kill
		echo again $?
		complete -p kill
		_pidfd_utils kill
		echo ${COMPREPLY[@]}'
	assert_line 'again 124'
	assert_line 'complete -F _pidfd_utils kill'
	assert_line --partial -- --timeout
}

@test "after the init file, zsh completes kill as pidfd-utils does, before and after compinit" {
	after_init zsh '
		autoload -U compinit
		compinit -u -d dump
		print ${_comps[kill]} ${_comps[pkill]}
		unset _comps
		compinit -u -d dump2
		. '"$BATS_FILE_TMPDIR"'/private/init.sh
		print ${_comps[kill]} ${_comps[pkill]}
		whence -v _kill; autoload +X _kill; whence -v _kill' -f
	assert_equal "$(grep -cx '_kill _pkill' <<<"$output")" 2
	assert_line --partial private/share/zsh/site-functions/_kill
}
