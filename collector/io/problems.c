/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "collector/io/problems.h"

void problems_add(struct problems *problems, const char *fmt, ...)
{
	va_list ap;

	if (problems->n < PROBLEMS_SHOWN_MAX) {
		va_start(ap, fmt);
		if (vasprintf(&problems->texts[problems->n], fmt, ap) < 0)
			abort();
		va_end(ap);
	}
	problems->n++;
}

void problems_add_at(struct problems *problems, const char *file, unsigned line, unsigned column,
		     const char *what)
{
	size_t i = problems->n;

	problems_add(problems, "%s:%u:%u: %s", file, line, column, what);
	if (i < PROBLEMS_SHOWN_MAX)
		problems->places[i] =
			(struct problem_place){ line, column,
						strlen(problems->texts[i]) - strlen(what) };
}

void problems_print(const struct problems *problems, FILE *out)
{
	for (size_t i = 0; i < problems->n && i < PROBLEMS_SHOWN_MAX; i++)
		fprintf(out, "%s\n", problems->texts[i]);
	if (problems->n > PROBLEMS_SHOWN_MAX)
		fprintf(out, "and %zu more\n", problems->n - PROBLEMS_SHOWN_MAX);
}

void problems_done(struct problems *problems)
{
	for (size_t i = 0; i < PROBLEMS_SHOWN_MAX; i++)
		free(problems->texts[i]);
	*problems = (struct problems){ 0 };
}
