/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Everything that is wrong with a file, so that it can be mended at once. */

#include <stddef.h>
#include <stdio.h>

#include "common/base/base.h"

#define PROBLEMS_SHOWN_MAX 200

struct problem_place {
	unsigned line, column; /* from 1; 0: of the whole */
	size_t at;             /* where in its text what is wrong begins, behind the place */
};

struct problems {
	char *texts[PROBLEMS_SHOWN_MAX];
	struct problem_place places[PROBLEMS_SHOWN_MAX];
	size_t n; /* also of those past the last text */
};

void problems_add(struct problems *problems, const char *fmt, ...) _printf_(2, 3);
/* "FILE:LINE:COLUMN: WHAT" */
void problems_add_at(struct problems *problems, const char *file, unsigned line, unsigned column,
		     const char *what);
/* By their places, where some were found later than those behind them. */
void problems_sort(struct problems *problems);
/* One a line, then "and N more". */
void problems_print(const struct problems *problems, FILE *out);
void problems_done(struct problems *problems);
