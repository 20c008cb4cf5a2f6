// SPDX-License-Identifier: GPL-2.0-or-later
// notify.h: the socket on which a command says that it is ready, as sd_notify(3) does.
//
// A message is worth what its sender is: each comes with the pidfd of the process that sent it.
#pragma once

#include "handle/pidref.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	NOTIFY_TEXT = 4096, // a longer message is no message
	NOTIFY_NAME = 16,   // room for the address
};

struct notify {
	int fd;			// owned, can be read when there is a message
	char name[NOTIFY_NAME]; // the address, as NOTIFY_SOCKET has it
	bool older;		// the caller's own: it had children before its command
};

// What one message says. The texts are inside of what was parsed.
struct notice {
	bool ready, reloading, stopping;
	bool has_error, has_exit;
	const char *status;  // or NULL
	int error;	     // ERRNO=
	int exit;	     // EXIT_STATUS=
	pid_t main_pid;	     // MAINPID=, 0: not told; a number, so only a suspicion
	uint64_t main_inode; // MAINPIDFDID=, 0: not told
	uint64_t extend;     // EXTEND_TIMEOUT_USEC=, in microseconds; 0: not told
};

struct notify_message {
	struct pidref sender; // owned; empty where it was gone before it could be held
	pid_t pid;	      // what the sender's credentials say, for display
	uid_t uid;
	char text[NOTIFY_TEXT + 1];
	struct notice notice; // points into text
};

// A socket in the abstract namespace, where whoever is in our network namespace can send to,
// whatever user or root directory he has. -ENOPROTOOPT: before Linux 6.5; -EMFILE ...
int notify_open(struct notify *out);

// The next message. 1: *out is it; 0: there is none; -EBADMSG: one that is too long or none of
// sd_notify(3) was thrown away. Descriptors that came along are closed in any case.
int notify_receive(const struct notify *n, struct notify_message *out);

// Read the lines of `text`, which are taken apart in place. Unknown ones, and values that are no
// numbers, are passed over.
void notice_parse(struct notice *out, char *text);
