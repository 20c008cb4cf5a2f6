// SPDX-License-Identifier: GPL-2.0-or-later
// pidfile.c: whatever stands in a pidfile, it names one process or is refused with a reason.
#include "config.h"

#include "target/fault.h"
#include "target/notes.h"
#include "target/pidfile.h"
#include "text.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pidfile_demands demands = {.trusted = true, .stale_ok = true};
	struct pidref ref = PIDREF_NULL;
	unsigned notes = 0;
	char path[32];

	int fd = memfd_create("pidfile", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int r = pidfile_open(&ref, path, &demands, &notes);
	if (r == 0) {
		PROMISE(ref.fd >= 0 && ref.pid > 0);
		PROMISE(size > 0);
	} else {
		PROMISE(r < 0 && ref.fd < 0 && notes == 0);
		PROMISE(*target_problem(r) != '\0');
	}
	pidref_close(&ref);
	close(fd);
	return 0;
}
