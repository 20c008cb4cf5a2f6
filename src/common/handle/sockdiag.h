// SPDX-License-Identifier: GPL-2.0-or-later
// sockdiag.h: the sockets that wait for peers, as the kernel lists them (sock_diag(7)).
//
// The list covers our own network namespace. It names no process: the inode of a socket is what a
// link in /proc/PID/fd shows, and the cookie is what SO_COOKIE answers for a descriptor of it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { SOCKDIAG_ADDRESS = 16 }; // bytes of an IPv6 address

struct sock {
	uint64_t cookie; // never given to another socket of this boot
	uint64_t inode;
	uid_t uid;  // the user that made the socket
	int family; // AF_INET, AF_INET6, AF_UNIX
	int protocol;
	uint16_t port;
	// that it is bound to; of AF_INET the first 4 bytes
	uint8_t address[SOCKDIAG_ADDRESS];
	bool only6; // of AF_INET6: it takes no IPv4 peers
	bool held;  // for the caller: a process that has it open was found
};

struct socks {
	struct sock *list; // owned
	size_t count;
};

// Which Unix sockets are meant: those bound to a file, or to an abstract name.
struct sockdiag_name {
	bool is_file;
	uint64_t device; // of is_file: st_dev and st_ino of the socket in the file system
	uint64_t inode;
	const char *text; // its address: a path, or "@" and the name
	size_t len;
};

// All TCP sockets (protocol IPPROTO_TCP) that listen on the port, or all UDP sockets (IPPROTO_UDP)
// that are bound to it and not connected; of IPv4 and IPv6. Replaces the list. -EOPNOTSUPP: this
// kernel, or a sandbox, has no such list; -ENOMEM, -EMFILE; -EIO: no complete list was received.
int sockdiag_ports(struct socks *out, int protocol, uint16_t port);

// All listening Unix sockets of that name. Errors as above.
int sockdiag_unix(struct socks *out, const struct sockdiag_name *name);

// Whether descriptor `fd` is of this socket, which still listens (or, of UDP, is not connected).
bool sockdiag_is(int fd, const struct sock *sock);

// The listening Unix socket behind descriptor `fd`. -ENODATA: it is none.
int sockdiag_of(int fd, struct sock *out);

// What a part of the answer adds to a list. 1: the answer is complete; 0: it goes on; -ENOMEM;
// -EINTR: the list changed while it was made; -EOPNOTSUPP; -EIO: it is malformed. The question is
// what a row is compared with.
struct sockdiag_question {
	int protocol;			  // 0: Unix sockets
	uint16_t port;			  // of the others
	const struct sockdiag_name *name; // of Unix sockets
};
int sockdiag_read(
	struct socks *out, const struct sockdiag_question *q, const void *data, size_t size);

// Free the list; may be called twice.
void sockdiag_free(struct socks *socks);
