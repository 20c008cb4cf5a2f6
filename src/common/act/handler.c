// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "act/handler.h"

#include <errno.h>

enum outcome handler_judge(const struct status *status, int sig, int *error)
{
	int r = *error;

	*error = 0;
	if (!r && (status->state == 'Z' || !sig || status->caught >> (sig - 1) & 1))
		return OUTCOME_NONE;
	if (!r)
		return OUTCOME_SKIPPED;
	if (r == -ESRCH)
		return OUTCOME_GONE;
	*error = r;
	return OUTCOME_FAILED;
}
