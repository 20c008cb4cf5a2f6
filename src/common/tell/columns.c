// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "tell/columns.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum { WIDTH_UNKNOWN = 80 };

// The number of bytes of the first character, and its columns in *width.
static size_t character(const char *text, size_t len, mbstate_t *state, size_t *width)
{
	wchar_t c;
	size_t n = mbrtowc(&c, text, len, state);

	if (!n || n > len) {
		*state = (mbstate_t){0};
		*width = 1;
		return 1;
	}
	int columns = wcwidth(c);
	*width = columns > 0 ? (size_t)columns : 0;
	return n;
}

// The columns of the bytes that fit into `most`; *bytes gets their number.
static size_t measure(const char *text, size_t most, size_t *bytes)
{
	size_t len = strlen(text);
	mbstate_t state = {0};
	size_t sum = 0;
	size_t at = 0;

	while (at < len) {
		size_t width;
		size_t n = character(text + at, len - at, &state, &width);

		if (width > most - sum)
			break;
		sum += width;
		at += n;
	}
	*bytes = at;
	return sum;
}

size_t columns_of(const char *text)
{
	size_t bytes;

	return measure(text, (size_t)-1, &bytes);
}

size_t columns_fit(const char *text, size_t most)
{
	size_t bytes;

	measure(text, most, &bytes);
	return bytes;
}

size_t columns_terminal(FILE *out)
{
	struct winsize size;

	if (ioctl(fileno(out), TIOCGWINSZ, &size) < 0 || !size.ws_col)
		return WIDTH_UNKNOWN;
	return size.ws_col;
}
