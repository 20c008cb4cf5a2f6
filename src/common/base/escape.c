// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/escape.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

size_t escape_utf8(const char *bytes, size_t len, unsigned *rune)
{
	const unsigned char *p = (const unsigned char *)bytes;
	static const unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = 0;
	unsigned r = 0;

	if (!len)
		return 0;
	if (p[0] < 0x80) {
		*rune = p[0];
		return 1;
	}
	// 0xc0 and 0xc1 can only begin an overlong form, 0xf5 and above only a code point past
	// U+10FFFF
	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		n = 2;
		r = p[0] & 0x1fu;
	} else if ((p[0] & 0xf0) == 0xe0) {
		n = 3;
		r = p[0] & 0x0fu;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		n = 4;
		r = p[0] & 0x07u;
	}
	if (!n || n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		r = r << 6 | (p[i] & 0x3fu);
	}
	if (r < smallest[n] || r > 0x10ffff || (r >= 0xd800 && r <= 0xdfff))
		return 0;
	*rune = r;
	return n;
}

// Control characters, and the characters that end a line, change the direction of the text or
// cannot be seen (Default_Ignorable_Code_Point of Unicode); but not U+200C, U+200D, U+FE0E and
// U+FE0F, without which some scripts and most emoji cannot be written.
bool escape_is_unsafe(unsigned rune)
{
	static const struct {
		unsigned first, last;
	} unsafe[] = {{0, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c},
		{0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200b},
		{0x200e, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},
		{0xfe00, 0xfe0d}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb},
		{0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};

	for (size_t i = 0; i < sizeof(unsafe) / sizeof(*unsafe); i++)
		if (rune >= unsafe[i].first && rune <= unsafe[i].last)
			return true;
	return false;
}

// setlocale(3) is not used: it takes longer than the rest of a short run. A locale whose name does
// not include UTF-8 counts as one without it; to escape too much is harmless.
bool escape_locale_is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *locale = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && (!locale || !*locale); i++)
		locale = getenv(names[i]);
	const char *codeset = locale ? strchr(locale, '.') : NULL;
	if (!codeset)
		return false;
	size_t len = strcspn(++codeset, "@");
	return (len == 4 && !strncasecmp(codeset, "utf8", len)) ||
	       (len == 5 && !strncasecmp(codeset, "utf-8", len));
}

// Write the escaped form of the character at `bytes` into `unit`. Returns how many bytes were used.
// If the locale has no UTF-8, only ASCII stays as it is: there, a byte of a longer character can be
// a control character.
static size_t escape_one(char unit[static 20], const char *bytes, size_t len)
{
	unsigned rune = 0;
	size_t n = escape_utf8(bytes, len, &rune);
	char *end = unit;

	if (n && !escape_is_unsafe(rune) && (n == 1 || escape_locale_is_utf8())) {
		memcpy(unit, bytes, n);
		unit[n] = 0;
		return n;
	}
	if (rune == '\n' || rune == '\t' || rune == '\r') {
		snprintf(unit, 20, "\\%c", rune == '\n' ? 'n' : rune == '\t' ? 't' : 'r');
		return n;
	}
	for (size_t i = 0; i < (n ? n : 1); i++)
		end += snprintf(end, 5, "\\x%02x", (unsigned char)bytes[i]);
	return n ? n : 1;
}

void escape_write(FILE *out, const char *bytes, size_t len)
{
	while (len) {
		char unit[20];
		size_t n = escape_one(unit, bytes, len);

		fputs(unit, out);
		bytes += n;
		len -= n;
	}
}

const char *escape_format(char *buf, size_t size, const char *bytes, size_t len)
{
	size_t used = 0;

	while (len) {
		char unit[20];
		size_t n = escape_one(unit, bytes, len);
		size_t width = strlen(unit);

		// never cut an escape in two
		if (used + width >= size)
			break;
		memcpy(buf + used, unit, width);
		used += width;
		bytes += n;
		len -= n;
	}
	buf[used] = 0;
	return buf;
}
