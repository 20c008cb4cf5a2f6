// SPDX-License-Identifier: GPL-2.0-or-later
// output.c: whatever another process is called, what is printed of it is one line without control
// bytes, JSON that is whole, and words that a shell reads back as they were.
#include "config.h"

#include "base/escape.h"
#include "base/shellquote.h"
#include "tell/json.h"
#include "text.h"

static void check_line(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];

		PROMISE(c >= 0x20 && c != 0x7f);
		PROMISE(c < 0x80 || c >= 0xa0 || (i && (unsigned char)line[i - 1] >= 0x80));
	}
}

// Everything between the quotes, as far as JSON has rules about bytes.
static void check_json(const char *line, size_t len)
{
	PROMISE(len > 11 && line[len - 1] == '\n');
	PROMISE(memcmp(line, "{\"name\":\"", 9) == 0 && memcmp(line + len - 3, "\"}\n", 3) == 0);
	for (const char *c = line + 9; c < line + len - 3; c++) {
		PROMISE((unsigned char)*c >= 0x20 && *c != '"');
		if (*c != '\\')
			continue;
		PROMISE(strchr("\"\\/bfnrtu", *++c) != NULL);
	}
}

// One byte inside of $'...', of which *at is moved to the end.
static char escaped(const char **at)
{
	const char *digits = *at + 1;

	if (**at != '\\')
		return *(*at)++;
	PROMISE(digits[0] >= '0' && digits[0] <= '3' && digits[1] >= '0' && digits[1] <= '7' &&
		digits[2] >= '0' && digits[2] <= '7');
	*at += 4;
	return (char)((digits[0] - '0') << 6 | (digits[1] - '0') << 3 | (digits[2] - '0'));
}

// Read one word as a shell does, into `word`, and return its length; *at is moved behind it.
static size_t shell_word(char *word, const char **at)
{
	char *to = word;

	while (**at != '\0' && **at != ' ') {
		const char *quoted = **at == '$' ? "$'" : **at == '\'' ? "'" : "";

		if (*quoted) {
			PROMISE(strncmp(*at, quoted, strlen(quoted)) == 0);
			*at += strlen(quoted);
			while (**at != '\'') {
				PROMISE(**at != '\0');
				*to++ = *quoted == '$' ? escaped(at) : *(*at)++;
			}
			++*at;
		} else if (strncmp(*at, "\\'", 2) == 0) {
			*to++ = '\'';
			*at += 2;
		} else {
			PROMISE(!strchr("\\\"`$&|;<>()*?[]#~{}!^= \t\n", **at));
			*to++ = *(*at)++;
		}
	}
	return (size_t)(to - word);
}

static void check_words(const char *line, const char *bytes, size_t size)
{
	char *word = malloc(strlen(line) + 1);
	size_t at = 0;

	if (word == NULL)
		abort();
	while (size > 0 && at <= size) {
		const size_t want = strnlen(bytes + at, size - at);
		const size_t have = shell_word(word, &line);

		PROMISE(have == want && memcmp(word, bytes + at, want) == 0);
		at += want + 1;
		PROMISE(*line == (at <= size ? ' ' : '\0'));
		line += *line == ' ';
	}
	PROMISE(*line == '\0');
	free(word);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	char *out = NULL;
	size_t len = 0;

	setenv("LC_ALL", size % 2 ? "C.UTF-8" : "C", 1);
	FILE *f = open_memstream(&out, &len);
	if (f == NULL)
		abort();
	escape_write(f, bytes, size);
	fflush(f);
	check_line(out, len);
	rewind(f);

	struct json j = json_begin(f);
	json_string(&j, "name", bytes, size);
	json_end(&j);
	fflush(f);
	check_json(out, len);
	rewind(f);

	shellquote_words(f, bytes, size);
	fputc('\0', f);
	fflush(f);
	check_line(out, len - 1);
	check_words(out, bytes, size);
	fclose(f);
	free(out);
	return 0;
}
