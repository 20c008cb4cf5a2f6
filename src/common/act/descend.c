// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "act/descend.h"
#include "act/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

// The undecided ones: their handles, and their places in the list.
struct roots {
	struct pidref *refs;
	size_t *places;
	size_t count;
};

static int take_roots(struct roots *out, const struct delivery_list *all)
{
	struct roots r = {
		.refs = calloc(all->count + 1, sizeof(*r.refs)),
		.places = calloc(all->count + 1, sizeof(*r.places)),
	};

	if (!r.refs || !r.places) {
		free(r.refs);
		free(r.places);
		return -ENOMEM;
	}
	for (size_t i = 0; i < all->count; i++) {
		if (all->list[i].outcome != OUTCOME_NONE)
			continue;
		r.refs[r.count] = pidref_take(&all->list[i].ref);
		r.places[r.count++] = i;
	}
	*out = r;
	return 0;
}

static void meet(struct delivery *d, const struct deliver_tree *tree, void *data)
{
	if (d->ref.pid == getpid()) {
		d->outcome = OUTCOME_FAILED;
		d->error = -EDEADLK;
	} else if (!d->met) {
		tree->meet(d, data);
		d->met = true;
	}
	d->untold = d->outcome != OUTCOME_NONE;
}

// From the tree, or unchanged after a failure, back to where they were.
static void give_back(struct roots *r, struct delivery_list *all, struct tree *t)
{
	for (size_t i = 0; i < r->count; i++) {
		struct delivery *d = &all->list[r->places[i]];

		d->ref = pidref_take(t ? &t->list[i].ref : &r->refs[i]);
		d->stopped = t && t->list[i].stopped;
	}
}

static int add(struct delivery_list *all, struct tree_member *m, size_t place,
	const struct deliver_tree *tree, void *data)
{
	const struct delivery *root = &all->list[place];
	struct delivery d = {
		.ref = m->ref,
		.target = root->target,
		.tag = root->tag,
		.root = root->root ? root->root : root->ref.pid,
		.sig = root->sig,
		.stopped = m->stopped,
	};

	int r = deliver_push(all, &d);
	if (r < 0)
		return r;
	m->ref = PIDREF_NULL;
	meet(&all->list[all->count - 1], tree, data);
	return 0;
}

int descend_begin(struct descend *out, struct delivery_list *all, const struct deliver_tree *tree,
	bool look, void *data)
{
	struct descend d = {.still = !look};
	struct roots roots;
	struct tree t = {0};
	size_t before = all->count;

	int r = take_roots(&roots, all);
	if (r < 0)
		return r;
	if (!look)
		holdoff_begin(&d.hold);
	r = look ? tree_look(&t, tree->proc, roots.refs, roots.count)
		 : tree_stop(&t, tree->proc, roots.refs, roots.count, &d.hold);
	give_back(&roots, all, r < 0 ? NULL : &t);
	for (size_t i = 0; !r && i < roots.count; i++)
		meet(&all->list[roots.places[i]], tree, data);
	for (size_t i = roots.count; !r && i < t.count; i++)
		if (t.list[i].ref.pid != getpid())
			r = add(all, &t.list[i], roots.places[t.list[i].root], tree, data);
	if (r < 0) {
		tree_continue(&t);
		descend_end(&d, all);
		while (all->count > before)
			pidref_close(&all->list[--all->count].ref);
	}
	tree_free(&t);
	free(roots.refs);
	free(roots.places);
	if (!r)
		*out = d;
	return r;
}

void descend_end(struct descend *d, struct delivery_list *all)
{
	if (!d->still)
		return;
	for (size_t i = 0; i < all->count; i++) {
		struct delivery *to = &all->list[i];

		if (to->stopped && pidref_is_held(&to->ref))
			pidref_signal(&to->ref, SIGCONT, PIDREF_SCOPE_DEFAULT, NULL);
		to->stopped = false;
	}
	holdoff_end(&d->hold);
	d->still = false;
}
