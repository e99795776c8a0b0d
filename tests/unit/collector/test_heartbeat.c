/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What heartbeats stand for, and when devices are to be heard of again.
 */
#include "tests/unit/collector/school.h"

#include <errno.h>
#include <sodium.h>

#include "collector/domain/contact.h"

static const struct device_names lab = { "lab", "", "", "" };

static struct contact_answer beat(struct school *school, const char *id, int64_t sequence,
				  int64_t age_ms, const char *facts_hash)
{
	struct heartbeat heartbeat = { .facts_hash = facts_hash };
	struct contact_answer answer;

	school_head(id, sequence, age_ms, &(struct told){ 0 }, &heartbeat.head);
	must(school, act_heartbeat(school->store, school->cache, &heartbeat, "", school->now_ms,
				   &answer, &school->err));
	return answer;
}

static void stored_hash(struct school *school, const char *id, char hash[static HASH_SIZE])
{
	struct device device;

	must(school, store_device_head(school->store, id, &device, &school->err));
	snprintf(hash, HASH_SIZE, "%s", device.facts_hash);
	device_done(&device);
}

static int64_t seen_ms(struct school *school)
{
	return school_number(school, "SELECT seen_ms FROM device");
}

static void a_heartbeat_of_known_facts_is_as_fresh_as_their_report(void **state)
{
	struct school *school = *state;
	struct contact_answer answer;
	char id[ID_SIZE], hash[HASH_SIZE];

	school_open(school);
	school_enroll(school, SITE, &lab, id);
	school_report(school, id, 1, 0, &lab, &GOOD);
	stored_hash(school, id, hash);
	school->now_ms += 11 * DAY_MS;
	school_sweep(school);
	assert_int_equal(school_number(school, "SELECT stale FROM site_count"), 1);

	answer = beat(school, id, 2, 1000, hash);
	assert_int_equal(answer.state, STATE_READY);
	assert_false(answer.wants_report);
	assert_string_equal(answer.profile_id, "p");
	assert_int_equal(seen_ms(school), school->now_ms - 1000);
	assert_int_equal(school_number(school, "SELECT ready FROM site_count"), 1);

	/* The same again changes nothing, nor does one that comes late. */
	school->now_ms += HOUR_MS;
	answer = beat(school, id, 2, 0, hash);
	assert_int_equal(answer.state, STATE_READY);
	assert_int_equal(seen_ms(school), school->now_ms - HOUR_MS - 1000);
	beat(school, id, 3, 2 * HOUR_MS, hash);
	assert_int_equal(seen_ms(school), school->now_ms - HOUR_MS - 1000);
	assert_int_equal(school_all_reports(school), 3);
}

static void a_heartbeat_of_unknown_facts_asks_for_them_and_freshens_nothing(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other[HASH_SIZE];
	struct contact_answer answer;

	hash_hex("x", 1, other);
	school_open(school);
	school_enroll(school, SITE, &lab, id);
	answer = beat(school, id, 1, 0, other);
	assert_int_equal(answer.state, STATE_NEVER_SEEN);
	assert_true(answer.wants_report);
	school_report(school, id, 2, 0, &lab, &GOOD);
	school->now_ms += HOUR_MS;
	answer = beat(school, id, 3, 0, other);
	assert_true(answer.wants_report);
	assert_int_equal(seen_ms(school), school->now_ms - HOUR_MS);
	/* Asked the same again, it says the same. */
	assert_true(beat(school, id, 3, 0, other).wants_report);
}

static void an_older_agent_names_its_facts_by_what_it_sent(void **state)
{
	struct school *school = *state;
	json_t *facts = likeness_facts(&GOOD);
	_cleanup_free_ char *text = document_canonical(facts);
	char id[ID_SIZE], sent[HASH_SIZE];
	struct report report;
	const struct delivery delivery = { &report, text, sent, "", "", NULL };
	struct contact_answer answer;

	hash_hex("as sent", 7, sent);
	school_open(school);
	school_enroll(school, SITE, &lab, id);
	school_head(id, 1, 0, &(struct told){ 0 }, &report);
	report.device = lab;
	report.facts = facts;
	must(school, act_report(school->store, school->cache, &delivery, school->now_ms, &answer,
				&school->err));
	assert_false(beat(school, id, 2, 0, sent).wants_report);
	json_decref(facts);
}

static void a_heartbeat_is_judged_by_the_profile_of_now(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], hash[HASH_SIZE];

	school_site(school, SITE, "q", "2027-04-05", "2027-04-23");
	school_enroll(school, SITE, &lab, id);
	assert_int_equal(school_report(school, id, 1, 0, &lab, &GOOD), STATE_UNKNOWN);
	stored_hash(school, id, hash);
	(void)school_announce(school, PROFILE_OTHER);
	assert_int_equal(beat(school, id, 2, 0, hash).state, STATE_NOT_READY);
}

/* The profile is the same, and yet what is stored is of another day. */
static void a_heartbeat_is_judged_for_the_last_day_of_now(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], hash[HASH_SIZE];

	(void)school_announce(school, PROFILE_TWO);
	school_site(school, SITE, "p", "2027-04-05", "2027-04-30");
	school_enroll(school, SITE, &lab, id);
	assert_int_equal(school_report(school, id, 1, 0, &lab, &GOOD), STATE_READY);
	stored_hash(school, id, hash);
	school_site(school, SITE, "p", "2027-04-05", "2027-05-07");
	assert_int_equal(beat(school, id, 2, 0, hash).state, STATE_NOT_READY);
}

static void a_heartbeat_that_nothing_judges_reads_no_facts(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], hash[HASH_SIZE];

	school_site(school, SITE, NULL, NULL, NULL);
	school_enroll(school, SITE, &lab, id);
	school_report(school, id, 1, 0, &lab, &GOOD);
	stored_hash(school, id, hash);
	/* Most of the year no site has a window: each heartbeat would parse them for nothing. */
	school_damage_facts(school, NULL);
	assert_int_equal(beat(school, id, 2, 0, hash).state, STATE_UNKNOWN);
}

/* Nothing can be said of what it names, so it is asked for, and the rest stays as it is. */
static void facts_that_cannot_be_read_are_asked_for(void **state)
{
	struct school *school = *state;
	_cleanup_(device_done) struct device device = { 0 };
	char id[ID_SIZE], hash[HASH_SIZE];
	struct contact_answer answer;
	int64_t seen_ms = school->now_ms;

	school_open(school);
	school_enroll(school, SITE, &lab, id);
	assert_int_equal(school_report(school, id, 1, 0, &lab, &GOOD), STATE_READY);
	stored_hash(school, id, hash);
	(void)school_announce(school, PROFILE_TWO);
	school_damage_facts(school, id);
	school->now_ms += 1000;
	answer = beat(school, id, 2, 0, hash);
	assert_true(answer.wants_report);
	must(school, store_device_head(school->store, id, &device, &school->err));
	assert_int_equal(device.seen_ms, seen_ms);
}

static void devices_come_hourly_in_season_and_daily_else(void **state)
{
	static const struct window window = { .first = 100, .last = 120 };
	static const struct {
		int32_t today;
		int64_t period_s;
	} rows[] = {
		{ 50, 86400 }, { 96, 86400 },  { 97, 3600 },   { 100, 3600 },
		{ 120, 3600 }, { 121, 86400 }, { 500, 86400 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(contact_next(&window, rows[i].today, 0).period_s,
				 rows[i].period_s);
	assert_int_equal(contact_next(NULL, 100, 0).period_s, 86400);
	assert_int_equal(contact_next(NULL, 0, 0).spread_s, 60);
	assert_int_equal(contact_next(NULL, 0, 1525).spread_s, 61);
	assert_int_equal(contact_next(NULL, 0, 100000).spread_s, 4000);
}

static int set_up_group(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_heartbeat_of_known_facts_is_as_fresh_as_their_report),
		test(a_heartbeat_of_unknown_facts_asks_for_them_and_freshens_nothing),
		test(an_older_agent_names_its_facts_by_what_it_sent),
		test(a_heartbeat_is_judged_by_the_profile_of_now),
		test(a_heartbeat_is_judged_for_the_last_day_of_now),
		test(a_heartbeat_that_nothing_judges_reads_no_facts),
		test(facts_that_cannot_be_read_are_asked_for),
		cmocka_unit_test(devices_come_hourly_in_season_and_daily_else),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
