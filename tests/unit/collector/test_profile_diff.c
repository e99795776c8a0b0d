/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a diff says, and its direction, which is only claimed where it is certain: that is
 * tried with random checks on random facts.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/domain/check_sample.h"
#include "collector/domain/profile_diff.h"
#include "common/base/mem.h"
#include "common/eval/evaluate.h"
#include "tests/unit/collector/random_check.h"
#include "tests/unit/unit.h"

static const char plain[] =
	"{\"profile\": \"p\", \"title\": \"T\", \"source\": \"S\","
	" \"freshness_hours\": {\"default\": 300, \"last_week\": 72, \"last_day\": 24},"
	" \"certification\": {\"coverage_percent\": 90, \"latest_last_day\": \"2027-06-30\"},"
	" \"endpoints\": [\"a.example\"],"
	" \"tables\": {\"os\": [{\"id\": \"ubuntu\", \"version\": \"22.04\"}]},"
	" \"requirements\": [{\"id\": \"memory\", \"severity\": \"required\", \"roles\": "
	"[\"student\"],"
	" \"title\": \"M\", \"check\": {\"fact\": \"memory.total_mib\", \"at_least\": 2000},"
	" \"fix\": {\"id\": \"mend\", \"text\": \"Mend it.\", \"minutes\": 5}, \"source\": \"s\"},"
	" {\"id\": \"os\", \"severity\": \"recommended\", \"roles\": [\"student\", \"ta\"],"
	" \"title\": \"O\", \"check\": {\"fact\": \"os\", \"in_table\": \"os\"},"
	" \"fix\": {\"id\": \"mend\", \"text\": \"Mend it.\", \"minutes\": 5}, \"source\": "
	"\"s\"}]}";

static struct profile *parsed(const char *text)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	if (profile_parse(text, strlen(text), "p", &profile, &err) < 0)
		fail_msg("%s", err.text);
	return profile;
}

/* @text with @from replaced by @to; owned by the caller. */
static char *edited(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	assert_non_null(at);
	return xasprintf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static char *diff_text(const char *old_text, const char *new_text)
{
	_cleanup_(profile_freep) struct profile *old = parsed(old_text), *new = parsed(new_text);
	_cleanup_(diff_list_done) struct diff_list list;
	char *text = xstrdup("");

	profile_diff(old, new, &list);
	for (size_t i = 0; i < list.n_entries; i++) {
		const struct diff_entry *entry = &list.entries[i];
		char *more = xasprintf("%s%s%s %s: %s", text, i ? "\n" : "",
				       diff_direction_words[entry->direction], entry->place,
				       entry->text);

		free(text);
		text = more;
	}
	return text;
}

/* clang-format off */
static const struct {
	const char *from, *to, *there, *back;
} changes[] = {
	{ "\"T\"", "\"U\"", "wording profile: title was 'T', is 'U'", "wording profile: title was 'U', is 'T'" },
	{ "\"default\": 300", "\"default\": 200", "tighter freshness: default was 300 hours, is 200 hours",
	  "looser freshness: default was 200 hours, is 300 hours" },
	{ "\"coverage_percent\": 90", "\"coverage_percent\": 91", "tighter certification: coverage was 90 %, is 91 %",
	  "looser certification: coverage was 91 %, is 90 %" },
	{ "\"latest_last_day\": \"2027-06-30\"", "\"latest_last_day\": \"2027-06-29\"",
	  "tighter certification: a window could end on 2027-06-30 at the latest, can on 2027-06-29",
	  "looser certification: a window could end on 2027-06-29 at the latest, can on 2027-06-30" },
	{ "\"a.example\"", "\"a.example\", \"b.example\"", "either servers: b.example is tried as well",
	  "either servers: b.example is not tried any more" },
	{ "[{\"id\": \"ubuntu\"", "[{\"id\": \"fedora\", \"until\": \"2027-05-31\"}, {\"id\": \"ubuntu\"",
	  "looser table os: came: full, fedora, until 2027-05-31",
	  "tighter table os: went: full, fedora, until 2027-05-31" },
	{ "[{\"id\": \"ubuntu\"", "[{\"id\": \"arch\", \"tier\": \"unsupported\", \"note\": \"No.\"}, {\"id\": \"ubuntu\"",
	  "wording table os: came: unsupported, arch: No.", "wording table os: went: unsupported, arch: No." },
	/* What nobody uses is of no matter. */
	{ "\"tables\": {", "\"tables\": {\"more\": [{\"id\": \"arch\"}], ",
	  "wording table more: came: full, arch", "wording table more: went: full, arch" },
	{ "\"severity\": \"recommended\"", "\"severity\": \"required\"",
	  "tighter requirement os: severity was recommended, is required",
	  "looser requirement os: severity was required, is recommended" },
	{ "[\"student\", \"ta\"]", "[\"student\"]", "looser requirement os: was for student, ta, is for student",
	  "tighter requirement os: was for student, is for student, ta" },
	{ "[\"student\", \"ta\"]", "[\"student\", \"shared\"]",
	  "either requirement os: was for student, ta, is for student, shared",
	  "either requirement os: was for student, shared, is for student, ta" },
	{ "\"at_least\": 2000", "\"at_least\": 3000",
	  "tighter requirement memory: needed memory at least 2000 MiB; needs memory at least 3000 MiB",
	  "looser requirement memory: needed memory at least 3000 MiB; needs memory at least 2000 MiB" },
	{ "\"at_least\": 2000", "\"at_most\": 3000",
	  "either requirement memory: needed memory at least 2000 MiB; needs memory at most 3000 MiB",
	  "either requirement memory: needed memory at most 3000 MiB; needs memory at least 2000 MiB" },
	{ "{\"fact\": \"os\", \"in_table\": \"os\"}",
	  "{\"all_of\": [{\"fact\": \"cpu.cores\", \"at_least\": 2}, {\"fact\": \"os\", \"in_table\": \"os\"}]}",
	  "tighter requirement os: needed system ubuntu 22.04; needs processors at least 2 and system ubuntu 22.04",
	  "looser requirement os: needed processors at least 2 and system ubuntu 22.04; needs system ubuntu 22.04" },
	{ "\"title\": \"M\",", "\"title\": \"M\", \"when\": {\"fact\": \"audio.muted\", \"is\": false},",
	  "either requirement memory: applied always; applies with audio not muted",
	  "either requirement memory: applied with audio not muted; applies always" },
	{ "\"Mend it.\", \"minutes\": 5}, \"source\": \"s\"},", "\"Mend it.\", \"minutes\": 5}, \"source\": \"r\"},",
	  "wording requirement memory: source was 's', is 'r'", "wording requirement memory: source was 'r', is 's'" },
	{ "\"id\": \"memory\"", "\"id\": \"room\"",
	  "looser requirement memory: went, required for student: memory at least 2000 MiB\n"
	  "tighter requirement room: came, required for student: memory at least 2000 MiB",
	  "looser requirement room: went, required for student: memory at least 2000 MiB\n"
	  "tighter requirement memory: came, required for student: memory at least 2000 MiB" },
};
/* clang-format on */

static void a_change_is_told_with_its_direction_and_the_other_way_round(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		_cleanup_free_ char *other = edited(plain, changes[i].from, changes[i].to);
		_cleanup_free_ char *there = diff_text(plain, other);
		_cleanup_free_ char *back = diff_text(other, plain);

		assert_string_equal(there, changes[i].there);
		assert_string_equal(back, changes[i].back);
	}
}

static void what_is_the_same_has_no_difference(void **state)
{
	_cleanup_free_ char *same = diff_text(plain, plain);
	_cleanup_free_ char *other = edited(plain, "{\"default\": 300, \"last_week\": 72,",
					    "{\"last_week\": 72, \"default\": 300,");
	_cleanup_free_ char *turned = diff_text(plain, other);
	_cleanup_free_ char *spelt = edited(plain, "\"version\": \"22.04\"}",
					    "\"version\": \"22.04\", \"tier\": \"full\"}");
	_cleanup_free_ char *full = diff_text(plain, spelt);

	(void)state;
	assert_string_equal(same, "");
	assert_string_equal(turned, "");
	assert_string_equal(full, "wording profile: is written otherwise and says the same");
}

static void a_row_less_is_not_tighter_where_the_check_is_turned_around(void **state)
{
	_cleanup_free_ char *none =
		edited(plain, "{\"fact\": \"os\", \"in_table\": \"os\"}",
		       "{\"none_of\": [{\"fact\": \"os\", \"in_table\": \"os\"}]}");
	_cleanup_free_ char *more =
		edited(none, "[{\"id\": \"ubuntu\"", "[{\"id\": \"fedora\"}, {\"id\": \"ubuntu\"");
	_cleanup_free_ char *found = diff_text(none, more);

	(void)state;
	assert_string_equal(found, "either table os: came: full, fedora");
}

static void waivers_and_supplements_are_told(void **state)
{
	static const char hash[] =
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	_cleanup_free_ char *with = xasprintf(
		"%.*s, \"supplements\": [{\"scope\": \"lea\", \"code\": \"L\", \"title\": "
		"\"More\", "
		"\"version\": \"%s\"}], \"waivers\": [{\"id\": \"w\", \"scope\": \"lea\", "
		"\"requirement\": \"memory\", \"reason\": \"ordered\", \"until\": "
		"\"2027-05-31\"}]}",
		(int)strlen(plain) - 1, plain, hash);
	_cleanup_free_ char *longer = edited(with, "2027-05-31", "2027-06-01");
	_cleanup_free_ char *came = diff_text(plain, with), *went = diff_text(with, plain);
	_cleanup_free_ char *later = diff_text(with, longer);

	(void)state;
	assert_string_equal(came, "wording supplements: is with that of lea L, version 01234567\n"
				  "looser waiver of memory: came, until 2027-05-31: ordered");
	assert_string_equal(went,
			    "wording supplements: was with that of lea L, version 01234567\n"
			    "tighter waiver of memory: went, it was until 2027-05-31: ordered");
	assert_string_equal(later, "looser waiver of memory: was until 2027-05-31, is until "
				   "2027-06-01");
}

/* --- what is certain is so -------------------------------------------------------------- */

/* A profile of one requirement, for its check. */
static struct profile *profile_of(const char *check)
{
	_cleanup_free_ char *text =
		edited(plain, "{\"fact\": \"memory.total_mib\", \"at_least\": 2000}", check);

	return parsed(text);
}

#define VERSION_IS(op, value) "{\"fact\": \"os.version_id\", \"" op "\": \"" value "\"}"
#define SCREENS(op, width) \
	"{\"" op           \
	"\": \"display.screens\", \"where\": {\"fact\": \"width_px\", \"at_least\": " width "}}"

/* clang-format off */
static const struct {
	const char *check, *other;
	bool implies, is_implied;
} implications[] = {
	{ VERSION_IS("version_in", "20..21"), VERSION_IS("version_in", "20..22"), true, false },
	{ VERSION_IS("version_in", "20..22, except 21"), VERSION_IS("version_in", "20..22"), true, false },
	{ VERSION_IS("version_in", "20.."), VERSION_IS("version_at_least", "20"), true, true },
	{ VERSION_IS("version_in", "20"), VERSION_IS("version_in", "20.0"), false, true },
	{ VERSION_IS("is", "22.04"), VERSION_IS("like", "22*"), true, false },
	{ VERSION_IS("like", "2*"), VERSION_IS("version_at_least", "1"), false, false },
	{ SCREENS("any", "1024"), SCREENS("any", "800"), true, false },
	{ SCREENS("every", "1024"), SCREENS("every", "800"), true, false },
	{ SCREENS("any", "1024"), SCREENS("every", "1024"), false, false },
	{ "{\"count\": \"display.screens\", \"at_least\": 2}",
	  "{\"count\": \"display.screens\", \"at_least\": 1}", true, false },
};
/* clang-format on */

static void one_check_implies_another_only_where_that_is_certain(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(implications); i++) {
		_cleanup_(profile_freep) struct profile *a = profile_of(implications[i].check);
		_cleanup_(profile_freep) struct profile *b = profile_of(implications[i].other);
		const struct check *check = &a->requirements[0].check;
		const struct check *other = &b->requirements[0].check;

		if (check_implies(check, other) != implications[i].implies ||
		    check_implies(other, check) != implications[i].is_implied)
			fail_msg("%s and %s", implications[i].check, implications[i].other);
	}
}

static void what_is_said_to_imply_does_on_all_facts(void **state)
{
	static const int rank[] = { [RESULT_FAIL] = 0, [RESULT_UNKNOWN] = 1, [RESULT_PASS] = 2 };
	size_t n_certain = 0;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		_cleanup_free_ char *check = random_check(2), *other = random_check(2);
		_cleanup_(profile_freep) struct profile *a = profile_of(check);
		_cleanup_(profile_freep) struct profile *b = profile_of(other);
		const struct check *left = &a->requirements[0].check;
		const struct check *right = &b->requirements[0].check;

		if (!check_implies(left, right))
			continue;
		n_certain++;
		for (int j = 0; j < 40; j++) {
			json_t *facts = random_facts();

			if (rank[evaluate_check(left, facts, 0)] >
			    rank[evaluate_check(right, facts, 0)])
				fail_msg("%s\nis better than\n%s", check, other);
			json_decref(facts);
		}
	}
	/* Enough of them for the test to mean something. */
	assert_true(n_certain > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_is_told_with_its_direction_and_the_other_way_round),
		cmocka_unit_test(what_is_the_same_has_no_difference),
		cmocka_unit_test(a_row_less_is_not_tighter_where_the_check_is_turned_around),
		cmocka_unit_test(waivers_and_supplements_are_told),
		cmocka_unit_test(one_check_implies_another_only_where_that_is_certain),
		cmocka_unit_test(what_is_said_to_imply_does_on_all_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
