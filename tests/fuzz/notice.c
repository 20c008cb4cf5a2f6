// SPDX-License-Identifier: GPL-2.0-or-later
// notice.c: whatever a daemon says of itself, it is read or passed over.
#include "config.h"

#include "run/notify.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	const bool named = strstr(text, "READY=1") != NULL;
	struct notice notice;

	memset(&notice, 0x5a, sizeof(notice));
	notice_parse(&notice, text);
	PROMISE(!notice.ready || named);
	PROMISE(notice.main_pid >= 0);
	// its texts are inside of what was parsed
	PROMISE(!notice.status || (notice.status >= text && notice.status <= text + size));
	free(text);
	return 0;
}
