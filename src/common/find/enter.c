// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/enter.h"
#include "handle/kernel.h"
#include "handle/procfs.h"
#include "handle/status.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OURS, ITS };

struct request {
	enum { REQUEST_END, REQUEST_OPEN, REQUEST_FIND, REQUEST_GO_ON } kind;
	struct target target;
	struct group_query query;
	int result; // of REQUEST_GO_ON: what the callback said
};

struct answer {
	int result;
	int fd; // of a process opened, or found; found ones have result 1
};

// What the two children know.
struct visit {
	const struct enter *e;
	const struct pidref *target;
	pid_t parent;
	bool looked; // for a /proc of the namespace ...
	int error;   // ... in vain
	struct procfs proc;
};

static int send_all(int socket, const void *data, size_t size)
{
	ssize_t n;

	do
		n = send(socket, data, size, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static int receive(int socket, void *data, size_t size)
{
	ssize_t n;

	do
		n = recv(socket, data, size, 0);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)size ? 0 : -ECONNRESET;
}

// ---- in the children ----

static void answer(const struct visit *v, int result, int fd)
{
	send_all(v->e->sockets[ITS], &(struct answer){.result = result, .fd = fd},
		sizeof(struct answer));
}

// A /proc of the namespace, in a mount namespace that nobody else has.
static int mount_proc(void)
{
	if (unshare(CLONE_NEWNS) < 0)
		return -errno;
	// what is mounted on top of it must not spread to where the copy was taken from
	if (mount(NULL, "/proc", NULL, MS_PRIVATE, NULL) < 0)
		return errno == EINVAL ? -ENOENT : -errno;
	return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0 ? -errno
											  : 0;
}

static int see_proc(struct visit *v)
{
	if (v->looked)
		return v->error;
	v->looked = true;
	v->error = mount_proc();
	if (v->error == -EPERM)
		v->error = -EACCES;
	if (!v->error)
		v->error = procfs_open(&v->proc);
	return v->error;
}

static void open_inside(const struct visit *v, const struct target *t)
{
	struct pidref ref = PIDREF_NULL;

	int r = target_open(t, &ref);
	answer(v, r, ref.fd);
}

static int hand_over(struct pidref *ref, const struct status *status, void *data)
{
	const struct visit *v = data;
	struct request request;

	(void)status;
	answer(v, 1, ref->fd);
	// it is not ours any more, in the table that is theirs too
	*ref = PIDREF_NULL;
	int r = receive(v->e->sockets[ITS], &request, sizeof(request));
	return r < 0 ? r : request.result;
}

static void find_inside(struct visit *v, const struct group_query *query)
{
	int r = see_proc(v);

	if (!r)
		r = group_find(&v->proc, query, hand_over, v);
	answer(v, r < 0 ? r : 0, -1);
}

// Die with whoever made us: nobody is to be left behind in a namespace of others.
static void die_with_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static int inside(void *data)
{
	struct visit *v = data;
	struct request request;

	die_with_parent();
	// who made us has no number here, unless here is where we came from
	answer(v, getppid() ? 1 : 0, -1);
	while (!receive(v->e->sockets[ITS], &request, sizeof(request))) {
		if (request.kind == REQUEST_OPEN)
			open_inside(v, &request.target);
		else if (request.kind == REQUEST_FIND)
			find_inside(v, &request.query);
		else
			break;
	}
	return EXIT_SUCCESS;
}

static int join(const struct visit *v)
{
	int fd = v->target->fd;

	if (!setns(fd, CLONE_NEWPID))
		return 0;
	// who made the user namespace has all rights in it, and none here
	if (errno == EPERM)
		return !setns(fd, CLONE_NEWUSER | CLONE_NEWPID) ? 0 : -EPERM;
	if (errno != EINVAL)
		return -errno;
	// a namespace that is no descendant, or a kernel that knows no such handles: ours tells
	struct pidref self;
	int r = pidref_open(&self, getpid());
	if (r < 0)
		return r;
	r = setns(self.fd, CLONE_NEWPID) < 0 && errno == EINVAL ? -EOPNOTSUPP : -EXDEV;
	pidref_close(&self);
	return r;
}

// The first child enters for its own children only. It stays to reap the second.
static int outside(void *data)
{
	struct visit *v = data;
	siginfo_t info;
	int fd = -1;

	// nobody in there may look into a copy of our memory
	prctl(PR_SET_DUMPABLE, 0);
	int r = join(v);
	die_with_parent(); // a change of rights takes that back
	if (getppid() != v->parent)
		return EXIT_FAILURE;
	if (!r)
		r = kernel_share(inside, v, &fd);
	// the namespace of a process that just ended takes nobody in
	if (r == -ENOMEM && pidref_state(v->target) != PIDREF_ALIVE)
		r = -ESRCH;
	if (r < 0) {
		answer(v, r, -1);
		return EXIT_FAILURE;
	}
	while (waitid((idtype_t)KERNEL_WAIT_PIDFD, (id_t)fd, &info, WEXITED | __WALL) < 0 &&
		errno == EINTR)
		continue;
	close(fd);
	return EXIT_SUCCESS;
}

// ---- here ----

// The next answer; the end of the helper is one too.
static int hear(const struct enter *e, struct answer *out)
{
	struct pollfd p[] = {
		{.fd = e->sockets[OURS], .events = POLLIN},
		{.fd = e->helper.fd, .events = POLLIN},
	};

	while (poll(p, 2, -1) < 0)
		if (errno != EINTR)
			return -errno;
	// no end of file tells of it, for we have its socket ourselves
	return p[0].revents & POLLIN ? receive(p[0].fd, out, sizeof(*out)) : -ECONNRESET;
}

static int ask(const struct enter *e, const struct request *request, struct answer *out)
{
	int r = send_all(e->sockets[OURS], request, sizeof(*request));

	return r < 0 ? r : hear(e, out);
}

// Whether the namespace is our own: the process has only one number in our /proc. Entering it
// would tell too, but takes a right that is not needed here.
static bool is_at_home(const struct pidref *target)
{
	struct buffer text = {0};
	struct status status = {0};
	struct procfs proc;

	if (!target->pid || procfs_open(&proc) < 0)
		return false;
	int r = procfs_read(&proc, target->pid, "status", &text);
	if (!r)
		r = status_parse(buffer_text(&text), &status);
	if (!r)
		r = pidref_verify(target);
	buffer_free(&text);
	procfs_close(&proc);
	return !r && status.namespaces == 1;
}

int enter_begin(struct enter *out, const struct pidref *target)
{
	struct enter e = ENTER_NULL;
	struct visit visit = {.e = &e, .target = target, .parent = getpid(), .proc = {.fd = -1}};
	struct answer answer = {0};
	int fd = -1;

	if (pidref_state(target) != PIDREF_ALIVE)
		return -ESRCH;
	if (is_at_home(target))
		return 1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, e.sockets) < 0)
		return -errno;
	pid_t pid = kernel_share(outside, &visit, &fd);
	int r = pid;
	if (pid > 0) {
		e.helper = (struct pidref){.pid = pid, .fd = fd, .kind = PIDREF_PIDFD};
		r = hear(&e, &answer);
		if (!r)
			r = answer.result;
	}
	if (r) {
		enter_end(&e);
		return r;
	}
	*out = e;
	return 0;
}

int enter_target(struct enter *out, const struct target *target, const char **why)
{
	struct pidref ref = PIDREF_NULL;

	int r = target_open(target, &ref);
	if (r < 0) {
		*why = target_problem(r);
		return r;
	}
	r = enter_begin(out, &ref);
	pidref_close(&ref);
	if (r < 0)
		*why = enter_problem(r);
	return r;
}

char *enter_label(const struct target *t, const char *in)
{
	bool anywhere = t->kind & TARGET_ANYWHERE;
	size_t size = strlen(t->text) + sizeof(" in ") + strlen(in);
	char *label = malloc(size);

	if (label)
		snprintf(
			label, size, "%s%s%s", t->text, anywhere ? "" : " in ", anywhere ? "" : in);
	return label;
}

int enter_open(struct enter *e, const struct target *t, struct pidref *out)
{
	struct request request = {.kind = REQUEST_OPEN, .target = *t};
	struct answer answer;

	// what has no number in it means the same in every namespace
	if (t->kind & TARGET_ANYWHERE)
		return target_open(t, out);
	int r = ask(e, &request, &answer);
	if (r < 0 || answer.result < 0)
		return r < 0 ? r : answer.result;
	pidref_adopt_fd(out, answer.fd);
	return 0;
}

int enter_find(struct enter *e, const struct group_query *query, group_found *found, void *data)
{
	struct request request = {.kind = REQUEST_FIND, .query = *query};
	struct answer answer;

	int r = ask(e, &request, &answer);
	request.kind = REQUEST_GO_ON;
	while (!r && answer.result == 1) {
		struct pidref ref;

		pidref_adopt_fd(&ref, answer.fd);
		request.result = found(&ref, NULL, data);
		r = ask(e, &request, &answer);
	}
	return r < 0 ? r : answer.result;
}

const char *enter_problem(int error)
{
	switch (error) {
	case -EPERM:
		return "we may not enter its pid namespace: that takes CAP_SYS_ADMIN there, which "
		       "root has and whoever made its user namespace";
	case -EXDEV:
		return "its pid namespace is not below ours, so its processes have no numbers here";
	case -EOPNOTSUPP:
		return "entering a namespace through a pidfd needs Linux 5.8";
	case -EACCES:
		return "we may not mount a /proc of that pid namespace to look into";
	case -ENOENT:
		return procfs_problem(error);
	default:
		return target_problem(error);
	}
}

void enter_end(struct enter *e)
{
	const struct request request = {.kind = REQUEST_END};
	siginfo_t info;

	if (e->helper.fd >= 0) {
		send_all(e->sockets[OURS], &request, sizeof(request));
		while (waitid((idtype_t)KERNEL_WAIT_PIDFD, (id_t)e->helper.fd, &info,
			       WEXITED | __WALL) < 0 &&
			errno == EINTR)
			continue;
	}
	pidref_close(&e->helper);
	for (int i = 0; i < 2; i++)
		if (e->sockets[i] >= 0)
			close(e->sockets[i]);
	*e = ENTER_NULL;
}
