// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/pidread.h"
#include "target/fault.h"
#include "target/found.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

static bool is_managed(void)
{
	// sd_booted(3)
	return !access("/run/systemd/system", F_OK);
}

bool found_is_left_out(pid_t pid)
{
	return pid == getpid() || (pid == 1 && is_managed());
}

// Whether it runs a program called systemd that belongs to root: no user can make one. To be
// verified.
static bool runs_systemd(const struct procfs *proc, const struct pidref *ref)
{
	const struct procdir dir = pidref_dir(ref, procfs_dir(proc, ref->pid));
	char path[PATH_MAX];
	struct stat st;

	if (pidref_readlink(ref, proc, "exe", path, sizeof(path)) < 0)
		return false;
	path[procdir_path_length(&dir, "exe", path)] = 0;
	const char *slash = strrchr(path, '/');
	return slash && !strcmp(slash, "/systemd") && !procdir_stat(&dir, "exe", &st) &&
	       st.st_uid == 0;
}

static bool has_word(const struct buffer *words, const char *word)
{
	for (size_t at = 0; at < words->len; at += strlen(words->data + at) + 1)
		if (!strcmp(words->data + at, word))
			return true;
	return false;
}

static bool is_user_manager(const struct pidref *ref)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	CLEANUP(procfs_close) struct procfs proc = PROCFS_NULL;

	// pidref_read verifies what was read before
	return !procfs_open(&proc) && !pidref_comm(ref, &proc, &text) &&
	       !strcmp(text.data, "systemd") && runs_systemd(&proc, ref) &&
	       !pidref_read(ref, &proc, "cmdline", &text) && has_word(&text, "--user");
}

bool found_leaves_out(const struct found *f, const struct pidref *ref)
{
	return found_is_left_out(ref->pid) || (f->socket && is_user_manager(ref));
}

int found_pass(struct found *f, struct pidref *ref)
{
	if (found_leaves_out(f, ref)) {
		f->self |= ref->pid == getpid();
		f->manager |= ref->pid != getpid();
		pidref_close(ref);
		return 0;
	}
	f->count++;
	return f->call(ref, f->data);
}

int found_none(const struct found *f, int none)
{
	return f->manager ? -FAULT_ONLY_MANAGER : f->self ? -FAULT_ONLY_SELF : none;
}
