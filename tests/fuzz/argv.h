// SPDX-License-Identifier: GPL-2.0-or-later
// argv.h: a command line out of libFuzzer's bytes, read by a program's parser, which may leave.
//
// The parsers leave through message.h only, so a fuzz target that has these functions has the way
// out: back here. What they allocated until then is taken back too.
#pragma once

#include "tell/message.h"
#include "text.h"

#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

enum { ARGV_WORDS = 24, ARGV_BLOCKS = 512 };

static jmp_buf argv_out;
static int argv_status;
static void *argv_blocks[ARGV_BLOCKS];
static size_t argv_used;

// ---- memory: linked with --wrap=malloc and so on ----

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
char *__wrap_strdup(const char *text);
void __wrap_free(void *block);

static void *argv_keep(void *block)
{
	if (block == NULL || argv_used == ARGV_BLOCKS)
		abort();
	return argv_blocks[argv_used++] = block;
}

static void argv_forget(const void *block)
{
	for (size_t i = argv_used; block != NULL && i-- > 0;)
		if (argv_blocks[i] == block) {
			argv_blocks[i] = argv_blocks[--argv_used];
			return;
		}
}

void *__wrap_malloc(size_t size)
{
	return argv_keep(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
	return argv_keep(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
	argv_forget(old);
	return argv_keep(__real_realloc(old, size));
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return __wrap_realloc(old, count * size);
}

char *__wrap_strdup(const char *text)
{
	char *copy = __wrap_malloc(strlen(text) + 1);

	return strcpy(copy, text);
}

void __wrap_free(void *block)
{
	argv_forget(block);
	__real_free(block);
}

// ---- the way out ----

static noreturn void argv_leave(int status)
{
	// --help lends it a buffer of a function that is left here
	fflush(stdout);
	setvbuf(stdout, NULL, _IONBF, 0);
	argv_status = status;
	longjmp(argv_out, 1);
}

const char *message_program(char buf[static MESSAGE_PROGRAM])
{
	return strcpy(buf, "fuzz");
}

void message(const char *format, ...)
{
	PROMISE(*format != '\0');
}

void message_about(const char *target, const char *format, ...)
{
	PROMISE(target != NULL && *format != '\0');
}

noreturn void message_die(enum exit_status status, const char *format, ...)
{
	PROMISE(*format != '\0');
	argv_leave((int)status);
}

// A mistake is said in one line that ends.
noreturn void message_usage(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	int n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	PROMISE(n > 0);
	argv_leave(EXIT_USAGE);
}

noreturn void message_exit(int status)
{
	argv_leave(status);
}

// ---- one command line: words, each ended by a newline ----

static void argv_read(char *text, char **argv, int *argc)
{
	argv[0] = text;
	*argc = 1;
	for (char *word = strtok(text, "\n"); word && *argc < ARGV_WORDS; word = strtok(NULL, "\n"))
		argv[(*argc)++] = word;
	argv[*argc] = NULL;
}

// the text is among what is taken back
// NOLINTBEGIN(clang-analyzer-unix.Malloc)

// Give `data` to `parse`. It returns, or leaves with a status that means something.
static void argv_try(const uint8_t *data, size_t size, void (*parse)(int argc, char **argv))
{
	static FILE *null;
	char *argv[ARGV_WORDS + 1];
	char name[] = "fuzz";
	int argc;

	if (null == NULL)
		null = freopen("/dev/null", "w", stdout); // for --help
	char *text = text_of(data, size);
	argv_read(text, argv, &argc);
	argv[0] = name;
	argv_status = -1;
	// getopt forgets the word it was in the middle of; operands come as they stand, as in
	// options.c
	optind = 0;
	(void)getopt(1, argv, "-:");
	if (setjmp(argv_out) == 0)
		parse(argc, argv);
	PROMISE(argv_status == -1 || argv_status == EXIT_DONE || argv_status == EXIT_USAGE ||
		argv_status == EXIT_SYSTEM);
	while (argv_used > 0)
		__real_free(argv_blocks[--argv_used]);
}

// NOLINTEND(clang-analyzer-unix.Malloc)
