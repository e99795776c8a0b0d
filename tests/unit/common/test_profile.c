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

static const struct profile_row *row_of(const struct profile *profile, const char *object,
					const char *day)
{
	json_t *json = json_loads(object, 0, NULL);
	const struct profile_row *row;
	int32_t as_of;

	assert_int_equal(civil_parse(day, &as_of, NULL), 0);
	row = evaluate_row(&profile->requirements[0].check, json, as_of);
	json_decref(json);
	return row;
}

static void the_row_to_speak_of_surely_matches_and_holds_or_is_the_first_that_matches(void **state)
{
	_cleanup_(profile_freep) struct profile *profile =
		parse("{\"profile\": \"p\", \"title\": \"t\", \"freshness_hours\": {}, \"tables\": "
		      "{\"os\": ["
		      "{\"id\": \"ubuntu\", \"version\": \"18.04\", \"until\": \"2027-04-30\"},"
		      "{\"id\": \"ubuntu\", \"version\": \"18\", \"until\": \"2027-05-31\"},"
		      "{\"id\": \"ubuntu\", \"version\": \"18.04\", \"tier\": \"unsupported\"}]},"
		      "\"requirements\": [{\"id\": \"a\", \"severity\": \"required\", \"roles\": "
		      "[\"ta\"],"
		      " \"title\": \"T\", \"check\": {\"fact\": \"os\", \"in_table\": \"os\"}, " FIX
		      ", \"source\": \"s\"}]}");
	const struct profile_row *rows = profile->tables[0].rows;
	static const char ours[] = "{\"id\": \"ubuntu\", \"version_id\": \"18.04\"}";

	(void)state;
	assert_ptr_equal(row_of(profile, ours, "2027-04-30"), &rows[0]);
	assert_ptr_equal(row_of(profile, ours, "2027-05-01"), &rows[1]);
	assert_ptr_equal(row_of(profile, ours, "2027-06-01"), &rows[0]);
	assert_null(row_of(profile, "{\"id\": \"arch\", \"version_id\": \"18.04\"}", "2027-04-30"));
	/* What may match is not told of as if it did. */
	assert_null(row_of(profile, "{\"id\": \"ubuntu\"}", "2027-04-30"));
}

static void reports_must_be_newer_the_nearer_the_window_is(void **state)
{
	static const struct {
		bool has_window;
		int32_t days; /* before the window's first day */
		int64_t hours;
	} rows[] = {
		{ false, 0, 336 }, { true, 8, 336 }, { true, 7, 72 },  { true, 2, 72 },
		{ true, 1, 24 },   { true, 0, 24 },  { true, -1, 72 }, { true, -30, 72 },
	};
	const struct profile profile = { .freshness = { 336, 72, 24 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(
			freshness_hours(&profile.freshness, rows[i].has_window, rows[i].days),
			rows[i].hours);
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
		cmocka_unit_test(
			the_row_to_speak_of_surely_matches_and_holds_or_is_the_first_that_matches),
		cmocka_unit_test(reports_must_be_newer_the_nearer_the_window_is),
		cmocka_unit_test(every_result_has_a_letter_and_a_word_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
