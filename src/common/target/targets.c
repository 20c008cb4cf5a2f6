// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/array.h"
#include "target/targets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { HANDLES = TARGET_EXACT | TARGET_INODE };

static int push(struct targets *all, const struct target *t)
{
	struct target *list = array_grow(all->list, all->count, sizeof(*list));

	if (!list)
		return -ENOMEM;
	all->list = list;
	all->list[all->count++] = *t;
	all->kinds |= t->kind;
	return 0;
}

bool targets_is_blank(const char *text)
{
	return !text[strspn(text, TARGET_BLANKS)];
}

// Whether the word contains handles with white space around or between them. Such a word begins
// with a digit or a colon. A name may contain blanks too, but begins differently.
static bool has_handles(const char *text)
{
	const char *word = text + strspn(text, TARGET_BLANKS);

	return (word > text || word[strcspn(word, TARGET_BLANKS)]) && strspn(word, "0123456789:");
}

// Add each word of `copy`, which is cut up.
static int add_handles(struct targets *all, char *copy, unsigned kinds, const char **why)
{
	size_t before = all->count;
	char *rest;
	int r = 0;

	for (char *word = strtok_r(copy, TARGET_BLANKS, &rest); word && !r;
		word = strtok_r(NULL, TARGET_BLANKS, &rest)) {
		struct target t;

		bool several = all->count > before || (rest && !targets_is_blank(rest));

		r = target_parse(&t, word, kinds, why);
		if (!r && !(t.kind & HANDLES) && (several || !(kinds & TARGET_PADDED))) {
			*why = several ? "several numbers in one word: leave out the quotes, or use pgrep --handle"
				       : "not a target: there are blanks around the number";
			r = -EINVAL;
		}
		if (!r)
			r = push(all, &t);
	}
	if (r < 0)
		all->count = before;
	return r;
}

int targets_add(struct targets *all, const char *text, unsigned kinds, const char **why)
{
	struct target t;

	if (targets_is_blank(text) && kinds & TARGET_NONE) {
		t = (struct target){.text = text, .kind = TARGET_NONE, .fd = -1, .name = text};
		return push(all, &t);
	}
	if (targets_is_blank(text)) {
		*why = "no target: the operand is empty (did a search find nothing?)";
		return -EINVAL;
	}
	if (has_handles(text)) {
		char *copy = strdup(text);
		int r = copy ? add_handles(all, copy, kinds, why) : -ENOMEM;

		if (r < 0)
			free(copy);
		// the targets quote the copy until the end, so it is never freed
		return r; // NOLINT(clang-analyzer-unix.Malloc)
	}
	int r = target_parse(&t, text, kinds, why);
	return r < 0 ? r : push(all, &t);
}

int targets_add_pidfile(struct targets *all, const char *path)
{
	const struct target t = target_of_pidfile(path);

	return push(all, &t);
}

// Ascending PIDs, as pgrep prints them, cannot contain duplicates; so nothing has to be sorted.
static bool are_ascending(const struct targets *all)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].kind != TARGET_PID ||
			(i && all->list[i].pid <= all->list[i - 1].pid))
			return false;
	return true;
}

static int by_text(const void *a, const void *b)
{
	const struct target *const *x = a;
	const struct target *const *y = b;
	int order = strcmp((*x)->text, (*y)->text);

	// among equal ones the first in the list stays first
	return order ? order : (*x > *y) - (*x < *y);
}

int targets_drop_repeats(struct targets *all)
{
	size_t kept = 0;

	if (are_ascending(all))
		return 0;
	struct target **sorted = calloc(all->count + 1, sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < all->count; i++)
		sorted[i] = &all->list[i];
	qsort(sorted, all->count, sizeof(*sorted), by_text);
	for (size_t i = 0, first = 0; i < all->count; i++) {
		if (strcmp(sorted[first]->text, sorted[i]->text) != 0)
			first = i;
		if (first != i)
			sorted[i]->kind = 0;
	}
	free(sorted);
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].kind)
			all->list[kept++] = all->list[i];
	all->count = kept;
	return 0;
}

void targets_demand(struct targets *all, const struct pidfile_demands *demands)
{
	for (size_t i = 0; i < all->count; i++)
		all->list[i].demands = *demands;
}

void targets_free(struct targets *all)
{
	free(all->list);
	all->list = NULL;
	all->count = 0;
}
