/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device of which only facts are new: what changes no result is written without a look,
 * and leaves behind what a look would.
 */
#include "tests/unit/collector/story.h"

/* Likenesses: these have the same results, and FAILS another. */
enum { PLAIN = 0, FAILS = 1, MORE_MEMORY = 2, NEWER_BROWSER = 3 };

static void begin(struct story *story, struct school *school)
{
	*story = (struct story){ .school = school };
	judges_done(&judges);
	school_open(school);
	school_enroll(school, SITE, &names[0], story->id);
	must(school, store_device_key(school->store, story->id, story->key_hash, &school->err));
	the_next(story);
	assert_int_equal(story->n_known_facts, 0);
}

static void facts_that_change_no_result_need_no_look(void **state)
{
	struct story story;

	begin(&story, *state);
	next_of_likeness(&story, MORE_MEMORY);
	assert_int_equal(story.n_known_facts, 1);
	next_of_likeness(&story, NEWER_BROWSER);
	assert_int_equal(story.n_known_facts, 2);
	/* What it left behind is known in turn. */
	the_next(&story);
	assert_int_equal(story.n_known, 1);
	a_heartbeat(&story);
	assert_int_equal(story.n_known_beats, 1);
}

static void facts_that_change_a_result_are_looked_at(void **state)
{
	struct story story;

	begin(&story, *state);
	next_of_likeness(&story, FAILS);
	assert_int_equal(story.n_known_facts, 0);
	next_of_likeness(&story, MORE_MEMORY);
	assert_int_equal(story.n_known_facts, 0);
}

static void where_anything_else_changed_as_well_it_is_looked_at(void **state)
{
	struct story story;

	begin(&story, *state);
	story.names = 1;
	next_of_likeness(&story, MORE_MEMORY);
	story.machine = 1;
	next_of_likeness(&story, PLAIN);
	renamed(&story);
	next_of_likeness(&story, MORE_MEMORY);
	assert_int_equal(story.n_known_facts, 0);
	next_of_likeness(&story, PLAIN);
	assert_int_equal(story.n_known_facts, 1);
}

static void a_new_key_and_a_boot_that_comes_back_are_looked_at(void **state)
{
	struct story story;

	begin(&story, *state);
	another_key(&story);
	assert_true(story.next_key_hash[0]);
	memcpy(story.key_hash, story.next_key_hash, HASH_SIZE);
	next_of_likeness(&story, MORE_MEMORY);
	story.boot = 1;
	next_of_likeness(&story, PLAIN);
	assert_int_equal(story.n_known_facts, 1);
	story.boot = 0;
	next_of_likeness(&story, MORE_MEMORY);
	assert_int_equal(story.n_known_facts, 1);
}

static void what_followed_incomplete_facts_is_looked_at(void **state)
{
	struct story story;

	begin(&story, *state);
	story.is_incomplete = true;
	next_of_likeness(&story, MORE_MEMORY);
	story.is_incomplete = false;
	next_of_likeness(&story, PLAIN);
	assert_int_equal(story.n_known_facts, 0);
	next_of_likeness(&story, MORE_MEMORY);
	assert_int_equal(story.n_known_facts, 1);
}

static void time_that_passed_is_noted_with_them(void **state)
{
	struct story story;

	begin(&story, *state);
	story.school->now_ms += HOUR_MS / 2;
	next_of_likeness(&story, MORE_MEMORY);
	story.school->now_ms += 3 * HOUR_MS;
	next_of_likeness(&story, PLAIN);
	assert_int_equal(story.n_known_facts, 2);
	/* Seen before what is stored, too long ago, and of a device that is stale. */
	report(&story, ++story.sequence, story.boot, HOUR_MS, story.key_hash);
	story.school->now_ms += 60 * DAY_MS;
	story.like = MORE_MEMORY;
	report(&story, ++story.sequence, story.boot, 59 * DAY_MS, story.key_hash);
	next_of_likeness(&story, NEWER_BROWSER);
	assert_int_equal(story.n_known_facts, 2);
}

static void where_the_requirements_changed_they_are_looked_at(void **state)
{
	struct story story;

	begin(&story, *state);
	(void)school_announce(story.school, PROFILE_TWO);
	next_of_likeness(&story, MORE_MEMORY);
	(void)school_judge(story.school);
	assert_int_equal(story.n_known_facts, 0);
	next_of_likeness(&story, NEWER_BROWSER);
	assert_int_equal(story.n_known_facts, 1);
}

/* Its system leaves support before the window ends, though not before today. */
static void they_are_judged_as_of_the_last_day_of_the_window(void **state)
{
	struct story story;

	begin(&story, *state);
	school_site(story.school, SITE, "p", "2027-04-05", "2027-05-07");
	(void)school_announce(story.school, PROFILE_TWO);
	(void)school_judge(story.school);
	assert_int_equal(school_number(story.school, "SELECT not_ready FROM site_count"), 1);
	next_of_likeness(&story, MORE_MEMORY);
	assert_int_equal(story.n_known_facts, 1);
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
		school_test(facts_that_change_no_result_need_no_look),
		school_test(facts_that_change_a_result_are_looked_at),
		school_test(where_anything_else_changed_as_well_it_is_looked_at),
		school_test(a_new_key_and_a_boot_that_comes_back_are_looked_at),
		school_test(what_followed_incomplete_facts_is_looked_at),
		school_test(time_that_passed_is_noted_with_them),
		school_test(where_the_requirements_changed_they_are_looked_at),
		school_test(they_are_judged_as_of_the_last_day_of_the_window),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
