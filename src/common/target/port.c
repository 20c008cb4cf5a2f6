// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/number.h"
#include "target/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum { ADDRESS_ROOM = INET6_ADDRSTRLEN + 1 };

static int refuse(const char **why, const char *reason)
{
	*why = reason;
	return -EINVAL;
}

static int parse_number(struct port *p, const char *text, const char **why)
{
	uint64_t number = 0;

	int r = number_parse(text, UINT16_MAX, &number);
	if (r == -ERANGE)
		return refuse(why, "a port is at most 65535");
	if (r < 0)
		return refuse(why, "a PORT must be a number, as in tcp:8080 or tcp:[::1]:8080");
	if (!number)
		return refuse(why, "no socket is bound to port 0");
	p->number = (uint16_t)number;
	return 0;
}

// An IPv4 address inside an IPv6 one becomes the plain one.
static void simplify(int *family, uint8_t address[SOCKDIAG_ADDRESS])
{
	static const uint8_t prefix[12] = {[10] = 0xff, 0xff};

	if (*family != AF_INET6 || memcmp(address, prefix, sizeof(prefix)) != 0)
		return;
	memmove(address, address + sizeof(prefix), 4);
	memset(address + 4, 0, SOCKDIAG_ADDRESS - 4);
	*family = AF_INET;
}

// The `len` bytes of an address without brackets.
static int parse_address(struct port *p, int family, const char *text, size_t len, const char **why)
{
	char copy[ADDRESS_ROOM];

	if (len == 1 && *text == '*')
		return refuse(why, "for all addresses, leave the address out, as in tcp:8080");
	if (family == AF_INET6 && memchr(text, '%', len))
		return refuse(why, "an ADDRESS has no zone, as in tcp:[fe80::1]:8080");
	if (len < sizeof(copy)) {
		memcpy(copy, text, len);
		copy[len] = 0;
		if (inet_pton(family, copy, p->address) == 1) {
			p->family = family;
			simplify(&p->family, p->address);
			return 0;
		}
	}
	return refuse(why, family == AF_INET6
				   ? "not an IPv6 address in the brackets"
				   : "an ADDRESS must be a number, as in tcp:127.0.0.1:8080");
}

int port_parse(struct port *out, const char *text, const char **why)
{
	struct port p = {0};
	const char *colon = strrchr(text, ':');
	const char *number = colon ? colon + 1 : text;
	int r = 0;

	if (*text == '[') {
		const char *end = strchr(text, ']');

		if (!end || end[1] != ':')
			return refuse(why, "an address in brackets is followed by :PORT, as in "
					   "tcp:[::1]:8080");
		number = end + 2;
		r = parse_address(&p, AF_INET6, text + 1, (size_t)(end - text) - 1, why);
	} else if (colon && memchr(text, ':', (size_t)(colon - text))) {
		return refuse(why, "an IPv6 address needs brackets, as in tcp:[::1]:8080");
	} else if (colon) {
		r = parse_address(&p, AF_INET, text, (size_t)(colon - text), why);
	}
	if (!r)
		r = parse_number(&p, number, why);
	if (!r)
		*out = p;
	return r;
}

bool port_matches(const struct port *port, const struct sock *sock)
{
	static const uint8_t any[SOCKDIAG_ADDRESS];
	uint8_t address[SOCKDIAG_ADDRESS];
	int family = sock->family;

	if (!port->family)
		return true;
	memcpy(address, sock->address, sizeof(address));
	simplify(&family, address);
	if (memcmp(port->address, address, sizeof(address)) != 0)
		return false;
	if (port->family == family)
		return true;
	return family == AF_INET6 && !sock->only6 && !memcmp(address, any, sizeof(any));
}
