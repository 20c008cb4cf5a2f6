// SPDX-License-Identifier: GPL-2.0-or-later
// quote.c: unit tests of quote.h.
#include "config.h"

#include "check.h"
#include "find/quote.h"

#include <string.h>

static void finds_what_is_behind_a_search_word(void)
{
	static const struct {
		const char *text, *behind;
	} rows[] = {
		{"sh -c cd /srv/foo && pkill -f foo", " -f foo"},
		{"pgrep", ""},
		{"pgrep -f foo", " -f foo"},
		{"/usr/bin/pkill\tfoo", "\tfoo"},
		{"sudo pkill -f foo", " -f foo"},
		{"sh -c a;pgrep b", " b"},
		{"sh -c a|pgrep b", " b"},
		{"sh -c a&pgrep b", " b"},
		{"sh -c a\npidwait b", " b"},
		{"echo $(pgrep b)", " b)"},
		{"echo `pgrep b`", " b`"},
		{"sh -c \\pkill b", " b"},
		{"env 'pkill' b", "' b"},
		{"env \"pkill\" b", "\" b"},
		{"pfdkill foo", " foo"},
		{"pfdwait foo", " foo"},
		{"pfdpgrep foo", " foo"},
		{"pfdpkill foo", " foo"},
		{"pfdpidwait foo", " foo"},
		// of several words the first
		{"pgrep a | pkill b", " a | pkill b"},
		{"pgrepx pkill b", " b"},
		{"xpgrep ppkill pkill b", " b"},
		// these are none
		{"", NULL},
		{"p", NULL},
		{"pgre", NULL},
		{"vi pgrep.c", NULL},
		{"vi pgrep-a", NULL},
		{"vi x.pgrep", NULL},
		{"pgrep;", NULL},
		{"PID=pgrep x", NULL},
		{"Pgrep x", NULL},
		{"kill x; pwait x; pfd x", NULL},
		{"[pgrep] <defunct>", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *behind = quote_behind(rows[i].text, strlen(rows[i].text));

		check_row = rows[i].text;
		CHECK(!behind == !rows[i].behind);
		if (behind && rows[i].behind)
			CHECK_STR(behind, rows[i].behind);
	}
	check_row = NULL;
	// only these bytes count
	CHECK(!quote_behind("pkill", 4));
	CHECK(!quote_behind("pkillx", 6));
	CHECK(quote_behind("pkillx", 5));
	CHECK(!quote_behind(" ", 0));
}

static void a_search_is_known_by_its_first_argument(void)
{
	static const char search[] = "/usr/bin/pkill\0-f\0foo";
	static const char quote[] = "sh\0-c\0pkill -f foo";

	CHECK(quote_is_search(search, sizeof(search)));
	CHECK(quote_is_search("pgrep", 5));
	CHECK(!quote_is_search(quote, sizeof(quote)));
	CHECK(!quote_is_search("", 0));
}

int main(void)
{
	static const struct check_test tests[] = {
		{"what is behind the first search word is found",
			finds_what_is_behind_a_search_word},
		{"a search is known by its first argument",
			a_search_is_known_by_its_first_argument},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
