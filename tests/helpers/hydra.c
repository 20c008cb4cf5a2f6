// SPDX-License-Identifier: GPL-2.0-or-later
// hydra N: a command that does all it can to leave something behind. Prints "ready" when about N
// processes live.
//
// Heads, each in a session of its own, keep starting daemons by a double fork, each of these in
// another new session. One more process forks and ends every 3 ms, so that it is never the same.
// All ignore TERM, INT, HUP and QUIT. Without a signal from outside all is over after a minute.
#include "config.h"

#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "helper.h"

enum { LIFETIME = 60, HEADS = 8, LEAP_NS = 3000000, SHORT_NS = 50000000 };

struct hydra {
	long born; // daemons that stay, atomically
	long most;
	time_t end;
};

static void nap(long ns)
{
	nanosleep(&(const struct timespec){.tv_nsec = ns}, NULL);
}

// The first daemons stay, the others go soon, so that new ones can be started for ever.
static void live(struct hydra *h)
{
	if (__atomic_add_fetch(&h->born, 1, __ATOMIC_SEQ_CST) > h->most) {
		nap(SHORT_NS);
		_exit(0);
	}
	while (time(NULL) < h->end)
		nap(SHORT_NS);
	_exit(0);
}

static void start_daemon(struct hydra *h)
{
	pid_t pid = fork();

	if (!pid) {
		setsid();
		if (fork() == 0)
			live(h);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static void head(struct hydra *h)
{
	setsid();
	while (time(NULL) < h->end) {
		start_daemon(h);
		nap(LEAP_NS);
	}
	_exit(0);
}

static void leap(struct hydra *h)
{
	while (time(NULL) < h->end) {
		if (fork() > 0)
			_exit(0);
		nap(LEAP_NS);
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	static const int ignored[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
	struct hydra *h =
		mmap(NULL, sizeof(*h), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (argc < 2 || h == MAP_FAILED)
		die("usage: hydra N");
	*h = (struct hydra){.most = number(argv[1]), .end = time(NULL) + LIFETIME};
	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		signal(ignored[i], SIG_IGN);
	for (int i = 0; i < HEADS; i++)
		if (!fork())
			head(h);
	if (!fork())
		leap(h);
	while (__atomic_load_n(&h->born, __ATOMIC_SEQ_CST) < h->most)
		nap(LEAP_NS);
	puts("ready");
	fflush(stdout);
	while (time(NULL) < h->end)
		nap(SHORT_NS);
	return 0;
}
