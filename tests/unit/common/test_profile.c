/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles as they are read; what is refused is in tests/cases/profile. */
#include <errno.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/eval/evaluate.h"
#include "tests/unit/unit.h"

#define VERSION_A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define VERSION_B "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define FIX "\"fix\": {\"id\": \"mend\", \"text\": \"Mend it.\", \"minutes\": 1}"

static struct profile *parse(const char *text)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	if (profile_parse(text, strlen(text), "p", &profile, &err) < 0)
		fail_msg("%s", err.text);
	return profile;
}

static const char composed[] =
	"{\"profile\": \"ca\", \"year\": \"2026-27\", \"title\": \"CA\", \"freshness_hours\": {},"
	" \"supplements\": ["
	"{\"scope\": \"lea\", \"code\": \"LUSD\", \"title\": \"Of the LEA\", \"version\": "
	"\"" VERSION_A "\"},"
	"{\"scope\": \"site\", \"code\": \"LUSD-001\", \"title\": \"Of the site\", \"version\": "
	"\"" VERSION_B "\"}],"
	" \"waivers\": ["
	"{\"id\": \"w1\", \"scope\": \"site\", \"requirement\": \"cores\", \"reason\": \"Old lab\","
	" \"until\": \"2027-05-01\"},"
	"{\"id\": \"w2\", \"scope\": \"lea\", \"requirement\": \"cores\", \"reason\": \"New year\","
	" \"until\": \"2027-05-31\"},"
	"{\"id\": \"w3\", \"scope\": \"state\", \"requirement\": \"cores\", \"reason\": \"Again\","
	" \"until\": \"2027-05-31\"}],"
	" \"requirements\": ["
	"{\"id\": \"cores\", \"severity\": \"required\", \"roles\": [\"student\"], \"title\": "
	"\"T\","
	" \"check\": {\"fact\": \"cpu.cores\", \"at_least\": 2}, " FIX ", \"source\": \"s\"},"
	"{\"id\": \"memory\", \"severity\": \"required\", \"roles\": [\"student\"], \"title\": "
	"\"T\","
	" \"check\": {\"fact\": \"memory.total_mib\", \"at_least\": 2}, " FIX ", \"source\": \"s\","
	" \"origin\": \"site LUSD-001\"}]}";

static void a_composed_document_says_what_it_was_made_from(void **state)
{
	_cleanup_(profile_freep) struct profile *profile = parse(composed);

	(void)state;
	assert_string_equal(profile->id, "ca-2026-27");
	assert_int_equal(profile->n_supplements, 2);
	assert_string_equal(profile->supplements[0].scope, "lea");
	assert_string_equal(profile->supplements[0].code, "LUSD");
	assert_string_equal(profile->supplements[0].title, "Of the LEA");
	assert_string_equal(profile->supplements[0].version, VERSION_A);
	assert_string_equal(profile->supplements[1].scope, "site");
	assert_string_equal(profile->supplements[1].version, VERSION_B);
	assert_string_equal(profile->requirements[0].origin, "");
	assert_string_equal(profile->requirements[1].origin, "site LUSD-001");
}

static void the_waiver_that_counts_lasts_longest_and_of_equals_is_the_first(void **state)
{
	_cleanup_(profile_freep) struct profile *profile = parse(composed);
	const struct profile_waiver *waiver = profile->requirements[0].waiver;
	int32_t day;

	(void)state;
	assert_int_equal(profile->n_waivers, 3);
	assert_non_null(waiver);
	assert_string_equal(waiver->id, "w2");
	assert_string_equal(waiver->scope, "lea");
	assert_string_equal(waiver->requirement, "cores");
	assert_string_equal(waiver->reason, "New year");
	assert_int_equal(civil_parse("2027-05-31", &day, NULL), 0);
	assert_int_equal(waiver->until, day);
	assert_null(profile->requirements[1].waiver);
}

static void a_published_profile_has_nothing_of_it(void **state)
{
	_cleanup_(profile_freep) struct profile *profile = parse(
		"{\"profile\": \"p\", \"title\": \"t\", \"freshness_hours\": {}, \"requirements\": "
		"[{\"id\": \"a\", \"severity\": \"required\", \"roles\": [\"ta\"], \"title\": "
		"\"T\","
		" \"check\": {\"fact\": \"cpu.cores\", \"at_least\": 2}, " FIX
		", \"source\": \"s\"}]}");

	(void)state;
	assert_string_equal(profile->id, "p");
	assert_int_equal(profile->n_supplements, 0);
	assert_int_equal(profile->n_waivers, 0);
	assert_null(profile->requirements[0].waiver);
	assert_string_equal(profile->requirements[0].origin, "");
}

/* What is stored of a device is one letter a result: each must come back as it went in. */
static void every_result_has_a_letter_and_a_word_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RESULT_MAX_; i++) {
		enum result result = (enum result)i, read = RESULT_MAX_;

		assert_int_equal(result_of_letter(result_letter(result), &read), 0);
		assert_int_equal(read, result);
		assert_int_equal(result_parse(result_words[i], &read), 0);
		assert_int_equal(read, result);
	}
	assert_int_equal(result_letter(RESULT_WAIVED), 'W');
	assert_int_equal(result_of_letter('w', &(enum result){ 0 }), -EINVAL);
	assert_int_equal(result_of_letter('\0', &(enum result){ 0 }), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_composed_document_says_what_it_was_made_from),
		cmocka_unit_test(the_waiver_that_counts_lasts_longest_and_of_equals_is_the_first),
		cmocka_unit_test(a_published_profile_has_nothing_of_it),
		cmocka_unit_test(every_result_has_a_letter_and_a_word_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
