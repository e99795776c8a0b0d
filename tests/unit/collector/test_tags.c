/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "collector/http/tags.h"
#include "tests/unit/unit.h"

static void hash_of(const char *text, char ret_hash[static HASH_SIZE])
{
	hash_hex(text, strlen(text), ret_hash);
}

static void what_was_noted_is_known_as_long_as_the_version_is_the_same(void **state)
{
	_cleanup_(tags_freep) struct tags *tags = tags_new();
	char asked[HASH_SIZE], other[HASH_SIZE], etag[RESPONSE_ETAG_SIZE];

	(void)state;
	hash_of("GET /v1/overview", asked);
	hash_of("GET /v1/sites", other);
	assert_false(tags_find(tags, asked, "run-1", etag));
	tags_note(tags, asked, "run-1", "W/\"a\"");
	assert_true(tags_find(tags, asked, "run-1", etag));
	assert_string_equal(etag, "W/\"a\"");
	assert_false(tags_find(tags, asked, "run-2", etag));
	assert_false(tags_find(tags, other, "run-1", etag));
	tags_note(tags, asked, "run-2", "W/\"b\"");
	assert_false(tags_find(tags, asked, "run-1", etag));
	assert_true(tags_find(tags, asked, "run-2", etag));
	assert_string_equal(etag, "W/\"b\"");
}

/* The place of one is another's sooner or later; it must never be told for that. */
static void an_etag_is_never_told_for_another_question(void **state)
{
	_cleanup_(tags_freep) struct tags *tags = tags_new();
	char asked[HASH_SIZE], text[32], etag[RESPONSE_ETAG_SIZE];
	int n_known = 0;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "%d", i);
		hash_of(text, asked);
		tags_note(tags, asked, "v", text);
	}
	for (int i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "%d", i);
		hash_of(text, asked);
		if (tags_find(tags, asked, "v", etag)) {
			assert_string_equal(etag, text);
			n_known++;
		}
	}
	assert_in_range(n_known, 900, 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_noted_is_known_as_long_as_the_version_is_the_same),
		cmocka_unit_test(an_etag_is_never_told_for_another_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
