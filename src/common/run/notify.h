// SPDX-License-Identifier: GPL-2.0-or-later
// notify.h: the socket on which a command reports that it is ready, as in sd_notify(3).
//
// A message counts only as much as its sender: each one comes with the pidfd of the process that
// sent it.
#pragma once

#include "handle/pidref.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	NOTIFY_TEXT = 4096, // a longer message is rejected
	NOTIFY_NAME = 16,   // room for the address
};

struct notify {
	int fd;			// owned; readable when there is a message
	char name[NOTIFY_NAME]; // the address, as in NOTIFY_SOCKET
};

// What one message contains. The strings point into the text that was parsed.
struct notice {
	bool ready, stopping;
	bool has_error, has_exit;
	const char *status;  // or NULL
	int error;	     // ERRNO=
	int exit;	     // EXIT_STATUS=
	pid_t main_pid;	     // MAINPID=, 0: not given. Only a number, so it is not proof
	bool main_pidfd;     // MAINPIDFD=1: the pidfd of the main process comes along
	uint64_t main_inode; // MAINPIDFDID=, 0: not given
	uint64_t extend;     // EXTEND_TIMEOUT_USEC=, in microseconds; 0: not given
};

struct notify_message {
	struct pidref sender; // owned; empty if the sender was gone before it could be held
	pid_t pid;	      // from the sender's credentials, for display
	uid_t uid;
	struct pidref main; // owned; of MAINPIDFD=1, else empty
	char text[NOTIFY_TEXT + 1];
	struct notice notice; // points into text
};

// A socket in the abstract namespace: every process in our network namespace can send to it,
// whatever its user or root directory. -ENOPROTOOPT: before Linux 6.5; -EMFILE ...
int notify_open(struct notify *out);

// Who sent the next message, which stays: only pid and uid of *out are filled in. A PID is no proof
// of the sender, but the close of a descriptor that comes with a message can wait for the server of
// its file, so only messages of processes that may send them should be received. 1; 0: there is
// none; -errno.
int notify_peek(const struct notify *n, struct notify_message *out);

// Discard the next message. Its descriptors are not received, so no server is asked; but the kernel
// lets them go, and a TCP socket with SO_LINGER holds that up for as long as it says. 1; 0: there
// is none; -errno.
int notify_skip(const struct notify *n);

// Receive the next message. 1: it is in *out; 0: there is none; -EBADMSG: a message was dropped
// because it is too long or not one of sd_notify(3). Descriptors that came with a message are
// closed.
int notify_receive(const struct notify *n, struct notify_message *out);

// Read the lines of `text`, which is cut up in place. Unknown lines, and values that should be
// numbers but are not, are skipped.
void notice_parse(struct notice *out, char *text);
