/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "collector/domain/row_words.h"
#include "common/base/civil.h"
#include "common/eval/show.h"
#include "common/model/profile_check.h"

static void print_key(FILE *out, const char *key, const json_t *value)
{
	fputs(ftell(out) > 0 ? " " : "", out);
	/* A text speaks for itself: "ubuntu", "34..35". */
	if (json_is_string(value)) {
		fputs(json_string_value(value), out);
		return;
	}
	fprintf(out, "%s ", key);
	show_value(out, key, value);
}

char *row_words(const struct profile_row *row)
{
	const json_t *except = json_object_get(row->keys, "except");
	char day[CIVIL_TEXT_SIZE], *words = NULL;
	const char *key;
	json_t *value;
	size_t i, size;
	FILE *out = open_memstream(&words, &size);

	if (!out)
		abort();
	json_object_foreach ((json_t *)row->keys, key, value) {
		if (!profile_row_key_is_reserved(key))
			print_key(out, key, value);
	}
	json_array_foreach ((json_t *)except, i, value)
		fprintf(out, "%s %s", i ? "," : " but not", json_string_value(value));
	if (row->from != INT32_MIN)
		fprintf(out, ", from %s", civil_text(row->from, day));
	if (row->until != INT32_MAX)
		fprintf(out, ", until %s", civil_text(row->until, day));
	if (row->note[0])
		fprintf(out, ": %s", row->note);
	fclose(out);
	return words;
}
