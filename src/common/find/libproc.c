// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/libproc-columns.h"
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

struct libproc {
	struct pids_info *info;
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

int libproc_new(struct libproc **out, const unsigned char *wanted, size_t count)
{
	enum pids_item items[1 + LIBPROC_COLUMNS * LIBPROC_COLUMN_ITEMS] = {PIDS_TTY_NAME};
	struct libproc *lib = calloc(1, sizeof(*lib));
	size_t used = 1;

	if (!lib)
		return -ENOMEM;
	lib->count = count;
	for (size_t i = 0; i < count; i++) {
		lib->wanted[i] = wanted[i];
		used += libproc_column_items(wanted[i], items + used);
	}
	// with this variable the library would leave out kernel threads
	unsetenv("LIBPROC_HIDE_KERNEL");
	int r = load(lib);
	if (!r)
		r = lib->begin(&lib->info, items, (int)used);
	if (r < 0) {
		free(lib);
		return r;
	}
	*out = lib;
	return 0;
}

// The results for one process, valid until the next call. -ENODATA: there are none. The library's
// macro for them changed its arguments in 4.0.5, but the structure did not change.
static int select_one(struct libproc *lib, pid_t pid, const struct pids_result **out)
{
	unsigned number = (unsigned)pid;

	errno = 0;
	struct pids_fetch *got = lib->select(lib->info, &number, 1, PIDS_SELECT_PID);
	// without memory it leaves out what it could not read, and only errno shows it
	if (errno == ENOMEM)
		return -ENOMEM;
	if (!got || got->counts->total <= 0 || !got->stacks[0])
		return -ENODATA;
	*out = got->stacks[0]->head;
	return 0;
}

int libproc_terminal(void *lib, pid_t pid, const char **name)
{
	const struct pids_result *got;

	int r = select_one(lib, pid, &got);
	if (r < 0)
		return r;
	*name = got->result.str ? got->result.str : "?";
	return 0;
}

int libproc_values(struct libproc *lib, pid_t pid, FILE *out)
{
	const struct pids_result *got;

	int r = select_one(lib, pid, &got);
	if (r < 0)
		return r;
	got++; // the terminal
	for (size_t i = 0; i < lib->count; i++) {
		got += libproc_column_write(lib->wanted[i], got, out);
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
