# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of @PROGRAM@ for fish.
#
# What there is to complete is asked of the programs: the options of --help, and the processes
# of one call of pgrep, however many there are.

# PIDs, described by the user and the command line: from the table "PID USER AGE NAME COMMAND".
function __pidfd_utils_pids
    set -l lines (@PGREP@ --long . 2>/dev/null; or ps -A -o pid -o user -o etime -o comm=NAME -o args=COMMAND 2>/dev/null)
    set -l before (string length -- (string replace -r 'COMMAND.*' '' -- $lines[1]))
    string replace -rf "^(?= *(\d+) (\S+)).{$before}" '$1\t$2 ' -- $lines[2..]
end

function __pidfd_utils_names
    begin
        @PGREP@ -l . 2>/dev/null; or ps -A -o pid=,comm= 2>/dev/null
    end | string replace -r '^ *\d+ ' '' | sort -u
end

function __pidfd_utils_signals
    printf "$argv[1]%s\tsignal\n" (command kill -l | string split ' ' | string match -r '^[A-Z][A-Z0-9]*$') RTMIN RTMAX
end

# Unix sockets on which a process listens.
function __pidfd_utils_sockets
    string replace -rf '^\S+ \S+ \S+ 00010000 \S+ \S+ +\d+ ' '' </proc/net/unix | sort -u
end

# The columns of ps(1) that --columns knows: it lists them if the name is a wrong one.
function __pidfd_utils_columns
    string match -rg 'there are (.*) \(see' (command @PGREP@ --columns '?' . 2>&1) | string split ', '
end

# Steps of pwait -k: behind a signal is a duration.
function __pidfd_utils_steps
    set -l steps (commandline -ct | string replace -r '^--[a-z-]+=' '' | string split /)
    test (math (count $steps) % 2) = 1; or return
    __pidfd_utils_signals (string join '' -- $steps[1..-2]/)
end

function __pidfd_utils_terminals
    string match -r '(?:pts/|tty)\d+$' /dev/pts/* /dev/tty*
    printf -- '-\tnone\n'
end

# The items behind the last comma of the word, each with all that is before it.
function __pidfd_utils_list
    set -l before (commandline -ct | string replace -r '^--?[a-z-]+=' '' | string match -r '^.*,')
    or set before ''
    for item in ($argv)
        echo $before$item
    end
end

function __pidfd_utils_cgroups -a path
    for root in /sys/fs/cgroup{,/unified,/systemd}
        test -e $root/cgroup.procs; or continue
        for folder in $root/(string trim -l -c / -- $path)*/
            string sub -s (math 1 + (string length $root)) (string trim -r -c / $folder)
        end
        return
    end
end

function __pidfd_utils_namespaces
    string split ' ' 'ipc mnt net pid user uts cgroup time'
end

function __pidfd_utils_states
    string split ' ' 'D I R S T t X Z'
end

# Ports with a listener, or with an unconnected UDP socket: the argument is tcp or udp, and its state.
function __pidfd_utils_ports -a protocol state
    for line in (cat /proc/net/$protocol /proc/net/{$protocol}6 2>/dev/null)
        string match -rq '^ *\d+: \w+:(?<port>\w{4}) \S+ (?<is>\w\w) ' -- $line
        and test $is = $state
        and math 0x$port
    end | sort -nu
end

# Jobs as the kill of fish takes them.
function __pidfd_utils_jobs
    string match -q '%*' -- (commandline -ct); or return
    jobs | string replace -rf '^(\d+)\t.*\t(.*)' '%$1\t$2'
end

# Targets: what follows their form, or the PIDs.
function __pidfd_utils_targets
    __pidfd_utils_jobs
    string match -rq '^(?:--?[a-z-]+=)?(?<form>[a-z]+):(?<rest>.*)$' -- (commandline -ct)
    or begin
        __pidfd_utils_pids
        return
    end
    set -l found
    switch $form
        case pidfile lock
            # "set" takes a pattern that fits nothing
            set found $rest*
            test $form = pidfile -a -z "$rest"; and set -a found /run/*.pid /run/*/*.pid
        case unix
            set found (__pidfd_utils_sockets)
            set -q found[1]; or set found $rest*
        case tcp
            set found (__pidfd_utils_ports tcp 0A)
        case udp
            set found (__pidfd_utils_ports udp 07)
        case cgroup
            set found (__pidfd_utils_cgroups $rest)
        case unit
            set found /sys/fs/cgroup/**.service
            set -q found[1]; and set found (path basename $found | string replace .service '')
        case name
            set found (__pidfd_utils_names)
    end
    for item in $found
        echo $form:$item
    end
end

# The command that gives the values of an option, by what --help calls them.
function __pidfd_utils_source -a option value
    switch $value
        case SIGNAL
            echo '(__pidfd_utils_signals)'
        case STEPS
            echo '(__pidfd_utils_steps)'
        case 'USER*'
            echo '(__pidfd_utils_list __fish_complete_users)'
        case 'GROUP*'
            echo '(__pidfd_utils_list __fish_complete_groups)'
        case 'TTY*'
            echo '(__pidfd_utils_list __pidfd_utils_terminals)'
        case 'PID' 'TARGET'
            echo '(__pidfd_utils_targets)'
        case '*PID*' 'SID*' 'TARGET*'
            echo '(__pidfd_utils_list __pidfd_utils_pids)'
        case 'NAME,...'
            echo '(__pidfd_utils_list __pidfd_utils_namespaces)'
        case 'NAME*'
            echo '(set -nx)'
        case 'COLUMN*'
            echo '(__pidfd_utils_list __pidfd_utils_columns)'
        case LETTERS
            echo '(__pidfd_utils_states)'
        case 'PATH*'
            echo '(__pidfd_utils_cgroups (commandline -ct | string replace -r "^--[a-z-]+=" ""))'
        case DIR
            echo '(__fish_complete_directories)'
        case '*|*'
            string replace -a '|' ' ' $value
    end
end

# Whether the word before the last is an option of two values.
function __pidfd_utils_second
    set -l words (commandline -opc)
    string match -q -- "$argv[1]=*" "$words[-1]"
    or test (count $words) -ge 3 -a "$words[-2]" = $argv[1]
end

# One row of --help.
function __pidfd_utils_row -a program line
    string match -rq '^(?:  | {6})(?<left>-[^ ].*?)(?:  +(?<help>.*))?$' -- $line; or return
    string match -rq '^(?:-(?<short>[^-])(?:, )?)?(?:--(?<long>[a-z-]+))?(?<value>.*)$' -- $left
    set -l args
    test -n "$short"; and set -a args -s $short
    test -n "$long"; and set -a args -l $long
    test -n "$help"; and set -a args -d (string replace -a '  ' ' ' $help)
    if test -n "$value"
        set -l values (string trim -c '[]= ' -- $value | string split ' ')
        set -l source (__pidfd_utils_source "$long" $values[1])
        # a value in brackets has to be in the same word
        string match -q '[*' -- $value; or set -a args -r
        if test $values[1] = FILE
            set -a args -F
        else
            set -a args -f
            test -n "$source"; and set -a args -a $source
        end
        if set -q values[2]
            complete -c $program -f -n "__pidfd_utils_second --$long" \
                -a (__pidfd_utils_source "$long" $values[2])
        end
    else
        set -a args -f
    end
    complete -c $program $args
end

function __pidfd_utils_load -a program
    set -l help (command $program --help 2>/dev/null); or return
    set -l text (string join \n $help | string collect)
    complete -c $program -f
    # a row that goes on in the next lines is one row
    for line in (string replace -ra '\n {28}' '  ' $text | string split \n)
        __pidfd_utils_row $program $line
    end
    if string match -q '*PATTERN*' -- $text
        complete -c $program -a '(__pidfd_utils_names)'
    else
        complete -c $program -n 'not __fish_contains_opt -s l list' -k -a '(__pidfd_utils_targets)'
        string match -q '*name:NAME*' -- $text
        and complete -c $program -n 'not __fish_contains_opt -s l list' -a '(__pidfd_utils_names)'
        string match -q '*--list*' -- $text
        and complete -c $program -n '__fish_contains_opt -s l list' -a '(__pidfd_utils_signals)'
    end
    string match -q '*-SIGNAL*' -- $text
    and complete -c $program -n 'string match -qr "^-([A-Z].*)?\$" -- (commandline -ct)' -a '(__pidfd_utils_signals -)'
    string match -q '* -- COMMAND*' -- $text
    and complete -c $program -n 'contains -- -- (commandline -opc)' -a '(__fish_complete_subcommand --fcs-skip=1)'
end

__pidfd_utils_load @PROGRAM@
