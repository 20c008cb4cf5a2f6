// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/duration.h"
#include "base/number.h"
#include "base/signame.h"
#include "pkill/lists.h"
#include "tell/memory.h"
#include "tell/message.h"
#include "tell/operands.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The length of the item at `text`, up to its comma; with `escapes`, "\," does not end it.
static size_t item_length(const char *text, bool escapes)
{
	size_t len = 0;

	while (text[len] && text[len] != ',')
		len += escapes && text[len] == '\\' && text[len + 1] == ',' ? 2 : 1;
	return len;
}

// A comma list that is being read.
struct items {
	const char *rest;
	bool escapes;
	bool found; // an item
};

static struct items items_of(const char *text)
{
	return (struct items){.rest = text};
}

// The next item as a string of its own (to be freed); NULL: no more. Empty items are skipped, as in
// procps, but a list of nothing else is a mistake.
static char *next_item(struct items *items)
{
	const char *from = items->rest + strspn(items->rest, ",");

	if (!*from && !items->found)
		message_usage("invalid empty list");
	if (!*from)
		return NULL;
	size_t len = item_length(from, items->escapes);
	char *item = memory_checked(malloc(len + 1));
	char *to = item;
	for (size_t i = 0; i < len; i++) {
		if (items->escapes && from[i] == '\\' && from[i + 1] == ',')
			i++;
		*to++ = from[i];
	}
	*to = 0;
	items->rest = from + len;
	items->found = true;
	return item;
}

// ---- numbers ----

typedef uint64_t convert_item(const char *option, const char *item);

static void add_numbers(
	struct numbers *n, const char *option, const char *text, convert_item *convert)
{
	struct items items = items_of(text);

	for (char *item; (item = next_item(&items)); free(item)) {
		n->list = memory_grow(n->list, n->count, sizeof(*n->list));
		n->list[n->count++] = convert(option, item);
	}
}

// The name was not found: it does not exist, or the lookup failed. POSIX does not fix which errno
// means that it does not exist; C libraries use these.
static noreturn void die_unknown(const char *option, const char *item, const char *what)
{
	if (errno && errno != ENOENT && errno != ESRCH && errno != EBADF && errno != EPERM)
		message_die(EXIT_SYSTEM, "%s: '%s' cannot be looked up: %s", option, item,
			strerror(errno));
	// the words of procps
	message_usage("invalid %s name: %s", what, item);
}

static uint64_t convert_user(const char *option, const char *item)
{
	uint64_t number;

	if (!number_parse(item, UINT32_MAX - 1, &number))
		return number;
	errno = 0;
	const struct passwd *user = getpwnam(item);
	if (!user)
		die_unknown(option, item, "user");
	return user->pw_uid;
}

void lists_add_users(void *field, const char *option, const char *text)
{
	add_numbers(field, option, text, convert_user);
}

static uint64_t convert_gid(const char *option, const char *item)
{
	uint64_t number;

	if (!number_parse(item, UINT32_MAX - 1, &number))
		return number;
	errno = 0;
	const struct group *group = getgrnam(item);
	if (!group)
		die_unknown(option, item, "group");
	return group->gr_gid;
}

void lists_add_gids(void *field, const char *option, const char *text)
{
	add_numbers(field, option, text, convert_gid);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a;
	const uint64_t *y = b;

	return (*x > *y) - (*x < *y);
}

void lists_sort(struct numbers *n)
{
	if (n->count)
		qsort(n->list, n->count, sizeof(*n->list), compare);
}

// ---- texts ----

static void add_text(struct texts *t, const char *text)
{
	t->list = memory_grow((void *)t->list, t->count, sizeof(*t->list));
	t->list[t->count++] = text;
}

void lists_add_text(void *field, const char *option, const char *text)
{
	if (!*text)
		message_usage("%s: the value is empty", option);
	add_text(field, text);
}

// "pts/3" and "/dev/pts/3" unchanged, "3" for pts/3, "-" for no terminal, which ps shows as "?".
static char *terminal_name(char *item)
{
	size_t len = strlen(item);

	if (!strcmp(item, "-"))
		*item = '?';
	else if (!strncmp(item, "/dev/", 5))
		memmove(item, item + 5, len - 4);
	else if (number_is_digits(item)) {
		item = memory_checked(realloc(item, len + sizeof("pts/")));
		memmove(item + 4, item, len + 1);
		memcpy(item, "pts/", 4);
	}
	return item;
}

void lists_add_terminals(void *field, const char *option, const char *text)
{
	const bool pidwait = program_mode == MODE_PIDWAIT;
	struct items items = items_of(text);

	for (char *item; (item = next_item(&items));) {
		// in pwait, -t is a time
		if (duration_has_unit(item))
			message_usage("%s: '%s' is not a terminal (pts/3, tty1, -)%s%s", option,
				item, pidwait ? "; a time is --timeout " : "", pidwait ? item : "");
		char *name = terminal_name(item);

		if (!*name || name[strlen(name) - 1] == '/')
			message_usage(
				"%s: '%s' has an item that is not a terminal (pts/3, tty1, -)",
				option, text);
		add_text(field, name);
	}
}

void lists_add_cgroups(void *field, const char *option, const char *text)
{
	struct items items = items_of(text);

	items.escapes = true;
	for (char *item; (item = next_item(&items));)
		add_text(field, cgroups_item(option, item));
}

void lists_add_environs(void *field, const char *option, const char *text)
{
	struct items items = items_of(text);

	items.escapes = true;
	for (char *item; (item = next_item(&items));) {
		if (*item == '=')
			message_usage("%s: '%s' is not NAME or NAME=VALUE", option, item);
		add_text(field, item);
	}
}

void lists_add_targets(void *field, const char *option, const char *text)
{
	struct targets *all = field;
	struct items items = items_of(text);

	for (char *item; (item = next_item(&items));) {
		operands_add(all, option, item, TARGET_ONE | TARGET_MANY);
		// several handles are kept in a copy
		if (all->list[all->count - 1].text != item)
			free(item);
	}
}

void lists_add_named(void *field, const char *option, const char *text)
{
	struct items items = items_of(text);
	const char *why;
	int sig;

	for (char *item; (item = next_item(&items));) {
		int r = targets_add(field, item, TARGET_ONE | TARGET_OWN_GROUP, &why);

		if (r == -ENOMEM)
			memory_checked(NULL);
		if (r < 0 && strchr(item, ':'))
			operands_refuse(option, item, why);
		// the words of procps
		if (r < 0 && !signame_parse_name(item, &sig))
			message_usage("not a number: %s (a signal is --signal %s)", item, item);
		if (r < 0)
			message_usage("not a number: %s", item);
	}
}

// ---- a choice of words ----

// Every name that a column has, the first of each.
static void refuse_column(const char *option, const char *item)
{
	char names[1024];
	size_t at = 0;
	const char *name;

	for (int i = 0; (name = libproc_column_name(i)) && at < sizeof(names); i++)
		at += (size_t)snprintf(names + at, sizeof(names) - at, "%s%.*s", i ? ", " : "",
			(int)strcspn(name, " "), name);
	message_usage("%s: no column '%s'; there are %s", option, item, names);
}

void lists_add_columns(void *field, const char *option, const char *text)
{
	struct columns *columns = field;
	struct items items = items_of(text);
	char *item;

	while ((item = next_item(&items))) {
		int column = libproc_column(item, strlen(item));

		if (column < 0)
			refuse_column(option, item);
		if (columns->count == LIBPROC_COLUMNS)
			message_usage("%s: at most %d columns", option, LIBPROC_COLUMNS);
		columns->list[columns->count++] = (unsigned char)column;
		free(item);
	}
}

const char *lists_states(const char *option, const char *text)
{
	char *letters = memory_checked(strdup(text));
	char *to = letters;

	for (; *text; text++) {
		if (*text == ',')
			continue;
		if (!strchr("DIKNPRSTWXZtx", *text))
			message_usage("%s: '%c' is not the letter of a state "
				      "(D, I, R, S, T, t, X, Z)",
				option, *text);
		*to++ = *text;
	}
	*to = 0;
	if (to == letters)
		message_usage("invalid empty list");
	return letters;
}

unsigned lists_namespaces(const char *option, const char *text)
{
	struct items items = items_of(text);
	unsigned kinds = 0;

	for (char *item; (item = next_item(&items)); free(item)) {
		unsigned i = 0;

		while (i < MATCH_NS && strcmp(item, match_ns_names[i]) != 0)
			i++;
		if (i == MATCH_NS)
			message_usage("%s: '%s' is none of ipc, mnt, net, pid, user, "
				      "uts, cgroup, time",
				option, item);
		kinds |= 1u << i;
	}
	return kinds;
}
