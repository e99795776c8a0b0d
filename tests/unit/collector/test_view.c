/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/collector/school.h"

#include <errno.h>
#include <sodium.h>

#include "collector/view/view_device.h"
#include "collector/view/view_devices.h"
#include "collector/view/view_sites.h"

/* More devices than are read at a time. */
#define MANY 1100

static struct view view_of(const struct school *school)
{
	return (struct view){ school->store, school->cache, school->now_ms, &access_everything };
}

static const char *next_of(const json_t *json)
{
	return json_string_value(json_object_get(json, "next_cursor"));
}

static const char *member(const json_t *json, const char *list, size_t index, const char *name)
{
	return json_string_value(
		json_object_get(json_array_get(json_object_get(json, list), index), name));
}

/* Walk the devices of the site; returns how many there are. Each is after the one before. */
static size_t walk(struct school *school, const struct device_filter *filter, size_t limit,
		   size_t *ret_n_parts)
{
	struct view view = view_of(school);
	_cleanup_free_ char *cursor = NULL;
	char last[64] = "";
	size_t n = 0;

	*ret_n_parts = 0;
	do {
		struct page page = { limit, cursor };
		json_t *json;
		size_t n_rows;

		must(school, view_devices(&view, SITE, filter, &page, &json, &school->err));
		n_rows = json_array_size(json_object_get(json, "devices"));
		assert_in_range(n_rows, 0, limit);
		for (size_t i = 0; i < n_rows; i++) {
			const char *name = json_string_value(json_object_get(
				json_object_get(json_array_get(json_object_get(json, "devices"), i),
						"names"),
				"host_name"));

			assert_true(strcmp(name, last) > 0);
			snprintf(last, sizeof(last), "%s", name);
		}
		n += n_rows;
		(*ret_n_parts)++;
		free(cursor);
		cursor = next_of(json) ? xstrdup(next_of(json)) : NULL;
		json_decref(json);
	} while (cursor);
	return n;
}

static void make_many(struct school *school)
{
	static const struct likeness poor = { NULL, 1024, false };
	char id[ID_SIZE], name[16], key[SECRET_SIZE];

	school_open(school);
	school_key(school, SITE, MANY, key);
	must(school, store_begin(school->store, &school->err));
	for (int i = 0; i < MANY; i++) {
		struct device_names names = { name, "", "", "" };

		snprintf(name, sizeof(name), "d%04d", i);
		must(school, school_try_enroll(school, key, &names, id));
		/* Every tenth is poor, and the last one of all. */
		school_report(school, id, 1, 0, &names,
			      i % 10 == 0 || i == MANY - 1 ? &poor : &GOOD);
	}
	must(school, store_commit(school->store, &school->err));
}

static void a_filtered_list_is_whole_however_it_is_cut(void **state)
{
	struct school *school = *state;
	/* clang-format off */
	static const struct {
		struct device_filter filter;
		size_t want;
	} rows[] = {
		{ { .is_expected = -1 }, MANY },
		{ { .is_expected = 0 }, 0 },
		{ { .is_expected = 1, .states = 1U << STATE_NOT_READY }, MANY / 10 + 1 },
		{ { .is_expected = 1, .fix = "more-memory" }, MANY / 10 + 1 },
		{ { .is_expected = 1, .passes = "memory.size" }, MANY - MANY / 10 - 1 },
		{ { .is_expected = 1, .requirement = "memory.size" }, MANY / 10 + 1 },
		{ { .is_expected = 1, .requirement = "memory.size", .passes = "memory.size" }, 0 },
		{ { .is_expected = 1, .fix = "more-memory", .states = 1U << STATE_READY }, 0 },
		{ { .is_expected = 1, .fix = "more-memory", .requirement = "browser.version" }, MANY / 10 + 1 },
		{ { .is_expected = -1, .room = "104" }, 0 },
		{ { .is_expected = -1, .room = "" }, MANY },
	};
	/* clang-format on */
	static const size_t limits[] = { 7, 100, 111, 500 };

	make_many(school);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(limits); k++) {
			size_t n_parts, n = walk(school, &rows[i].filter, limits[k], &n_parts);
			size_t want_parts = (rows[i].want + limits[k] - 1) / limits[k];

			if (n != rows[i].want || n_parts != (want_parts ? want_parts : 1))
				fail_msg("row %zu by %zu: %zu in %zu parts", i, limits[k], n,
					 n_parts);
		}
	}
}

/* More than are judged or swept at a time, in one go: none may stay ready for a minute longer. */
static void all_devices_of_a_site_are_judged_and_age_together(void **state)
{
	struct school *school = *state;
	int64_t n_judged;

	make_many(school);
	school_publish(school, PROFILE_TWO, &n_judged);
	assert_int_equal(n_judged, MANY);
	must(school, store_begin(school->store, &school->err));
	school->now_ms += 11 * DAY_MS;
	assert_int_equal(school_sweep(school), MANY);
	assert_int_equal(school_number(school, "SELECT stale FROM site_count"), MANY);
	must(school, store_commit(school->store, &school->err));
}

static void results_of_another_version_are_not_shown_under_the_names_of_this(void **state)
{
	static const struct device_names names = { "lab", "", "", "" };
	struct school *school = *state;
	struct view view = view_of(school);
	char id[ID_SIZE];
	json_t *json;

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
	must(school, view_device(&view, id, &json, &school->err));
	assert_int_equal(json_array_size(json_object_get(json, "results")), 3);
	json_decref(json);
	must(school, db_exec(school->store->db, "UPDATE device SET profile_version = 'x'", NULL,
			     &school->err, ""));
	must(school, view_device(&view, id, &json, &school->err));
	assert_int_equal(json_array_size(json_object_get(json, "results")), 0);
	assert_true(json_is_null(json_object_get(json, "profile")));
	json_decref(json);
}

static void devices_that_go_stale_need_no_fix_and_do_not_pass(void **state)
{
	static const struct device_filter needs = { .fix = "more-memory", .is_expected = -1 };
	static const struct device_filter passes = { .passes = "browser.version",
						     .is_expected = -1 };
	static const struct device_filter fails = { .requirement = "browser.version",
						    .is_expected = -1 };
	static const struct device_names names = { "lab", "", "", "" };
	static const struct likeness little = { "14.1", 1024, true };
	struct school *school = *state;
	char id[ID_SIZE];
	size_t n_parts;

	school_open(school);
	school_enroll(school, SITE, &names, id);
	assert_int_equal(school_report(school, id, 1, 0, &names, &little), STATE_NOT_READY);
	assert_int_equal(walk(school, &needs, 10, &n_parts), 1);
	assert_int_equal(walk(school, &passes, 10, &n_parts), 1);
	assert_int_equal(walk(school, &fails, 10, &n_parts), 0);
	school->now_ms += 11 * DAY_MS;
	assert_int_equal(school_sweep(school), 1);
	assert_int_equal(walk(school, &needs, 10, &n_parts), 0);
	assert_int_equal(walk(school, &passes, 10, &n_parts), 0);
	assert_int_equal(walk(school, &fails, 10, &n_parts), 1);
}

/* Three sites; the risk of "0001" falls between two parts. */
static void a_site_whose_risk_changes_between_two_parts_hides_no_other(void **state)
{
	static const struct device_names names = { "lab", "", "", "" };
	struct school *school = *state;
	struct view view = view_of(school);
	_cleanup_free_ char *cursor = NULL;
	char ids[3][ID_SIZE];
	json_t *json;

	school_open(school);
	school_site(school, "0002", "p", "2027-05-03", "2027-05-28");
	school_site(school, "0003", "p", "2027-06-01", "2027-06-28");
	school_enroll(school, "0001", &names, ids[0]);
	school_enroll(school, "0002", &names, ids[1]);
	school_enroll(school, "0003", &names, ids[2]);

	must(school, view_overview(&view, &(struct page){ 1, NULL }, &json, &school->err));
	assert_string_equal(member(json, "sites", 0, "code"), "0001");
	cursor = xstrdup(next_of(json));
	json_decref(json);

	/* It is ready now, so it is last: by its old place it would be asked for again. */
	school_report(school, ids[0], 1, 0, &names, &GOOD);
	must(school, view_overview(&view, &(struct page){ 9, cursor }, &json, &school->err));
	assert_int_equal(json_array_size(json_object_get(json, "sites")), 3);
	assert_string_equal(member(json, "sites", 0, "code"), "0002");
	assert_string_equal(member(json, "sites", 1, "code"), "0003");
	assert_string_equal(member(json, "sites", 2, "code"), "0001");
	assert_null(next_of(json));
	json_decref(json);
}

static void rename_site(struct school *school, const char *code, const char *name)
{
	must(school, db_exec(school->store->db, "UPDATE site SET name = $2 WHERE code = $1", NULL,
			     &school->err, "tt", code, name));
}

static void a_site_that_is_renamed_between_two_parts_hides_no_other(void **state)
{
	static const char *const codes[] = { "0001", "0002", "0003" };
	static const char *const names[] = { "Adams", "Lincoln", "Monroe" };
	struct school *school = *state;
	struct view view = view_of(school);
	_cleanup_free_ char *cursor = NULL;
	json_t *json;

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		school_site(school, codes[i], NULL, NULL, NULL);
		rename_site(school, codes[i], names[i]);
	}
	must(school, view_site_list(&view, SITE_ORDER_NAME, &(struct page){ 1, NULL }, &json,
				    &school->err));
	assert_string_equal(member(json, "sites", 0, "code"), "0001");
	cursor = xstrdup(next_of(json));
	json_decref(json);
	rename_site(school, "0001", "Washington");
	must(school, view_site_list(&view, SITE_ORDER_NAME, &(struct page){ 9, cursor }, &json,
				    &school->err));
	assert_string_equal(member(json, "sites", 0, "code"), "0002");
	assert_string_equal(member(json, "sites", 1, "code"), "0003");
	json_decref(json);
}

static void a_cursor_of_another_order_is_refused(void **state)
{
	struct school *school = *state;
	struct view view = view_of(school);
	_cleanup_free_ char *cursor = NULL;
	json_t *json;

	school_open(school);
	school_site(school, "0002", NULL, NULL, NULL);
	must(school, view_site_list(&view, SITE_ORDER_CODE, &(struct page){ 1, NULL }, &json,
				    &school->err));
	cursor = xstrdup(next_of(json));
	json_decref(json);
	assert_int_equal(view_site_list(&view, SITE_ORDER_RISK, &(struct page){ 1, cursor }, &json,
					&school->err),
			 -EINVAL);
	assert_int_equal(view_overview(&view, &(struct page){ 1, cursor }, &json, &school->err),
			 -EINVAL);
}

static int set_up_group(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_filtered_list_is_whole_however_it_is_cut,
						school_setup, school_teardown),
		cmocka_unit_test_setup_teardown(all_devices_of_a_site_are_judged_and_age_together,
						school_setup, school_teardown),
		cmocka_unit_test_setup_teardown(
			results_of_another_version_are_not_shown_under_the_names_of_this,
			school_setup, school_teardown),
		cmocka_unit_test_setup_teardown(devices_that_go_stale_need_no_fix_and_do_not_pass,
						school_setup, school_teardown),
		cmocka_unit_test_setup_teardown(
			a_site_whose_risk_changes_between_two_parts_hides_no_other, school_setup,
			school_teardown),
		cmocka_unit_test_setup_teardown(
			a_site_that_is_renamed_between_two_parts_hides_no_other, school_setup,
			school_teardown),
		cmocka_unit_test_setup_teardown(a_cursor_of_another_order_is_refused, school_setup,
						school_teardown),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
