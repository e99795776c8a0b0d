/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/domain/readiness.h"
#include "common/base/civil.h"
#include "common/base/text.h"
#include "tests/unit/unit.h"

static int32_t day(const char *text)
{
	int32_t value;

	assert_int_equal(civil_parse(text, &value, NULL), 0);
	return value;
}

static struct window spring(void)
{
	return (struct window){ .id = "w",
				.programme = "p",
				.track = "",
				.profile_id = "x",
				.profile_version = "1a2b3c4d5e6f",
				.first = day("2027-03-15"),
				.last = day("2027-05-14") };
}

/* 40 expected: @ready of them ready, one with warnings, the rest not. */
static struct site_count forty(int64_t ready)
{
	struct site_count count = { .browser_current = 40 };

	count.states[STATE_READY] = ready - 1;
	count.states[STATE_READY_WITH_WARNINGS] = 1;
	count.states[STATE_NOT_READY] = 40 - ready;
	return count;
}

static void a_share_is_rounded_down_and_has_no_value_without_a_whole(void **state)
{
	(void)state;
	assert_int_equal(percent_hundredths(34, 40), 8500);
	assert_int_equal(percent_hundredths(2, 3), 6666);
	assert_int_equal(percent_hundredths(99999, 100000), 9999);
	assert_int_equal(percent_hundredths(100, 1), 99900);
	assert_int_equal(percent_hundredths(0, 0), -1);
}

static void a_threshold_is_reached_exactly_or_not_at_all(void **state)
{
	(void)state;
	assert_true(percent_reaches(95, 100, 95));
	assert_true(percent_reaches(38, 40, 95));
	assert_false(percent_reaches(37, 40, 95));
	assert_false(percent_reaches(94999, 100000, 95));
	assert_false(percent_reaches(0, 0, 0));
}

static void stale_and_silent_devices_are_expected_but_neither_fresh_nor_ready(void **state)
{
	struct site_count count = { .unexpected = 5 };

	(void)state;
	for (unsigned s = STATE_CONFLICT; s < STATE_MAX_; s++)
		count.states[s] = 1;
	assert_int_equal(site_count_expected(&count), 7);
	assert_int_equal(site_count_fresh(&count), 4);
	assert_int_equal(site_count_ready(&count), 2);
}

static void a_window_has_its_first_and_last_day(void **state)
{
	struct window window = spring();

	(void)state;
	assert_int_equal(window_phase(&window, window.first - 1), WINDOW_BEFORE);
	assert_int_equal(window_phase(&window, window.first), WINDOW_OPEN);
	assert_int_equal(window_phase(&window, window.last), WINDOW_OPEN);
	assert_int_equal(window_phase(&window, window.last + 1), WINDOW_OVER);
	assert_int_equal(window_days_left(&window, window.first - 7), 7);
	assert_int_equal(window_weekdays_left(&window, window.first - 7), 5);
	assert_int_equal(window_days_left(&window, window.first + 1), 0);
}

static const struct profile rules = {
	.freshness = { .default_hours = 336, .last_week_hours = 72, .last_day_hours = 24 },
	.rules = { .coverage_percent = 95,
		   .devices_percent = 95,
		   .browser_percent = 100,
		   .latest_last_day = INT32_MAX,
		   .minimum_weekdays = 25 },
};

/* What is known of a site where nothing is waived and nothing waits to be judged. */
static bool certify(const struct site_count *count, const struct window *window,
		    const struct profile *profile, int32_t today,
		    struct certify_rule out[static CERTIFY_MAX_])
{
	const struct certify_evidence evidence = { .count = count,
						   .window = window,
						   .rules = profile ? &profile->rules : NULL };

	return certify_site(&evidence, today, out);
}

static void a_site_with_every_rule_met_is_certifiable(void **state)
{
	struct certify_rule out[CERTIFY_MAX_];
	struct window window = spring();
	struct site_count count = forty(38);

	(void)state;
	assert_true(certify(&count, &window, &rules, day("2027-01-01"), out));
	assert_string_equal(out[CERTIFY_DEVICES].evidence,
			    "38 of 40 expected devices are ready: 95.00 %; 95 % are needed.");
	assert_string_equal(out[CERTIFY_WINDOW].evidence,
			    "2027-03-15 to 2027-05-14, 45 Mondays to Fridays.");
	assert_string_equal(out[CERTIFY_JUDGED].evidence,
			    "Every device that reported is judged by version 1a2b3c4d.");
	assert_int_equal(out[CERTIFY_DEVICES].needed_percent, 95);
	assert_int_equal(out[CERTIFY_WINDOW].needed_percent, -1);
	assert_int_equal(out[CERTIFY_JUDGED].needed_percent, -1);
}

static void a_site_that_is_judged_again_is_certifiable_when_that_is_done(void **state)
{
	struct certify_rule out[CERTIFY_MAX_];
	struct window window = spring();
	struct site_count count = forty(40);
	struct certify_evidence evidence = { .count = &count,
					     .window = &window,
					     .rules = &rules.rules,
					     .is_queued = true,
					     .n_left = 312 };

	(void)state;
	assert_false(certify_site(&evidence, window.first, out));
	for (unsigned i = 0; i < CERTIFY_MAX_; i++)
		assert_int_equal(out[i].is_met, i != CERTIFY_JUDGED);
	assert_string_equal(out[CERTIFY_JUDGED].evidence,
			    "New requirements are being applied: 312 devices are left. Wait until "
			    "that is done.");
	evidence.n_left = 1;
	assert_false(certify_site(&evidence, window.first, out));
	assert_string_equal(out[CERTIFY_JUDGED].evidence,
			    "New requirements are being applied: 1 device is left. Wait until "
			    "that is done.");
	evidence.is_queued = false;
	assert_true(certify_site(&evidence, window.first, out));
}

static void devices_that_are_ready_by_a_waiver_are_told(void **state)
{
	struct certify_rule out[CERTIFY_MAX_];
	struct window window = spring();
	struct site_count count = forty(38);
	const struct certify_evidence evidence = {
		.count = &count, .window = &window, .rules = &rules.rules, .n_waived = 2
	};

	(void)state;
	assert_true(certify_site(&evidence, window.first, out));
	assert_string_equal(out[CERTIFY_DEVICES].evidence,
			    "38 of 40 expected devices are ready, 2 of them by a waiver: 95.00 %; "
			    "95 % are needed.");
}

static void that_nobody_knows_what_is_missing_is_told(void **state)
{
	struct certify_rule out[CERTIFY_MAX_];
	struct window window = spring();
	struct site_count count = forty(40), none = { 0 };
	struct certify_evidence evidence = {
		.count = &count, .window = &window, .rules = &rules.rules, .lacks_inventory = true
	};

	(void)state;
	assert_true(certify_site(&evidence, window.first, out));
	assert_string_equal(out[CERTIFY_COVERAGE].evidence,
			    "40 of 40 expected devices have a fresh report: 100.00 %; 95 % are "
			    "needed. The site has no inventory: expected are those that enrolled, "
			    "and nobody knows whether any is missing.");
	evidence.count = &none;
	assert_false(certify_site(&evidence, window.first, out));
	assert_string_equal(out[CERTIFY_COVERAGE].evidence,
			    "No devices are expected. Import the inventory, or enrol devices.");
}

static void each_unmet_rule_alone_refuses(void **state)
{
	struct certify_rule out[CERTIFY_MAX_];
	struct window window = spring(), brief = spring();
	struct site_count good = forty(38), few = forty(37), old_browser = forty(40);
	struct site_count silent = forty(40);
	struct profile early = rules;

	(void)state;
	assert_false(certify(&few, &window, &rules, window.first, out));
	assert_false(out[CERTIFY_DEVICES].is_met);

	old_browser.browser_current = 39;
	assert_false(certify(&old_browser, &window, &rules, window.first, out));
	assert_false(out[CERTIFY_BROWSER].is_met);
	assert_true(out[CERTIFY_DEVICES].is_met);

	silent.states[STATE_NEVER_SEEN] = 3;
	assert_false(certify(&silent, &window, &rules, window.first, out));
	assert_false(out[CERTIFY_COVERAGE].is_met);

	assert_false(certify(&good, &window, &rules, window.last + 1, out));
	assert_false(out[CERTIFY_WINDOW].is_met);
	brief.last = brief.first + 7;
	assert_false(certify(&good, &brief, &rules, window.first, out));
	early.rules.latest_last_day = window.last - 1;
	assert_false(certify(&good, &window, &early, window.first, out));
	assert_false(certify(&good, NULL, NULL, window.first, out));
	assert_false(certify(&good, &window, NULL, window.first, out));
}

static void devices_that_need_no_browser_do_not_hold_a_site_back(void **state)
{
	struct certify_rule out[CERTIFY_MAX_];
	struct window window = spring();
	struct site_count with_ta = forty(40), only_ta = forty(40);

	(void)state;
	with_ta.browser_exempt = 2;
	with_ta.browser_current = 38;
	assert_true(certify(&with_ta, &window, &rules, window.first, out));
	assert_string_equal(out[CERTIFY_BROWSER].evidence,
			    "38 of 38 expected devices that need it have this year's secure "
			    "browser: 100.00 %; 100 % are needed.");
	with_ta.browser_current = 37;
	assert_false(certify(&with_ta, &window, &rules, window.first, out));

	only_ta.browser_exempt = 40;
	only_ta.browser_current = 0;
	assert_true(certify(&only_ta, &window, &rules, window.first, out));
	/* A site without devices meets no rule about them, nor this one. */
	assert_false(certify(&(struct site_count){ 0 }, &window, &rules, window.first, out));
	assert_true(out[CERTIFY_WINDOW].is_met);
	assert_false(out[CERTIFY_COVERAGE].is_met || out[CERTIFY_DEVICES].is_met ||
		     out[CERTIFY_BROWSER].is_met);
}

static void risk_grows_as_the_day_nears_and_ends_with_the_window(void **state)
{
	struct window window = spring();
	struct site_count half = forty(20);
	double far = readiness_risk(&half, &window, day("2027-01-04"));
	double near = readiness_risk(&half, &window, day("2027-03-12"));

	(void)state;
	assert_true(far > 0 && near > far);
	assert_true(readiness_risk(&half, &window, window.first) == 0.5);
	assert_true(readiness_risk(&half, &window, window.last + 1) == 0);
	assert_true(readiness_risk(&half, NULL, window.first) == 0);
}

static void the_sentence_says_verdict_numbers_and_days(void **state)
{
	struct window window = spring();
	struct site_count count = forty(34);
	char text[READINESS_TEXT_SIZE];

	(void)state;
	readiness_sentence(&count, &window, false, day("2027-03-08"), text);
	assert_string_equal(text, "Not ready to certify: 34 of 40 devices are ready, 5 weekdays "
				  "before the window.");
	readiness_overview_sentence(23, 16, text);
	assert_string_equal(text, "7 of 23 schools are not ready for their window yet.");
	readiness_overview_sentence(3, 3, text);
	assert_string_equal(text, "All schools are ready for their window.");
}

static void the_next_action_is_cut_between_characters(void **state)
{
	static const struct window window = { .profile_version = "f8aaf580",
					      .first = 10,
					      .last = 20 };
	const struct site_count count = { .states = { [STATE_NOT_READY] = 1 } };
	struct fix_work work = { .severity = SEVERITY_REQUIRED, .devices = 1, .minutes = 5 };
	const struct fix_list list = { &work, 1 };
	char long_text[1001] = "", text[READINESS_TEXT_SIZE];
	struct fix fix = { .text = long_text };

	(void)state;
	work.fix = &fix;
	/* An odd byte first, so that one of the two lengths cuts a character of two. */
	for (int odd = 0; odd < 2; odd++) {
		memset(long_text, 'x', 1);
		for (size_t i = (size_t)odd; i + 2 < sizeof(long_text); i += 2)
			memcpy(long_text + i, "\u00e9", 2);
		readiness_next_action(&count, &window, false, &list, text);
		assert_true(text_is_utf8(text, strlen(text)));
		assert_non_null(strstr(text, " 1 device, about 5 min."));
	}
}

static void the_sentence_knows_every_phase_and_one_from_many(void **state)
{
	struct window window = spring();
	struct site_count one = { 0 }, none = { 0 };
	char text[READINESS_TEXT_SIZE];

	(void)state;
	one.states[STATE_READY] = 1;
	readiness_sentence(&one, &window, true, window.first - 3, text);
	assert_string_equal(text, "Ready to certify: 1 of 1 device is ready, 1 weekday before the "
				  "window.");
	readiness_sentence(&one, &window, true, window.first, text);
	assert_string_equal(text, "Ready to certify: 1 of 1 device is ready; the window is open "
				  "until 2027-05-14.");
	readiness_sentence(&one, &window, false, window.last + 1, text);
	assert_string_equal(text, "Not ready to certify: 1 of 1 device is ready; the window was "
				  "over on 2027-05-14.");
	readiness_sentence(&none, NULL, false, window.first, text);
	assert_string_equal(text, "No devices yet; the site has no window yet.");
	readiness_overview_sentence(0, 0, text);
	assert_string_equal(text, "No schools yet.");
	readiness_overview_sentence(1, 1, text);
	assert_string_equal(text, "The school is ready for its window.");
	readiness_overview_sentence(3, 2, text);
	assert_string_equal(text, "1 of 3 schools is not ready for its window yet.");
}

static void the_next_action_is_the_first_fix_or_whoever_is_silent(void **state)
{
	static const struct fix update = { "update", "Install this year's secure browser.", 10 };
	struct fix_work work = { .fix = &update, .devices = 9, .minutes = 90 };
	const struct fix_list fixes = { .works = &work, .n_works = 1 }, no_fixes = { 0 };
	struct window window = spring();
	struct site_count count = { 0 };
	char text[READINESS_TEXT_SIZE];

	(void)state;
	readiness_next_action(&count, &window, false, &no_fixes, text);
	assert_non_null(strstr(text, "Import the inventory"));
	count.states[STATE_READY] = 4;
	readiness_next_action(&count, NULL, false, &no_fixes, text);
	assert_non_null(strstr(text, "a window"));
	readiness_next_action(&count, &window, true, &no_fixes, text);
	assert_string_equal(text, "Nothing to do: every device is ready.");
	/* Its window is too short, or new requirements are being applied. */
	readiness_next_action(&count, &window, false, &no_fixes, text);
	assert_string_equal(text, "Every device is ready; see which rule of certification is not "
				  "met.");
	readiness_next_action(&count, &window, false, &fixes, text);
	assert_string_equal(text, "Install this year's secure browser. 9 devices, about 90 min.");

	/* Of those that nobody can judge the most come first; what is recommended can wait. */
	work.severity = SEVERITY_RECOMMENDED;
	count.states[STATE_STALE] = 1;
	count.states[STATE_NEVER_SEEN] = 2;
	readiness_next_action(&count, &window, false, &fixes, text);
	assert_non_null(strstr(text, "2 devices never reported"));
	count.states[STATE_STALE] = 3;
	readiness_next_action(&count, &window, false, &fixes, text);
	assert_non_null(strstr(text, "3 devices reported too long ago"));

	/* What nobody published cannot judge, whoever reports. */
	window.profile_version = "";
	readiness_next_action(&count, &window, false, &no_fixes, text);
	assert_string_equal(text, "Publish the profile 'x' that its window names: until then "
				  "no device can be judged.");
}

static void a_report_is_fresh_for_less_time_as_the_window_nears(void **state)
{
	static const struct {
		const char *now;
		int64_t hours;
	} rows[] = {
		{ "2027-03-01", 336 }, { "2027-03-07", 336 }, { "2027-03-08", 72 },
		{ "2027-03-13", 72 },  { "2027-03-14", 24 },  { "2027-03-15", 24 },
		{ "2027-03-16", 72 },
	};
	struct window window = spring();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t now_ms = day(rows[i].now) * INT64_C(86400000) + 1000;

		assert_int_equal(now_ms - readiness_fresh_since(&rules.freshness, &window, now_ms),
				 rows[i].hours * 3600000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_share_is_rounded_down_and_has_no_value_without_a_whole),
		cmocka_unit_test(a_threshold_is_reached_exactly_or_not_at_all),
		cmocka_unit_test(stale_and_silent_devices_are_expected_but_neither_fresh_nor_ready),
		cmocka_unit_test(a_window_has_its_first_and_last_day),
		cmocka_unit_test(a_site_with_every_rule_met_is_certifiable),
		cmocka_unit_test(a_site_that_is_judged_again_is_certifiable_when_that_is_done),
		cmocka_unit_test(devices_that_are_ready_by_a_waiver_are_told),
		cmocka_unit_test(that_nobody_knows_what_is_missing_is_told),
		cmocka_unit_test(each_unmet_rule_alone_refuses),
		cmocka_unit_test(devices_that_need_no_browser_do_not_hold_a_site_back),
		cmocka_unit_test(risk_grows_as_the_day_nears_and_ends_with_the_window),
		cmocka_unit_test(the_sentence_says_verdict_numbers_and_days),
		cmocka_unit_test(the_next_action_is_cut_between_characters),
		cmocka_unit_test(the_sentence_knows_every_phase_and_one_from_many),
		cmocka_unit_test(the_next_action_is_the_first_fix_or_whoever_is_silent),
		cmocka_unit_test(a_report_is_fresh_for_less_time_as_the_window_nears),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
