// SPDX-License-Identifier: GPL-2.0-or-later
// progress.c: unit tests of progress.h: the line, whatever the clock, the list and the width.
#include "config.h"

#include "base/clock.h"
#include "base/duration.h"
#include "check.h"
#include "tell/progress.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static char *text;
static size_t len;

// A line of a wait that began so long ago, to be written into `text`.
static struct progress line_of(const struct awaited *list, size_t count, int64_t seconds)
{
	return (struct progress){
		.out = open_memstream(&text, &len),
		.list = list,
		.count = count,
		.began = clock_now() - seconds * DURATION_S,
	};
}

// Whether what was written begins and ends like this; in between is a second or two of time.
static bool wrote(struct progress *p, const char *begin, const char *end)
{
	fclose(p->out);
	bool same = strlen(text) >= strlen(begin) + strlen(end) &&
		    !strncmp(text, begin, strlen(begin)) &&
		    !strcmp(text + strlen(text) - strlen(end), end);
	if (!same)
		printf("# wrote: %s\n", text);
	free(text);
	text = NULL;
	return same;
}

static void tells_hours(void)
{
	const struct awaited one = {.ref = {.fd = -1, .pid = 4711}};
	struct progress p = line_of(&one, 1, 59 * 60);

	progress_print(&p, 0);
	CHECK(wrote(&p, "0/1 gone 59:0", " waiting for 4711\n"));
	p = line_of(&one, 1, 100 * 3600 + 61);
	progress_print(&p, 0);
	CHECK(wrote(&p, "0/1 gone 100:01:0", " waiting for 4711\n"));
}

static void leaves_out_who_is_gone(void)
{
	const struct awaited some[] = {
		{.ref = {.fd = -1, .pid = 11}, .state = AWAIT_GONE},
		{.ref = {.fd = -1, .pid = 12}},
		{.ref = {.fd = -1, .pid = 13}, .state = AWAIT_GONE},
		{.ref = {.fd = -1, .pid = 14}, .state = AWAIT_DEAD},
		{.ref = {.fd = -1}, .target = "unix:@a\nb"},
	};
	struct progress p = line_of(some, 5, 5);

	progress_print(&p, 2);
	CHECK(wrote(&p, "2/5 gone 00:0", " waiting for 12, 14, unix:@a\\nb\n"));
}

static void keeps_to_eighty_columns(void)
{
	struct awaited many[40];

	memset(many, 0, sizeof(many));
	for (int i = 0; i < 40; i++)
		many[i].ref = (struct pidref){.fd = -1, .pid = 1000 + i};
	// a width that no terminal tells is 80; the last column stays free
	struct progress p = line_of(many, 40, 5);
	p.wanted = true;
	progress_draw(&p, 0);
	CHECK(p.live);
	fflush(p.out);
	CHECK_INT(strcspn(text + 1, "\x1b"), 78); // one more, with its comma, would be 84
	CHECK(wrote(&p, "\r0/40 gone 00:0", ", 1007 ...\033[J\r"));
	// printed as UTF-8, counted without setlocale(3): as many columns as bytes, which is the
	// most
	setenv("LC_ALL", "C.UTF-8", 1);
	for (int i = 0; i < 40; i++)
		many[i].target = "unix:@n\xc3\xa9";
	p = line_of(many, 40, 5);
	p.wanted = true;
	progress_draw(&p, 0);
	CHECK(wrote(&p, "\r0/40 gone 00:0", ", unix:@n\xc3\xa9 ...\033[J\r"));
}

static void is_not_drawn_again_at_once(void)
{
	const struct awaited one = {.ref = {.fd = -1, .pid = 4711}};
	struct progress p = line_of(&one, 1, 5);

	p.wanted = true;
	progress_redraw(&p, 0);
	progress_redraw(&p, 0);
	CHECK(p.live);
	progress_clear(&p);
	progress_clear(&p);
	CHECK(!p.live);
	CHECK(wrote(&p, "\r0/1 gone 00:0", " waiting for 4711\033[J\r\r\033[J"));
	p = line_of(&one, 1, 5);
	progress_redraw(&p, 0);
	progress_draw(&p, 0);
	CHECK(wrote(&p, "", ""));
}

static void needs_a_terminal_that_can(void)
{
	FILE *out = fopen("/dev/null", "w");

	setenv("TERM", "vt100", 1);
	CHECK(!progress_possible(out));
	fclose(out);
	// a terminal, where there is one to be had
	out = fopen("/dev/ptmx", "r+");
	if (out) {
		CHECK(progress_possible(out));
		setenv("TERM", "dumb", 1);
		CHECK(!progress_possible(out));
		unsetenv("TERM");
		CHECK(!progress_possible(out));
		fclose(out);
	}
}

int main(void)
{
	static const struct check_test tests[] = {
		{"the line tells hours when there are any", tells_hours},
		{"who is gone is left out", leaves_out_who_is_gone},
		{"without a known width there are eighty columns", keeps_to_eighty_columns},
		{"a line that was drawn just now is not drawn again", is_not_drawn_again_at_once},
		{"a live line needs a terminal that can move its cursor",
			needs_a_terminal_that_can},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
