// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/libproc.h"

#include <dlfcn.h>
#include <errno.h>
#include <libproc2/pids.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Tell packagers about the library that ldd does not show:
// https://systemd.io/ELF_DLOPEN_METADATA/
#define NOTE_OWNER "FDO"
#define NOTE_TYPE  0x407c0c0au
#define NOTE_TEXT                                                        \
	"[{\"feature\":\"libproc2\","                                    \
	"\"description\":\"Terminals (-t), columns of ps (--columns)\"," \
	"\"priority\":\"recommended\","                                  \
	"\"soname\":[\"" LIBPROC2_SONAME "\"]}]"

static const struct {
	uint32_t owner_size, text_size, type;
	char owner[sizeof(NOTE_OWNER)];
	_Alignas(uint32_t) char text[sizeof(NOTE_TEXT)];
} note __attribute__((used, section(".note.dlopen"), aligned(4))) = {
	sizeof(NOTE_OWNER), sizeof(NOTE_TEXT), NOTE_TYPE, NOTE_OWNER, NOTE_TEXT};

// How the library returns a value, and how ps(1) prints it.
enum kind { TEXT, LETTER, INT, UNSIGNED, LONG, PERCENT, CLOCK, SECONDS };

static const struct {
	const char *names; // separated by spaces; the first is the title
	enum pids_item item;
	enum kind kind;
} columns[] = {
	{"args cmd command", PIDS_CMDLINE, TEXT},
	{"blocked sigmask", PIDS_SIGBLOCKED, TEXT},
	{"caught sigcatch", PIDS_SIGCATCH, TEXT},
	{"cgroup", PIDS_CGROUP, TEXT},
	{"comm ucmd ucomm", PIDS_CMD, TEXT},
	{"cputime time", PIDS_TIME_ALL, CLOCK},
	{"etime", PIDS_TIME_ELAPSED, CLOCK},
	{"etimes", PIDS_TIME_ELAPSED, SECONDS},
	{"exe", PIDS_EXE, TEXT},
	{"gid egid", PIDS_ID_EGID, UNSIGNED},
	{"group egroup", PIDS_ID_EGROUP, TEXT},
	{"ignored sigignore", PIDS_SIGIGNORE, TEXT},
	{"luid", PIDS_ID_LOGIN, INT},
	{"lxc", PIDS_LXCNAME, TEXT},
	{"machine", PIDS_SD_MACH, TEXT},
	{"majflt maj_flt", PIDS_FLT_MAJ, LONG},
	{"minflt min_flt", PIDS_FLT_MIN, LONG},
	{"ni nice", PIDS_NICE, INT},
	{"nlwp thcount", PIDS_NLWP, INT},
	{"oom", PIDS_OOM_SCORE, INT},
	{"oomadj", PIDS_OOM_ADJ, INT},
	{"ouid", PIDS_SD_OUID, TEXT},
	{"pcpu %cpu", PIDS_UTILIZATION, PERCENT},
	{"pending sig", PIDS_SIGPENDING, TEXT},
	{"pgid pgrp", PIDS_ID_PGRP, INT},
	{"pid", PIDS_ID_PID, INT},
	{"ppid", PIDS_ID_PPID, INT},
	{"priority", PIDS_PRIORITY, INT},
	{"psr", PIDS_PROCESSOR, INT},
	{"pss", PIDS_SMAP_PSS, LONG},
	{"rbytes", PIDS_IO_READ_BYTES, LONG},
	{"rgid", PIDS_ID_RGID, UNSIGNED},
	{"rgroup", PIDS_ID_RGROUP, TEXT},
	{"rss rssize rsz", PIDS_VM_RSS, LONG},
	{"rtprio", PIDS_PRIORITY_RT, INT},
	{"ruid", PIDS_ID_RUID, UNSIGNED},
	{"ruser", PIDS_ID_RUSER, TEXT},
	{"seat", PIDS_SD_SEAT, TEXT},
	{"lsession", PIDS_SD_SESS, TEXT},
	{"sid sess session", PIDS_ID_SESSION, INT},
	{"slice", PIDS_SD_SLICE, TEXT},
	{"state s stat", PIDS_STATE, LETTER},
	{"suid svuid", PIDS_ID_SUID, UNSIGNED},
	{"supgid", PIDS_SUPGIDS, TEXT},
	{"supgrp", PIDS_SUPGROUPS, TEXT},
	{"suser svuser", PIDS_ID_SUSER, TEXT},
	{"swap", PIDS_VM_SWAP, LONG},
	{"tpgid", PIDS_ID_TPGID, INT},
	{"tty tt tname", PIDS_TTY_NAME, TEXT},
	{"uid euid", PIDS_ID_EUID, UNSIGNED},
	{"unit", PIDS_SD_UNIT, TEXT},
	{"user euser uname", PIDS_ID_EUSER, TEXT},
	{"uss", PIDS_SMAP_PRV_TOTAL, LONG},
	{"uunit", PIDS_SD_UUNIT, TEXT},
	{"vsz vsize", PIDS_VM_SIZE, LONG},
	{"wbytes", PIDS_IO_WRITE_BYTES, LONG},
	{"wchan", PIDS_WCHAN_NAME, TEXT},
};

enum { COLUMNS = sizeof(columns) / sizeof(*columns) };

struct libproc {
	struct pids_info *info;
	// which columns the items after the first are
	unsigned char wanted[LIBPROC_COLUMNS];
	size_t count;

	// functions of the library, with the types that its header declares
	__typeof__(procps_pids_new) *begin;
	__typeof__(procps_pids_select) *select;
	__typeof__(procps_pids_unref) *unref;
};

// It is never unloaded: its own libraries may have left threads, locks and functions to call at the
// end of the program.
static int load(struct libproc *lib)
{
	void *library = dlopen(LIBPROC2_SONAME, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return -ELIBACC;
	*(void **)&lib->begin = dlsym(library, "procps_pids_new");
	*(void **)&lib->select = dlsym(library, "procps_pids_select");
	*(void **)&lib->unref = dlsym(library, "procps_pids_unref");
	return lib->begin && lib->select && lib->unref ? 0 : -ELIBACC;
}

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
	return columns[column].kind > LETTER;
}

int libproc_new(struct libproc **out, const unsigned char *wanted, size_t count)
{
	enum pids_item items[1 + LIBPROC_COLUMNS] = {PIDS_TTY_NAME};
	struct libproc *lib = calloc(1, sizeof(*lib));

	if (!lib)
		return -ENOMEM;
	lib->count = count;
	for (size_t i = 0; i < count; i++) {
		lib->wanted[i] = wanted[i];
		items[1 + i] = columns[wanted[i]].item;
	}
	// with this variable the library would leave out kernel threads
	unsetenv("LIBPROC_HIDE_KERNEL");
	int r = load(lib);
	if (!r)
		r = lib->begin(&lib->info, items, (int)(1 + count));
	if (r < 0) {
		free(lib);
		return r;
	}
	*out = lib;
	return 0;
}

// The results for one process, valid until the next call; NULL: there are none. The library's macro
// for them changed its arguments in 4.0.5, but the structure did not change.
static const struct pids_result *results(struct libproc *lib, pid_t pid)
{
	unsigned number = (unsigned)pid;
	struct pids_fetch *got = lib->select(lib->info, &number, 1, PIDS_SELECT_PID);

	return got && got->counts->total > 0 && got->stacks[0] ? got->stacks[0]->head : NULL;
}

int libproc_terminal(void *lib, pid_t pid, const char **name)
{
	const struct pids_result *got = results(lib, pid);

	if (!got)
		return -ENODATA;
	*name = got->result.str ? got->result.str : "?";
	return 0;
}

// As ps(1) prints times: [DAYS-]HH:MM:SS.
static void write_clock(FILE *out, double seconds)
{
	long s = (long)seconds;
	long days = s / (24 * 3600);

	if (days)
		fprintf(out, "%ld-", days);
	fprintf(out, "%02ld:%02ld:%02ld", s / 3600 % 24, s / 60 % 60, s % 60);
}

static void write_value(FILE *out, enum kind kind, const struct pids_result *value)
{
	switch (kind) {
	case TEXT:
		fputs(value->result.str && *value->result.str ? value->result.str : "-", out);
		break;
	case LETTER:
		fputc(value->result.s_ch, out);
		break;
	case INT:
		fprintf(out, "%d", value->result.s_int);
		break;
	case UNSIGNED:
		fprintf(out, "%u", value->result.u_int);
		break;
	case LONG:
		fprintf(out, "%lu", value->result.ul_int);
		break;
	case PERCENT:
		fprintf(out, "%.1f", value->result.real);
		break;
	case CLOCK:
		write_clock(out, value->result.real);
		break;
	case SECONDS:
		fprintf(out, "%.0f", value->result.real);
		break;
	}
}

int libproc_values(struct libproc *lib, pid_t pid, FILE *out)
{
	const struct pids_result *got = results(lib, pid);

	if (!got)
		return -ENODATA;
	for (size_t i = 0; i < lib->count; i++) {
		write_value(out, columns[lib->wanted[i]].kind, &got[1 + i]);
		fputc(0, out);
	}
	return 0;
}

void libproc_free(struct libproc **lib)
{
	if (*lib) {
		(*lib)->unref(&(*lib)->info);
		free(*lib);
	}
	*lib = NULL;
}

const char *libproc_problem(void)
{
	return LIBPROC2_SONAME " cannot be loaded";
}

const char *libproc_version(void)
{
	return "libproc2 " LIBPROC2_VERSION;
}
