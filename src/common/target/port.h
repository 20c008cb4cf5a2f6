// SPDX-License-Identifier: GPL-2.0-or-later
// port.h: "[ADDRESS:]PORT", and which sockets are bound to it.
#pragma once

#include "handle/sockdiag.h"

#include <stdbool.h>
#include <stdint.h>

struct port {
	uint16_t number; // not 0
	int family;	 // of the address, AF_INET or AF_INET6; 0: any address
	uint8_t address[SOCKDIAG_ADDRESS];
};

// Read "PORT", "1.2.3.4:PORT" or "[IPV6]:PORT", numbers only. An IPv4 address inside an IPv6 one
// is the same as the plain one. -EINVAL, and *why gets the reason.
int port_parse(struct port *out, const char *text, const char **why);

// Whether the socket, which has the number of the port, is bound to the address: exactly to this
// one. 0.0.0.0 is also that of a socket bound to [::] that takes IPv4 peers.
bool port_matches(const struct port *port, const struct sock *sock);
