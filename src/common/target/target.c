// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/number.h"
#include "base/signame.h"
#include "target/target.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

// The reason why a number could not be read.
static const char *number_reason(int error, const char *range)
{
	return error == -ERANGE
		       ? range
		       : "not a target; PID, PID:INODE, fd:N, unix:PATH, tcp:PORT, lock:PATH, pidfile:PATH, unit:NAME and others are, see pidfd-target(7)";
}

// The length of a word before a colon, such as "tid" or "name", in letters of any case and maybe
// digits; else 0. One capital is the drive in a title of Windows: C:\\x.exe.
static size_t prefix_length(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t len = strspn(text, letters);

	if (len)
		len += strspn(text + len, "0123456789");
	return text[len] == ':' && (len > 1 || (*text >= 'a' && *text <= 'z')) ? len : 0;
}

// ":INODE", including the colon.
static int parse_inode(struct target *t, const char *text, const char **why)
{
	int r = number_parse(text + 1, UINT64_MAX, &t->inode);

	if (!r && t->inode)
		return 0;
	*why = r == -ERANGE ? "the INODE is too large for any process"
			    : "an INODE after the colon must be a number above 0";
	return -EINVAL;
}

// Any text is one, but not an empty one.
static int take_text(struct target *t, enum target_kind kind, const char *text)
{
	if (!*text)
		return -EINVAL;
	t->kind = kind;
	t->name = text;
	return 0;
}

static int parse_thread(struct target *t, const char *text, const char **why)
{
	uint64_t tid;

	int r = number_parse(text, INT_MAX, &tid);
	if (r < 0 || !tid) {
		*why = r == -ERANGE ? "the number is too large for any thread"
				    : "tid: must be followed by the number of a thread";
		return -EINVAL;
	}
	t->kind = TARGET_THREAD;
	t->pid = (pid_t)tid;
	return 0;
}

// Whether the text begins with a character of UTF-8 that is not ASCII.
static bool is_wide(const char *text)
{
	unsigned char lead = (unsigned char)text[0];

	return lead >= 0xc2 && lead <= 0xf4 && ((unsigned char)text[1] & 0xc0) == 0x80;
}

// A name that needs no prefix, because no other form begins like it.
static bool is_bare_name(const char *text)
{
	return (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
	       (*text && strchr("_./(", *text)) || is_wide(text);
}

const char target_is_name[] = "a name: use pgrep --handle to get its handle";

// A name without a prefix. A signal's name is one that lacks its dash.
static int parse_bare_name(struct target *t, const char *text, unsigned kinds, const char **why)
{
	int sig;

	if (!(kinds & TARGET_NAME))
		*why = target_is_name;
	else if (!signame_parse_name(text, &sig))
		*why = " is a signal: write -% (a process of that name: name:%)";
	else
		return take_text(t, TARGET_NAME, text);
	return -EINVAL;
}

// "-PGID" and "-1", including the dash.
static int parse_group(struct target *t, const char *text, const char **why)
{
	uint64_t pgid;

	int r = number_parse(text + 1, INT_MAX, &pgid);
	if (r < 0 || !pgid) {
		*why = r == -ERANGE ? "the PGID is too large for any process group"
				    : "not a process group: -PGID takes a number above 0";
		return -EINVAL;
	}
	t->kind = pgid == 1 ? TARGET_ALL : TARGET_GROUP;
	t->pid = (pid_t)pgid;
	return 0;
}

// ":INODE" or ":INODE:BOOT" after a PID.
static int parse_exact(struct target *t, const char *text, const char **why)
{
	const char *at = text + 1;

	t->kind = TARGET_EXACT;
	if (number_take(&at, UINT64_MAX, &t->inode) < 0 || *at != ':' || !t->inode)
		return parse_inode(t, text, why);
	at++;
	if (!bootid_take(&at, t->boot) && !*at)
		return 0;
	*why = "a BOOT after the INODE must be the 32 hex digits of a boot id";
	return -EINVAL;
}

static int parse_pid(struct target *t, const char *text, const char **why)
{
	uint64_t pid;

	int r = number_take(&text, INT_MAX, &pid);
	if (r < 0 || (*text && *text != ':')) {
		*why = number_reason(r, "the PID is too large for any process");
		return -EINVAL;
	}
	t->pid = (pid_t)pid;
	if (!*text) {
		t->kind = pid ? TARGET_PID : TARGET_OWN_GROUP;
		return 0;
	}
	if (!pid) {
		*why = "a PID before the colon must be above 0";
		return -EINVAL;
	}
	return parse_exact(t, text, why);
}

// "PID" or "PID:INODE" of the process that has the descriptor open.
static int parse_holder(struct target *t, const char *text, const char **why)
{
	struct target holder = {.kind = TARGET_PID};

	int r = parse_pid(&holder, text, why);
	if (r < 0 || holder.kind == TARGET_OWN_GROUP) {
		*why = "fd:N@ must be followed by PID or PID:INODE";
		return -EINVAL;
	}
	t->kind = TARGET_FD_OF;
	t->pid = holder.pid;
	t->inode = holder.inode;
	memcpy(t->boot, holder.boot, sizeof(t->boot));
	return 0;
}

static int parse_fd(struct target *t, const char *text, const char **why)
{
	uint64_t fd;

	if (number_take(&text, INT_MAX, &fd) < 0 || (*text && *text != '@')) {
		*why = "fd: must be followed by the number of an open descriptor, "
		       "as in fd:5 or fd:5@PID";
		return -EINVAL;
	}
	t->kind = TARGET_FD;
	t->fd = (int)fd;
	return *text ? parse_holder(t, text + 1, why) : 0;
}

static int parse_unix(struct target *t, const char *text, const char **why)
{
	*why = "unix: must be followed by the path of a socket, or by @ and its abstract name";
	return !strcmp(text, "@") ? -EINVAL : take_text(t, TARGET_UNIX, text);
}

static int parse_name(struct target *t, const char *text, const char **why)
{
	*why = "name: must be followed by the name of a process";
	return take_text(t, TARGET_NAME, text);
}

static int parse_pidfile(struct target *t, const char *text, const char **why)
{
	*why = "pidfile: must be followed by the path of a file";
	return take_text(t, TARGET_PIDFILE, text);
}

static int parse_lock(struct target *t, const char *text, const char **why)
{
	*why = "lock: must be followed by the path of a file";
	return take_text(t, TARGET_LOCK, text);
}

static int parse_cgroup(struct target *t, const char *text, const char **why)
{
	// "0::" is the hierarchy of version 2 in /proc/PID/cgroup
	if (!strncmp(text, "0::", 3))
		text += 3;
	if (*text != '/') {
		*why = strchr(text, ':') ? "a cgroup of version 1 cannot be a target, only one of "
					   "version 2: cgroup:/PATH"
					 : "cgroup: must be followed by the path of a cgroup "
					   "(v2), as in cgroup:/user.slice";
		return -EINVAL;
	}
	if (strchr(text, '*')) {
		*why = "a cgroup has no wildcards: cgroup:/PATH is that one and all below it";
		return -EINVAL;
	}
	return take_text(t, TARGET_CGROUP, text);
}

// The types of units, with their dot.
static bool has_type(const char *unit)
{
	static const char *const types[] = {".service", ".scope", ".slice", ".socket", ".mount",
		".swap", ".automount", ".device", ".path", ".target", ".timer"};
	const char *type = strrchr(unit, '.');

	for (size_t i = 0; type && i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(type, types[i]))
			return true;
	return false;
}

char *target_unit(char buf[static TARGET_UNIT_MAX], const struct target *t)
{
	snprintf(buf, TARGET_UNIT_MAX, "%s%s", t->name, has_type(t->name) ? "" : ".service");
	return buf;
}

static int parse_unit(struct target *t, const char *text, const char **why)
{
	*why = !*text ? "unit: must be followed by the name of a unit, as in unit:nginx"
	       : strchr(text, '/')
		       ? "the name of a unit has no slash; write cgroup:/PATH for a path"
	       : strpbrk(text, "*?[") ? "the name of a unit has no wildcards"
	       : strlen(text) + sizeof(".service") > TARGET_UNIT_MAX ? "the name is too long"
								     : NULL;
	if (*why)
		return -EINVAL;
	return take_text(t, TARGET_UNIT, text);
}

static int parse_tcp(struct target *t, const char *text, const char **why)
{
	t->kind = TARGET_TCP;
	return port_parse(&t->port, text, why);
}

static int parse_udp(struct target *t, const char *text, const char **why)
{
	t->kind = TARGET_UDP;
	return port_parse(&t->port, text, why);
}

// FreeBSD and illumos name processes this way.
static int parse_proc(struct target *t, const char *number, const char **why)
{
	uint64_t pid;

	if (number_parse(number, INT_MAX, &pid) < 0 || !pid) {
		*why = "not a target: /proc/PID has only a number";
		return -EINVAL;
	}
	t->kind = TARGET_PROC;
	t->pid = (pid_t)pid;
	return 0;
}

// The forms that begin with a word and a colon; each parser gets the text behind the colon.
static const struct {
	const char *prefix;
	int (*parse)(struct target *t, const char *text, const char **why);
} forms[] = {
	{"cgroup:", parse_cgroup},
	{"fd:", parse_fd},
	{"lock:", parse_lock},
	{"name:", parse_name},
	{"pidfile:", parse_pidfile},
	{"tcp:", parse_tcp},
	{"tid:", parse_thread},
	{"udp:", parse_udp},
	{"unit:", parse_unit},
	{"unix:", parse_unix},
};

// PID and the forms that begin with it.
static int parse_number(struct target *t, const char *text, unsigned kinds, const char **why)
{
	int r = parse_pid(t, text, why);

	if (r < 0 && kinds & TARGET_NONE && number_is_digits(text)) {
		t->kind = TARGET_NONE;
		t->name = text;
		return 0;
	}
	return r;
}

// A word before a colon that is no kind of target would otherwise become a search for a name.
static const char *prefix_problem(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (!strncasecmp(text, forms[i].prefix, len) && forms[i].prefix[len] == ':')
			return "a kind of target is written in small letters (a process of that "
			       "name: name:%)";
	return "no such kind of target (a name with a colon is written name:NAME)";
}

static int parse(struct target *t, const char *text, unsigned kinds, const char **why)
{
	if (!*text) {
		*why = "an empty word is not a target";
		return -EINVAL;
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		size_t len = strlen(forms[i].prefix);

		if (!strncmp(text, forms[i].prefix, len))
			return forms[i].parse(t, text + len, why);
	}
	if (kinds & TARGET_PROC && !strncmp(text, "/proc/", 6))
		return parse_proc(t, text + 6, why);
	size_t prefix = prefix_length(text);
	if (prefix) {
		*why = prefix_problem(text, prefix);
		return -EINVAL;
	}
	if (is_bare_name(text))
		return parse_bare_name(t, text, kinds, why);
	if (*text == '-')
		return parse_group(t, text, why);
	if (*text == '%') {
		*why = "jobs are the shell's: write $(jobs -p %)";
		return -EINVAL;
	}
	if (*text != ':')
		return parse_number(t, text, kinds, why);
	t->kind = TARGET_INODE;
	return parse_inode(t, text, why);
}

int target_parse(struct target *out, const char *text, unsigned kinds, const char **why)
{
	struct target t = {.text = text, .fd = -1};

	int r = parse(&t, text, kinds, why);
	if (r < 0)
		return r;
	if (!(t.kind & kinds)) {
		*why = t.kind == TARGET_OWN_GROUP ? "PID 0 names no process"
		       : t.kind == TARGET_NAME	  ? target_is_name
		       : t.kind & TARGET_MANY
			       ? "it can name several processes, and one is needed here"
		       : t.kind & TARGET_SEVERAL ? "this program takes no process groups"
						 : "this program does not take this kind of target";
		return -EINVAL;
	}
	*out = t;
	return 0;
}

char *target_reason(char buf[static TARGET_REASON], const char *text, const char *why)
{
	size_t at =
		(size_t)snprintf(buf, TARGET_REASON, "'%.300s'%s", text, *why == ' ' ? "" : ": ");

	for (; *why && at < TARGET_REASON; why++)
		at += (size_t)snprintf(buf + at, TARGET_REASON - at,
			*why == '%' ? "%.300s" : "%.1s", *why == '%' ? text : why);
	return buf;
}

struct target target_of_pidfile(const char *path)
{
	return (struct target){.text = path, .kind = TARGET_PIDFILE, .fd = -1, .name = path};
}

char *target_format(char buf[static TARGET_STRMAX], struct pidref *ref)
{
	if (pidref_learn_inode(ref) < 0)
		snprintf(buf, TARGET_STRMAX, "%d", (int)ref->pid);
	else if (ref->pid > 0)
		snprintf(buf, TARGET_STRMAX, "%d:%" PRIu64, (int)ref->pid, ref->inode);
	else
		snprintf(buf, TARGET_STRMAX, ":%" PRIu64, ref->inode);
	return buf;
}

int target_format_boot(char buf[static TARGET_STRMAX], struct pidref *ref)
{
	char boot[BOOTID_ROOM];

	int r = ref->pid > 0 ? pidref_learn_inode(ref) : -ESRCH;
	if (!r)
		r = bootid_read(boot);
	if (!r)
		snprintf(buf, TARGET_STRMAX, "%d:%" PRIu64 ":%s", (int)ref->pid, ref->inode, boot);
	return r;
}
