// SPDX-License-Identifier: GPL-2.0-or-later
// target.c: any text is one target of a kind that was asked for, or refused with a reason and
// nothing written. Nothing is opened.
#include "config.h"

#include "target/target.h"
#include "text.h"

#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned kinds[] = {
		TARGET_ONE, TARGET_ONE | TARGET_SEVERAL, TARGET_MANY, TARGET_THREAD};
	char *text = text_of(data, size);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct target t;
		const char *why = NULL;

		memset(&t, 0x5a, sizeof(t));
		const struct target before = t;
		int r = target_parse(&t, text, kinds[i], &why);
		if (r == 0) {
			PROMISE((t.kind & kinds[i]) != 0);
			PROMISE(t.text == text);
			PROMISE(t.kind != TARGET_PID || t.pid > 0);
			PROMISE(t.kind != TARGET_EXACT || (t.pid > 0 && t.inode > 0));
			PROMISE(t.kind != TARGET_INODE || t.inode > 0);
			PROMISE(t.kind != TARGET_FD || t.fd >= 0);
			PROMISE(t.kind != TARGET_CGROUP || *t.name == '/');
			PROMISE(!(t.kind & (TARGET_TCP | TARGET_UDP)) || t.port.number);
			PROMISE(t.kind != TARGET_LOCK || *t.name);
			if (t.kind == TARGET_UNIT) {
				char unit[TARGET_UNIT_MAX];

				PROMISE(!strchr(target_unit(unit, &t), '/'));
				PROMISE(!strncmp(unit, t.name, strlen(t.name)));
			}
		} else {
			PROMISE(r == -EINVAL);
			PROMISE(why != NULL && *why != '\0');
			// every byte is meant
			// NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
			PROMISE(memcmp(&t, &before, sizeof(t)) == 0);
		}
	}
	free(text);
	return 0;
}
