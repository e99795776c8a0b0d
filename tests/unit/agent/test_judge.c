/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "agent/judge.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

/* clang-format off */
#define REQUIREMENT(id, severity, fact)                                                   \
	"{\"id\":\"" id "\",\"severity\":\"" severity "\",\"roles\":[\"student\"],"       \
	"\"title\":\"Title of " id "\",\"check\":{\"fact\":\"" fact "\",\"at_least\":10}," \
	"\"fix\":{\"id\":\"fix-" id "\",\"text\":\"Do " id ".\",\"minutes\":5},"           \
	"\"source\":\"none\"}"

/* Two that are required, two that are recommended; each on a fact of its own. */
static const char profile_text[] =
	"{\"profile\":\"test\",\"title\":\"Test\","
	"\"freshness_hours\":{\"default\":336,\"last_week\":72,\"last_day\":24},"
	"\"certification\":{\"coverage_percent\":95,\"devices_percent\":95,"
	"\"browser_percent\":100,\"latest_last_day\":\"2027-07-15\",\"minimum_weekdays\":25},"
	"\"requirements\":["
	REQUIREMENT("nice.a", "recommended", "cpu.cores") ","
	REQUIREMENT("must.a", "required", "cpu.mhz") ","
	REQUIREMENT("nice.b", "recommended", "audio.volume_percent") ","
	REQUIREMENT("must.b", "required", "memory.total_mib") "]";

/* One of each severity is waived: until 31 May 2027, and until 15 April. */
static const char waivers_text[] =
	",\"waivers\":["
	"{\"id\":\"w1\",\"scope\":\"site\",\"requirement\":\"must.a\","
	"\"reason\":\"New machines come in June\",\"until\":\"2027-05-31\"},"
	"{\"id\":\"w2\",\"scope\":\"lea\",\"requirement\":\"nice.a\","
	"\"reason\":\"Ordered\",\"until\":\"2027-04-15\"}]";
/* clang-format on */

#define DAY_15_APRIL 20923 /* 2027-04-15 */
#define DAY_31_MAY 20969   /* 2027-05-31 */

/* Each fact is enough (99), too little (1), or -1 for unknown. */
static json_t *make_facts(int cores, int mhz, int volume, int memory)
{
	const int values[] = { cores, mhz, volume, memory };
	json_t *v[4];

	for (size_t i = 0; i < 4; i++)
		v[i] = values[i] < 0 ? json_pack("{s:s}", "unknown", "could not look")
				     : json_integer(values[i]);
	return json_pack("{s:{s:o, s:o}, s:{s:o}, s:{s:o}}", "cpu", "cores", v[0], "mhz", v[1],
			 "audio", "volume_percent", v[2], "memory", "total_mib", v[3]);
}

static struct profile *parse(const char *waivers)
{
	_cleanup_free_ char *text = xasprintf("%s%s}", profile_text, waivers);
	struct profile *profile = NULL;
	struct err err = { 0 };

	if (profile_parse(text, strlen(text), "test", &profile, &err) < 0)
		fail_msg("%s", err.text);
	return profile;
}

static struct profile *make_profile(void)
{
	return parse("");
}

static void the_first_line_is_the_verdict(void **state)
{
	/* clang-format off */
	static const struct {
		int cores, mhz, volume, memory;
		const char *want;
	} rows[] = {
		{ 99, 99, 99, 99, "Ready." },
		{  1, 99, 99, 99, "Ready, with warnings: 1 recommended to fix." },
		{  1, 99, -1, 99, "Ready, with warnings: 1 recommended to fix; 1 could not be checked." },
		{ 99, 99, -1, 99, "Ready, with warnings: 1 could not be checked." },
		{ 99, -1, 99, 99, "Unknown: 1 required could not be checked." },
		{  1, -1, 99, -1, "Unknown: 2 required could not be checked; 1 recommended to fix." },
		{ 99,  1, 99, 99, "Not ready: 1 required to fix." },
		{  1,  1,  1,  1, "Not ready: 2 required, 2 recommended to fix." },
		{ -1,  1, 99, -1, "Not ready: 1 required to fix; 2 could not be checked." },
	};
	/* clang-format on */
	_cleanup_(profile_freep) struct profile *profile = make_profile();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_t *facts =
			make_facts(rows[i].cores, rows[i].mhz, rows[i].volume, rows[i].memory);
		struct judgement judgement = { .profile = profile, .facts = facts };
		_cleanup_free_ char *line = NULL;

		judge(&judgement);
		line = judgement_line(&judgement);
		assert_string_equal(line, rows[i].want);
		json_decref(facts);
	}
}

static void what_is_waived_is_counted_as_waived_and_never_hides_what_is_not(void **state)
{
	/* clang-format off */
	static const struct {
		int cores, mhz, volume, memory;
		int32_t as_of;
		const char *want;
	} rows[] = {
		{ 99,  1, 99, 99, DAY_15_APRIL, "Ready, with warnings: 1 waived." },
		{  1,  1, 99, 99, DAY_15_APRIL, "Ready, with warnings: 2 waived." },
		{  1,  1, 99, 99, DAY_31_MAY, "Ready, with warnings: 1 recommended to fix; 1 waived." },
		{  1,  1, 99, 99, DAY_31_MAY + 1, "Not ready: 1 required, 1 recommended to fix." },
		{ 99,  1, -1, 99, DAY_31_MAY, "Ready, with warnings: 1 waived; 1 could not be checked." },
		{ 99,  1, 99, -1, DAY_31_MAY, "Unknown: 1 required could not be checked; 1 waived." },
		{ 99, -1, 99, 99, DAY_31_MAY, "Unknown: 1 required could not be checked." },
		{ 99,  1, 99,  1, DAY_31_MAY, "Not ready: 1 required to fix; 1 waived." },
		{ 99, 99, 99, 99, DAY_31_MAY, "Ready." },
	};
	/* clang-format on */
	_cleanup_(profile_freep) struct profile *profile = parse(waivers_text);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_t *facts =
			make_facts(rows[i].cores, rows[i].mhz, rows[i].volume, rows[i].memory);
		struct judgement judgement = { .profile = profile,
					       .facts = facts,
					       .as_of = rows[i].as_of };
		_cleanup_free_ char *line = NULL;

		judge(&judgement);
		line = judgement_line(&judgement);
		assert_string_equal(line, rows[i].want);
		json_decref(facts);
	}
}

static void the_first_line_names_the_day_where_that_is_not_today(void **state)
{
	static const struct {
		const char *what, *want;
	} rows[] = {
		{ NULL, "Not ready: 1 required to fix." },
		{ "", "Not ready, as of 31 May 2027: 1 required to fix." },
		{ "the window's last day",
		  "Not ready, as of 31 May 2027, the window's last day: 1 required to fix." },
	};
	_cleanup_(profile_freep) struct profile *profile = make_profile();
	json_t *facts = make_facts(99, 1, 99, 99);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct judgement judgement = { .profile = profile,
					       .facts = facts,
					       .as_of = DAY_31_MAY,
					       .as_of_what = rows[i].what };
		_cleanup_free_ char *line = NULL;

		judge(&judgement);
		line = judgement_line(&judgement);
		assert_string_equal(line, rows[i].want);
	}
	json_decref(facts);
}

/* What judgement_print() writes; owned by the caller. */
static char *printed(const struct judgement *judgement, bool all)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	judgement_print(judgement, all, out);
	fclose(out);
	return text;
}

static void the_worst_comes_first_and_what_is_in_order_only_when_asked(void **state)
{
	_cleanup_(profile_freep) struct profile *profile = make_profile();
	json_t *facts = make_facts(1, -1, 99, 1);
	struct judgement judgement = { .profile = profile, .facts = facts };
	_cleanup_free_ char *some = NULL, *all = NULL;

	(void)state;
	judge(&judgement);
	some = printed(&judgement, false);
	all = printed(&judgement, true);

	assert_non_null(strstr(some, "Title of must.b"));
	assert_true(strstr(some, "Title of must.b") < strstr(some, "Title of must.a"));
	assert_true(strstr(some, "Title of must.a") < strstr(some, "Title of nice.a"));
	assert_non_null(strstr(some, "Do must.b."));
	assert_null(strstr(some, "nice.b"));
	assert_non_null(strstr(all, "Title of nice.b"));
	json_decref(facts);
}

static void what_is_waived_is_told_after_what_is_to_be_fixed(void **state)
{
	_cleanup_(profile_freep) struct profile *profile = parse(waivers_text);
	json_t *facts = make_facts(99, 1, 99, 1);
	struct judgement judgement = { .profile = profile, .facts = facts, .as_of = DAY_31_MAY };
	_cleanup_free_ char *text = NULL;
	const char *waived;

	(void)state;
	judge(&judgement);
	text = printed(&judgement, false);
	waived = strstr(text, "Title of must.a");
	assert_non_null(waived);
	assert_true(strstr(text, "Title of must.b") < waived);
	assert_non_null(strstr(text, "  waived         required     Title of must.a"));
	json_decref(facts);
}

static void a_device_that_judges_by_other_requirements_says_so_at_once(void **state)
{
	_cleanup_(profile_freep) struct profile *profile = make_profile();
	json_t *facts = make_facts(99, 99, 99, 99), *json;
	struct judgement judgement = { .profile = profile,
				       .facts = facts,
				       .trouble = "It came without a signature" };
	_cleanup_free_ char *text = NULL;

	(void)state;
	judge(&judgement);
	text = printed(&judgement, false);
	assert_string_equal(text, "Ready.\nThis is not what the collector judges by. It came "
				  "without a signature.\n");
	json = judgement_json(&judgement);
	assert_string_equal(json_string_value(json_object_get(json, "trouble")),
			    "It came without a signature");
	json_decref(json);
	json_decref(facts);
}

static void programs_get_who_waived_what_until_when(void **state)
{
	_cleanup_(profile_freep) struct profile *profile = parse(waivers_text);
	json_t *facts = make_facts(99, 1, 99, 99), *json, *results, *waiver;
	struct judgement judgement = { .profile = profile, .facts = facts, .as_of = DAY_31_MAY };

	(void)state;
	judge(&judgement);
	json = judgement_json(&judgement);
	results = json_object_get(json, "results");
	waiver = json_object_get(json_array_get(results, 1), "waiver");
	assert_string_equal(json_string_value(json_object_get(waiver, "until")), "2027-05-31");
	assert_string_equal(json_string_value(json_object_get(waiver, "reason")),
			    "New machines come in June");
	assert_string_equal(json_string_value(json_object_get(waiver, "scope")), "site");
	assert_null(json_object_get(json_array_get(results, 0), "waiver"));
	json_decref(json);
	json_decref(facts);
}

static void programs_get_every_result_with_its_fix(void **state)
{
	_cleanup_(profile_freep) struct profile *profile = make_profile();
	json_t *facts = make_facts(99, 1, 99, 99), *json, *results, *one;
	struct judgement judgement = { .profile = profile, .facts = facts, .as_of = 20000 };

	(void)state;
	judge(&judgement);
	json = judgement_json(&judgement);
	results = json_object_get(json, "results");
	one = json_array_get(results, 1);

	assert_string_equal(json_string_value(json_object_get(json, "state")), "not_ready");
	assert_string_equal(json_string_value(json_object_get(json, "as_of")), "2024-10-04");
	assert_int_equal(json_array_size(results), 4);
	assert_string_equal(json_string_value(json_object_get(one, "id")), "must.a");
	assert_string_equal(json_string_value(json_object_get(one, "result")), "fail");
	assert_string_equal(json_string_value(json_object_get(json_object_get(one, "fix"), "id")),
			    "fix-must.a");
	json_decref(json);
	json_decref(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_line_is_the_verdict),
		cmocka_unit_test(the_worst_comes_first_and_what_is_in_order_only_when_asked),
		cmocka_unit_test(what_is_waived_is_counted_as_waived_and_never_hides_what_is_not),
		cmocka_unit_test(the_first_line_names_the_day_where_that_is_not_today),
		cmocka_unit_test(what_is_waived_is_told_after_what_is_to_be_fixed),
		cmocka_unit_test(a_device_that_judges_by_other_requirements_says_so_at_once),
		cmocka_unit_test(programs_get_who_waived_what_until_when),
		cmocka_unit_test(programs_get_every_result_with_its_fix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
