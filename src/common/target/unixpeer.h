// SPDX-License-Identifier: GPL-2.0-or-later
// unixpeer.h: the process that listens on a Unix socket.
#pragma once

#include "handle/pidref.h"

// Hold the process that last called listen(2) on the Unix socket `address`: a path, or "@NAME" for
// the abstract name NAME. Connects to it and hangs up, so the listener sees a client that says
// nothing. Linux 6.5.
// -ENOENT: no such socket; -ECONNREFUSED: nobody listens on it; -ESRCH: the listener is gone,
// another process kept the socket; -ENAMETOOLONG; -EPROTOTYPE: a datagram socket, which nobody
// listens on; -EAGAIN: its queue of clients stays full; -EACCES: we may not connect.
int unixpeer_open(struct pidref *out, const char *address);
