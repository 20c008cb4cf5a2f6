# SPDX-License-Identifier: GPL-2.0-or-later
# For fish. Write into ~/.config/fish/config.fish:
#     source @INIT@/init.fish
#
# After that, kill, pgrep, pkill, pidwait, pwait and waitpid are those of pidfd-utils, with their
# pages and completions. The kill of fish is a function that turns jobs (%1) into PIDs and calls the
# first kill of the PATH.

if test -n '@FOLDER@'
    contains @FOLDER@/bin $PATH
    or set -gx PATH @FOLDER@/bin $PATH
    contains @FOLDER@/share/fish/vendor_completions.d $fish_complete_path
    or set -g fish_complete_path @FOLDER@/share/fish/vendor_completions.d $fish_complete_path
else
    function kill --wraps pfdkill
        @KILL@ (__fish_expand_pid_args $argv)
    end
end
