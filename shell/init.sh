# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC1090,SC2157,SC2206
# For bash and zsh. Write into ~/.bashrc or ~/.zshrc:
#     . @INIT@/init.sh
#
# After that, kill, pgrep, pkill, pidwait, pwait and waitpid are those of pidfd-utils, with their
# pages and completions. kill is a builtin of each shell, which comes before every folder of the
# PATH, so a function replaces it: the shell keeps its jobs (%1) and the lists of signals.

if [ -n '@FOLDER@' ]; then
	case :$PATH: in
	*:@FOLDER@/bin:*) ;;
	*) PATH=@FOLDER@/bin:$PATH ;;
	esac
fi

# another shell, as sh at ~/.profile, gets the PATH only
[ -n "${BASH_VERSION-}${ZSH_VERSION-}" ] || return 0

\unalias kill 2>/dev/null
function kill {
	local -a options jobs others
	options=() jobs=() others=()
	case ${1-} in
	'' | -l)
		builtin kill "$@"
		return
		;;
	esac
	case " $* " in
	# the builtin has no long options; ours refuses the job
	*' --'[a-z]*)
		@KILL@ "$@"
		return
		;;
	*' %'*) ;;
	*)
		@KILL@ "$@"
		return
		;;
	esac
	while [ $# != 0 ]; do
		case $1 in
		%*) jobs+=("$1") ;;
		-s | -n)
			options+=("$1" "${2-}")
			[ $# = 1 ] || shift
			;;
		-*) options+=("$1") ;;
		*) others+=("$1") ;;
		esac
		shift
	done
	[ ${#others[@]} = 0 ] || @KILL@ "${options[@]}" "${others[@]}"
	set -- $?
	builtin kill "${options[@]}" "${jobs[@]}" && return "$1"
}

if [ -n '@FOLDER@' ]; then
	if [ -n "${ZSH_VERSION-}" ]; then
		# before compinit the folder is enough, after it each program is named
		fpath=(@FOLDER@/share/zsh/site-functions $fpath)
		if whence compdef >/dev/null; then
			for REPLY in kill pfdkill pgrep pidwait pkill pwait waitpid; do
				unfunction _$REPLY 2>/dev/null
				autoload -Uz _$REPLY
				compdef _$REPLY $REPLY
			done
		fi
	elif [ -n "${BASH_VERSION-}" ]; then
		# bash-completion 2.16 prefers the file of procps: each of ours is read when it is used
		_pidfd_utils_load() {
			. "@FOLDER@/share/bash-completion/completions/${1##*/}" && return 124
		}
		complete -F _pidfd_utils_load kill pfdkill pgrep pidwait pkill pwait waitpid
	fi
fi
