// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/array.h"
#include "base/buffer.h"
#include "base/escape.h"
#include "tell/colour.h"
#include "tell/columns.h"
#include "tell/memory.h"
#include "tell/table.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// On a terminal, in columns of text.
enum {
	CELL_MOST = 24, // of a cell, but the last
	LAST_LEAST = 12,
	TEXT_LEAST = 8, // of the cell that gives way to the last
};

char *table_cell(const char *bytes, size_t len)
{
	size_t room = 4 * len + 1; // an escaped byte is "\\xNN"
	char *cell = memory_array(room, 1);

	escape_format(cell, room, bytes, len);
	return cell;
}

void table_add(struct table *t, pid_t pid, pid_t ppid, char *const *cells, bool faint)
{
	struct table_row row = {.pid = pid, .ppid = ppid, .faint = faint};

	row.cells = memory_array(t->width, sizeof(*row.cells));
	memcpy(row.cells, cells, t->width * sizeof(*row.cells));
	t->rows = memory_grow(t->rows, t->count, sizeof(*t->rows));
	t->rows[t->count++] = row;
}

void table_free(struct table *t)
{
	for (size_t i = 0; i < t->count; i++) {
		for (size_t k = 0; k < t->width; k++)
			free(t->rows[i].cells[k]);
		free(t->rows[i].cells);
	}
	free(t->rows);
	t->rows = NULL;
	t->count = 0;
}

// ---- print ----

struct layout {
	FILE *out;
	size_t cut; // the width of a line; 0: it is not cut
	bool colour;
	const struct table *table;
	size_t *widths; // of the cells; owned
};

static void spaces(FILE *line, size_t count)
{
	fprintf(line, "%*s", (int)count, "");
}

// The text in `width` columns.
static void cell(FILE *line, const char *text, size_t width, bool right)
{
	size_t used = columns_of(text);
	size_t fill = used < width ? width - used : 0;

	if (right)
		spaces(line, fill);
	fprintf(line, "%.*s", (int)columns_fit(text, width), text);
	if (!right)
		spaces(line, fill);
}

// The title or the cell in column `k`.
static const char *text_of(const struct layout *l, const struct table_row *row, size_t k)
{
	return row ? row->cells[k] : l->table->columns[k].title;
}

// One row, or the titles. `branch` is what a tree draws before the last cell.
static void print_line(const struct layout *l, const struct table_row *row, const char *branch)
{
	const struct table *t = l->table;
	char *text = NULL;
	size_t len = 0;
	FILE *line = memory_open(&text, &len);

	for (size_t k = 0; k + 1 < t->width; k++) {
		cell(line, text_of(l, row, k), l->widths[k], t->columns[k].right);
		spaces(line, 1);
	}
	fprintf(line, "%s", branch);
	if (t->columns[t->width - 1].right)
		cell(line, text_of(l, row, t->width - 1), l->widths[t->width - 1], true);
	else
		fputs(text_of(l, row, t->width - 1), line);
	memory_close(line, &text);
	bool colour = l->colour && (!row || row->faint);
	fprintf(l->out, "%s%.*s%s\n", colour_begin(colour, row ? COLOUR_FAINT : COLOUR_TITLE),
		(int)(l->cut ? columns_fit(text, l->cut) : len), text, colour_end(colour));
	free(text);
}

static void print_row(const struct layout *l, struct table_row *row, const char *branch)
{
	row->drawn = true;
	print_line(l, row, branch);
}

// On a narrow terminal the widest column of text gives way to the last one.
static void spare_last(const struct layout *l)
{
	const struct table *t = l->table;
	size_t used = LAST_LEAST;
	size_t *widest = NULL;

	for (size_t k = 0; k + 1 < t->width; k++) {
		used += l->widths[k] + 1;
		if (!t->columns[k].right && (!widest || l->widths[k] > *widest))
			widest = &l->widths[k];
	}
	if (!widest || !l->cut || used <= l->cut || *widest <= TEXT_LEAST)
		return;
	size_t spare = *widest - TEXT_LEAST;
	*widest -= used - l->cut < spare ? used - l->cut : spare;
}

static struct layout layout_of(const struct table *t, FILE *out)
{
	struct layout l = {.out = out, .table = t, .colour = colour_possible(out)};
	bool terminal = isatty(fileno(out));

	l.widths = memory_array(t->width, sizeof(*l.widths));
	for (size_t k = 0; k < t->width; k++) {
		l.widths[k] = columns_of(t->columns[k].title);
		for (size_t i = 0; i < t->count; i++) {
			size_t needed = columns_of(t->rows[i].cells[k]);

			if (terminal && needed > CELL_MOST)
				needed = CELL_MOST;
			if (l.widths[k] < needed)
				l.widths[k] = needed;
		}
	}
	if (terminal)
		l.cut = columns_terminal(out);
	spare_last(&l);
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

static uint64_t parent_of(const void *row)
{
	return (uint64_t)((const struct table_row *)row)->ppid;
}

// The index of the first child of `pid`, in rows that are sorted by parent.
static size_t first_child(const struct table *t, pid_t pid)
{
	return array_first(t->rows, t->count, sizeof(*t->rows), parent_of, (uint64_t)pid);
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
	struct buffer branch; // the signs before the last cell
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

	print_line(&l, NULL, "");
	if (tree)
		print_tree(&l, t);
	for (size_t i = 0; i < t->count && !tree; i++)
		print_row(&l, &t->rows[i], "");
	fflush(out);
	free(l.widths);
}
