// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/escape.h"
#include "tell/json.h"

#include <inttypes.h>
#include <string.h>

struct json json_begin(FILE *out)
{
	fputc('{', out);
	return (struct json){.out = out, .first = true};
}

static void write_string(FILE *out, const char *bytes, size_t len)
{
	fputc('"', out);
	while (len) {
		unsigned rune;
		size_t n = escape_utf8(bytes, len, &rune);

		// U+FFFD, the replacement character: JSON must be valid UTF-8
		if (!n)
			fputs("\xef\xbf\xbd", out);
		else if (rune == '"' || rune == '\\')
			fprintf(out, "\\%c", (int)rune);
		// JSON allows these, but a terminal may act on them; above U+FFFF they are a pair
		else if (escape_is_unsafe(rune) && rune > 0xffff)
			fprintf(out, "\\u%04x\\u%04x", 0xd7c0 + (rune >> 10),
				0xdc00 + (rune & 0x3ff));
		else if (escape_is_unsafe(rune))
			fprintf(out, "\\u%04x", rune);
		else
			fwrite(bytes, 1, n, out);
		bytes += n ? n : 1;
		len -= n ? n : 1;
	}
	fputc('"', out);
}

static void write_key(struct json *j, const char *key)
{
	if (!j->first)
		fputc(',', j->out);
	j->first = false;
	write_string(j->out, key, strlen(key));
	fputc(':', j->out);
}

void json_string(struct json *j, const char *key, const char *bytes, size_t len)
{
	write_key(j, key);
	write_string(j->out, bytes, len);
}

void json_text(struct json *j, const char *key, const char *text)
{
	if (text)
		json_string(j, key, text, strlen(text));
	else
		json_null(j, key);
}

void json_number(struct json *j, const char *key, int64_t value)
{
	write_key(j, key);
	fprintf(j->out, "%" PRId64, value);
}

void json_unsigned(struct json *j, const char *key, uint64_t value)
{
	write_key(j, key);
	fprintf(j->out, "%" PRIu64, value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	write_key(j, key);
	fputs(value ? "true" : "false", j->out);
}

void json_null(struct json *j, const char *key)
{
	write_key(j, key);
	fputs("null", j->out);
}

void json_words(struct json *j, const char *key, const char *bytes, size_t len)
{
	write_key(j, key);
	fputc('[', j->out);
	for (size_t at = 0; len && at <= len;) {
		size_t word = strnlen(bytes + at, len - at);

		if (at)
			fputc(',', j->out);
		write_string(j->out, bytes + at, word);
		at += word + 1;
	}
	fputc(']', j->out);
}

void json_end(struct json *j)
{
	fputs("}\n", j->out);
	fflush(j->out);
}
