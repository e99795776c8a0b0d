/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/collector/school.h"

#include <errno.h>
#include <sodium.h>

#include "collector/view/view_sites.h"

/* More weekdays than any window here has, so no site of it can be certified. */
#define PROFILE_STRICT                                                                     \
	"{\"profile\":\"q\",\"title\":\"Strict\",\"source\":\"test\",\"freshness_hours\":" \
	"{\"default\":240,\"last_week\":48,\"last_day\":24},\"certification\":"            \
	"{\"coverage_percent\":95,\"devices_percent\":95,\"browser_percent\":100,"         \
	"\"minimum_weekdays\":200},\"tables\":{},\"requirements\":[" BROWSER("14.0..") "]}"

static struct view view_of(const struct school *school)
{
	return (struct view){ school->store, school->cache, school->now_ms, &access_everything };
}

static json_t *overview(struct school *school, size_t limit)
{
	struct view view = view_of(school);
	json_t *json;

	must(school, view_overview(&view, &(struct page){ limit, NULL }, &json, &school->err));
	return json;
}

static int64_t total(const json_t *json, const char *name)
{
	return json_integer_value(json_object_get(json_object_get(json, "totals"), name));
}

static const json_t *site_at(const json_t *json, size_t i)
{
	return json_array_get(json_object_get(json, "sites"), i);
}

static const char *code_at(const json_t *json, size_t i)
{
	return json_string_value(json_object_get(site_at(json, i), "code"));
}

/* With a device that is ready. */
static void add_ready(struct school *school, const char *code, const char *profile_id)
{
	static const struct device_names names = { "lab", "", "", "" };
	char id[ID_SIZE];

	school_site(school, code, profile_id, profile_id ? "2027-05-03" : NULL, "2027-05-28");
	school_enroll(school, code, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
}

static void each_site_is_counted_by_its_own_rules(void **state)
{
	static const struct {
		const char *code, *profile_id;
		bool is_certifiable;
	} rows[] = {
		{ "0001", "p", true },
		{ "0002", "q", false },
		{ "0003", "p", true },
		{ "0004", NULL, false },
		{ "0005", "q", false },
		{ "0006", "p", true },
		{ "0007", "unpublished", false },
	};
	struct school *school = *state;
	int64_t n_judged;
	json_t *json;

	school_publish(school, PROFILE_ONE, &n_judged);
	school_publish(school, PROFILE_STRICT, &n_judged);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		add_ready(school, rows[i].code, rows[i].profile_id);
	json = overview(school, 100);
	assert_int_equal(total(json, "sites"), ARRAY_SIZE(rows));
	assert_int_equal(total(json, "certifiable"), 3);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t k = 0;

		while (strcmp(code_at(json, k), rows[i].code) != 0)
			k++;
		if (json_is_true(json_object_get(site_at(json, k), "certifiable")) !=
		    rows[i].is_certifiable)
			fail_msg("site %s", rows[i].code);
	}
	json_decref(json);
}

/* Tables that were filled in another order than that of the codes, and each in its own. */
static void sites_are_found_in_whatever_order_they_came(void **state)
{
	static const char *const codes[] = { "0009", "0002", "0007", "0001" };
	static const struct device_names names = { "lab", "", "", "" };
	struct school *school = *state;
	char id[ID_SIZE];
	json_t *json;

	school_open(school);
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		school_site(school, codes[i], NULL, NULL, NULL);
	for (size_t i = ARRAY_SIZE(codes); i-- > 0;) {
		school_site(school, codes[i], "p", "2027-05-03", "2027-05-28");
		school_enroll(school, codes[i], &names, id);
	}
	/* The nearest window weighs most. */
	school_site(school, "0009", "p", "2027-04-26", "2027-05-14");
	json = overview(school, 4);
	assert_int_equal(total(json, "sites"), 4);
	assert_int_equal(total(json, "expected"), 4);
	assert_string_equal(code_at(json, 0), "0009");
	assert_string_equal(code_at(json, 1), "0001");
	assert_string_equal(code_at(json, 2), "0002");
	assert_string_equal(code_at(json, 3), "0007");
	json_decref(json);
}

static void a_window_that_is_damaged_is_no_window_that_is_far_away(void **state)
{
	struct school *school = *state;
	struct view view = view_of(school);
	json_t *json;

	school_open(school);
	school_site(school, "0002", "p", "2027-05-03", "2027-05-28");
	must(school, db_exec(school->store->db,
			     "UPDATE test_window SET last_day = '2027-13-01' WHERE site_code = $1",
			     NULL, &school->err, "t", "0002"));
	/* Also where it would be on another part. */
	assert_int_equal(view_overview(&view, &(struct page){ 1, NULL }, &json, &school->err),
			 -EUCLEAN);
	assert_non_null(strstr(school->err.text, "window of site 0002"));
}

static void without_a_school_there_is_nothing(void **state)
{
	struct school *school = *state;
	json_t *json = overview(school, 10);

	assert_int_equal(total(json, "sites"), 0);
	assert_int_equal(json_array_size(json_object_get(json, "sites")), 0);
	assert_true(json_is_null(json_object_get(json, "next_cursor")));
	assert_string_equal(json_string_value(json_object_get(json, "sentence")),
			    "No schools yet.");
	json_decref(json);
}

static int set_up_group(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_site_is_counted_by_its_own_rules, school_setup,
						school_teardown),
		cmocka_unit_test_setup_teardown(sites_are_found_in_whatever_order_they_came,
						school_setup, school_teardown),
		cmocka_unit_test_setup_teardown(
			a_window_that_is_damaged_is_no_window_that_is_far_away, school_setup,
			school_teardown),
		cmocka_unit_test_setup_teardown(without_a_school_there_is_nothing, school_setup,
						school_teardown),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
