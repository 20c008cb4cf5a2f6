// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/quote.h"

#include <string.h>

static const char *const names[] = {
	"pgrep", "pkill", "pidwait", "pfdkill", "pfdwait", "pfdpgrep", "pfdpkill", "pfdpidwait"};

static const char blanks_and_quotes[] = " \t\n\v\f\r'\"`";

static bool is_one_of(char c, const char *chars)
{
	return !c || strchr(chars, c);
}

// The length of the name at `text`, if that is a search word of the text that ends at `end`, or 0.
static size_t word_at(const char *text, const char *end)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t len = strlen(names[i]);

		if ((size_t)(end - text) < len || memcmp(text, names[i], len) != 0)
			continue;
		if (text + len == end || is_one_of(text[len], blanks_and_quotes))
			return len;
	}
	return 0;
}

const char *quote_behind(const char *text, size_t len)
{
	const char *end = text + len;

	// all names begin with this letter
	for (const char *at = text; (at = memchr(at, 'p', (size_t)(end - at))); at++) {
		bool begins = at == text || is_one_of(at[-1], blanks_and_quotes) ||
			      strchr("/\\;|&(", at[-1]);
		size_t found = begins ? word_at(at, end) : 0;

		if (found)
			return at + found;
	}
	return NULL;
}

bool quote_is_search(const char *words, size_t len)
{
	const char *stop = memchr(words, 0, len);

	return quote_behind(words, stop ? (size_t)(stop - words) : len);
}
