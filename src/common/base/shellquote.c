// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/escape.h"
#include "base/shellquote.h"

#include <stdbool.h>
#include <string.h>

static bool is_plain(const char *bytes, size_t len)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "_@%+:,./-";

	for (size_t i = 0; i < len; i++)
		if (!bytes[i] || !strchr(safe, bytes[i]))
			return false;
	return len > 0;
}

// Whether escape_write prints all of it unchanged.
static bool is_printable(const char *bytes, size_t len)
{
	for (size_t at = 0; at < len;) {
		char same[8];
		unsigned rune;
		size_t n = escape_utf8(bytes + at, len - at, &rune);

		if (!n || strlen(escape_format(same, sizeof(same), bytes + at, n)) != n)
			return false;
		at += n;
	}
	return true;
}

static void write_single(FILE *out, const char *bytes, size_t len)
{
	fputc('\'', out);
	for (size_t i = 0; i < len; i++)
		if (bytes[i] == '\'')
			fputs("'\\''", out);
		else
			fputc(bytes[i], out);
	fputc('\'', out);
}

// A shell without $'...' (dash before 0.5.13) reads a $ followed by a word in '...'. So no quote
// and no backslash may stand between the quotes: \' would end the word there, and the shell would
// run the rest.
static void write_dollar(FILE *out, const char *bytes, size_t len)
{
	fputs("$'", out);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c >= 0x20 && c < 0x7f && c != '\'' && c != '\\')
			fputc(c, out);
		else // always three digits, so that a digit that follows is not part of the escape
			fprintf(out, "\\%03o", c);
	}
	fputc('\'', out);
}

void shellquote_word(FILE *out, const char *bytes, size_t len)
{
	if (is_plain(bytes, len))
		fwrite(bytes, 1, len, out);
	else if (is_printable(bytes, len))
		write_single(out, bytes, len);
	else
		write_dollar(out, bytes, len);
}

void shellquote_words(FILE *out, const char *bytes, size_t len)
{
	for (size_t at = 0; len && at <= len;) {
		size_t word = strnlen(bytes + at, len - at);

		if (at)
			fputc(' ', out);
		shellquote_word(out, bytes + at, word);
		at += word + 1;
	}
}
