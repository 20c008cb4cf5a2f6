// SPDX-License-Identifier: GPL-2.0-or-later
// output.c: whatever another process is called, what is printed of it is one line without control
// bytes, and JSON that is whole.
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
	fflush(f);
	check_line(out, len);
	fclose(f);
	free(out);
	return 0;
}
