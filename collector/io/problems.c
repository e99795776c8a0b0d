/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdbool.h>
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

static bool is_before(const struct problem_place *a, const struct problem_place *b)
{
	return a->line != b->line ? a->line < b->line : a->column < b->column;
}

void problems_sort(struct problems *problems)
{
	size_t n = problems->n < PROBLEMS_SHOWN_MAX ? problems->n : PROBLEMS_SHOWN_MAX;

	for (size_t i = 1; i < n; i++) {
		struct problem_place place = problems->places[i];
		char *text = problems->texts[i];
		size_t at = i;

		for (; at > 0 && is_before(&place, &problems->places[at - 1]); at--) {
			problems->places[at] = problems->places[at - 1];
			problems->texts[at] = problems->texts[at - 1];
		}
		problems->places[at] = place;
		problems->texts[at] = text;
	}
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
