/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When what was reported was observed: late deliveries, and clocks that are wrong.
 */
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

static void a_late_report_moves_nothing_back(void **state)
{
	struct school *school = *state;
	_cleanup_(device_done) struct device device = { 0 };
	const struct device_names old_names = { "old-name", "", "", "" };
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 2, HOUR_MS, &names, &GOOD);
	assert_int_equal(school_report(school, id, 1, 2 * HOUR_MS, &old_names,
				       &(struct likeness){ NULL, 1, false }),
			 STATE_READY);
	read_device(school, id, &device);
	assert_int_equal(device.seen_ms, NOON_MS - HOUR_MS);
	assert_string_equal(device.host_name, "host-1");
	assert_string_equal(device.results, "PPP");
	assert_int_equal(school_all_reports(school), 2);
}

static void a_report_out_of_an_old_spool_is_stale_at_once(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	assert_int_equal(school_report(school, id, 1, 11 * DAY_MS, &names, &GOOD), STATE_STALE);
	assert_int_equal(school_number(school, "SELECT browser_current FROM site_count"), 0);
}

static void the_clock_of_a_device_is_never_believed_into_the_future(void **state)
{
	struct school *school = *state;
	json_t *facts = likeness_facts(&GOOD);
	_cleanup_free_ char *text = document_canonical(facts);
	_cleanup_(device_done) struct device ahead = { 0 }, ancient = { 0 };
	struct report report = {
		.agent_version = "1",
		.boot_id = BOOT_ID,
		.sequence = 1,
		.observed_ms = NOON_MS + 3650 * DAY_MS,
		.age_ms = -1,
		.device = names,
		.facts = facts,
	};
	struct delivery delivery = { &report, text, "", "", "", NULL };
	struct contact_answer answer;
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	report.device_id = id;
	must(school,
	     act_report(school->store, school->cache, &delivery, NOON_MS, &answer, &school->err));
	read_device(school, id, &ahead);
	assert_int_equal(ahead.seen_ms, NOON_MS);

	school_enroll(school, SITE, &names, id);
	report.age_ms = INT64_MAX;
	must(school,
	     act_report(school->store, school->cache, &delivery, NOON_MS, &answer, &school->err));
	read_device(school, id, &ancient);
	assert_int_equal(ancient.seen_ms, 1);
	assert_int_equal(answer.state, STATE_STALE);
	json_decref(facts);
}

static void of_a_clock_that_is_ahead_the_highest_number_is_the_newest(void **state)
{
	static const struct {
		int64_t sequence, observed_ms;
		struct likeness like;
	} rows[] = {
		{ 10, NOON_MS + 2 * DAY_MS, { "14.1", 8192, true } },
		/* As a folder of exports lists them: 9 comes after 10. */
		{ 9, NOON_MS + DAY_MS, { NULL, 1, false } },
		/* Its clock was set meanwhile, and the numbers say nothing beside a time. */
		{ 8, NOON_MS - DAY_MS, { NULL, 1, false } },
	};
	struct school *school = *state;
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_t *facts = likeness_facts(&rows[i].like);
		_cleanup_free_ char *text = document_canonical(facts);
		const struct report report = {
			.device_id = id,
			.agent_version = "1",
			.boot_id = BOOT_ID,
			.sequence = rows[i].sequence,
			.observed_ms = rows[i].observed_ms,
			.age_ms = -1,
			.device = names,
			.facts = facts,
		};
		struct delivery delivery = { &report, text, "", "", "", NULL };
		struct contact_answer answer;

		school->now_ms++;
		must(school, act_report(school->store, school->cache, &delivery, school->now_ms,
					&answer, &school->err));
		assert_int_equal(answer.state, STATE_READY);
		json_decref(facts);
	}
	assert_int_equal(school_all_reports(school), 3);
}

static void what_a_wrong_clock_saw_does_not_outlive_it(void **state)
{
	struct school *school = *state;
	_cleanup_(device_done) struct device device = { 0 };
	char id[ID_SIZE], silent_id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_enroll(school, SITE, &names, silent_id);
	school->now_ms += HOUR_MS;
	school_report(school, id, 1, 0, &names, &GOOD);
	school_report(school, silent_id, 1, 0, &names, &GOOD);
	/* Set back by minutes, as a time server does: nothing is doubted. */
	school->now_ms -= 10LL * 60 * 1000;
	assert_int_equal(school_sweep(school), 0);
	/* What comes now is newer, whatever the clock said then. */
	assert_int_equal(
		school_report(school, id, 2, 0, &names, &(struct likeness){ NULL, 4096, true }),
		STATE_NOT_READY);
	read_device(school, id, &device);
	assert_int_equal(device.seen_ms, school->now_ms);
	school->now_ms -= 1;
	assert_int_equal(school_sweep(school), 1);
	assert_int_equal(school_sweep(school), 0);
	expect_state(school, silent_id, STATE_STALE);
	expect_state(school, id, STATE_NOT_READY);
	assert_int_equal(school_number(school, "SELECT stale FROM site_count"), 1);
	/* When that time has come, it counts. */
	school->now_ms = NOON_MS + HOUR_MS;
	assert_int_equal(school_sweep(school), 1);
	expect_state(school, silent_id, STATE_READY);
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_late_report_moves_nothing_back),
		test(a_report_out_of_an_old_spool_is_stale_at_once),
		test(the_clock_of_a_device_is_never_believed_into_the_future),
		test(of_a_clock_that_is_ahead_the_highest_number_is_the_newest),
		test(what_a_wrong_clock_saw_does_not_outlive_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
