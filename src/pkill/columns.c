// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/cleanup.h"
#include "find/libproc.h"
#include "handle/pidread.h"
#include "pkill/columns.h"
#include "tell/memory.h"
#include "tell/message.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

struct columns_table {
	struct libproc *lib;
	const struct procfs *proc;
	const unsigned char *wanted;
	struct table table;
	struct table_column columns[LIBPROC_COLUMNS];
	char *titles[LIBPROC_COLUMNS];
};

static char *title_of(int column)
{
	char *title = memory_checked(strdup(libproc_column_name(column)));

	title[strcspn(title, " ")] = 0;
	for (char *p = title; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return title;
}

struct columns_table *columns_begin(const struct columns *wanted, const struct procfs *proc)
{
	struct columns_table *t = memory_array(1, sizeof(*t));

	// in the locale "C" libproc2 replaces other letters by "?"
	setlocale(LC_CTYPE, "");
	int r = libproc_new(&t->lib, wanted->list, wanted->count);

	if (r == -ELIBACC)
		message_die(EXIT_SYSTEM, "--columns needs libproc2: %s", libproc_problem());
	if (r < 0)
		message_die(EXIT_SYSTEM, "--columns: %s", strerror(-r));
	for (size_t i = 0; i < wanted->count; i++) {
		t->titles[i] = title_of(wanted->list[i]);
		t->columns[i].title = t->titles[i];
		t->columns[i].right = libproc_column_is_number(wanted->list[i]);
	}
	t->proc = proc;
	t->wanted = wanted->list;
	t->table = (struct table){.columns = t->columns, .width = wanted->count};
	return t;
}

// Whether `value` is a 0 that stands for what we may not read.
static bool is_denied(
	const struct columns_table *t, const struct pidref *ref, int column, const char *value)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	const char *file = libproc_column_file(column);

	return file && !strcmp(value, "0") && pidref_read(ref, t->proc, file, &text) == -EACCES;
}

// A copy of the value in a column that is safe to print.
static char *cell_of(
	const struct columns_table *t, const struct pidref *ref, int column, const char *value)
{
	if (is_denied(t, ref, column, value))
		value = "-";
	return table_cell(value, strlen(value));
}

// What stands in a column of a process that we may not read.
static char *denied_cell(const struct pidref *ref, int column)
{
	char pid[16];

	if (strcmp(libproc_column_name(column), "pid") != 0)
		return table_cell("-", 1);
	int len = snprintf(pid, sizeof(pid), "%d", (int)ref->pid);
	return table_cell(pid, (size_t)len);
}

void columns_add(struct columns_table *t, struct pidref *ref, const struct proc *p)
{
	char *cells[LIBPROC_COLUMNS];
	char *values = NULL;
	size_t len = 0;
	struct statline line;
	FILE *out = memory_open(&values, &len);

	int r = libproc_values(t->lib, ref->pid, out);
	memory_close(out, &values);
	if (r == -ENOMEM)
		memory_checked(NULL);
	// the library read by PID: the values are those of this process only if it is not reaped
	int verified = pidref_verify(ref);
	bool denied = r < 0 && !verified && pidref_stat(ref, t->proc, &line) == -EACCES;
	if (r < 0 && !verified && !denied)
		message_die(EXIT_SYSTEM, "--columns: process %d cannot be read", (int)ref->pid);
	const char *value = values;
	for (size_t i = 0; i < t->table.width; i++) {
		if (denied || verified < 0) {
			cells[i] = denied ? denied_cell(ref, t->wanted[i]) : table_cell("?", 1);
			continue;
		}
		cells[i] = cell_of(t, ref, t->wanted[i], value);
		value += strlen(value) + 1;
	}
	free(values);
	bool known = p->known & FACT_STATUS;
	table_add(&t->table, ref->pid, known ? p->status.ppid : 0, cells,
		pidref_state(ref) == PIDREF_ZOMBIE);
}

void columns_end(struct columns_table *t, FILE *out, bool tree)
{
	if (out && t->table.count)
		table_print(&t->table, out, tree);
	table_free(&t->table);
	for (size_t i = 0; i < t->table.width; i++)
		free(t->titles[i]);
	libproc_free(&t->lib);
	free(t);
}
