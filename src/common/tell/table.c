// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/duration.h"
#include "base/escape.h"
#include "handle/pidread.h"
#include "tell/columns.h"
#include "tell/memory.h"
#include "tell/table.h"

#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { NAME_MOST = 24 }; // columns of a name on a terminal

// ---- facts ----

char *table_age(char buf[static TABLE_AGE], int64_t age)
{
	static const struct {
		int64_t seconds;
		char unit;
	} units[] = {{24 * 3600, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	int64_t s = age / DURATION_S;
	size_t i = 0;

	while (units[i].seconds > s && units[i].seconds > 1)
		i++;
	if (age < 0)
		snprintf(buf, TABLE_AGE, "?");
	else
		snprintf(buf, TABLE_AGE, "%" PRId64 "%c", s / units[i].seconds, units[i].unit);
	return buf;
}

char *table_user(char buf[static TABLE_USER], uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	if (user)
		escape_format(buf, TABLE_USER, user->pw_name, strlen(user->pw_name));
	else
		snprintf(buf, TABLE_USER, "%u", (unsigned)uid);
	return buf;
}

// A copy of the text that is safe to print.
static char *escaped(const char *text, size_t len)
{
	size_t room = 4 * len + 1;
	char *copy = memory_array(room, 1);

	escape_format(copy, room, text, len);
	return copy;
}

static int64_t age_of(const struct pidref *ref, const struct procfs *proc)
{
	struct statline line;
	struct timespec now;
	int64_t tick = DURATION_S / sysconf(_SC_CLK_TCK);

	if (pidref_stat(ref, proc, &line) < 0)
		return -1;
	// start times count suspended time
	clock_gettime(CLOCK_BOOTTIME, &now);
	int64_t age = now.tv_sec * DURATION_S + now.tv_nsec - (int64_t)line.start * tick;
	return age < 0 ? 0 : age;
}

// Its arguments, separated by spaces; if it has none, the name in brackets, as in ps(1).
static char *command_of(
	const struct pidref *ref, const struct procfs *proc, const char *name, char state)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	char *command = NULL;

	if (!pidref_read(ref, proc, "cmdline", &text) && text.len) {
		size_t len = text.len;

		while (len && !text.data[len - 1])
			len--;
		for (size_t i = 0; i < len; i++)
			if (!text.data[i])
				text.data[i] = ' ';
		return escaped(text.data, len);
	}
	const char *end = state == 'Z' ? " <defunct>" : "";
	size_t room = strlen(name) + strlen(end) + 3;
	command = memory_array(room, 1);
	snprintf(command, room, "[%s]%s", name, end);
	return command;
}

static char *name_of(const struct pidref *ref, const struct procfs *proc, const char *name)
{
	CLEANUP(buffer_free) struct buffer comm = {0};

	if (name)
		return escaped(name, strlen(name));
	if (!pidref_comm(ref, proc, &comm))
		return escaped(comm.data, comm.len);
	return escaped("?", 1);
}

void table_add(
	struct table *t, const struct pidref *ref, const struct procfs *proc, const char *name)
{
	struct table_row row = {.pid = ref->pid, .age = age_of(ref, proc)};
	struct status status = {0};
	char user[TABLE_USER] = "?";

	if (!pidref_status(ref, proc, &status)) {
		row.ppid = status.ppid;
		table_user(user, status.uid[STATUS_EFFECTIVE]);
	}
	row.user = escaped(user, strlen(user));
	row.name = name_of(ref, proc, name);
	row.command = command_of(ref, proc, row.name, status.state);
	t->rows = memory_grow(t->rows, t->count, sizeof(*t->rows));
	t->rows[t->count++] = row;
}

void table_free(struct table *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->rows[i].user);
		free(t->rows[i].name);
		free(t->rows[i].command);
	}
	free(t->rows);
	*t = (struct table){0};
}

// ---- print ----

struct layout {
	FILE *out;
	size_t cut; // the width of a line; 0: it is not cut
	int pid;
	size_t user, age, name;
};

// The text, and spaces up to `width` columns and one more.
static void cell(FILE *line, const char *text, size_t width)
{
	size_t fit = columns_fit(text, width);
	size_t used = columns_of(text);

	fprintf(line, "%.*s%*s", (int)fit, text, (int)(used < width ? width - used : 0) + 1, "");
}

static void print_line(const struct layout *l, const char *pid, const char *user, const char *age,
	const char *name, const char *branch, const char *command)
{
	char *text = NULL;
	size_t len = 0;
	FILE *line = open_memstream(&text, &len);

	memory_checked(line);
	fprintf(line, "%*s ", l->pid, pid);
	cell(line, user, l->user);
	fprintf(line, "%*s ", (int)l->age, age);
	cell(line, name, l->name);
	fprintf(line, "%s%s", branch, command);
	fclose(line);
	fprintf(l->out, "%.*s\n", (int)(l->cut ? columns_fit(text, l->cut) : len), text);
	free(text);
}

static void print_row(const struct layout *l, struct table_row *row, const char *branch)
{
	char pid[16];
	char age[TABLE_AGE];

	row->drawn = true;
	snprintf(pid, sizeof(pid), "%d", (int)row->pid);
	print_line(l, pid, row->user, table_age(age, row->age), row->name, branch, row->command);
}

static void widen(size_t *width, const char *text)
{
	size_t needed = columns_of(text);

	if (*width < needed)
		*width = needed;
}

static struct layout layout_of(const struct table *t, FILE *out)
{
	struct layout l = {.out = out, .user = 4, .age = 3, .name = 4};
	bool terminal = isatty(fileno(out));
	pid_t last = 0;
	char age[TABLE_AGE];

	for (size_t i = 0; i < t->count; i++) {
		widen(&l.user, t->rows[i].user);
		widen(&l.age, table_age(age, t->rows[i].age));
		widen(&l.name, t->rows[i].name);
		if (last < t->rows[i].pid)
			last = t->rows[i].pid;
	}
	l.pid = snprintf(NULL, 0, "%d", (int)last);
	if (l.pid < 3)
		l.pid = 3;
	if (terminal)
		l.cut = columns_terminal(out);
	if (terminal && l.name > NAME_MOST)
		l.name = NAME_MOST;
	return l;
}

// ---- the tree ----

static int by_parent(const void *a, const void *b)
{
	const struct table_row *x = a;
	const struct table_row *y = b;

	if (x->ppid != y->ppid)
		return x->ppid < y->ppid ? -1 : 1;
	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

// The index of the first child of `pid`, in rows that are sorted by parent.
static size_t first_child(const struct table *t, pid_t pid)
{
	size_t low = 0;
	size_t high = t->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->rows[middle].ppid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

// The signs of a tree, each two columns, for a terminal with and without UTF-8.
struct signs {
	const char *child, *last, *pass, *none;
};

static struct signs signs_of_locale(void)
{
	if (!strcmp(nl_langinfo(CODESET), "UTF-8"))
		return (struct signs){"\u251c\u2500", "\u2514\u2500", "\u2502 ", "  "};
	return (struct signs){"|-", "`-", "| ", "  "};
}

// The children that are still to be printed, and how much of the branch belongs to their parent.
struct level {
	size_t next;
	pid_t parent;
	size_t branch;
};

struct climb {
	struct level *levels; // owned
	size_t depth, room;
	struct buffer branch; // the signs before a command
};

static void append(struct climb *c, const char *sign)
{
	if (buffer_reserve(&c->branch, c->branch.len + strlen(sign)) < 0)
		memory_checked(NULL);
	memcpy(c->branch.data + c->branch.len, sign, strlen(sign) + 1);
	c->branch.len += strlen(sign);
}

static void descend(struct climb *c, const struct table *t, pid_t parent)
{
	if (c->depth == c->room)
		c->levels = memory_grow(c->levels, c->room++, sizeof(*c->levels));
	c->levels[c->depth++] = (struct level){first_child(t, parent), parent, c->branch.len};
}

static bool has_more(const struct table *t, const struct level *level)
{
	return level->next < t->count && t->rows[level->next].ppid == level->parent;
}

// Print a process and all that descend from it.
static void print_below(
	const struct layout *l, struct table *t, struct climb *c, struct table_row *root)
{
	struct signs signs = signs_of_locale();

	c->branch.len = 0;
	print_row(l, root, "");
	descend(c, t, root->pid);
	while (c->depth) {
		struct level *level = &c->levels[c->depth - 1];

		c->branch.len = level->branch;
		if (!has_more(t, level)) {
			c->depth--;
			continue;
		}
		struct table_row *row = &t->rows[level->next++];
		bool last = !has_more(t, level);
		if (row->drawn)
			continue;
		append(c, last ? signs.last : signs.child);
		print_row(l, row, c->branch.data);
		c->branch.len = level->branch;
		append(c, last ? signs.none : signs.pass);
		descend(c, t, row->pid);
	}
}

// First those whose parent is not in the table; then what is left, if numbers changed hands while
// the table was filled.
static void print_tree(const struct layout *l, struct table *t)
{
	struct climb c = {0};

	qsort(t->rows, t->count, sizeof(*t->rows), by_parent);
	for (size_t i = 0; i < t->count; i++)
		for (size_t k = first_child(t, t->rows[i].pid);
			k < t->count && t->rows[k].ppid == t->rows[i].pid; k++)
			t->rows[k].below = true;
	for (int rest = 0; rest < 2; rest++)
		for (size_t i = 0; i < t->count; i++)
			if (!t->rows[i].drawn && (rest || !t->rows[i].below))
				print_below(l, t, &c, &t->rows[i]);
	free(c.levels);
	buffer_free(&c.branch);
}

void table_print(struct table *t, FILE *out, bool tree)
{
	setlocale(LC_CTYPE, "");
	struct layout l = layout_of(t, out);

	print_line(&l, "PID", "USER", "AGE", "NAME", "", "COMMAND");
	if (tree)
		print_tree(&l, t);
	for (size_t i = 0; i < t->count && !tree; i++)
		print_row(&l, &t->rows[i], "");
	fflush(out);
}
