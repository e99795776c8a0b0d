/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "tests/unit/collector/school.h"

static const struct device_names names = { "host-1", "S1", "A1", "Model" };

static void read_device(struct school *school, const char *id, struct device *ret_device)
{
	must(school, store_device_get(school->store, id, ret_device, &school->err));
}

static void expect_state(struct school *school, const char *id, enum device_state state)
{
	_cleanup_(device_done) struct device device = { 0 };

	read_device(school, id, &device);
	assert_string_equal(device_state_words[device.state], device_state_words[state]);
}

static void expect_results(struct school *school, const char *id, const char *results)
{
	_cleanup_(device_done) struct device device = { 0 };

	read_device(school, id, &device);
	assert_string_equal(device.results, results);
}

/* The newest change first: "memory.size pass>fail, ". */
static void expect_history(struct school *school, const char *id, size_t limit, const char *words)
{
	struct transition_list list;
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	must(school, store_transition_list(school->store, id, limit, &list, &school->err));
	for (size_t i = 0; i < list.n_transitions; i++)
		fprintf(out, "%s %s>%s, ", list.transitions[i].requirement,
			list.transitions[i].old_result, list.transitions[i].new_result);
	fclose(out);
	transition_list_done(&list);
	assert_string_equal(text, words);
}

static void expect_inventory(struct school *school, const struct inventory_row *rows, size_t n,
			     const char *words)
{
	_cleanup_(inventory_import_freep) struct inventory_import *import = NULL;
	struct inventory_count c;
	_cleanup_free_ char *text = NULL;

	must(school, inventory_import_begin(school->store, school->cache, school->now_ms, &import,
					    &school->err));
	for (size_t i = 0; i < n; i++)
		must(school, inventory_import_take(import, &rows[i], &school->err));
	must(school, inventory_import_finish(import, &c, &school->err));
	text = xasprintf("%d new, %d changed, %d unchanged, %d removed, %d unexpected",
			 (int)c.added, (int)c.changed, (int)c.unchanged, (int)c.removed,
			 (int)c.unexpected);
	assert_string_equal(text, words);
}

/* --- enrolment ------------------------------------------------------------------- */

static void a_key_enrols_as_many_devices_as_it_says(void **state)
{
	struct school *school = *state;
	char key[SECRET_SIZE], id[ID_SIZE];

	school_open(school);
	school_key(school, SITE, 2, key);
	must(school, school_try_enroll(school, key, &names, id));
	must(school, school_try_enroll(school, key, &names, id));
	assert_int_equal(school_try_enroll(school, key, &names, id), -EACCES);
	assert_non_null(strstr(school->err.text, "used up"));
	assert_int_equal(school_number(school, "SELECT count(*) FROM device"), 2);
}

static void a_key_without_a_number_enrols_any(void **state)
{
	struct school *school = *state;
	char key[SECRET_SIZE], id[ID_SIZE];

	school_open(school);
	school_key(school, SITE, -1, key);
	for (int i = 0; i < 5; i++)
		must(school, school_try_enroll(school, key, &names, id));
}

static void a_key_expires(void **state)
{
	struct school *school = *state;
	char key[SECRET_SIZE], id[ID_SIZE];

	school_open(school);
	school_key(school, SITE, 2, key);
	school->now_ms += 30 * DAY_MS;
	assert_int_equal(school_try_enroll(school, key, &names, id), -EACCES);
	assert_non_null(strstr(school->err.text, "expired"));
	assert_int_equal(school_try_enroll(school, "tre_unknown", &names, id), -EACCES);
	assert_non_null(strstr(school->err.text, "no such enrolment key"));
}

static void a_device_claims_its_line_of_the_inventory(void **state)
{
	static const struct inventory_row rows[] = {
		{ SITE, "A1", "", "typed", true, ROLE_TA, true, "104" },
		{ SITE, "", "", "HOST-1", false, ROLE_STUDENT, true, "105" },
	};
	struct school *school = *state;
	_cleanup_(device_done) struct device tag = { 0 }, host = { 0 }, none = { 0 };
	char id[ID_SIZE];

	school_open(school);
	expect_inventory(school, rows, 2, "2 new, 0 changed, 0 unchanged, 0 removed, 0 unexpected");
	school_enroll(school, SITE, &names, id);
	read_device(school, id, &tag);
	assert_string_equal(tag.room, "104");
	assert_int_equal(tag.role, ROLE_TA);
	assert_string_equal(tag.host_name, "host-1");
	/* The line of that tag is claimed, so the same device again is the other line … */
	school_enroll(school, SITE, &names, id);
	read_device(school, id, &host);
	assert_string_equal(host.room, "105");
	/* … and then one that the inventory does not have. */
	school_enroll(school, SITE, &names, id);
	read_device(school, id, &none);
	assert_false(none.is_expected);
	assert_int_equal(school_number(school, "SELECT unexpected FROM site_count"), 1);
	assert_int_equal(school_number(school, "SELECT never_seen FROM site_count"), 2);
}

/* --- reports ---------------------------------------------------------------------- */

static void a_report_gives_a_state_results_and_history(void **state)
{
	struct school *school = *state;
	_cleanup_(device_done) struct device device = { 0 };
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	assert_int_equal(school_report(school, id, 1, 5000, &names, &GOOD), STATE_READY);
	read_device(school, id, &device);
	assert_int_equal(device.seen_ms, NOON_MS - 5000);
	assert_string_equal(device.results, "PPP");
	assert_int_equal(device.browser, RESULT_PASS);
	assert_int_equal(school_number(school, "SELECT browser_current FROM site_count"), 1);
	expect_history(school, id, 9,
		       "audio.headphones >pass, browser.version >pass, memory.size >pass, ");

	school->now_ms += HOUR_MS;
	assert_int_equal(
		school_report(school, id, 2, 0, &names, &(struct likeness){ "14.1", 1024, true }),
		STATE_NOT_READY);
	expect_history(school, id, 1, "memory.size pass>fail, ");
	assert_int_equal(school_number(school, "SELECT count(*) FROM transition"), 4);
	assert_int_equal(
		school_report(school, id, 3, 0, &names, &(struct likeness){ "14.1", 0, true }),
		STATE_UNKNOWN);
	assert_int_equal(
		school_report(school, id, 4, 0, &names, &(struct likeness){ "14.1", 4096, false }),
		STATE_READY_WITH_WARNINGS);
}

static void a_report_that_comes_twice_changes_nothing(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	assert_int_equal(school_report(school, id, 1, 0, &names, &GOOD), STATE_READY);
	school->now_ms += HOUR_MS;
	assert_int_equal(
		school_report(school, id, 2, 0, &names, &(struct likeness){ NULL, 4096, true }),
		STATE_NOT_READY);
	/* Answered as it was then, whatever it is now. */
	assert_int_equal(school_report(school, id, 1, 0, &names, &GOOD), STATE_READY);
	expect_state(school, id, STATE_NOT_READY);
	assert_int_equal(school_all_reports(school), 2);
}

static void the_names_of_a_device_follow_its_reports_but_for_a_typed_tag(void **state)
{
	static const struct inventory_row row = {
		SITE, "A1", "", "", false, ROLE_STUDENT, false, ""
	};
	const struct device_names renamed = { "renamed", "S2", "A9", "" };
	struct school *school = *state;
	_cleanup_(device_done) struct device device = { 0 };
	char id[ID_SIZE];

	school_open(school);
	expect_inventory(school, &row, 1, "1 new, 0 changed, 0 unchanged, 0 removed, 0 unexpected");
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &renamed, &GOOD);
	read_device(school, id, &device);
	assert_string_equal(device.host_name, "renamed");
	assert_string_equal(device.serial, "S2");
	assert_string_equal(device.asset_tag, "A1");
	assert_string_equal(device.model, "Model");
}

static void a_device_that_nobody_knows_is_refused(void **state)
{
	struct school *school = *state;
	struct report report = {
		.device_id = "0123456789abcdef0123456789abcdef",
		.boot_id = BOOT_ID,
		.sequence = 1,
	};
	const struct delivery delivery = { &report, "{}", "", "", "", NULL };
	struct contact_answer answer;

	school_open(school);
	assert_int_equal(
		act_report(school->store, school->cache, &delivery, NOON_MS, &answer, &school->err),
		-ENOENT);
	assert_int_equal(school_all_reports(school), 0);
}

static void a_site_without_a_window_or_a_profile_judges_nobody(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];
	int64_t n_judged;

	school_site(school, SITE, "", NULL, NULL);
	school_enroll(school, SITE, &names, id);
	assert_int_equal(school_report(school, id, 1, 0, &names, &GOOD), STATE_UNKNOWN);
	expect_results(school, id, "");
	school_site(school, SITE, "p", "2027-04-05", "2027-04-23");
	expect_state(school, id, STATE_UNKNOWN);
	/* The profile comes after the reports: what is stored is judged. */
	school_publish(school, PROFILE_ONE, &n_judged);
	assert_int_equal(n_judged, 1);
	expect_state(school, id, STATE_READY);
	expect_results(school, id, "PPP");
}

/* --- time ------------------------------------------------------------------------- */

static void a_sweep_makes_stale_what_is_old_and_fresh_what_is_not(void **state)
{
	struct school *school = *state;
	char old_id[ID_SIZE], new_id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, old_id);
	school_enroll(school, SITE, &names, new_id);
	school_report(school, old_id, 1, 0, &names, &GOOD);
	school->now_ms += 5 * DAY_MS;
	school_report(school, new_id, 1, 0, &names, &GOOD);
	assert_int_equal(school_sweep(school), 0);
	school->now_ms += 5 * DAY_MS;
	assert_int_equal(school_sweep(school), 0); /* 240 hours to the millisecond */
	school->now_ms += 1;
	assert_int_equal(school_sweep(school), 1);
	assert_int_equal(school_sweep(school), 0);
	expect_state(school, old_id, STATE_STALE);
	expect_state(school, new_id, STATE_READY);
	assert_int_equal(school_number(school, "SELECT stale FROM site_count"), 1);
	/* As of an earlier moment it is fresh, for a trial certification. */
	school->now_ms -= DAY_MS;
	assert_int_equal(school_sweep(school), 1);
	expect_state(school, old_id, STATE_READY);
}

static void a_window_that_moves_nearer_asks_for_newer_reports_at_once(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
	school->now_ms += 3 * DAY_MS;
	/* In the last week 48 hours count. */
	school_site(school, SITE, "p", "2027-01-25", "2027-04-23");
	assert_int_equal(school_judge(school), 1);
	expect_state(school, id, STATE_STALE);
	school_site(school, SITE, "p", "2027-04-05", "2027-04-23");
	assert_int_equal(school_judge(school), 1);
	expect_state(school, id, STATE_READY);
}

/* A clock that was a year ahead for a while must not make a silent device ready for a year. */
/* The last day is what counts: support of this system ends on 30 April. */
static void a_window_that_outlasts_support_is_judged_by_its_last_day(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];
	int64_t n_judged;

	school_publish(school, PROFILE_TWO, &n_judged);
	school_site(school, SITE, "p", "2027-04-05", "2027-04-30");
	school_enroll(school, SITE, &names, id);
	assert_int_equal(school_report(school, id, 1, 0, &names, &GOOD), STATE_READY);
	school->now_ms += 1;
	school_site(school, SITE, "p", "2027-04-05", "2027-05-01");
	assert_int_equal(school_judge(school), 1);
	expect_state(school, id, STATE_NOT_READY);
	expect_history(school, id, 1, "os.supported pass>fail, ");
}

static void a_new_version_of_a_profile_judges_what_is_stored(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];
	int64_t n_judged;

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &(struct likeness){ "14.1", 3000, true });
	school->now_ms += HOUR_MS;
	school_publish(school, PROFILE_TWO, &n_judged);
	assert_int_equal(n_judged, 1);
	expect_state(school, id, STATE_NOT_READY);
	expect_results(school, id, "PPF");
	/* The browser is in another place and has the same result: no change. */
	expect_history(school, id, 3,
		       "audio.headphones pass>, memory.size pass>fail, os.supported >pass, ");
	school_publish(school, PROFILE_TWO, &n_judged);
	assert_int_equal(n_judged, 0);
	/* The same facts again have the same results. */
	school_report(school, id, 2, 0, &names, &(struct likeness){ "14.1", 3000, true });
	expect_results(school, id, "PPF");
}

/* Publishing judges all devices; one that it missed must not keep the results of another version.
 */
static void the_same_facts_are_judged_again_by_another_version(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
	must(school, school->store->db->driver->script(
			     school->store->db,
			     "UPDATE device SET profile_version = 'x', results = 'FFF';"
			     "UPDATE site_pattern SET profile_version = 'x', results = 'FFF'",
			     &school->err));
	school_report(school, id, 2, 0, &names, &GOOD);
	expect_results(school, id, "PPP");
	assert_int_equal(school_number(school, "SELECT count(*) FROM site_pattern"), 1);
}

static void a_stored_profile_that_cannot_be_read_judges_nobody_and_is_replaced(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];
	int64_t n_judged;

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
	must(school, school->store->db->driver->script(
			     school->store->db,
			     "INSERT INTO profile_version (version, profile_id, body, made_ms) "
			     "VALUES ('old', 'p', '{}', 1);"
			     "UPDATE publication SET version = 'old';"
			     "UPDATE test_window SET profile_version = 'old'",
			     &school->err));
	must(school, act_sweep(school->store, school->cache, NOON_MS, &n_judged, &school->err));
	assert_int_equal(school_judge(school), 1);
	expect_state(school, id, STATE_UNKNOWN);
	school_publish(school, PROFILE_ONE, &n_judged);
	assert_int_equal(n_judged, 1);
	school_report(school, id, 2, 0, &names, &GOOD);
	expect_state(school, id, STATE_READY);
}

static void another_profile_for_the_window_judges_by_it(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];
	int64_t n_judged;

	school_open(school);
	school_publish(school, PROFILE_OTHER, &n_judged);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
	school->now_ms += 1;
	school_site(school, SITE, "q", "2027-04-05", "2027-04-23");
	assert_int_equal(school_judge(school), 1);
	expect_results(school, id, "FP");
	expect_history(school, id, 2, "audio.headphones pass>, browser.version pass>fail, ");
	assert_int_equal(school_number(school, "SELECT browser_current FROM site_count"), 0);
}

/* --- imports ---------------------------------------------------------------------- */

static void an_inventory_makes_what_it_does_not_list_unexpected(void **state)
{
	static const struct inventory_row rows[] = {
		{ SITE, "", "s-other", "Host-1", true, ROLE_TA, true, "104" },
		{ SITE, "A7", "", "", false, ROLE_STUDENT, false, "" },
	};
	struct school *school = *state;
	const struct device_names stray = { "stray", "", "", "" };
	_cleanup_(device_done) struct device device = { 0 };
	char id[ID_SIZE], stray_id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_enroll(school, SITE, &stray, stray_id);
	school_report(school, id, 1, 0, &names, &GOOD);
	school_report(school, stray_id, 1, 0, &stray, &GOOD);
	expect_inventory(school, rows, 2, "1 new, 1 changed, 0 unchanged, 0 removed, 1 unexpected");
	expect_inventory(school, rows, 2, "0 new, 0 changed, 2 unchanged, 0 removed, 0 unexpected");
	read_device(school, id, &device);
	assert_string_equal(device.room, "104");
	assert_string_equal(device.serial, "S1");
	/* The requirements are of students, so none applies to a TA's device. */
	assert_string_equal(device.results, "---");
	assert_int_equal(school_number(school, "SELECT unexpected FROM site_count"), 1);
	/* A shorter inventory lets the line go that nobody claimed. */
	expect_inventory(school, rows, 1, "0 new, 0 changed, 1 unchanged, 1 removed, 0 unexpected");
	assert_int_equal(school_number(school, "SELECT count(*) FROM device"), 2);
	assert_int_equal(school_number(school, "SELECT count(*) FROM site_pattern"), 1);
}

static void two_lines_never_become_one_device(void **state)
{
	static const struct inventory_row rows[] = {
		{ SITE, "", "", "host-1", false, ROLE_STUDENT, false, "" },
		{ SITE, "A1", "", "host-2", false, ROLE_STUDENT, false, "" },
	};
	struct school *school = *state;
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	expect_inventory(school, rows, 2, "1 new, 0 changed, 1 unchanged, 0 removed, 0 unexpected");
	expect_inventory(school, rows, 2, "0 new, 0 changed, 2 unchanged, 0 removed, 0 unexpected");
}

static void a_window_id_belongs_to_one_site(void **state)
{
	struct school *school = *state;
	struct import_sites_count count = { 0 };
	struct site_row row = {
		.code = "0002",
		.name = "Other",
		.lea_code = "00",
		.lea_name = "Valley",
		.has_window = true,
		.window = { "window-" SITE, "P", "", "p", "", 20000, 20010 },
	};

	school_open(school);
	assert_int_equal(act_import_site(school->store, &row, NOON_MS, &count, &school->err),
			 -EEXIST);
	assert_non_null(strstr(school->err.text, "another site has a window"));
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_key_enrols_as_many_devices_as_it_says),
		test(a_key_without_a_number_enrols_any),
		test(a_key_expires),
		test(a_device_claims_its_line_of_the_inventory),
		test(a_report_gives_a_state_results_and_history),
		test(a_report_that_comes_twice_changes_nothing),
		test(the_names_of_a_device_follow_its_reports_but_for_a_typed_tag),
		test(a_device_that_nobody_knows_is_refused),
		test(a_site_without_a_window_or_a_profile_judges_nobody),
		test(a_sweep_makes_stale_what_is_old_and_fresh_what_is_not),
		test(a_window_that_moves_nearer_asks_for_newer_reports_at_once),
		test(a_window_that_outlasts_support_is_judged_by_its_last_day),
		test(a_new_version_of_a_profile_judges_what_is_stored),
		test(the_same_facts_are_judged_again_by_another_version),
		test(a_stored_profile_that_cannot_be_read_judges_nobody_and_is_replaced),
		test(another_profile_for_the_window_judges_by_it),
		test(an_inventory_makes_what_it_does_not_list_unexpected),
		test(two_lines_never_become_one_device),
		test(a_window_id_belongs_to_one_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
