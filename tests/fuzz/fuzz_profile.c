/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile and, after a line "---", facts: what parses is judged and explained. What both
 * are made of well-formed pieces is in fuzz_profile_judge.c.
 */
#include <errno.h>
#include <stdint.h>

#include "common/model/document.h"
#include "tests/fuzz/judged.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The canonical form is the same profile: agents get that, and say its version. */
static void parse_canonical(const struct profile *profile)
{
	_cleanup_free_ char *canonical = document_canonical(profile->json);
	_cleanup_(profile_freep) struct profile *again = NULL;

	/* Escapes may make it longer than the text that it came from. */
	if (strlen(canonical) > PROFILE_BYTES_MAX)
		return;
	must(profile_parse(canonical, strlen(canonical), "p", &again, NULL) == 0);
	must(strcmp(again->version, profile->version) == 0);
	must(strcmp(again->id, profile->id) == 0);
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
	int r = profile_parse(text, len, "p", &profile, &err);

	if (r < 0) {
		must(r == -EINVAL || r == -E2BIG);
		must(strncmp(err.text, "p:", 2) == 0);
		return 0;
	}
	parse_canonical(profile);
	len += end ? strlen(divider) : 0;
	facts = json_loadb(text + len, size - len, JSON_DECODE_ANY, NULL);
	judged(profile, facts, 20000);
	json_decref(facts);
	return 0;
}
