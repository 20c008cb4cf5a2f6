// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/number.h"
#include "base/signame.h"
#include "tell/sigtable.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	NAMES_WIDTH = 72,
	FIELD_WIDTH = 11,
};

void sigtable_names(FILE *out, bool pretty)
{
	static const char *const realtime[] = {"RT<N>", "RTMIN+<N>", "RTMAX-<N>"};
	const char *name;
	size_t column = 0;
	int sig;

	for (size_t i = 0; (name = signame_at(i, &sig)); i++) {
		size_t length = 1 + strlen(name);

		if (pretty && column + length > NAMES_WIDTH) {
			fputc('\n', out);
			column = 0;
		} else if (i) {
			fputc(pretty ? ' ' : '\n', out);
		}
		column += length;
		fputs(name, out);
	}
	for (size_t i = 0; i < sizeof(realtime) / sizeof(*realtime); i++)
		fprintf(out, "%c%s", pretty ? ' ' : '\n', realtime[i]);
	fputc('\n', out);
}

static void put_field(
	FILE *out, bool pretty, size_t width, size_t *column, int sig, const char *name)
{
	if (pretty && *column + FIELD_WIDTH > width) {
		fputc('\n', out);
		*column = 0;
	}
	*column += FIELD_WIDTH;
	fprintf(out, "%2d %-8s%s", sig, name, pretty ? "" : "\n");
}

void sigtable_numbers(FILE *out, bool pretty, size_t width)
{
	const char *name;
	size_t column = 0;
	int sig;

	for (size_t i = 0; (name = signame_at(i, &sig)); i++)
		put_field(out, pretty, width, &column, sig, name);
	put_field(out, pretty, width, &column, SIGRTMIN, "RTMIN");
	put_field(out, pretty, width, &column, SIGRTMAX, "RTMAX");
	if (pretty)
		fputc('\n', out);
}

static void put_mask(FILE *out, uint64_t mask, char separator)
{
	char name[SIGNAME_MAX];

	for (int sig = 1; sig <= 64; sig++)
		if (mask >> (sig - 1) & 1)
			fprintf(out, "%s%c", signame_format(name, sig), separator);
}

static int parse_mask(const char *digits, uint64_t *mask)
{
	size_t length = strspn(digits, "0123456789abcdefABCDEF");

	if (!length || digits[length] || length > 16)
		return -EINVAL;
	// at most 16 digits, so it cannot overflow
	*mask = strtoull(digits, NULL, 16);
	return 0;
}

int sigtable_convert(FILE *out, const char *word)
{
	char name[SIGNAME_MAX];
	uint64_t number;
	uint64_t mask;
	int sig;

	// a mask, as in the lines SigIgn and SigCgt of /proc/PID/status
	if (!strncmp(word, "0x", 2) || !strncmp(word, "0X", 2)) {
		if (parse_mask(word + 2, &mask) < 0)
			return -EINVAL;
		if (out)
			put_mask(out, mask, '\n');
		return 0;
	}
	if (!signame_parse_name(word, &sig)) {
		if (out)
			fprintf(out, "%d\n", sig);
		return 0;
	}
	if (number_parse(word, 255, &number) < 0)
		return -EINVAL;
	sig = (int)number;
	// a status of 128 + N is a process that signal N killed, as a shell reports it
	if (sig > signame_last() && sig >= 128)
		sig -= 128;
	if (sig > signame_last())
		return -EINVAL;
	if (out)
		fprintf(out, "%s\n", signame_format(name, sig));
	return 0;
}

void sigtable_state(FILE *out, const struct status *status)
{
	const struct {
		const char *label;
		uint64_t mask;
	} rows[] = {
		{"Pending (thread)", status->pending_thread},
		{"Pending (process)", status->pending_process},
		{"Blocked", status->blocked},
		{"Ignored", status->ignored},
		{"Caught", status->caught},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!rows[i].mask)
			continue;
		fprintf(out, "%s: ", rows[i].label);
		put_mask(out, rows[i].mask, ' ');
		fputc('\n', out);
	}
}
