/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Everything that is wrong with a file, so that it can be mended at once. */

#include <stddef.h>
#include <stdio.h>

#include "common/base/base.h"

#define PROBLEMS_SHOWN_MAX 50

struct problems {
	char *texts[PROBLEMS_SHOWN_MAX];
	size_t n; /* also of those past the last text */
};

void problems_add(struct problems *problems, const char *fmt, ...) _printf_(2, 3);
/* One a line, then "and N more". */
void problems_print(const struct problems *problems, FILE *out);
void problems_done(struct problems *problems);
