/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known without being read and what is looked at, one by one.
 */
#include "tests/unit/collector/story.h"

#include "collector/store/store_rejudge.h"

static void begin(struct story *story, struct school *school)
{
	*story = (struct story){ .school = school };
	judges_done(&judges);
	school_open(school);
	school_enroll(school, SITE, &names[0], story->id);
	must(school, store_device_key(school->store, story->id, story->key_hash, &school->err));
	the_next(story);
	assert_int_equal(story->n_known, 0);
	the_next(story);
	assert_int_equal(story->n_known, 1);
}

static void a_device_that_starts_again_is_still_known(void **state)
{
	struct story story;

	begin(&story, *state);
	story.boot = 1;
	the_next(&story);
	assert_int_equal(story.n_known, 2);
	/* A boot that was there comes back behind another: that is for who looks. */
	story.boot = 0;
	the_next(&story);
	assert_int_equal(story.n_known, 2);
}

/* A number that came is answered as it was, and nothing is seen a second time. */
static void what_is_sent_again_is_looked_at(void **state)
{
	struct school *school = *state;
	struct story story;

	begin(&story, school);
	school->now_ms += HOUR_MS;
	report(&story, story.sequence, story.boot, HOUR_MS, story.key_hash);
	beat(&story, story.sequence, story.boot, HOUR_MS, NULL);
	assert_int_equal(story.n_known, 1);
	assert_int_equal(story.n_known_beats, 0);
	/* The same number observed later is another report. */
	report(&story, story.sequence, story.boot, 0, story.key_hash);
	assert_int_equal(story.n_known, 1);
}

static void what_somebody_else_changed_is_looked_at_once(void **state)
{
	static void (*const changes[])(struct story * story) = { renamed, another_key };
	struct story story;

	begin(&story, *state);
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		unsigned n_looked_at = story.n_looked_at;

		changes[i](&story);
		if (story.n_looked_at == n_looked_at)
			the_next(&story);
		assert_int_equal(story.n_looked_at, n_looked_at + 1);
		the_next(&story);
		assert_int_equal(story.n_looked_at, n_looked_at + 1);
	}
}

static void what_went_stale_is_fresh_again_without_a_look(void **state)
{
	struct story story;

	begin(&story, *state);
	story.school->now_ms += 60 * DAY_MS;
	assert_int_equal(school_sweep(story.school), 1);
	the_next(&story);
	assert_int_equal(story.n_known, 2);
	assert_int_equal(school_number(story.school, "SELECT ready FROM site_count"), 1);
}

static void what_is_older_than_it_may_be_makes_it_stale(void **state)
{
	struct story story;

	begin(&story, *state);
	story.school->now_ms += 60 * DAY_MS;
	/* Nobody looked yet who became stale. */
	report(&story, ++story.sequence, story.boot, 30 * DAY_MS, story.key_hash);
	assert_int_equal(story.n_known, 2);
	assert_int_equal(school_number(story.school, "SELECT stale FROM site_count"), 1);
}

static void what_was_seen_before_what_is_stored_is_looked_at(void **state)
{
	struct story story;

	begin(&story, *state);
	report(&story, ++story.sequence, story.boot, HOUR_MS, story.key_hash);
	assert_int_equal(story.n_known, 1);
}

static void where_the_requirements_changed_it_is_judged_by_what_is_stored(void **state)
{
	static void (*const sends[])(struct story * story) = { the_next, a_heartbeat };
	static const char *const profiles[] = { PROFILE_TWO, PROFILE_ONE };
	struct story story;

	begin(&story, *state);
	for (size_t i = 0; i < ARRAY_SIZE(sends); i++) {
		(void)school_announce(story.school, profiles[i]);
		sends[i](&story);
		assert_int_equal(story.n_known + story.n_known_beats, 2 + 2 * i);
		(void)school_judge(story.school);
		sends[i](&story);
		assert_int_equal(story.n_known + story.n_known_beats, 3 + 2 * i);
	}
}

/* A program that was updated judges the same otherwise, and a row may be of another site. */
static void what_another_judged_is_judged_by_what_is_stored(void **state)
{
	static const char *const others[] = {
		"UPDATE device SET results = 'fff'",
		"UPDATE device SET results = '', profile_id = '', profile_version = ''",
	};
	struct school *school = *state;
	struct story story;

	begin(&story, school);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		must(school, db_exec(school->store->db, others[i], NULL, &school->err, ""));
		must(school, db_exec(school->store->db, "UPDATE device SET state = 'not_ready'",
				     NULL, &school->err, ""));
		must(school,
		     db_exec(school->store->db, "UPDATE site_count SET ready = 0, not_ready = 1",
			     NULL, &school->err, ""));
		if (i == 0)
			must(school,
			     store_rejudge_put(school->store, SITE, school->now_ms, &school->err));
		the_next(&story);
		assert_int_equal(story.n_known, 2 + i);
		assert_int_equal(school_number(school, "SELECT ready FROM site_count"), 1);
		(void)school_judge(school);
	}
}

/* What stands in the store says nothing, and what the device sends does. */
static void where_its_facts_cannot_be_read_it_is_looked_at(void **state)
{
	struct school *school = *state;
	struct story story;

	begin(&story, school);
	must(school,
	     db_exec(school->store->db, "UPDATE device_facts SET body = 'unread', packed = NULL",
		     NULL, &school->err, ""));
	must(school, store_rejudge_put(school->store, SITE, school->now_ms, &school->err));
	the_next(&story);
	assert_int_equal(story.n_known, 1);
	assert_int_equal(school_number(school, "SELECT ready FROM site_count"), 1);
}

/* Its clock is ahead, so only its number tells that it is late. */
static void a_number_between_two_is_looked_at(void **state)
{
	struct story story;

	begin(&story, *state);
	story.sequence += 5;
	the_next(&story);
	assert_int_equal(story.n_known, 2);
	report(&story, story.sequence - 2, story.boot, -1, story.key_hash);
	assert_int_equal(story.n_known, 2);
}

static void a_heartbeat_that_says_another_thing_is_looked_at(void **state)
{
	static const char other[] =
		"0000000000000000000000000000000000000000000000000000000000000000";
	struct story story;

	begin(&story, *state);
	a_heartbeat(&story);
	assert_int_equal(story.n_known_beats, 1);
	story.is_silent = true;
	a_heartbeat(&story);
	assert_int_equal(story.n_known_beats, 2);

	beat(&story, ++story.sequence, story.boot, 0, other);
	assert_int_equal(story.n_known_beats, 2);
	story.is_newer = true;
	a_heartbeat(&story);
	assert_int_equal(story.n_known_beats, 2);
	a_heartbeat(&story);
	assert_int_equal(story.n_known_beats, 3);
	/* Another disk, which a person will see. */
	story.is_silent = false;
	story.machine = 1;
	a_heartbeat(&story);
	assert_int_equal(story.n_known_beats, 3);
	a_heartbeat(&story);
	assert_int_equal(story.n_known_beats, 4);
}

/* What a person's decision leaves behind; the next report is looked at for it. */
static void set_identity(struct story *story, bool accepts_any, int64_t sequence_floor)
{
	struct school *school = story->school;
	struct identity identity;

	must(school, store_identity_get(school->store, story->id, NULL, &identity, &school->err));
	identity.accepts_any = accepts_any;
	identity.sequence_floor = sequence_floor;
	must(school, store_identity_put(school->store, story->id, &identity, &school->err));
	the_next(story);
}

static void of_two_machines_that_were_accepted_everything_is_looked_at(void **state)
{
	struct story story;

	begin(&story, *state);
	set_identity(&story, true, 0);
	the_next(&story);
	a_heartbeat(&story);
	/* Boots are not compared, so nobody may note that this one was met. */
	another_boot(&story);
	assert_int_equal(story.n_known, 1);
	assert_int_equal(story.n_known_beats, 0);
}

static void what_follows_a_number_up_to_the_floor_is_looked_at(void **state)
{
	static void (*const sends[])(struct story * story) = { the_next, a_heartbeat };

	struct story story;

	begin(&story, *state);
	for (size_t i = 0; i < ARRAY_SIZE(sends); i++) {
		unsigned n_known;

		set_identity(&story, false, story.sequence + 2);
		n_known = story.n_known + story.n_known_beats;
		sends[i](&story); /* the floor itself */
		sends[i](&story); /* above it, and what is below it says nothing of boots */
		assert_int_equal(story.n_known + story.n_known_beats, n_known);
		sends[i](&story);
		assert_int_equal(story.n_known + story.n_known_beats, n_known + 1);
	}
}

static int set_up_group(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

#define school_test(f) cmocka_unit_test_setup_teardown(f, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		school_test(a_device_that_starts_again_is_still_known),
		school_test(what_is_sent_again_is_looked_at),
		school_test(what_somebody_else_changed_is_looked_at_once),
		school_test(what_went_stale_is_fresh_again_without_a_look),
		school_test(where_the_requirements_changed_it_is_judged_by_what_is_stored),
		school_test(what_another_judged_is_judged_by_what_is_stored),
		school_test(what_is_older_than_it_may_be_makes_it_stale),
		school_test(what_was_seen_before_what_is_stored_is_looked_at),
		school_test(where_its_facts_cannot_be_read_it_is_looked_at),
		school_test(a_number_between_two_is_looked_at),
		school_test(a_heartbeat_that_says_another_thing_is_looked_at),
		school_test(of_two_machines_that_were_accepted_everything_is_looked_at),
		school_test(what_follows_a_number_up_to_the_floor_is_looked_at),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
