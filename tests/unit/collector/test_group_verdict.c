/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is remembered of groups of facts is what evaluate() gives: with random checks on random
 * facts, whose groups come in every mixture.
 */
#include <string.h>

#include "collector/act/group_verdict.h"
#include "common/base/mem.h"
#include "common/eval/evaluate.h"
#include "common/eval/reads.h"
#include "common/model/facts.h"
#include "tests/unit/collector/random_check.h"
#include "tests/unit/unit.h"

#define REQUIREMENTS 4
#define DAY 20500
#define DAYS 3000
#define LIKES 5 /* random facts of which groups are taken */

static const char *random_roles(void)
{
	static const char *const roles[] = { "[\"student\"]", "[\"ta\"]", "[\"student\", \"ta\"]" };

	return PICK(roles);
}

static char *random_requirement(size_t i)
{
	_cleanup_free_ char *check = random_check(3), *when = random_check(2);
	_cleanup_free_ char *only =
		random_below(3) ? xstrdup("") : xasprintf("\"when\": %s, ", when);

	return xasprintf("%s{\"id\": \"r%zu\", \"severity\": \"required\", \"roles\": %s, "
			 "\"title\": \"R\", \"check\": %s, %s\"fix\": {\"id\": \"mend\", "
			 "\"text\": \"Mend it.\", \"minutes\": 5}, \"source\": \"s\"}",
			 i ? ", " : "", i, random_roles(), check, only);
}

static struct profile *random_profile(void)
{
	_cleanup_free_ char *list = xstrdup(""), *text = NULL;
	struct profile *profile = NULL;
	struct err err = { 0 };

	for (size_t i = 0; i < REQUIREMENTS; i++) {
		_cleanup_free_ char *one = random_requirement(i);
		char *longer = xasprintf("%s%s", list, one);

		free(list);
		list = longer;
	}
	text = xasprintf(
		"{\"profile\": \"p\", \"title\": \"T\", \"source\": \"S\", \"freshness_hours\": "
		"{\"default\": 300, \"last_week\": 72, \"last_day\": 24}, \"certification\": "
		"{\"coverage_percent\": 90}, \"endpoints\": [\"a.example\"], \"tables\": {\"os\": "
		"[{\"id\": \"ubuntu\", \"version\": \"22.04\", \"until\": \"2026-02-16\"}, "
		"{\"id\": \"ubuntu\", \"version\": \"20..21\"}]}, \"requirements\": [%s]}",
		list);
	if (profile_parse(text, strlen(text), "p", &profile, &err) < 0)
		fail_msg("%s: %s", err.text, text);
	return profile;
}

/* Facts with each group of one of @likes, and its number; json_decref() ->json. */
struct mixture {
	json_t *json;
	uint64_t numbers[FACTS_GROUPS_MAX];
};

static struct mixture mixed(json_t *const likes[static LIKES])
{
	struct mixture mixture = { .json = json_object() };

	for (size_t i = 0; facts_table[i].name; i++) {
		size_t like = random_below(LIKES);
		json_t *group = json_object_get(likes[like], facts_table[i].name);

		if (group)
			json_object_set(mixture.json, facts_table[i].name, group);
		mixture.numbers[i] = 1 + like * FACTS_GROUPS_MAX + i;
	}
	return mixture;
}

static void evaluated(const struct profile *profile, const json_t *facts, enum device_role role,
		      int32_t as_of, char *letters)
{
	enum result results[PROFILE_REQUIREMENTS_MAX];

	evaluate(profile, facts, role, as_of, results);
	for (size_t i = 0; i < profile->n_requirements; i++)
		letters[i] = result_letter(results[i]);
	letters[profile->n_requirements] = '\0';
}

static void what_is_remembered_is_what_judging_gives(void **state)
{
	_cleanup_(group_verdicts_freep) struct group_verdicts *verdicts = group_verdicts_new();
	json_t *likes[LIKES];

	(void)state;
	for (size_t i = 0; i < LIKES; i++)
		likes[i] = random_facts();
	for (size_t turn = 0; turn < 300; turn++) {
		_cleanup_(profile_freep) struct profile *profile = random_profile();

		for (size_t i = 0; i < 100; i++) {
			struct mixture mixture = mixed(likes);
			enum device_role role = random_below(2) ? ROLE_STUDENT : ROLE_TA;
			int32_t as_of = DAY + (int32_t)random_below(2);
			const struct numbered_facts facts = { mixture.json,
							      random_below(8) ? mixture.numbers
									      : NULL };
			char letters[PROFILE_REQUIREMENTS_MAX + 1];
			char wanted[PROFILE_REQUIREMENTS_MAX + 1];

			group_verdicts_judge(verdicts, profile, &facts, role, as_of, letters);
			evaluated(profile, mixture.json, role, as_of, wanted);
			assert_string_equal(letters, wanted);
			json_decref(mixture.json);
		}
	}
	for (size_t i = 0; i < LIKES; i++)
		json_decref(likes[i]);
}

static void what_was_judged_is_not_judged_again(void **state)
{
	_cleanup_(group_verdicts_freep) struct group_verdicts *verdicts = group_verdicts_new();
	static const char text[] =
		"{\"profile\": \"p\", \"title\": \"T\", \"source\": \"S\", \"freshness_hours\": "
		"{\"default\": 300, \"last_week\": 72, \"last_day\": 24}, \"certification\": "
		"{\"coverage_percent\": 90}, \"requirements\": [{\"id\": \"m\", \"severity\": "
		"\"required\", \"roles\": [\"student\"], \"title\": \"M\", \"check\": {\"fact\": "
		"\"memory.total_mib\", \"at_least\": 2}, \"fix\": {\"id\": \"mend\", \"text\": "
		"\"Mend it.\", \"minutes\": 5}, \"source\": \"s\"}]}";
	_cleanup_(profile_freep) struct profile *profile = NULL;
	json_t *much = json_pack("{s:{s:i}}", "memory", "total_mib", 2);
	json_t *none = json_object();
	uint64_t numbers[FACTS_GROUPS_MAX];
	char letters[PROFILE_REQUIREMENTS_MAX + 1];

	(void)state;
	for (size_t i = 0; i < FACTS_GROUPS_MAX; i++)
		numbers[i] = i + 1;
	assert_int_equal(profile_parse(text, strlen(text), "p", &profile, NULL), 0);
	group_verdicts_judge(verdicts, profile, &(struct numbered_facts){ much, numbers },
			     ROLE_STUDENT, DAY, letters);
	assert_int_equal(letters[0], result_letter(RESULT_PASS));
	/* Found by the number alone, or it would be unknown; of another number it is. */
	group_verdicts_judge(verdicts, profile, &(struct numbered_facts){ none, numbers },
			     ROLE_STUDENT, DAY, letters);
	assert_int_equal(letters[0], result_letter(RESULT_PASS));
	for (size_t i = 0; i < FACTS_GROUPS_MAX; i++)
		numbers[i]++;
	group_verdicts_judge(verdicts, profile, &(struct numbered_facts){ none, numbers },
			     ROLE_STUDENT, DAY, letters);
	assert_int_equal(letters[0], result_letter(RESULT_UNKNOWN));
	json_decref(much);
	json_decref(none);
}

#define OF_SIZE(id, roles, mib)                                                                \
	"{\"id\": \"" id "\", \"severity\": \"required\", \"roles\": [" roles                  \
	"], \"title\": \"M\", \"check\": {\"fact\": \"memory.total_mib\", \"at_least\": " mib  \
	"}, \"fix\": {\"id\": \"mend\", \"text\": \"Mend it.\", \"minutes\": 5}, \"source\": " \
	"\"s\"}"

/* Results that are of the document, the requirement, the role and the day. */
static struct profile *profile_of_sizes(const char *least)
{
	_cleanup_free_ char *text = xasprintf(
		"{\"profile\": \"p\", \"title\": \"T\", \"source\": \"S\", \"freshness_hours\": "
		"{\"default\": 300, \"last_week\": 72, \"last_day\": 24}, \"certification\": "
		"{\"coverage_percent\": 90}, \"tables\": {\"os\": [{\"id\": \"ubuntu\", \"until\": "
		"\"2030-01-01\"}]}, \"requirements\": [" OF_SIZE(
			"a", "\"student\"",
			"%s") ", " OF_SIZE("b", "\"ta\"",
					   "%s") ", "
						 "{\"id\": \"c\", \"severity\": \"required\", "
						 "\"roles\": [\"student\", \"ta\"], \"title\": "
						 "\"O\", \"check\": {\"fact\": \"os\", "
						 "\"in_table\": \"os\"}, \"fix\": {\"id\": "
						 "\"up\", \"text\": \"Do.\", \"minutes\": 5}, "
						 "\"source\": \"s\"}]}",
		least, least);
	struct profile *profile = NULL;
	struct err err = { 0 };

	if (profile_parse(text, strlen(text), "p", &profile, &err) < 0)
		fail_msg("%s: %s", err.text, text);
	return profile;
}

/*
 * There are fewer places than questions, so that of so many days some differ by one thing only and
 * fall to one place.
 */
static void what_falls_to_one_place_is_told_apart(void **state)
{
	_cleanup_(group_verdicts_freep) struct group_verdicts *verdicts = group_verdicts_new();
	struct profile *profiles[] = { profile_of_sizes("2"), profile_of_sizes("4") };
	char letters[PROFILE_REQUIREMENTS_MAX + 1], wanted[PROFILE_REQUIREMENTS_MAX + 1];
	uint64_t numbers[FACTS_GROUPS_MAX];

	(void)state;
	for (size_t i = 0; i < FACTS_GROUPS_MAX; i++)
		numbers[i] = i + 1;
	for (unsigned turn = 0; turn < DAYS * 16; turn++) {
		int32_t as_of = DAY + (int32_t)(turn / 16);
		enum device_role role = turn & 1 ? ROLE_STUDENT : ROLE_TA;
		const struct profile *profile = profiles[turn >> 1 & 1];
		int mib = 1 + 2 * (int)(turn >> 2 & 3);
		json_t *json = json_pack("{s:{s:i}, s:{s:s}}", "memory", "total_mib", mib, "os",
					 "id", "ubuntu");

		numbers[facts_find("memory") - facts_table] = 100 + (uint64_t)mib;
		group_verdicts_judge(verdicts, profile, &(struct numbered_facts){ json, numbers },
				     role, as_of, letters);
		evaluated(profile, json, role, as_of, wanted);
		assert_string_equal(letters, wanted);
		json_decref(json);
	}
	for (size_t i = 0; i < ARRAY_SIZE(profiles); i++)
		profile_free(profiles[i]);
}

/* More groups than a place has room for: what the last of them says decides. */
static void what_looks_at_many_groups_is_judged_each_time(void **state)
{
	static const char text[] =
		"{\"profile\": \"p\", \"title\": \"T\", \"source\": \"S\", \"freshness_hours\": "
		"{\"default\": 300, \"last_week\": 72, \"last_day\": 24}, \"certification\": "
		"{\"coverage_percent\": 90}, \"requirements\": [{\"id\": \"m\", \"severity\": "
		"\"required\", \"roles\": [\"student\"], \"title\": \"M\", \"check\": {\"all_of\": "
		"["
		"{\"fact\": \"os.id\", \"is\": \"x\"}, "
		"{\"fact\": \"memory.total_mib\", \"at_least\": 2}, "
		"{\"fact\": \"disk.total_bytes\", \"at_least\": 2}, "
		"{\"fact\": \"cpu.cores\", \"at_least\": 2}, "
		"{\"fact\": \"clock.time_zone\", \"is\": \"x\"}]}, \"fix\": {\"id\": \"mend\", "
		"\"text\": \"Mend it.\", \"minutes\": 5}, \"source\": \"s\"}]}";
	static const char *const groups[] = { "os", "memory", "disk", "cpu", "clock" };
	static const char *const members[] = { "id", "total_mib", "total_bytes", "cores",
					       "time_zone" };
	_cleanup_(group_verdicts_freep) struct group_verdicts *verdicts = group_verdicts_new();
	_cleanup_(profile_freep) struct profile *profile = NULL;
	char letters[PROFILE_REQUIREMENTS_MAX + 1], wanted[PROFILE_REQUIREMENTS_MAX + 1];

	(void)state;
	assert_int_equal(profile_parse(text, strlen(text), "p", &profile, NULL), 0);
	for (size_t wrong = 0; wrong <= ARRAY_SIZE(groups); wrong++) {
		json_t *json = json_object();
		uint64_t numbers[FACTS_GROUPS_MAX] = { 0 };

		for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
			json_t *value = i > 0 && i < 4 ? json_integer(i == wrong ? 1 : 2)
						       : json_string(i == wrong ? "y" : "x");

			json_object_set_new(json, groups[i], json_pack("{s:o}", members[i], value));
			numbers[facts_find(groups[i]) - facts_table] = 2 * i + (i == wrong) + 1;
		}
		group_verdicts_judge(verdicts, profile, &(struct numbered_facts){ json, numbers },
				     ROLE_STUDENT, DAY, letters);
		evaluated(profile, json, ROLE_STUDENT, DAY, wanted);
		assert_string_equal(letters, wanted);
		assert_int_equal(
			letters[0],
			result_letter(wrong < ARRAY_SIZE(groups) ? RESULT_FAIL : RESULT_PASS));
		json_decref(json);
	}
}

static void what_a_requirement_does_not_read_decides_nothing(void **state)
{
	(void)state;
	for (size_t turn = 0; turn < 2000; turn++) {
		_cleanup_(profile_freep) struct profile *profile = random_profile();
		json_t *facts = random_facts();

		for (size_t i = 0; i < profile->n_requirements; i++) {
			const struct requirement *requirement = &profile->requirements[i];
			uint32_t reads = requirement_reads(requirement);
			json_t *part = json_object();

			for (size_t group = 0; facts_table[group].name; group++) {
				const char *name = facts_table[group].name;
				json_t *value = json_object_get(facts, name);

				if (value && reads & UINT32_C(1) << group)
					json_object_set(part, name, value);
			}
			assert_int_equal(
				evaluate_requirement(requirement, part, ROLE_STUDENT, DAY),
				evaluate_requirement(requirement, facts, ROLE_STUDENT, DAY));
			json_decref(part);
		}
		json_decref(facts);
	}
}

static void each_group_has_its_bit(void **state)
{
	size_t n = 0;

	(void)state;
	while (facts_table[n].name)
		n++;
	assert_in_range(n, 1, FACTS_GROUPS_MAX - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_remembered_is_what_judging_gives),
		cmocka_unit_test(what_was_judged_is_not_judged_again),
		cmocka_unit_test(what_falls_to_one_place_is_told_apart),
		cmocka_unit_test(what_looks_at_many_groups_is_judged_each_time),
		cmocka_unit_test(what_a_requirement_does_not_read_decides_nothing),
		cmocka_unit_test(each_group_has_its_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
