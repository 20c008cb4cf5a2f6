// SPDX-License-Identifier: GPL-2.0-or-later
// target.c: unit tests of target.h.
#include "config.h"

#include "check.h"
#include "target/fault.h"
#include "target/notes.h"
#include "target/target.h"
#include "target/unixpeer.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define EVERY (TARGET_ONE | TARGET_MANY | TARGET_SEVERAL | TARGET_THREAD)

static void reads_every_form(void)
{
	static const struct {
		const char *text;
		enum target_kind kind;
		pid_t pid;
		uint64_t inode;
		int fd;
	} rows[] = {
		{"4711", TARGET_PID, 4711, 0, -1},
		{"2147483647", TARGET_PID, INT_MAX, 0, -1},
		{"4711:9", TARGET_EXACT, 4711, 9, -1},
		{"1:18446744073709551615", TARGET_EXACT, 1, UINT64_MAX, -1},
		{"4711:9:0123456789abcdef0123456789ABCDEF", TARGET_EXACT, 4711, 9, -1},
		{":9", TARGET_INODE, 0, 9, -1},
		{"fd:0", TARGET_FD, 0, 0, 0},
		{"fd:12", TARGET_FD, 0, 0, 12},
		{"fd:5@4711", TARGET_FD_OF, 4711, 0, 5},
		{"fd:5@4711:9", TARGET_FD_OF, 4711, 9, 5},
		{"unix:/run/x y.sock", TARGET_UNIX, 0, 0, -1},
		{"unix:@name", TARGET_UNIX, 0, 0, -1},
		{"-5", TARGET_GROUP, 5, 0, -1},
		{"0", TARGET_OWN_GROUP, 0, 0, -1},
		{"-1", TARGET_ALL, 1, 0, -1},
		{"tid:7", TARGET_THREAD, 7, 0, -1},
		{"sleep", TARGET_NAME, 0, 0, -1},
		{"a", TARGET_NAME, 0, 0, -1},
		{"zsh", TARGET_NAME, 0, 0, -1},
		{"Agent", TARGET_NAME, 0, 0, -1},
		{"Zed", TARGET_NAME, 0, 0, -1},
		{"_x", TARGET_NAME, 0, 0, -1},
		{".x", TARGET_NAME, 0, 0, -1},
		{"/bin/x", TARGET_NAME, 0, 0, -1},
		{"(sd-pam)", TARGET_NAME, 0, 0, -1},
		{"\xc3\xbc"
		 "ber",
			TARGET_NAME, 0, 0, -1},
		{"\xe6\x97\xa5", TARGET_NAME, 0, 0, -1},
		{"name:HUP", TARGET_NAME, 0, 0, -1},
		{"HUPx", TARGET_NAME, 0, 0, -1},
		{"RT", TARGET_NAME, 0, 0, -1},
		{"name:5x", TARGET_NAME, 0, 0, -1},
		{"name:fd:5", TARGET_NAME, 0, 0, -1},
		{"kworker/0:1", TARGET_NAME, 0, 0, -1},
		{"cgroup:/", TARGET_CGROUP, 0, 0, -1},
		{"cgroup:/a b/c:d", TARGET_CGROUP, 0, 0, -1},
		{"cgroup:0::/x", TARGET_CGROUP, 0, 0, -1},
		{"tcp:80", TARGET_TCP, 0, 0, -1},
		{"tcp:65535", TARGET_TCP, 0, 0, -1},
		{"tcp:0080", TARGET_TCP, 0, 0, -1},
		{"tcp:127.0.0.1:80", TARGET_TCP, 0, 0, -1},
		{"udp:[::1]:53", TARGET_UDP, 0, 0, -1},
		{"udp:[::ffff:1.2.3.4]:53", TARGET_UDP, 0, 0, -1},
		{"lock:x y", TARGET_LOCK, 0, 0, -1},
		{"name:tcp:80", TARGET_NAME, 0, 0, -1},
		{"unit:nginx", TARGET_UNIT, 0, 0, -1},
		{"unit:a@b.service", TARGET_UNIT, 0, 0, -1},
		{"name:cgroup:/x", TARGET_NAME, 0, 0, -1},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct target t = {0};
		const char *why = NULL;

		check_row = rows[i].text;
		CHECK_INT(target_parse(&t, rows[i].text, EVERY, &why), 0);
		CHECK_INT(t.kind, rows[i].kind);
		CHECK_INT(t.pid, rows[i].pid);
		CHECK(t.inode == rows[i].inode);
		CHECK_INT(t.fd, rows[i].fd);
		CHECK_STR(t.text, rows[i].text);
		// the letters of a boot are small ones, whatever was written
		CHECK(!strpbrk(t.boot, "ABCDEF"));
	}
}

static void refuses_with_a_reason(void)
{
	static const char *const rows[] = {"", "-", "--", ":", "::", ":0", ":-1", ":x",
		"4711:", "4711:0", "4711:x", "4711: 9", "0:9", "-1:3", "-0", "-x", "+5", " 5", "5 ",
		"5x", "0x10", "5.0", "2147483648", "18446744073709551616", "1:18446744073709551616",
		":18446744073709551616", "-2147483648", "fd:", "fd:-1", "fd:x", "fd:2147483648",
		"fd:5@", "fd:@5", "fd:5@0", "fd:5@x", "fd:5@-1", "fd:5@4711:", "fd:5@4711:0",
		"fd:5@:9", "unix:", "unix:@", "fd:1:2", "1:2:3",
		"1:2:0123456789abcdef0123456789abcde", "1:2:0123456789abcdef0123456789abcdef0",
		"1:2:0123456789abcdef0123456789abcdeg", "1:0:0123456789abcdef0123456789abcdef",
		"\xff", "\xc3", "\xc3x", "\x80\x80", "%", "%1", "HUP", "SIGHUP", "hup", "RTMIN+1",
		"tid:", "tid:0", "tid:x", "tid:-1", "pidfile:", "tid:2147483648",
		"name:", "foo:bar", "~x", "cgroup:", "cgroup:x", "cgroup:x/y",
		"cgroup:0::", "cgroup:0::x", "cgroup:0:/x", "cgroup:cpu:/x",
		"cgroup:1:name=systemd:/x", "cgroup:/x/**", "cgroup:/*", "cgroup: /x",
		"unit:", "unit:/x", "unit:a/b", "unit:*", "unit:a?", "unit:[a]", "units:x",
		"cgroups:/x", "tcp:", "tcp:0", "tcp:65536", "udp:x", "tcp:::1:80", "tcp:[::1]",
		"tcp:[::1]80", "tcp:[x]:80", "tcp:1.2.3:80", "tcp:*:80", "lock:", "sctp:80"};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct target t = {.pid = 77};
		const char *why = NULL;

		check_row = rows[i];
		CHECK_INT(target_parse(&t, rows[i], EVERY, &why), -EINVAL);
		CHECK(why != NULL && *why);
		CHECK_INT(t.pid, 77);
	}
}

static void takes_only_the_kinds_of_the_program(void)
{
	static const char *const rows[] = {
		"0", "-5", "-1", "cgroup:/x", "unit:x", "tcp:80", "udp:80", "lock:/x"};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct target t;
		const char *why = NULL;

		check_row = rows[i];
		CHECK_INT(target_parse(&t, rows[i], TARGET_ONE, &why), -EINVAL);
		CHECK(why != NULL && *why);
	}
}

static void takes_what_kill_takes(void)
{
	static const char *const rows[] = {"2147483648", "99999999999999999999"};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct pidref ref;
		const char *why = NULL;
		struct target t;

		check_row = rows[i];
		CHECK_INT(target_parse(&t, rows[i], EVERY | TARGET_NONE, &why), 0);
		CHECK_INT(t.kind, TARGET_NONE);
		CHECK_INT(target_open(&t, &ref), -ESRCH);
		CHECK_INT(target_parse(&t, "99999999999x", EVERY | TARGET_NONE, &why), -EINVAL);
	}
}

static void gives_reasons_with_the_text(void)
{
	static const struct {
		const char *text, *why, *want;
	} rows[] = {
		{"x", "wrong", "'x': wrong"},
		{"USR1", " is a signal: write -%", "'USR1' is a signal: write -USR1"},
		{"%1", "% and %", "'%1': %1 and %1"},
	};
	char buf[TARGET_REASON];
	char text[2 * TARGET_REASON];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		check_row = rows[i].text;
		CHECK_STR(target_reason(buf, rows[i].text, rows[i].why), rows[i].want);
	}
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = 0;
	CHECK(strlen(target_reason(buf, text, "% % % %")) < TARGET_REASON);
}

static void a_unit_without_a_type_is_a_service(void)
{
	static const struct {
		const char *text, *unit;
	} rows[] = {
		{"unit:nginx", "nginx.service"},
		{"unit:nginx.service", "nginx.service"},
		{"unit:a.b", "a.b.service"},
		{"unit:a.service.b", "a.service.b.service"},
		{"unit:user-0.slice", "user-0.slice"},
		{"unit:session-1.scope", "session-1.scope"},
		{"unit:.service", ".service"},
		{"unit:x.Service", "x.Service.service"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char unit[TARGET_UNIT_MAX];
		const char *why = NULL;
		struct target t;

		check_row = rows[i].text;
		CHECK_INT(target_parse(&t, rows[i].text, TARGET_MANY, &why), 0);
		CHECK_STR(target_unit(unit, &t), rows[i].unit);
	}
}

static void what_is_written_reads_back(void)
{
	struct pidref self = PIDREF_NULL;
	struct pidref again = PIDREF_NULL;
	char buf[TARGET_STRMAX];
	const char *why = NULL;
	struct target t;

	CHECK_INT(pidref_open(&self, getpid()), 0);
	CHECK_INT(target_parse(&t, target_format(buf, &self), TARGET_ONE, &why), 0);
	CHECK_INT(target_open(&t, &again), 0);
	CHECK_INT(again.pid, getpid());
	CHECK(pidref_same(&self, &again));
	pidref_close(&self);
	pidref_close(&again);
}

static void every_note_is_taken_once(void)
{
	unsigned notes = NOTE_MORE | NOTE_STEPPED | NOTE_REMOTE;
	const char *more = note_take(&notes);
	const char *stepped = note_take(&notes);
	const char *remote = note_take(&notes);

	CHECK(more && strstr(more, "more than one word"));
	CHECK(stepped && strstr(stepped, "the clock was set"));
	CHECK(remote && strstr(remote, "another machine"));
	CHECK_INT(notes, 0);
	CHECK(!note_take(&notes));
	notes = NOTE_REMOTE;
	CHECK_STR(note_take(&notes), remote);
	CHECK_INT(notes, 0);
}

static int count_open(void)
{
	int count = 0;
	DIR *dir = opendir("/proc/self/fd");

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count;
}

// The process that listens is held, by a stream or by a socket of packets, and nothing else is left
// open.
static void a_listener_is_held_by_its_socket(void)
{
	static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		struct sockaddr_un name = {.sun_family = AF_UNIX};
		struct pidref ref = PIDREF_NULL;

		snprintf(
			name.sun_path + 1, sizeof(name.sun_path) - 1, "pfd-unit-%d", (int)getpid());
		socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
					     strlen(name.sun_path + 1));
		int fd = socket(AF_UNIX, types[i] | SOCK_CLOEXEC, 0);
		CHECK_INT(bind(fd, (const struct sockaddr *)&name, size), 0);
		CHECK_INT(listen(fd, 1), 0);
		name.sun_path[0] = '@';
		int before = count_open();
		CHECK_INT(unixpeer_open(&ref, name.sun_path), 0);
		CHECK_INT(ref.pid, getpid());
		CHECK_INT(count_open(), before + 1);
		pidref_close(&ref);
		CHECK_INT(count_open(), before);
		close(fd);
		CHECK_INT(unixpeer_open(&ref, name.sun_path), -ECONNREFUSED);
		CHECK_INT(count_open(), before - 1);
	}
}

static void each_fault_has_a_sentence_of_its_own(void)
{
	for (int a = FAULT_OTHER_BOOT; a <= FAULT_HIDDEN; a++) {
		const char *sentence = target_problem(-a);

		CHECK(strncmp(sentence, "Unknown", strlen("Unknown")) != 0);
		for (int b = FAULT_OTHER_BOOT; b < a; b++)
			CHECK(strcmp(sentence, target_problem(-b)) != 0);
	}
}

int main(void)
{
	static const struct check_test tests[] = {
		{"every form of a target is read", reads_every_form},
		{"what is no target is refused with a reason", refuses_with_a_reason},
		{"a program takes only its kinds", takes_only_the_kinds_of_the_program},
		{"kill takes a number too large, which is no process", takes_what_kill_takes},
		{"a reason shows the text", gives_reasons_with_the_text},
		{"a unit without a type is a service", a_unit_without_a_type_is_a_service},
		{"the handle that is written opens the same process", what_is_written_reads_back},
		{"each fault has a sentence of its own", each_fault_has_a_sentence_of_its_own},
		{"each note is taken once", every_note_is_taken_once},
		{"a process that listens is held by its socket", a_listener_is_held_by_its_socket},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
