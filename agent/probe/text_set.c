/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "agent/probe/fact.h"
#include "agent/probe/text_set.h"
#include "common/base/mem.h"
#include "common/base/text.h"

void text_set_add(struct text_set *set, const char *text, size_t len)
{
	if (set->n == TEXT_SET_MAX) {
		set->is_cut = true;
		return;
	}
	/* Grown in steps, since nobody says how many there will be. */
	if (set->n % 32 == 0)
		set->texts = xreallocarray(set->texts, set->n + 32, sizeof(char *));
	set->texts[set->n++] = text_clean(text, len, FACT_NAME_MAX);
}

void text_set_done(struct text_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		free(set->texts[i]);
	free(set->texts);
	*set = (struct text_set){ 0 };
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

json_t *text_set_json(struct text_set *set)
{
	json_t *array = json_array();

	if (set->n > 0)
		qsort(set->texts, set->n, sizeof(char *), compare);
	for (size_t i = 0; i < set->n; i++) {
		if (i == 0 || strcmp(set->texts[i], set->texts[i - 1]) != 0)
			json_array_append_new(array, json_string(set->texts[i]));
	}
	return array;
}
