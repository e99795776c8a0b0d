/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile and, after a line "---", facts: what parses is judged and explained.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/eval/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct profile *profile, const json_t *facts)
{
	_cleanup_free_ enum result *results = xcalloc(profile->n_requirements, sizeof(*results));

	for (unsigned role = 0; role < ROLE_MAX_; role++) {
		evaluate(profile, facts, (enum device_role)role, 20000, results);
		if (evaluate_state(profile, results) < STATE_NOT_READY)
			abort();
		for (size_t i = 0; i < profile->n_requirements; i++) {
			struct explanation words;

			explain(profile, i, facts, 20000, results[i], &words);
			explanation_done(&words);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char divider[] = "\n---\n";
	const char *text = (const char *)data;
	const char *end = size ? memmem(text, size, divider, strlen(divider)) : NULL;
	size_t len = end ? (size_t)(end - text) : size;
	_cleanup_(profile_freep) struct profile *profile = NULL;
	struct err err = { 0 };
	json_t *facts;

	if (profile_parse(text, len, "p", &profile, &err) < 0) {
		if (err.text[0] == '\0')
			abort();
		return 0;
	}
	len += end ? strlen(divider) : 0;
	facts = json_loadb(text + len, size - len, JSON_DECODE_ANY, NULL);
	judge(profile, facts);
	json_decref(facts);
	return 0;
}
