// SPDX-License-Identifier: GPL-2.0-or-later
// text.c: unit tests of escape.h, json.h and shellquote.h: whatever a process calls itself, one
// safe line.
#include "config.h"

#include "base/escape.h"
#include "base/shellquote.h"
#include "check.h"
#include "tell/json.h"

#include <stdbool.h>
#include <stdlib.h>

#define BYTES(s) s, sizeof(s) - 1

static const struct row {
	const char *bytes;
	size_t len;
	const char *escaped;
	const char *json;
} rows[] = {
	{BYTES("plain text"), "plain text", "plain text"},
	{BYTES("na\xc3\xafve \xf0\x9f\x90\xa7"), "na\xc3\xafve \xf0\x9f\x90\xa7",
		"na\xc3\xafve \xf0\x9f\x90\xa7"},
	{BYTES("a\nb\tc\rd"), "a\\nb\\tc\\rd", "a\\u000ab\\u0009c\\u000dd"},
	{BYTES("\x1b[2J\x07"), "\\x1b[2J\\x07", "\\u001b[2J\\u0007"},
	{BYTES("a\0b"), "a\\x00b", "a\\u0000b"}, {BYTES("\x7f"), "\\x7f", "\\u007f"},
	{BYTES("back\\slash \"q\""), "back\\slash \"q\"", "back\\\\slash \\\"q\\\""},
	{BYTES("\xff\xfe"), "\\xff\\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
	{BYTES("\xc3"), "\\xc3", "\xef\xbf\xbd"},		       // cut sequence
	{BYTES("\xc0\xaf"), "\\xc0\\xaf", "\xef\xbf\xbd\xef\xbf\xbd"}, // overlong '/'
	{BYTES("\xe0\x80\xaf"), "\\xe0\\x80\\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	{BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	{BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80",
		"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	{BYTES("\xc2\x9b"), "\\xc2\\x9b", "\\u009b"}, // C1 CSI
	// NOLINTNEXTLINE(misc-misleading-bidirectional): the row is about that
	{BYTES("\xe2\x80\xae"), "\\xe2\\x80\\xae", "\\u202e"}, // right-to-left override
	{BYTES("\xe2\x80\xa8"), "\\xe2\\x80\\xa8", "\\u2028"},
	{BYTES("\xe2\x80\x8e"), "\\xe2\\x80\\x8e", "\\u200e"}, // left-to-right mark
	{BYTES("\xe2\x80\x8f"), "\\xe2\\x80\\x8f", "\\u200f"}, // right-to-left mark
	{BYTES("\xd8\x9c"), "\\xd8\\x9c", "\\u061c"},	       // Arabic letter mark
	{BYTES("\xe2\x81\xaf"), "\\xe2\\x81\\xaf", "\\u206f"}, // nominal digit shapes
	{BYTES("\xc2\xad"), "\\xc2\\xad", "\\u00ad"},	       // soft hyphen
	{BYTES("\xe2\x80\x8b"), "\\xe2\\x80\\x8b", "\\u200b"}, // zero width space
	{BYTES("\xe2\x81\xa0"), "\\xe2\\x81\\xa0", "\\u2060"}, // word joiner
	{BYTES("\xef\xbb\xbf"), "\\xef\\xbb\\xbf", "\\ufeff"}, // byte order mark
	{BYTES("\xe3\x85\xa4"), "\\xe3\\x85\\xa4", "\\u3164"}, // Hangul filler
	{BYTES("\xcd\x8f"), "\\xcd\\x8f", "\\u034f"},	       // grapheme joiner
	{BYTES("\xef\xb8\x80"), "\\xef\\xb8\\x80", "\\ufe00"}, // variation selector
	{BYTES("\xf3\xa0\x81\x81"), "\\xf3\\xa0\\x81\\x81", "\\udb40\\udc41"}, // tag of A
	{BYTES("\xf3\xa0\x87\xaf"), "\\xf3\\xa0\\x87\\xaf", "\\udb40\\uddef"}, // selector 256
	{BYTES("\xef\xb8\x8f"), "\xef\xb8\x8f", "\xef\xb8\x8f"},	       // colours emoji
	{BYTES("\xe2\x80\x8d"), "\xe2\x80\x8d", "\xe2\x80\x8d"},	       // joins emoji
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

static void escapes_what_drives_a_terminal(void)
{
	for (size_t i = 0; i < ROWS; i++) {
		char buf[128];
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);

		check_row = rows[i].escaped;
		CHECK_STR(escape_format(buf, sizeof(buf), rows[i].bytes, rows[i].len),
			rows[i].escaped);
		escape_write(out, rows[i].bytes, rows[i].len);
		fclose(out);
		CHECK_STR(text, rows[i].escaped);
		free(text);
	}
}

static void escapes_what_the_locale_has_not(void)
{
	static const struct {
		const char *all, *ctype, *lang;
		bool utf8;
	} locales[] = {
		{"C.UTF-8", "C", "C", true},
		{"de_DE.utf8", NULL, NULL, true},
		{"de_DE.UTF-8@euro", NULL, NULL, true},
		{"", "fr_FR.UTF-8", "C", true},
		{NULL, "", "en_US.UTF-8", true},
		{"C", "C.UTF-8", "C.UTF-8", false},
		{NULL, "POSIX", "C.UTF-8", false},
		{NULL, NULL, NULL, false},
		{"", "", "", false},
		{"de_DE.ISO-8859-1", NULL, NULL, false},
		{"de_DE", NULL, NULL, false},
		{"ja_JP.UTF-81", NULL, NULL, false},
		{"ja_JP.utf", NULL, NULL, false},
	};
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(locales) / sizeof(*locales); i++) {
		const char *values[] = {locales[i].all, locales[i].ctype, locales[i].lang};
		char buf[64];

		for (size_t k = 0; k < 3; k++)
			if (values[k])
				setenv(names[k], values[k], 1);
			else
				unsetenv(names[k]);
		check_row = values[0];
		CHECK(escape_locale_is_utf8() == locales[i].utf8);
		CHECK_STR(escape_format(buf, sizeof(buf), BYTES("a\xdb\x9b\n")),
			locales[i].utf8 ? "a\xdb\x9b\\n" : "a\\xdb\\x9b\\n");
	}
	setenv("LC_ALL", "C.UTF-8", 1);
}

static void is_cut_between_characters(void)
{
	char buf[8];

	CHECK_STR(escape_format(buf, sizeof(buf), BYTES("abcdefghij")), "abcdefg");
	CHECK_STR(escape_format(buf, sizeof(buf), BYTES("abcde\x1b")), "abcde");
	CHECK_STR(escape_format(buf, sizeof(buf), BYTES("abcdef\xc3\xaf")), "abcdef");
	CHECK_STR(escape_format(buf, 1, BYTES("x")), "");
}

static void writes_valid_json(void)
{
	for (size_t i = 0; i < ROWS; i++) {
		char want[160];
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);
		struct json j = json_begin(out);

		check_row = rows[i].json;
		json_string(&j, "k", rows[i].bytes, rows[i].len);
		json_end(&j);
		fclose(out);
		snprintf(want, sizeof(want), "{\"k\":\"%s\"}\n", rows[i].json);
		CHECK_STR(text, want);
		free(text);
	}
}

static void writes_every_type(void)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct json j = json_begin(out);

	json_number(&j, "a", -5);
	json_unsigned(&j, "b", UINT64_MAX);
	json_bool(&j, "c", true);
	json_null(&j, "d");
	json_text(&j, "e", NULL);
	json_text(&j, "f", "x");
	json_end(&j);
	fclose(out);
	CHECK_STR(text, "{\"a\":-5,\"b\":18446744073709551615,\"c\":true,\"d\":null,\"e\":null,"
			"\"f\":\"x\"}\n");
	free(text);
}

static void quotes_for_a_shell(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *quoted;
	} words[] = {
		{BYTES(""), ""},
		{BYTES("ls\0-l\0/tmp"), "ls -l /tmp"},
		{BYTES("a\0\0b"), "a '' b"},
		{BYTES("a\0"), "a ''"},
		{BYTES("two words"), "'two words'"},
		{BYTES("it's"), "'it'\\''s'"},
		{BYTES("na\xc3\xafve"), "'na\xc3\xafve'"},
		{BYTES("a\nb7"), "$'a\\012b7'"},
		{BYTES("\x1b[2J it's \\"), "$'\\033[2J it\\047s \\134'"},
		{BYTES("\xff"), "$'\\377'"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);

		check_row = words[i].quoted;
		shellquote_words(out, words[i].bytes, words[i].len);
		fclose(out);
		CHECK_STR(text, words[i].quoted);
		free(text);
	}
}

static void each_json_line_is_seen_at_once(void)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	for (int lines = 1; lines <= 2; lines++) {
		struct json j = json_begin(out);

		json_string(&j, "k", BYTES("v"));
		json_end(&j);
		CHECK_STR(text, lines == 1 ? "{\"k\":\"v\"}\n" : "{\"k\":\"v\"}\n{\"k\":\"v\"}\n");
	}
	fclose(out);
	free(text);
}

int main(void)
{
	static const struct check_test tests[] = {
		{"what could drive a terminal or end a line is escaped",
			escapes_what_drives_a_terminal},
		{"where the locale has no UTF-8, only ASCII stays as it is",
			escapes_what_the_locale_has_not},
		{"a text that does not fit is cut between characters", is_cut_between_characters},
		{"any bytes become valid JSON", writes_valid_json},
		{"each line of JSON is seen at once", each_json_line_is_seen_at_once},
		{"every JSON type is written", writes_every_type},
		{"a command line is written so that a shell reads it back", quotes_for_a_shell},
	};

	setenv("LC_ALL", "C.UTF-8", 1);
	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
