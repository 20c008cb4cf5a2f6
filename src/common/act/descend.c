// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "act/descend.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

// The undecided deliveries: their handles and their indexes in the list.
struct roots {
	struct pidref *refs;
	size_t *places;
	size_t count;
};

static void free_roots(struct roots *r)
{
	free(r->refs);
	free(r->places);
}

static int take_roots(struct roots *out, const struct delivery_list *all)
{
	struct roots r = {
		.refs = calloc(all->count + 1, sizeof(*r.refs)),
		.places = calloc(all->count + 1, sizeof(*r.places)),
	};

	if (!r.refs || !r.places) {
		free_roots(&r);
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
	// a signal to ourselves would end the work for all others
	if (d->ref.pid == getpid()) {
		d->outcome = OUTCOME_FAILED;
		d->error = -EDEADLK;
	} else if (!d->met) {
		tree->meet(d, data);
		d->met = true;
	}
	d->untold = d->outcome != OUTCOME_NONE;
}

// Return the handles from the tree (or, after a failure, unchanged) to the deliveries.
static void give_back(const struct roots *r, struct delivery_list *all, struct tree *t)
{
	for (size_t i = 0; i < r->count; i++) {
		struct delivery *d = &all->list[r->places[i]];

		d->ref = t ? tree_give(t, i) : r->refs[i];
		d->member = t ? i + 1 : 0;
	}
}

// 1: it was in a tree before and has its outcome: a zombie that its parent does not reap is found
// every time. Before Linux 6.9 there is no inode to recognise it by, and its PID may belong to
// another process by now, so it counts as new.
int descend_knows(struct descend *d, struct pidref *ref)
{
	int r = pidref_learn_inode(ref);

	if (r < 0)
		return r == -EOPNOTSUPP ? 0 : r;
	r = idset_add(&d->met, ref->inode);
	return r < 0 ? r : !r;
}

static int add(struct descend *d, struct delivery_list *all, size_t i,
	const struct deliver_tree *tree, void *data)
{
	struct tree_member *m = &d->tree.list[i];
	const struct delivery *root = &all->list[d->places[m->root]];
	struct delivery child = {
		.target = root->target,
		.tag = root->tag,
		.root = root->root ? root->root : root->ref.pid,
		.sig = root->sig,
		.member = i + 1,
	};

	// a process that ended before it was held is not a descendant any more, and was not named
	if (m->ref.pid == getpid() || pidref_state(&m->ref) == PIDREF_REAPED)
		return 0;
	int r = descend_knows(d, &m->ref);
	if (r)
		return r < 0 ? r : 0;
	child.ref = m->ref;
	r = deliver_push(all, &child);
	if (r < 0)
		return r;
	tree_give(&d->tree, i);
	meet(&all->list[all->count - 1], tree, data);
	return 1;
}

static int add_all(struct descend *d, struct delivery_list *all, size_t from,
	const struct deliver_tree *tree, void *data)
{
	int added = 0;

	for (size_t i = from; i < d->tree.count; i++) {
		int r = add(d, all, i, tree, data);

		if (r < 0)
			return r;
		added += r;
		// the keeper must see that we are alive, however long the list is
		hold_touch(&d->tree.hold);
	}
	return added;
}

static int meet_all(struct descend *d, struct delivery_list *all, const struct roots *roots,
	const struct deliver_tree *tree, void *data)
{
	for (size_t i = 0; i < roots->count; i++) {
		struct delivery *root = &all->list[roots->places[i]];
		int r = descend_knows(d, &root->ref);

		if (r < 0)
			return r;
		meet(root, tree, data);
		hold_touch(&d->tree.hold);
	}
	return add_all(d, all, roots->count, tree, data);
}

int descend_begin(struct descend *d, struct delivery_list *all, const struct deliver_tree *tree,
	bool look, void *data)
{
	const struct tree_spares spares = {tree->spares, data};
	struct roots roots;

	int r = take_roots(&roots, all);
	if (r < 0)
		return r;
	d->still = !look;
	if (!look)
		holdoff_begin(&d->hold);
	r = look ? tree_look(&d->tree, tree->proc, roots.refs, roots.count, &spares)
		 : tree_hold(&d->tree, tree->proc, roots.refs, roots.count, &spares, &d->hold);
	give_back(&roots, all, r < 0 ? NULL : &d->tree);
	d->places = roots.places;
	if (!r)
		r = meet_all(d, all, &roots, tree, data);
	// the places belong to *d now
	roots.places = NULL;
	free_roots(&roots);
	if (r >= 0)
		return 0;
	descend_end(d, all, 0);
	return r;
}

int descend_more(
	struct descend *d, struct delivery_list *all, const struct deliver_tree *tree, void *data)
{
	if (!d->still)
		return 0;
	int r = tree_more(&d->tree);
	return r <= 0 ? r : add_all(d, all, d->tree.count - (size_t)r, tree, data);
}

void descend_sending(struct descend *d, const struct delivery *to, int sig)
{
	if (d->still && to->member)
		tree_sending(&d->tree, to->member - 1, sig);
}

void descend_end(struct descend *d, struct delivery_list *all, int sig)
{
	for (size_t i = 0; i < all->count; i++) {
		struct delivery *to = &all->list[i];

		if (to->member && d->still)
			to->held = tree_state(&d->tree, to->member - 1, &to->tracer);
		to->member = 0;
	}
	tree_release(&d->tree, sig);
	tree_free(&d->tree);
	free(d->places);
	d->places = NULL;
	if (d->still)
		holdoff_end(&d->hold);
	d->still = false;
}

void descend_free(struct descend *d)
{
	idset_free(&d->met);
}
