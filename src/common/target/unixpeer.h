// SPDX-License-Identifier: GPL-2.0-or-later
// unixpeer.h: the process that listens on a Unix socket.
#pragma once

#include "handle/pidref.h"

// Hold the process that last called listen(2) on the Unix socket `address`: a path, or "@NAME" for
// the abstract name NAME. Connects and closes the connection, so the listener sees a client that
// sends nothing. Needs Linux 6.5.
// -ENOENT: no such socket, or another kind of file; -ECONNREFUSED: no process listens on it;
// -ESRCH: the listener is gone, but another process keeps the socket open; -ENAMETOOLONG;
// -EPROTOTYPE: a datagram socket, which cannot have a listener; -EAGAIN: its queue of clients stays
// full; -EACCES: we may not connect.
int unixpeer_open(struct pidref *out, const char *address);
