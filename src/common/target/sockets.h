// SPDX-License-Identifier: GPL-2.0-or-later
// sockets.h: the processes that hold the listening socket of a port or of a Unix address.
//
// A process counts if a descriptor of it, while it is held, is that socket: a duplicate of the
// descriptor has its inode and cookie and still listens. If we may not duplicate it, the link in
// /proc is read again instead. The inode of a socket belongs to no other while it is open.
#pragma once

#include "target/found.h"
#include "target/port.h"

// Pass on each process that holds a TCP socket (protocol IPPROTO_TCP) that listens on the port, or
// a UDP socket (IPPROTO_UDP) that is bound to it and not connected. If one of the sockets has no
// holder that we may look into, none is passed on: -FAULT_HELD, and f->owner gets its user;
// -FAULT_UNHELD: no process of our pid namespace holds it. -FAULT_NO_LISTENER: there is no such
// socket (any more); -FAULT_NO_DIAG; -FAULT_NO_SEARCH; errors of holders_find and the result of the
// call.
int sockets_find_port(int protocol, const struct port *port, struct found *f);

// Pass on the process behind descriptor `fd` (pidref_dup_fd). If it is a listening Unix socket and
// the process that called listen(2) is dead or left out, each process that holds the socket. Errors
// of pidref_dup_fd, and as above; f->owner is (uid_t)-1: not known.
int sockets_find_fd(int fd, struct found *f);

// Pass on the process that called listen(2) last on the Unix socket `address` (unixpeer_open); if
// it is dead or left out, each process that holds the socket. Errors of unixpeer_open, and as
// above; -FAULT_UNLISTED: it listens, but it is not listed here.
int sockets_find_unix(const char *address, struct found *f);
