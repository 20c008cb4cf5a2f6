// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/duration.h"
#include "handle/kernel.h"
#include "handle/pidread.h"
#include "handle/walk.h"
#include "target/age.h"
#include "target/fault.h"
#include "target/lock.h"
#include "target/notes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

static int64_t later_of(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

// ---- facts ----

int age_facts_read(struct age_facts *out, const struct procfs *proc, const struct pidref *ref)
{
	struct statline line;
	struct status status;
	struct stat st;

	int folder = pidref_open_file(ref, proc, ".");
	// every process has a folder: it is hidden from us
	if (folder < 0)
		return folder == -ENOENT ? -EACCES : folder;
	int r = fstat(folder, &st) < 0 ? -errno : 0;
	close(folder);
	if (!r)
		r = pidref_stat(ref, proc, &line);
	if (!r)
		r = pidref_status(ref, proc, &status);
	if (r < 0)
		return r;
	*out = (struct age_facts){
		.start = line.start,
		.folder = st.st_mtim,
		.kthread = status.kthread,
		.real = status.uid[STATUS_REAL],
		.saved = status.uid[STATUS_SAVED],
	};
	return 0;
}

// ---- clocks ----

// The least amount by which the clock was set forward, as far as one process shows it. A folder of
// /proc has as its time the moment when it was first looked at, and its process started before
// that. So if the start is later by the current clock, the clock was set forward by at least the
// difference. (Once opened, the folder shows no other process, even if the PID is reused.)
static int64_t shown_by(int folder, struct buffer *text, int64_t boot)
{
	struct statline line;
	struct stat st;

	if (fstat(folder, &st) < 0 || buffer_read_file(text, folder, "stat") < 0 ||
		statline_parse(buffer_text(text), &line) < 0)
		return 0;
	return boot + clock_of_ticks(line.start) - clock_nanoseconds(&st.st_mtim);
}

static int64_t shown_step(const struct procfs *proc, int64_t boot)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	CLEANUP(walk_end) struct walk walk = {0};
	int64_t step = 0;
	pid_t pid;

	int r = walk_begin(&walk, proc);
	while (!r && walk_next(&walk, &pid) == 1) {
		int folder = procfs_open_pid(proc, pid);

		if (folder < 0)
			continue;
		step = later_of(step, shown_by(folder, &text, boot));
		close(folder);
	}
	// the kernel takes file times from the last tick, so they can be up to one tick behind the
	// clock
	return step > clock_tick() ? step : 0;
}

// ---- the file ----

// How coarse the times of the file are. If both times are whole seconds, the file system stores no
// fractions.
static int64_t resolution(const struct statfs *fs, const struct stat *st)
{
	if (fs->f_type == MSDOS_SUPER_MAGIC)
		return 2 * DURATION_S;
	return st->st_mtim.tv_nsec || st->st_ctim.tv_nsec ? 0 : DURATION_S;
}

static bool is_in_memory(const struct statfs *fs)
{
	// which has a sign on some architectures, and these numbers have none
	const uint32_t type = (uint32_t)fs->f_type;

	return type == TMPFS_MAGIC || type == RAMFS_MAGIC;
}

// Whether the file's times come from a server, whose clock may differ from ours.
static bool is_remote(const struct statfs *fs)
{
	switch ((uint32_t)fs->f_type) {
	case NFS_SUPER_MAGIC:
	case SMB_SUPER_MAGIC:
	case 0xFF534D42: // CIFS
	case 0xFE534D42: // SMB2
	case KERNEL_FUSE_MAGIC:
	case V9FS_MAGIC:
	case 0x00C36400: // Ceph
	case AFS_SUPER_MAGIC:
	case 0x6B414653: // AFS of the kernel
	case CODA_SUPER_MAGIC:
		return true;
	default:
		return false;
	}
}

// Judge by times alone, when nothing else proves that the process existed.
static int judge_times(const struct stat *st, const struct statfs *fs, bool exact,
	const struct procfs *proc, const struct age_facts *facts, unsigned *notes)
{
	int64_t boot = clock_of_boot();
	int64_t start = boot + (exact ? 0 : clock_of_ticks(facts->start));
	int64_t written = clock_nanoseconds(&st->st_mtim);
	int64_t latest = written + resolution(fs, st) + clock_tick();

	// written in the future: the clock was set back, so the times prove nothing
	if (written > boot + clock_since_boot() + clock_tick()) {
		*notes |= NOTE_STEPPED;
		return 0;
	}
	// its folder was looked at, by the same clock, before the file was written: it existed by
	// then
	if (start <= latest || clock_nanoseconds(&facts->folder) <= written)
		return 0;
	int64_t step = shown_step(proc, boot);
	bool old_boot = latest + step < boot;
	// a file system in memory has no files from an earlier boot, so the clock must have been
	// set
	if (start <= latest + step || (old_boot && is_in_memory(fs))) {
		if (!exact)
			*notes |= NOTE_STEPPED;
		return 0;
	}
	return old_boot ? -FAULT_OLD_BOOT : -FAULT_STALE;
}

int age_judge(int fd, bool exact, const struct procfs *proc, const struct pidref *ref,
	const struct age_facts *facts, unsigned *notes)
{
	unsigned doubts = 0;
	struct statfs fs;
	struct stat st;

	if (fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0)
		return fault_of_file(-errno);
	if (facts->kthread)
		return -FAULT_KTHREAD;
	// the contents of a pipe have no age
	if (!S_ISREG(st.st_mode))
		return 0;
	int r = is_remote(&fs) ? 0 : judge_times(&st, &fs, exact, proc, facts, &doubts);
	if (is_remote(&fs))
		doubts |= NOTE_REMOTE;
	if (!r && !doubts)
		return 0;
	// a lock that the process holds now proves more than all times
	int locked = lock_is_held_by(proc, ref, &st);
	if (locked == 1)
		return 0;
	if (locked == -ESRCH)
		return locked;
	*notes |= doubts;
	return r;
}
