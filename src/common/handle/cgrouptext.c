// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/number.h"
#include "handle/cgrouptext.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum {
	FIELD_ROOT = 3, // proc_pid_mountinfo(5)
	FIELD_POINT = 4,
};

// Cut the first word off *at, which moves behind it. NULL: there is none.
static char *take_word(char **at)
{
	char *word = *at + strspn(*at, " ");
	size_t len = strcspn(word, " ");

	*at = word + len + (word[len] != 0);
	word[len] = 0;
	return len ? word : NULL;
}

static bool is_octal(const char *text)
{
	return text[0] >= '0' && text[0] <= '3' && text[1] >= '0' && text[1] <= '7' &&
	       text[2] >= '0' && text[2] <= '7';
}

// The kernel writes blanks, newlines and backslashes as \040 and the like.
static const char *unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; to++) {
		bool octal = *from == '\\' && is_octal(from + 1);
		int byte =
			octal ? (from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0') : 0;

		*to = octal ? (char)byte : *from;
		from += octal ? 4 : 1;
	}
	*to = 0;
	return text;
}

// Whether the line, which is cut up, is about cgroup v2.
static bool parse_line(char *line, struct cgroupmount *out)
{
	char *root = NULL;
	char *point = NULL;
	char *word = NULL;

	for (int i = 0; (word = take_word(&line)); i++) {
		if (i == FIELD_ROOT)
			root = word;
		else if (i == FIELD_POINT)
			point = word;
		else if (i > FIELD_POINT && !strcmp(word, "-"))
			break;
	}
	// the type of the file system follows the dash
	word = word ? take_word(&line) : NULL;
	if (!word || !root || !point || strcmp(word, "cgroup2") != 0)
		return false;
	*out = (struct cgroupmount){.root = unescape(root), .point = unescape(point)};
	return true;
}

int cgroupmount_next(char **at, struct cgroupmount *out)
{
	while (**at) {
		char *line = *at;
		size_t len = strcspn(line, "\n");

		*at = line + len + (line[len] != 0);
		line[len] = 0;
		if (parse_line(line, out))
			return 1;
	}
	return 0;
}

const char *cgroupmount_below(const struct cgroupmount *m, const char *path)
{
	size_t len = strlen(m->root);

	// "/" is above all
	len -= len && m->root[len - 1] == '/';
	if (strncmp(path, m->root, len) != 0 || (path[len] && path[len] != '/'))
		return NULL;
	path += len + strspn(path + len, "/");
	return *path ? path : ".";
}

pid_t cgrouptext_pid(const char **at, size_t *hidden)
{
	uint64_t pid = 0;

	while (!pid && **at) {
		// a line that is no number is no process either
		if (number_take(at, INT_MAX, &pid) < 0 || (**at && **at != '\n'))
			pid = 0;
		else if (!pid && hidden)
			++*hidden;
		*at += strcspn(*at, "\n");
		*at += **at == '\n';
	}
	return (pid_t)pid;
}

int cgrouptext_populated(const char *text)
{
	static const char key[] = "populated ";

	while (strncmp(text, key, sizeof(key) - 1) != 0) {
		text = strchr(text, '\n');
		if (!text)
			return -ENODATA;
		text++;
	}
	text += sizeof(key) - 1;
	return *text == '0' || *text == '1' ? *text == '1' : -ENODATA;
}
