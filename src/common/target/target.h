// SPDX-License-Identifier: GPL-2.0-or-later
// target.h: the only grammar for processes on a command line.
//
// PID, PID:INODE, PID:INODE:BOOT, :INODE, fd:N, fd:N@PID[:INODE], unix:PATH, pidfile:PATH, tid:N;
// of many processes tcp:PORT, udp:PORT, lock:PATH, cgroup:PATH, unit:NAME; for pfdkill also -PGID,
// 0, -1, and NAME or name:NAME.
// See pidfd-target(7). Parsing uses only the text; target_open is the only step that asks the
// kernel.
#pragma once

#include "handle/pidref.h"
#include "target/bootid.h"
#include "target/fault.h"
#include "target/pidfile.h"
#include "target/port.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// White space between targets.
#define TARGET_BLANKS " \t\r\n\v\f"

struct pidns;

enum target_kind {
	TARGET_PID = 1 << 0,
	TARGET_EXACT = 1 << 1,	   // PID:INODE, PID:INODE:BOOT
	TARGET_INODE = 1 << 2,	   // :INODE
	TARGET_FD = 1 << 3,	   // fd:N
	TARGET_GROUP = 1 << 4,	   // -PGID
	TARGET_OWN_GROUP = 1 << 5, // 0
	TARGET_ALL = 1 << 6,	   // -1
	TARGET_THREAD = 1 << 7,	   // tid:N
	TARGET_NAME = 1 << 8,	   // NAME, name:NAME
	TARGET_FD_OF = 1 << 9,	   // fd:N@PID, fd:N@PID:INODE
	TARGET_UNIX = 1 << 10,	   // unix:PATH, unix:@NAME
	TARGET_PIDFILE = 1 << 11,  // pidfile:PATH
	TARGET_PROC = 1 << 12,	   // /proc/PID; a name if this kind is not accepted
	TARGET_CGROUP = 1 << 13,   // cgroup:PATH
	TARGET_UNIT = 1 << 14,	   // unit:NAME
	TARGET_TCP = 1 << 15,	   // tcp:[ADDRESS:]PORT
	TARGET_UDP = 1 << 16,	   // udp:[ADDRESS:]PORT
	TARGET_LOCK = 1 << 17,	   // lock:PATH
	// an empty operand, or a number too large: no process. Other programs than kill reject it
	TARGET_NONE = 1 << 18,
	// not a kind: a number may have white space around it, as in util-linux
	TARGET_PADDED = 1 << 19,
};

// The kinds that name one process. Every program accepts them.
#define TARGET_ONE                                                                           \
	(TARGET_PID | TARGET_EXACT | TARGET_INODE | TARGET_FD | TARGET_FD_OF | TARGET_UNIX | \
		TARGET_PIDFILE)
// Of these, the kinds behind a descriptor or a Unix socket: all holders of a listening socket can
// be meant, see target_find_behind.
#define TARGET_BEHIND (TARGET_FD | TARGET_FD_OF | TARGET_UNIX)
// The kinds that can name many processes, which target_open_each holds. pfdkill, pwait and the
// option -p of pgrep, pkill and pidwait accept them.
#define TARGET_MANY (TARGET_CGROUP | TARGET_LOCK | TARGET_TCP | TARGET_UDP | TARGET_UNIT)
// Of these, the kinds that processes can join later: see cgroup.h.
#define TARGET_JOINED (TARGET_CGROUP | TARGET_UNIT)
// The kinds without a PID. They mean the same in every pid namespace.
#define TARGET_ANYWHERE (TARGET_FD | TARGET_UNIX | TARGET_MANY)
// The kinds that name several processes. Only pfdkill accepts them.
#define TARGET_SEVERAL (TARGET_GROUP | TARGET_OWN_GROUP | TARGET_ALL | TARGET_NAME)

struct target {
	const char *text; // the user's text, borrowed; every message quotes it
	enum target_kind kind;
	pid_t pid; // PID, PGID or thread ID; of TARGET_FD_OF the PID of the holder
	uint64_t inode;
	int fd;
	// part of text: a name (or what is searched like one), the address of a Unix socket, the
	// path of a file or cgroup
	const char *name;
	const struct pidns *in; // the namespace that pid belongs to, set by the caller; NULL: ours
	// of TARGET_EXACT: the boot to which the inode belongs; "": this one
	char boot[BOOTID_ROOM];
	struct port port;		// of TARGET_TCP and TARGET_UDP
	struct pidfile_demands demands; // of TARGET_PIDFILE, set by the caller
};

enum {
	TARGET_REASON = 1024,  // room for target_reason
	TARGET_STRMAX = 80,    // room for target_format and target_format_boot
	TARGET_UNIT_MAX = 256, // room for target_unit; the name of a folder is not longer
};

// Read `text` as one of the kinds in the mask `kinds`. -EINVAL, and *why gets the reason, which
// also says what is accepted: target_reason adds the text.
int target_parse(struct target *out, const char *text, unsigned kinds, const char **why);

// The reason for a name where none is accepted. Options and operands of programs have better
// advice.
extern const char target_is_name[];

// Write the text and the reason of target_parse into buf: "'TEXT': REASON". In the reason, '%' is
// replaced by the text; if it begins with a blank, it continues the text without a colon. Returns
// buf; what is longer than TARGET_REASON is cut.
char *target_reason(char buf[static TARGET_REASON], const char *text, const char *why);

// The file `path` ("-": standard input) as a TARGET_PIDFILE; its text is only the path.
struct target target_of_pidfile(const char *path);

// Hold the process that a target of a TARGET_ONE kind names, or the thread of TARGET_THREAD. 0, or
// one of the errors of fault.h: those of pidref_open_inode, target_find_behind,
// exact_open and pidfile_open. -EBADF also for a descriptor that was not inherited: those that are
// close-on-exec are our own. *notes gets warnings (notes.h); `notes` may be NULL.
int target_open_noting(const struct target *t, struct pidref *out, unsigned *notes);

// Pass on the process behind the descriptor or socket of a TARGET_FD, TARGET_FD_OF or TARGET_UNIX,
// or each process that holds the listening socket: sockets_find_fd, sockets_find_unix. Also errors
// of exact_open and pidref_copy_fd. In target_open several are -FAULT_SEVERAL.
struct found;
int target_find_behind(const struct target *t, struct found *f);

// The same without warnings.
int target_open(const struct target *t, struct pidref *out);

// The name of the cgroup of a TARGET_UNIT: the name in the text, and ".service" if it has no type.
// Returns buf.
char *target_unit(char buf[static TARGET_UNIT_MAX], const struct target *t);

// Write the handle of *ref for this boot into buf: "PID:INODE"; "PID" before Linux 6.9; ":INODE" if
// its PID is not known. Returns buf; target_parse reads the result back. Learns the inode.
char *target_format(char buf[static TARGET_STRMAX], struct pidref *ref);

// The same with the boot, "PID:INODE:BOOT". -EOPNOTSUPP: before Linux 6.9; -ESRCH: its PID is not
// known; -FAULT_NO_BOOT.
int target_format_boot(char buf[static TARGET_STRMAX], struct pidref *ref);
