// SPDX-License-Identifier: GPL-2.0-or-later
// signame.c: any text is a signal whose name reads back as itself, or refused.
#include "config.h"

#include "base/signame.h"
#include "text.h"

#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	char buf[SIGNAME_MAX];
	int sig = -1, again = -1;
	int r = signame_parse(text, &sig);

	if (r == 0) {
		PROMISE(sig >= 0 && sig <= signame_last());
		PROMISE(signame_format(buf, sig) == buf && strlen(buf) < sizeof(buf));
		PROMISE(signame_parse(buf, &again) == 0 && again == sig);
	} else {
		PROMISE(r == -EINVAL && sig == -1);
	}
	free(text);
	return 0;
}
