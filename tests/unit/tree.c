// SPDX-License-Identifier: GPL-2.0-or-later
// tree.c: tests of tree.h on trees that fork all the time.
#include "config.h"

#include "act/descend.h"
#include "act/tree.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 150, ROUNDS = 4, LIFETIME = 10 };

struct storm {
	int alive; // by all processes of it, atomically
	int born;
	int over; // set when the test is done with it; whatever is left then ends by itself
	time_t end;
};

static void nap(long ns)
{
	const struct timespec t = {.tv_nsec = ns};

	nanosleep(&t, NULL);
}

// A process that keeps forking, and ends only when it has no children: nobody leaves the tree.
static void rage(struct storm *s, unsigned seed)
{
	int children = 0;

	for (;;) {
		while (children && waitpid(-1, NULL, WNOHANG) > 0)
			children--;
		if (!children && rand_r(&seed) % 20 == 0) {
			__atomic_sub_fetch(&s->alive, 1, __ATOMIC_SEQ_CST);
			_exit(0);
		}
		if (__atomic_load_n(&s->over, __ATOMIC_SEQ_CST) || time(NULL) > s->end)
			_exit(1);
		if (__atomic_add_fetch(&s->alive, 1, __ATOMIC_SEQ_CST) > MOST) {
			__atomic_sub_fetch(&s->alive, 1, __ATOMIC_SEQ_CST);
			nap(3000000);
			continue;
		}
		__atomic_add_fetch(&s->born, 1, __ATOMIC_SEQ_CST);
		pid_t pid = fork();
		if (!pid) {
			children = 0;
			seed ^= (unsigned)getpid();
		} else if (pid > 0) {
			children++;
		}
		nap(1000000);
	}
}

static pid_t start(struct storm *s, unsigned seed)
{
	s->alive = 1;
	s->end = time(NULL) + LIFETIME;
	pid_t pid = fork();

	if (!pid) {
		setpgid(0, 0);
		// the root never ends by itself
		int children = 0;

		while (children++ < 4) {
			__atomic_add_fetch(&s->alive, 1, __ATOMIC_SEQ_CST);
			if (!fork())
				rage(s, seed ^ (unsigned)getpid());
		}
		for (;;)
			while (waitpid(-1, NULL, 0) > 0)
				continue;
	}
	setpgid(pid, pid);
	return pid;
}

static void nothing_of_a_raging_tree_is_left(void)
{
	struct storm *s =
		mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct procfs proc = {.fd = -1};

	CHECK_INT(procfs_open(&proc), 0);
	CHECK_INT(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct pidref root = PIDREF_NULL;
		struct tree t;
		int status;

		s->born = 0;
		pid_t pid = start(s, i);
		while (__atomic_load_n(&s->alive, __ATOMIC_SEQ_CST) < MOST - 10 &&
			__atomic_load_n(&s->born, __ATOMIC_SEQ_CST) < 4 * MOST)
			nap(1000000);
		CHECK_INT(pidref_open(&root, pid), 0);
		CHECK_INT(tree_hold(&t, &proc, &root, 1, NULL, NULL), 0);
		CHECK_INT(root.fd, -1);
		CHECK(t.count > 4);
		// nobody is born any more
		int born = __atomic_load_n(&s->born, __ATOMIC_SEQ_CST);
		nap(5000000);
		CHECK_INT(__atomic_load_n(&s->born, __ATOMIC_SEQ_CST), born);
		for (size_t m = 0; m < t.count; m++) {
			int r = pidref_signal(&t.list[m].ref, SIGKILL, PIDREF_SCOPE_DEFAULT, NULL);

			CHECK(r == 0 || r == -ESRCH);
		}
		tree_free(&t);
		// the group has no member left, so the tree has none
		for (int tries = 0; tries < 2000 && !kill(-pid, 0); tries++) {
			while (waitpid(-pid, &status, WNOHANG) > 0)
				continue;
			nap(1000000);
		}
		CHECK(kill(-pid, 0) < 0 && errno == ESRCH);
		__atomic_store_n(&s->over, 1, __ATOMIC_SEQ_CST);
		kill(-pid, SIGKILL);
		while (waitpid(-pid, &status, 0) > 0)
			continue;
		__atomic_store_n(&s->over, 0, __ATOMIC_SEQ_CST);
	}
	procfs_close(&proc);
	munmap(s, sizeof(*s));
}

static void strangers_and_parents_stay_out(void)
{
	struct procfs proc = {.fd = -1};
	struct pidref root = PIDREF_NULL;
	struct tree t;
	pid_t bystander = fork();

	if (!bystander)
		for (;;)
			pause();
	pid_t leader = fork();
	if (!leader) {
		if (!fork())
			for (;;)
				pause();
		for (;;)
			pause();
	}
	CHECK_INT(procfs_open(&proc), 0);
	CHECK_INT(pidref_open(&root, leader), 0);
	// the grandchild is there when the tree has two
	for (int i = 0; i < 1000; i++) {
		CHECK_INT(tree_hold(&t, &proc, &root, 1, NULL, NULL), 0);
		if (t.count == 2)
			break;
		root = tree_give(&t, 0);
		tree_free(&t);
		nap(1000000);
	}
	CHECK_INT(t.count, 2);
	CHECK_INT(t.list[0].ref.pid, leader);
	CHECK_INT(t.list[1].root, 0);
	for (size_t i = 0; i < t.count; i++) {
		CHECK(t.list[i].ref.pid != bystander);
		CHECK(t.list[i].ref.pid != getpid());
		CHECK_INT(tree_state(&t, i, NULL), HOLD_HELD);
		pidref_signal(&t.list[i].ref, SIGKILL, PIDREF_SCOPE_DEFAULT, NULL);
	}
	tree_free(&t);
	kill(bystander, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		continue;
	procfs_close(&proc);
}

static void what_was_released_is_not_held(void)
{
	struct procfs proc = {.fd = -1};
	struct pidref root = PIDREF_NULL;
	struct tree t;
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	CHECK_INT(procfs_open(&proc), 0);
	CHECK_INT(pidref_open(&root, pid), 0);
	CHECK_INT(tree_hold(&t, &proc, &root, 1, NULL, NULL), 0);
	CHECK_INT(tree_state(&t, 0, NULL), HOLD_HELD);
	CHECK_INT(tree_more(&t), 0);
	tree_release(&t, 0);
	CHECK_INT(tree_state(&t, 0, NULL), HOLD_DEAD);
	tree_sending(&t, 0, SIGSTOP);
	CHECK_INT(tree_more(&t), 0);
	tree_free(&t);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	procfs_close(&proc);
}

static void a_process_is_met_once(void)
{
	struct descend d = DESCEND_NULL;
	struct pidref self = PIDREF_NULL;
	struct pidref folder = {.kind = PIDREF_PROCDIR, .pid = getpid()};
	struct pidref closed = PIDREF_NULL;

	CHECK_INT(pidref_open(&self, getpid()), 0);
	// before Linux 6.9 no handle has an inode
	CHECK_INT(descend_knows(&d, &self), 0);
	CHECK_INT(descend_knows(&d, &self), self.inode != 0);
	folder.fd = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK_INT(descend_knows(&d, &folder), 0);
	CHECK_INT(descend_knows(&d, &folder), 0);
	CHECK_INT(descend_knows(&d, &closed), -EBADF);
	pidref_close(&folder);
	pidref_close(&self);
	descend_free(&d);
}

int main(void)
{
	static const struct check_test tests[] = {
		{"a tree holds descendants only", strangers_and_parents_stay_out},
		{"nothing is left of a tree that forks all the time",
			nothing_of_a_raging_tree_is_left},
		{"what was released is not held", what_was_released_is_not_held},
		{"a process is met once, if the kernel has an inode for it", a_process_is_met_once},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
