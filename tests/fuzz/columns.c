// SPDX-License-Identifier: GPL-2.0-or-later
// columns.c: whatever a text is, it is cut between characters, and what is left fits, with no room
// for one more.
#include "config.h"

#include "tell/columns.h"
#include "text.h"

#include <locale.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return -1;
	setlocale(LC_ALL, data[0] % 2 ? "C.UTF-8" : "C");
	const size_t most = data[0] / 2;
	char *text = text_of(data + 1, size - 1);
	const size_t len = strlen(text);
	const size_t all = columns_of(text);
	const size_t fit = columns_fit(text, most);

	// a character takes at most two columns, and at least a byte
	PROMISE(all <= 2 * len);
	PROMISE(fit <= len);
	PROMISE((fit == len) == (all <= most));
	PROMISE(columns_fit(text, all) == len);
	// of what was cut nothing fits any more
	const size_t rest = columns_of(text + fit);
	char *start = text_of(data + 1, fit);
	const size_t used = columns_of(start);
	PROMISE(used <= most && used + rest == all);
	PROMISE(fit == len || columns_fit(text + fit, most - used) == 0);
	free(start);
	free(text);
	return 0;
}
