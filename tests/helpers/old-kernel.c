// SPDX-License-Identifier: GPL-2.0-or-later
// old-kernel RULE... [--] COMMAND...: run COMMAND where some system calls answer an error.
//
// A rule is CALL=ERROR (pidfd_open=ENOSYS, getinfo=ENOTTY, 434=38), or a kernel version such
// as 5.2: all that kernel lacks, as far as a filter can tell. Needs no privilege; the filter
// stays with all descendants. What a filter cannot do: take the inodes of pidfs away from
// fstat(2), or POLLHUP from poll(2).
#include "config.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "helper.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define ARCH AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define ARCH AUDIT_ARCH_ARM
#elif defined(__riscv)
#define ARCH AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCH AUDIT_ARCH_PPC64LE
#elif defined(__powerpc64__)
#define ARCH AUDIT_ARCH_PPC64
#elif defined(__s390x__)
#define ARCH AUDIT_ARCH_S390X
#elif defined(__loongarch64)
#define ARCH AUDIT_ARCH_LOONGARCH64
#elif defined(__mips64) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCH AUDIT_ARCH_MIPSEL64
#else
#error "which architecture is this?"
#endif

// A call, or one use of it: when (argument & mask) is, or with `unless` is not, `value`.
struct call {
	const char *name;
	uint32_t number;
	int argument; // -1: every use
	uint32_t mask, value;
	bool unless;
};

static const struct call calls[] = {
	{"clone3", 435, -1, 0, 0, false},
	{"close_range", 436, -1, 0, 0, false},
	{"epoll_create1", SYS_epoll_create1, -1, 0, 0, false},
	{"epoll_pwait2", 441, -1, 0, 0, false},
	// PIDFD_GET_INFO of any size
	{"getinfo", SYS_ioctl, 1, 0xc000ffff, 0xc000ff0b, false},
	// all signals but 0
	{"signals", 424, 1, 0xffffffff, 0, true},
	// PIDFD_GET_*_NAMESPACE
	{"getns", SYS_ioctl, 1, 0xfffffff0, 0xff00, false},
	// a socket of AF_NETLINK
	{"netlink", SYS_socket, 0, 0xffffffff, 16, false},
	{"name_to_handle_at", SYS_name_to_handle_at, -1, 0, 0, false},
	{"open_by_handle_at", SYS_open_by_handle_at, -1, 0, 0, false},
	// SO_PEERPIDFD, SO_PASSPIDFD
	{"passpidfd", SYS_setsockopt, 2, 0xffffffff, 76, false},
	{"peerpidfd", SYS_getsockopt, 2, 0xffffffff, 77, false},
	{"pidfd_getfd", 438, -1, 0, 0, false},
	{"pidfd_open", 434, -1, 0, 0, false},
	{"pidfd_send_signal", 424, -1, 0, 0, false},
	// FD_PIDFS_ROOT
	{"pidfs-root", SYS_open_by_handle_at, 0, 0xffffffff, (uint32_t)-10002, false},
	// NS_GET_PID_FROM_PIDNS and its three neighbours
	{"pidns", SYS_ioctl, 1, 0xfffffff0, 0x8004b700, false},
	{"process_madvise", 440, -1, 0, 0, false},
	{"process_mrelease", 448, -1, 0, 0, false},
	{"ptrace", SYS_ptrace, -1, 0, 0, false},
	// of any descriptor: a pidfd cannot be told from another
	{"setns", SYS_setns, -1, 0, 0, false},
	// pidfd_send_signal with any flag, pidfd_open with PIDFD_THREAD
	{"signal-flags", 424, 3, 0xffffffff, 0, true},
	{"thread", 434, 1, 0x80, 0x80, false},
	{"timerfd_create", SYS_timerfd_create, -1, 0, 0, false},
	{"waitid-pidfd", SYS_waitid, 0, 0xffffffff, 3, false},
};

// What came with which kernel, and what an older one answers.
static const struct {
	int major, minor;
	const char *call;
	int error;
} history[] = {
	{5, 1, "pidfd_send_signal", ENOSYS},
	{5, 3, "clone3", ENOSYS},
	{5, 3, "pidfd_open", ENOSYS},
	{5, 4, "waitid-pidfd", EINVAL},
	{5, 6, "pidfd_getfd", ENOSYS},
	{5, 8, "setns", EINVAL},
	{5, 9, "close_range", ENOSYS},
	{5, 10, "process_madvise", ENOSYS},
	{5, 11, "epoll_pwait2", ENOSYS},
	{5, 15, "process_mrelease", ENOSYS},
	{6, 5, "passpidfd", ENOPROTOOPT},
	{6, 5, "peerpidfd", ENOPROTOOPT},
	{6, 9, "signal-flags", EINVAL},
	{6, 9, "thread", EINVAL},
	{6, 11, "getinfo", ENOTTY},
	{6, 11, "getns", ENOTTY},
	{6, 11, "pidns", ENOTTY},
	{6, 13, "getinfo", EINVAL},
	{6, 14, "open_by_handle_at", ESTALE},
	{6, 17, "pidfs-root", EBADF},
};

static const struct {
	const char *name;
	int number;
} errors[] = {
	{"EACCES", EACCES},
	{"EAGAIN", EAGAIN},
	{"EBADF", EBADF},
	{"EINVAL", EINVAL},
	{"EIO", EIO},
	{"EMFILE", EMFILE},
	{"ENFILE", ENFILE},
	{"ENODEV", ENODEV},
	{"ENOMEM", ENOMEM},
	{"ENOPROTOOPT", ENOPROTOOPT},
	{"ENOSYS", ENOSYS},
	{"ENOTTY", ENOTTY},
	{"EOPNOTSUPP", EOPNOTSUPP},
	{"EPERM", EPERM},
	{"ESRCH", ESRCH},
	{"ESTALE", ESTALE},
};

enum { CALLS = sizeof(calls) / sizeof(*calls) };

struct program {
	struct sock_filter code[512];
	unsigned short length;
};

static void emit(struct program *p, struct sock_filter op)
{
	if (p->length == sizeof(p->code) / sizeof(*p->code))
		die("too many rules");
	p->code[p->length++] = op;
}

// The first rule for a call is the one that holds, so oldest first.
static void forbid(struct program *p, const struct call *call, int error)
{
	if (call == NULL)
		die("a rule for a call that is not in the table");
	const uint32_t answer = SECCOMP_RET_ERRNO | (uint32_t)error;
	// the lower half of the argument
	const size_t half = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;
	const uint32_t at = (uint32_t)(offsetof(struct seccomp_data, args) + half +
				       8 * (size_t)(call->argument < 0 ? 0 : call->argument));

	emit(p, (struct sock_filter)BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
	if (call->argument < 0) {
		emit(p, (struct sock_filter)BPF_JUMP(
				BPF_JMP | BPF_JEQ | BPF_K, call->number, 0, 1));
	} else {
		// the low half: first on a little-endian machine
		const uint32_t low = at + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0);

		emit(p, (struct sock_filter)BPF_JUMP(
				BPF_JMP | BPF_JEQ | BPF_K, call->number, 0, 4));
		emit(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low));
		emit(p, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, call->mask));
		emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call->value,
				call->unless ? 1 : 0, call->unless ? 0 : 1));
	}
	emit(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answer));
}

static const struct call *call_named(const char *name, size_t length)
{
	for (size_t i = 0; i < CALLS; i++)
		if (strlen(calls[i].name) == length && memcmp(calls[i].name, name, length) == 0)
			return &calls[i];
	return NULL;
}

static int error_named(const char *name)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (strcmp(errors[i].name, name) == 0)
			return errors[i].number;
	return (int)number(name);
}

static bool rule(struct program *p, const char *text)
{
	int major, minor, end = -1;
	const char *equals = strchr(text, '=');

	if (sscanf(text, "%d.%d%n", &major, &minor, &end) == 2 && text[end] == '\0') {
		for (size_t i = 0; i < sizeof(history) / sizeof(*history); i++)
			if (major < history[i].major ||
				(major == history[i].major && minor < history[i].minor))
				forbid(p, call_named(history[i].call, strlen(history[i].call)),
					history[i].error);
		return true;
	}
	if (equals == NULL)
		return false;
	const struct call *call = call_named(text, (size_t)(equals - text));
	struct call numbered = {.argument = -1};
	if (call == NULL) {
		char *digits = strndup(text, (size_t)(equals - text));
		numbered.number = (uint32_t)number(digits);
		free(digits);
		call = &numbered;
	}
	forbid(p, call, error_named(equals + 1));
	return true;
}

int main(int argc, char **argv)
{
	struct program p = {0};

	(void)argc;
	emit(&p, (struct sock_filter)BPF_STMT(
			 BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)));
	emit(&p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0));
	emit(&p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	for (argv++; *argv != NULL && rule(&p, *argv); argv++)
		;
	emit(&p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));

	char **run = command(argv);
	const struct sock_fprog filter = {.len = p.length, .filter = p.code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
		die("no filter: %s", strerror(errno));
	execvp(*run, run);
	die("%s: %s", *run, strerror(errno));
}
