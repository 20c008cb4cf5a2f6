// SPDX-License-Identifier: GPL-2.0-or-later
// faults.so: preloaded into a program by tools/sweep, never part of one.
//
// Marks for strace where main begins, with a write to descriptor -1: what the loader does before
// is not the program's. Then counts the allocations in the file FAULTS_COUNT (8 bytes, shared by
// forks), and fails the N-th of FAULTS_MALLOC=N, or with N+ that one and all that follow. Those of
// the C library's user database are left alone: glibc 2.36 dies there itself when memory runs out.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef int main_function(int argc, char **argv, char **envp);

static main_function *real_main;
static uint64_t *counter; // NULL until main begins
static uint64_t failing;
static bool all_after;
static bool in_database;

static bool fails(void)
{
	if (!counter || in_database)
		return false;
	uint64_t n = __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
	if (!failing || n < failing || (n > failing && !all_after))
		return false;
	errno = ENOMEM;
	return true;
}

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t nmemb, size_t size)
{
	return fails() ? NULL : __libc_calloc(nmemb, size);
}

void *realloc(void *ptr, size_t size)
{
	return fails() ? NULL : __libc_realloc(ptr, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **memptr, size_t alignment, size_t size)
{
	void *got = fails() ? NULL : __libc_memalign(alignment, size);

	if (!got)
		return ENOMEM;
	*memptr = got;
	return 0;
}

// Put the C library's own `name` into *next, and leave its allocations alone from now on.
static void enter_database(void *next, const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (!symbol)
		abort();
	memcpy(next, &symbol, sizeof(symbol));
	in_database = true;
}

struct passwd *getpwnam(const char *name)
{
	__typeof__(&getpwnam) next = NULL;

	enter_database(&next, "getpwnam");
	struct passwd *found = next(name);
	in_database = false;
	return found;
}

struct passwd *getpwuid(uid_t uid)
{
	__typeof__(&getpwuid) next = NULL;

	enter_database(&next, "getpwuid");
	struct passwd *found = next(uid);
	in_database = false;
	return found;
}

struct group *getgrnam(const char *name)
{
	__typeof__(&getgrnam) next = NULL;

	enter_database(&next, "getgrnam");
	struct group *found = next(name);
	in_database = false;
	return found;
}

static int begin(int argc, char **argv, char **envp)
{
	const char *count = getenv("FAULTS_COUNT");
	const char *fail = getenv("FAULTS_MALLOC");

	if (fail) {
		char *end;

		failing = strtoull(fail, &end, 10);
		all_after = *end == '+';
	}
	if (count) {
		int fd = open(count, O_RDWR | O_CLOEXEC);

		if (fd < 0)
			_exit(125);
		void *shared = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (shared == MAP_FAILED)
			_exit(125);
		close(fd);
		counter = shared;
	}
	// what the program starts is not preloaded
	unsetenv("LD_PRELOAD");
	ssize_t ignored = write(-1, "main", 4);
	(void)ignored;
	return real_main(argc, argv, envp);
}

int __libc_start_main(main_function *program, int argc, char **argv, void (*init)(void),
	void (*fini)(void), void (*rtld_fini)(void), void *stack_end);

int __libc_start_main(main_function *program, int argc, char **argv, void (*init)(void),
	void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
	__typeof__(&__libc_start_main) next = NULL;
	void *symbol = dlsym(RTLD_NEXT, "__libc_start_main");

	memcpy(&next, &symbol, sizeof(next));
	real_main = program;
	return next(begin, argc, argv, init, fini, rtld_fini, stack_end);
}
