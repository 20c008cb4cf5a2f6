// SPDX-License-Identifier: GPL-2.0-or-later
// duration.c: any text is a duration within bounds, or refused and nothing written.
#include "config.h"

#include "base/duration.h"
#include "text.h"

#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	int64_t ns = -1;
	int r = duration_parse(text, DURATION_S, &ns);

	if (r == 0) {
		PROMISE(ns >= 0 && ns <= DURATION_MAX);
	} else {
		PROMISE(r == -EINVAL || r == -ERANGE);
		PROMISE(ns == -1);
	}
	free(text);
	return 0;
}
