// SPDX-License-Identifier: GPL-2.0-or-later
// quote.c: in any command line the first search word is found, and no other is.
#include "config.h"

#include "find/quote.h"
#include "text.h"

// The words and what is beside them, as quote.h has it.
static const char *slowly(const char *text, size_t len)
{
	static const char *const words[] = {"pgrep", "pkill", "pidwait", "pfdkill", "pfdwait",
		"pfdpgrep", "pfdpkill", "pfdpidwait"};
	static const char before[] = " \t\n\v\f\r'\"`/\\;|&(";
	static const char behind[] = " \t\n\v\f\r'\"`";

	for (size_t at = 0; at < len; at++) {
		// the end of a string is a NUL, which counts as a blank
		if (at > 0 && memchr(before, text[at - 1], sizeof(before)) == NULL)
			continue;
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
			size_t end = at + strlen(words[i]);

			if (end <= len && memcmp(text + at, words[i], end - at) == 0 &&
				(end == len || memchr(behind, text[end], sizeof(behind)) != NULL))
				return text + end;
		}
	}
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	// nothing stands behind it, so that reading further is seen
	char *text = malloc(size ? size : 1);

	if (text == NULL)
		abort();
	memcpy(text, data, size);
	PROMISE(quote_behind(text, size) == slowly(text, size));
	const size_t first = strnlen(text, size);
	PROMISE(quote_is_search(text, size) == (slowly(text, first) != NULL));
	free(text);
	return 0;
}
