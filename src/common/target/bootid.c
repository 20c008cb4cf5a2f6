// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/buffer.h"
#include "target/bootid.h"
#include "target/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int bootid_take(const char **text, char out[static BOOTID_ROOM])
{
	const char *p = *text;

	if (strspn(p, "0123456789abcdefABCDEF") != BOOTID_LENGTH)
		return -EINVAL;
	for (int i = 0; i < BOOTID_LENGTH; i++)
		out[i] = (char)(p[i] >= 'A' && p[i] <= 'F' ? p[i] - 'A' + 'a' : p[i]);
	out[BOOTID_LENGTH] = 0;
	*text = p + BOOTID_LENGTH;
	return 0;
}

int bootid_read(char out[static BOOTID_ROOM])
{
	struct buffer text = {0};
	char digits[BOOTID_ROOM];
	size_t count = 0;
	int r = -FAULT_NO_BOOT;

	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	// sandboxes and minimal containers may not have it
	if (fd < 0)
		return r;
	if (!buffer_read(&text, fd)) {
		// the kernel prints it as a UUID, with dashes
		for (const char *p = buffer_text(&text); *p && count < BOOTID_LENGTH; p++)
			if (*p != '-')
				digits[count++] = *p;
		digits[count] = 0;
		const char *p = digits;
		r = bootid_take(&p, out) < 0 ? r : 0;
	}
	buffer_free(&text);
	close(fd);
	return r;
}

const char *bootid_text(struct bootid *b)
{
	if (!b->asked && bootid_read(b->text) < 0)
		*b->text = 0;
	b->asked = true;
	return *b->text ? b->text : NULL;
}
