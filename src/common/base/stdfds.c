// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/stdfds.h"

#include <fcntl.h>
#include <unistd.h>

void stdfds_open(void)
{
	for (int wanted = STDIN_FILENO; wanted <= STDERR_FILENO; wanted++) {
		if (fcntl(wanted, F_GETFD) >= 0)
			continue;
		// open returns the lowest free number. An O_PATH descriptor can neither be read nor
		// written, and "/" exists in every root directory; /dev/null does not.
		int fd = open("/", O_PATH | O_CLOEXEC);
		if (fd > STDERR_FILENO)
			close(fd);
	}
}
