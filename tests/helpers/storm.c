// SPDX-License-Identifier: GPL-2.0-or-later
// storm N [SIGNAL...]: a tree of about N processes that fork and end all the time, and ignore the
// SIGNALs. Prints "ready" when there are N for the first time.
//
// A process ends only when it has no children, so nobody leaves the tree; the first one never ends
// by itself. Without a signal from outside all is over after a minute.
#include "config.h"

#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "helper.h"

enum { LIFETIME = 60, BREATH_NS = 1000000, SELDOM = 20 };

struct storm {
	long alive; // of all processes, atomically
	long most;
	time_t end;
	int told;
};

static void breathe(void)
{
	nanosleep(&(const struct timespec){.tv_nsec = BREATH_NS}, NULL);
}

static void leave(struct storm *s, int status)
{
	__atomic_sub_fetch(&s->alive, 1, __ATOMIC_SEQ_CST);
	_exit(status);
}

static void rage(struct storm *s, unsigned seed, int first)
{
	int children = 0;

	for (;; breathe()) {
		while (children && waitpid(-1, NULL, WNOHANG) > 0)
			children--;
		if (time(NULL) > s->end)
			leave(s, 1);
		if (!children && !first && rand_r(&seed) % SELDOM == 0)
			leave(s, 0);
		if (__atomic_add_fetch(&s->alive, 1, __ATOMIC_SEQ_CST) > s->most) {
			__atomic_sub_fetch(&s->alive, 1, __ATOMIC_SEQ_CST);
			if (!__atomic_exchange_n(&s->told, 1, __ATOMIC_SEQ_CST))
				puts("ready"), fflush(stdout);
			continue;
		}
		pid_t pid = fork();
		if (pid < 0)
			__atomic_sub_fetch(&s->alive, 1, __ATOMIC_SEQ_CST);
		if (pid > 0)
			children++;
		if (!pid) {
			children = first = 0;
			seed ^= (unsigned)getpid();
		}
	}
}

int main(int argc, char **argv)
{
	struct storm *s =
		mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (argc < 2 || s == MAP_FAILED)
		die("usage: storm N [SIGNAL...]");
	*s = (struct storm){.alive = 1, .most = number(argv[1]), .end = time(NULL) + LIFETIME};
	for (int i = 2; i < argc; i++)
		signal((int)number(argv[i]), SIG_IGN);
	rage(s, (unsigned)getpid(), 1);
}
