// SPDX-License-Identifier: GPL-2.0-or-later
// text.h: libFuzzer's bytes as a C string, and the promise every fuzz target makes.
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A copy of exactly that size, so that reading one byte beyond it is seen.
static inline char *text_of(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (text == NULL)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

#define PROMISE(cond)                                                              \
	do {                                                                       \
		if (!(cond)) {                                                     \
			fprintf(stderr, "line %d: not so: %s\n", __LINE__, #cond); \
			abort();                                                   \
		}                                                                  \
	} while (0)
