// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/clock.h"
#include "base/duration.h"
#include "base/escape.h"
#include "handle/pidread.h"
#include "tell/columns.h"
#include "tell/progress.h"
#include "tell/waitline.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	NAME_ROOM = 64,
	HEAD_ROOM = 96,
};

struct progress progress_begin(
	FILE *out, const struct awaited *list, size_t count, const struct procfs *proc, bool wanted)
{
	return (struct progress){
		.out = out,
		.list = list,
		.count = count,
		.proc = proc,
		.wanted = wanted && progress_possible(out),
		.began = clock_now(),
	};
}

bool progress_possible(FILE *out)
{
	const char *terminal = getenv("TERM");

	return isatty(fileno(out)) && terminal && strcmp(terminal, "dumb") != 0;
}

// "4711 (postgres)", with its current name.
static void describe(const struct progress *p, const struct awaited *a, char *buf, size_t size)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	char name[NAME_ROOM];
	char number[WAITLINE_WHO];
	char who[NAME_ROOM];

	const char *word = waitline_who(number, a);
	escape_format(who, sizeof(who), word, strlen(word));
	if (p->proc && !pidref_comm(&a->ref, p->proc, &text)) {
		escape_format(name, sizeof(name), text.data, text.len);
		snprintf(buf, size, "%s (%s)", who, name);
	} else {
		snprintf(buf, size, "%s", who);
	}
}

static void head(const struct progress *p, size_t gone, char *buf, size_t size)
{
	int64_t s = (clock_now() - p->began) / DURATION_S;
	char hours[24] = "";

	if (s >= 3600)
		snprintf(hours, sizeof(hours), "%" PRId64 ":", s / 3600);
	snprintf(buf, size, "%zu/%zu gone %s%02d:%02d", gone, p->count, hours, (int)(s / 60 % 60),
		(int)(s % 60));
}

// Write the line, cut at `width` columns (0: not cut), with "..." for the processes that do not
// fit.
static void write_line(struct progress *p, size_t gone, size_t width)
{
	static const char more[] = " ...";
	char text[HEAD_ROOM + 2 * NAME_ROOM];
	const char *lead = " waiting for ";
	size_t left = p->count - gone;

	head(p, gone, text, sizeof(text));
	if (width && width < sizeof(text))
		text[width] = 0;
	fputs(text, p->out);
	size_t used = columns_of(text);
	while (p->first < p->count && p->list[p->first].state == AWAIT_GONE)
		p->first++;
	for (size_t i = p->first; i < p->count && left; i++) {
		if (p->list[i].state == AWAIT_GONE)
			continue;
		describe(p, &p->list[i], text, sizeof(text));
		left--;
		size_t tail = left ? sizeof(more) - 1 : 0;
		// show at least one process, if necessary without its name
		if (width && i == p->first && used + strlen(lead) + columns_of(text) + tail > width)
			text[strcspn(text, " ")] = 0;
		if (width && used + strlen(lead) + columns_of(text) + tail > width) {
			if (used + sizeof(more) - 1 <= width)
				fputs(more, p->out);
			return;
		}
		fprintf(p->out, "%s%s", lead, text);
		used += strlen(lead) + columns_of(text);
		lead = ", ";
	}
}

// Standard error has no buffer. One write avoids flicker and output of other processes in between.
static void write_at_once(
	struct progress *p, const char *before, size_t gone, size_t width, const char *after)
{
	FILE *out = p->out;
	char *text = NULL;
	size_t len = 0;

	p->out = open_memstream(&text, &len);
	if (p->out) {
		fputs(before, p->out);
		write_line(p, gone, width);
		fputs(after, p->out);
		fclose(p->out);
		fwrite(text, 1, len, out);
		fflush(out);
		free(text);
	}
	p->out = out;
}

// A job in the background must not write into the line of another job.
static bool in_background(const struct progress *p)
{
	pid_t group = tcgetpgrp(fileno(p->out));

	return group > 0 && group != getpgrp();
}

// The cursor returns to the start of the line. If the terminal becomes narrower and wraps the line,
// the cursor stays at that start, and the next line clears everything below.
void progress_draw(struct progress *p, size_t gone)
{
	if (!p->wanted || in_background(p))
		return;
	size_t width = columns_terminal(p->out);
	// leave the last column free: some terminals wrap when it is written
	write_at_once(p, "\r", gone, width > 1 ? width - 1 : 1, "\033[J\r");
	p->drawn = clock_now();
	p->live = true;
}

void progress_redraw(struct progress *p, size_t gone)
{
	if (p->wanted && clock_now() - p->drawn >= PROGRESS_TICK / 2)
		progress_draw(p, gone);
}

void progress_clear(struct progress *p)
{
	if (!p->live)
		return;
	p->live = false;
	if (in_background(p))
		return;
	fputs("\r\033[J", p->out);
	fflush(p->out);
}

void progress_print(struct progress *p, size_t gone)
{
	progress_clear(p);
	write_at_once(p, "", gone, 0, "\n");
}
