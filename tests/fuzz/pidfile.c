// SPDX-License-Identifier: GPL-2.0-or-later
// pidfile.c: whatever stands in a pidfile, it names one process or is refused with a reason.
#include "config.h"

#include "target/pidfile.h"
#include "text.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pidfile_demands demands = {.trusted = true};
	struct pidfile file;
	char path[32];
	const char *why = NULL;

	int fd = memfd_create("pidfile", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int r = pidfile_read(&file, path, &demands, &why);
	if (r == 0) {
		PROMISE(file.target.kind == TARGET_PID || file.target.kind == TARGET_EXACT);
		PROMISE(file.target.pid > 0);
		PROMISE(size > 0 && strlen(file.first) < sizeof(file.first));
	} else {
		PROMISE(r < 0 && why != NULL && *why != '\0');
	}
	close(fd);
	return 0;
}
