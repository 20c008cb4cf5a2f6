// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/clock.h"
#include "base/duration.h"
#include "find/libproc-columns.h"
#include "find/libproc.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// ---- values as ps(1) prints them ----

static void write_text(const struct pids_result *v, FILE *out)
{
	fputs(v->result.str && *v->result.str ? v->result.str : "-", out);
}

static void write_letter(const struct pids_result *v, FILE *out)
{
	fputc(v->result.s_ch, out);
}

static void write_int(const struct pids_result *v, FILE *out)
{
	fprintf(out, "%d", v->result.s_int);
}

// -1: it has not logged in.
static void write_login(const struct pids_result *v, FILE *out)
{
	if (v->result.s_int == -1)
		fputc('-', out);
	else
		write_int(v, out);
}

static void write_unsigned(const struct pids_result *v, FILE *out)
{
	fprintf(out, "%u", v->result.u_int);
}

static void write_long(const struct pids_result *v, FILE *out)
{
	fprintf(out, "%lu", v->result.ul_int);
}

// The number of a namespace; 0 is one that we may not see.
static void write_namespace(const struct pids_result *v, FILE *out)
{
	if (v->result.ul_int)
		write_long(v, out);
	else
		fputc('-', out);
}

static void write_tenths(unsigned long tenths, FILE *out)
{
	if (tenths > 999)
		fprintf(out, "%lu", tenths / 10);
	else
		fprintf(out, "%lu.%lu", tenths / 10, tenths % 10);
}

static void write_percent(const struct pids_result *v, FILE *out)
{
	write_tenths((unsigned long)(v->result.real * 10), out);
}

static void write_whole_percent(const struct pids_result *v, FILE *out)
{
	fprintf(out, "%u", v->result.real > 99 ? 99 : (unsigned)v->result.real);
}

// KiB as a part of the memory of the machine.
static void write_memory_percent(const struct pids_result *v, FILE *out)
{
	unsigned long total = (unsigned long)sysconf(_SC_PHYS_PAGES) *
			      ((unsigned long)sysconf(_SC_PAGESIZE) / 1024);
	unsigned long long tenths = total ? v->result.ul_int * 1000ULL / total : 0;

	write_tenths(tenths > 999 ? 999 : (unsigned long)tenths, out);
}

static void write_seconds(const struct pids_result *v, FILE *out)
{
	fprintf(out, "%u", (unsigned)v->result.real);
}

// [DAYS-]HH:MM:SS; hours that are 0 only where `hours`.
static void write_duration(unsigned s, bool hours, FILE *out)
{
	unsigned days = s / (24 * 3600);

	if (days)
		fprintf(out, "%u-", days);
	if (hours || s >= 3600)
		fprintf(out, "%02u:", s / 3600 % 24);
	fprintf(out, "%02u:%02u", s / 60 % 60, s % 60);
}

static void write_processor_time(const struct pids_result *v, FILE *out)
{
	write_duration((unsigned)v->result.real, true, out);
}

static void write_elapsed(const struct pids_result *v, FILE *out)
{
	write_duration((unsigned)v->result.real, false, out);
}

enum { DATE_ROOM = 64 };

// The time of a start that is in seconds since the boot.
static time_t start_of(const struct pids_result *v)
{
	return (time_t)(clock_of_boot() / DURATION_S) + (time_t)v->result.real;
}

static void write_start_in_full(const struct pids_result *v, FILE *out)
{
	char text[DATE_ROOM] = "-";
	time_t start = start_of(v);
	struct tm then = {0};

	localtime_r(&start, &then);
	strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &then);
	fputs(text, out);
}

static void write_start(const struct pids_result *v, FILE *out)
{
	char text[DATE_ROOM] = "-";
	time_t start = start_of(v);
	bool today = time(NULL) - start <= 24 * 3600;
	struct tm then = {0};

	localtime_r(&start, &then);
	strftime(text, sizeof(text), today ? "%H:%M:%S" : "%b %d", &then);
	fputs(text, out);
}

static void write_start_in_one_word(const struct pids_result *v, FILE *out)
{
	char text[DATE_ROOM] = "-";
	time_t start = start_of(v);
	time_t now = time(NULL);
	struct tm then = {0};
	struct tm today = {0};

	localtime_r(&start, &then);
	localtime_r(&now, &today);
	bool this_year = then.tm_year == today.tm_year;
	strftime(text, sizeof(text),
		!this_year			? "%Y"
		: then.tm_yday == today.tm_yday ? "%H:%M"
						: "%b%d",
		&then);
	fputs(text, out);
}

static void write_class(const struct pids_result *v, FILE *out)
{
	static const char *const names[] = {"TS", "FF", "RR", "B", "ISO", "IDL", "DLN"};
	int class = v->result.s_int;

	if (class == -1)
		fputc('-', out);
	else if (class < 0 || class >= (int)(sizeof(names) / sizeof(*names)))
		fputc('?', out);
	else
		fputs(names[class], out);
}

// Only the real-time classes have one.
static void write_realtime_priority(const struct pids_result *v, FILE *out)
{
	if (v[1].result.s_int == 0 || v[1].result.s_int == -1)
		fputc('-', out);
	else
		write_int(v, out);
}

static void write_internal_priority(const struct pids_result *v, FILE *out)
{
	fprintf(out, "%d", 60 + v->result.s_int);
}

static void write_priority_upwards(const struct pids_result *v, FILE *out)
{
	fprintf(out, "%d", 39 - v->result.s_int);
}

// Forked but did not exec, used privileges of root: the two bits that Unix defines.
static void write_flags(const struct pids_result *v, FILE *out)
{
	fprintf(out, "%lo", v->result.ul_int >> 6 & 7);
}

enum { STATE, NICE, LOCKED, SESSION, TGID, THREADS, GROUP, FOREGROUND };

static void write_state(const struct pids_result *v, FILE *out)
{
	fputc(v[STATE].result.s_ch, out);
	if (v[NICE].result.s_int)
		fputc(v[NICE].result.s_int < 0 ? '<' : 'N', out);
	if (v[LOCKED].result.ul_int)
		fputc('L', out);
	if (v[SESSION].result.s_int == v[TGID].result.s_int)
		fputc('s', out);
	if (v[THREADS].result.s_int > 1)
		fputc('l', out);
	if (v[GROUP].result.s_int == v[FOREGROUND].result.s_int)
		fputc('+', out);
}

// ---- the columns ----

typedef void writer(const struct pids_result *values, FILE *out);

enum align { LEFT, RIGHT };

static const struct {
	const char *names; // separated by spaces; the first is the title
	writer *write;
	enum align align;
	enum pids_item items[LIBPROC_COLUMN_ITEMS]; // up to the first PIDS_noop
} columns[] = {
	{"args cmd command", write_text, LEFT, {PIDS_CMDLINE}},
	{"blocked sig_block sigmask", write_text, LEFT, {PIDS_SIGBLOCKED}},
	{"c", write_whole_percent, RIGHT, {PIDS_UTILIZATION}},
	{"caught sig_catch sigcatch", write_text, LEFT, {PIDS_SIGCATCH}},
	{"cgroup", write_text, LEFT, {PIDS_CGROUP}},
	{"cgroupns", write_namespace, RIGHT, {PIDS_NS_CGROUP}},
	{"cls class policy", write_class, LEFT, {PIDS_SCHED_CLASS}},
	{"comm ucmd ucomm", write_text, LEFT, {PIDS_CMD}},
	{"cputime time", write_processor_time, RIGHT, {PIDS_TIME_ALL}},
	{"cputimes times", write_seconds, RIGHT, {PIDS_TIME_ALL}},
	{"etime", write_elapsed, RIGHT, {PIDS_TIME_ELAPSED}},
	{"etimes", write_seconds, RIGHT, {PIDS_TIME_ELAPSED}},
	{"exe", write_text, LEFT, {PIDS_EXE}},
	{"f flag flags", write_flags, RIGHT, {PIDS_FLAGS}},
	{"fgid fsgid", write_unsigned, RIGHT, {PIDS_ID_FGID}},
	{"fgroup fsgroup", write_text, LEFT, {PIDS_ID_FGROUP}},
	{"fuid fsuid", write_unsigned, RIGHT, {PIDS_ID_FUID}},
	{"fuser fsuser", write_text, LEFT, {PIDS_ID_FUSER}},
	{"gid egid", write_unsigned, RIGHT, {PIDS_ID_EGID}},
	{"group egroup", write_text, LEFT, {PIDS_ID_EGROUP}},
	{"ignored sig_ignore sigignore", write_text, LEFT, {PIDS_SIGIGNORE}},
	{"intpri opri", write_internal_priority, RIGHT, {PIDS_PRIORITY}},
	{"ipcns", write_namespace, RIGHT, {PIDS_NS_IPC}},
	{"lsession", write_text, LEFT, {PIDS_SD_SESS}},
	{"lstart", write_start_in_full, LEFT, {PIDS_TIME_START}},
	{"luid", write_login, RIGHT, {PIDS_ID_LOGIN}},
	{"lxc", write_text, LEFT, {PIDS_LXCNAME}},
	{"machine", write_text, LEFT, {PIDS_SD_MACH}},
	{"majflt maj_flt pagein", write_long, RIGHT, {PIDS_FLT_MAJ}},
	{"minflt min_flt", write_long, RIGHT, {PIDS_FLT_MIN}},
	{"mntns", write_namespace, RIGHT, {PIDS_NS_MNT}},
	{"netns", write_namespace, RIGHT, {PIDS_NS_NET}},
	{"ni nice", write_int, RIGHT, {PIDS_NICE}},
	{"nlwp thcount", write_int, RIGHT, {PIDS_NLWP}},
	{"oom", write_int, RIGHT, {PIDS_OOM_SCORE}},
	{"oomadj", write_int, RIGHT, {PIDS_OOM_ADJ}},
	{"ouid", write_text, LEFT, {PIDS_SD_OUID}},
	{"pcpu %cpu", write_percent, RIGHT, {PIDS_UTILIZATION}},
	{"pending sig_pend sig", write_text, LEFT, {PIDS_SIGPENDING}},
	{"pgid pgrp", write_int, RIGHT, {PIDS_ID_PGRP}},
	{"pid", write_int, RIGHT, {PIDS_ID_PID}},
	{"pidns", write_namespace, RIGHT, {PIDS_NS_PID}},
	{"pmem %mem", write_memory_percent, RIGHT, {PIDS_VM_RSS}},
	{"ppid", write_int, RIGHT, {PIDS_ID_PPID}},
	{"pri", write_priority_upwards, RIGHT, {PIDS_PRIORITY}},
	{"priority", write_int, RIGHT, {PIDS_PRIORITY}},
	{"psr", write_int, RIGHT, {PIDS_PROCESSOR}},
	{"pss", write_long, RIGHT, {PIDS_SMAP_PSS}},
	{"rbytes", write_long, RIGHT, {PIDS_IO_READ_BYTES}},
	{"rgid", write_unsigned, RIGHT, {PIDS_ID_RGID}},
	{"rgroup", write_text, LEFT, {PIDS_ID_RGROUP}},
	{"rss rssize rsz", write_long, RIGHT, {PIDS_VM_RSS}},
	{"rtprio", write_realtime_priority, RIGHT, {PIDS_PRIORITY_RT, PIDS_SCHED_CLASS}},
	{"ruid", write_unsigned, RIGHT, {PIDS_ID_RUID}},
	{"ruser", write_text, LEFT, {PIDS_ID_RUSER}},
	{"seat", write_text, LEFT, {PIDS_SD_SEAT}},
	{"sgid svgid", write_unsigned, RIGHT, {PIDS_ID_SGID}},
	{"sgroup svgroup", write_text, LEFT, {PIDS_ID_SGROUP}},
	{"sid sess session", write_int, RIGHT, {PIDS_ID_SESSION}},
	{"slice", write_text, LEFT, {PIDS_SD_SLICE}},
	{"start", write_start, RIGHT, {PIDS_TIME_START}},
	{"stat", write_state, LEFT,
		{PIDS_STATE, PIDS_NICE, PIDS_VM_RSS_LOCKED, PIDS_ID_SESSION, PIDS_ID_TGID,
			PIDS_NLWP, PIDS_ID_PGRP, PIDS_ID_TPGID}},
	{"state s", write_letter, LEFT, {PIDS_STATE}},
	{"stime start_time", write_start_in_one_word, RIGHT, {PIDS_TIME_START}},
	{"suid svuid", write_unsigned, RIGHT, {PIDS_ID_SUID}},
	{"supgid", write_text, LEFT, {PIDS_SUPGIDS}},
	{"supgrp", write_text, LEFT, {PIDS_SUPGROUPS}},
	{"suser svuser", write_text, LEFT, {PIDS_ID_SUSER}},
	{"swap", write_long, RIGHT, {PIDS_VM_SWAP}},
	{"sz", write_long, RIGHT, {PIDS_MEM_VIRT_PGS}},
	{"tgid", write_int, RIGHT, {PIDS_ID_TGID}},
	{"timens", write_namespace, RIGHT, {PIDS_NS_TIME}},
	{"tpgid", write_int, RIGHT, {PIDS_ID_TPGID}},
	{"tty tt tname", write_text, LEFT, {PIDS_TTY_NAME}},
	{"uid euid", write_unsigned, RIGHT, {PIDS_ID_EUID}},
	{"unit", write_text, LEFT, {PIDS_SD_UNIT}},
	{"user euser uname", write_text, LEFT, {PIDS_ID_EUSER}},
	{"userns", write_namespace, RIGHT, {PIDS_NS_USER}},
	{"uss", write_long, RIGHT, {PIDS_SMAP_PRV_TOTAL}},
	{"utsns", write_namespace, RIGHT, {PIDS_NS_UTS}},
	{"uunit", write_text, LEFT, {PIDS_SD_UUNIT}},
	{"vsz vsize", write_long, RIGHT, {PIDS_VM_SIZE}},
	{"wbytes", write_long, RIGHT, {PIDS_IO_WRITE_BYTES}},
	{"wchan wname", write_text, LEFT, {PIDS_WCHAN_NAME}},
};

enum { COLUMNS = sizeof(columns) / sizeof(*columns) };

int libproc_column(const char *name, size_t len)
{
	for (int i = 0; i < COLUMNS; i++)
		for (const char *p = columns[i].names; *p;) {
			size_t n = strcspn(p, " ");

			if (n == len && !strncmp(p, name, n))
				return i;
			p += n + (p[n] == ' ');
		}
	return -EINVAL;
}

const char *libproc_column_name(int column)
{
	return column < COLUMNS ? columns[column].names : NULL;
}

bool libproc_column_is_number(int column)
{
	return columns[column].align == RIGHT;
}

const char *libproc_column_file(int column)
{
	switch (columns[column].items[0]) {
	case PIDS_SMAP_PSS:
	case PIDS_SMAP_PRV_TOTAL:
		return "smaps_rollup";
	case PIDS_IO_READ_BYTES:
	case PIDS_IO_WRITE_BYTES:
		return "io";
	default:
		return NULL;
	}
}

size_t libproc_column_items(int column, enum pids_item items[static LIBPROC_COLUMN_ITEMS])
{
	size_t n = 0;

	while (n < LIBPROC_COLUMN_ITEMS && columns[column].items[n] != PIDS_noop) {
		items[n] = columns[column].items[n];
		n++;
	}
	return n;
}

size_t libproc_column_write(int column, const struct pids_result *values, FILE *out)
{
	enum pids_item items[LIBPROC_COLUMN_ITEMS];

	columns[column].write(values, out);
	return libproc_column_items(column, items);
}
