// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/duration.h"
#include "base/escape.h"
#include "handle/pidread.h"
#include "tell/memory.h"
#include "tell/overview.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_ROOM = 64 };

static void format_age(char buf[static TEXT_ROOM], int64_t age)
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
		snprintf(buf, TEXT_ROOM, "?");
	else
		snprintf(buf, TEXT_ROOM, "%" PRId64 "%c", s / units[i].seconds, units[i].unit);
}

static void format_user(char buf[static TEXT_ROOM], uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	if (user)
		escape_format(buf, TEXT_ROOM, user->pw_name, strlen(user->pw_name));
	else
		snprintf(buf, TEXT_ROOM, "%u", (unsigned)uid);
}

static int64_t age_of(const struct pidref *ref, const struct procfs *proc)
{
	struct statline line;

	if (pidref_stat(ref, proc, &line) < 0)
		return -1;
	int64_t age = clock_since_boot() - clock_of_ticks(line.start);
	return age < 0 ? 0 : age;
}

// Its arguments, separated by spaces; if it has none, the name in brackets, as in ps(1).
static char *command_of(
	const struct pidref *ref, const struct procfs *proc, const char *name, bool zombie)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	char *command = NULL;

	size_t len = pidref_read(ref, proc, "cmdline", &text) < 0 ? 0 : text.len;
	while (len && !text.data[len - 1])
		len--;
	if (len) {
		for (size_t i = 0; i < len; i++)
			if (!text.data[i])
				text.data[i] = ' ';
		return table_cell(text.data, len);
	}
	const char *end = zombie ? " <defunct>" : "";
	size_t room = strlen(name) + strlen(end) + 3;
	command = memory_array(room, 1);
	snprintf(command, room, "[%s]%s", name, end);
	return command;
}

static char *name_of(const struct pidref *ref, const struct procfs *proc, const char *name)
{
	CLEANUP(buffer_free) struct buffer comm = {0};

	if (name)
		return table_cell(name, strlen(name));
	if (!pidref_comm(ref, proc, &comm))
		return table_cell(comm.data, comm.len);
	return table_cell("?", 1);
}

struct table overview_begin(void)
{
	static const struct table_column columns[] = {
		[OVERVIEW_PID] = {"PID", true},
		[OVERVIEW_USER] = {"USER", false},
		[OVERVIEW_AGE] = {"AGE", true},
		[OVERVIEW_NAME] = {"NAME", false},
		[OVERVIEW_COMMAND] = {"COMMAND", false},
	};

	return (struct table){.columns = columns, .width = OVERVIEW_WIDTH};
}

void overview_add(
	struct table *t, const struct pidref *ref, const struct procfs *proc, const char *name)
{
	char *cells[OVERVIEW_WIDTH];
	struct status status = {0};
	char text[TEXT_ROOM] = "?";
	bool zombie = pidref_state(ref) == PIDREF_ZOMBIE;

	if (!pidref_status(ref, proc, &status))
		format_user(text, status.uid[STATUS_EFFECTIVE]);
	cells[OVERVIEW_USER] = table_cell(text, strlen(text));
	format_age(text, age_of(ref, proc));
	cells[OVERVIEW_AGE] = table_cell(text, strlen(text));
	snprintf(text, sizeof(text), "%d", (int)ref->pid);
	cells[OVERVIEW_PID] = table_cell(text, strlen(text));
	cells[OVERVIEW_NAME] = name_of(ref, proc, name);
	cells[OVERVIEW_COMMAND] = command_of(ref, proc, cells[OVERVIEW_NAME], zombie);
	table_add(t, ref->pid, status.ppid, cells, zombie);
}
