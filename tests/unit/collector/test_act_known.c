/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random streams of reports and heartbeats that are taken in without being read, while all
 * else happens that changes a row.
 */
#include "tests/unit/collector/story.h"

enum { SEQUENCES = 16, STEPS = 40 };

/* --- what happens --------------------------------------------------------------------------- */

static void heartbeats_change(struct story *story)
{
	size_t like = story->like;

	story->is_newer = random_below(4) == 0;
	story->is_silent = random_below(2);
	story->like = random_below(ARRAY_SIZE(likes));
	if (random_below(8) == 0)
		story->machine = random_below(3);
	a_heartbeat(story);
	story->like = like;
}

static void a_heartbeat_out_of_order(struct story *story)
{
	int64_t back = (int64_t)random_below(20);

	beat(story, story->sequence > back ? story->sequence - back : 1,
	     random_below(ARRAY_SIZE(boots)), (int64_t)random_below(3) * HOUR_MS - 1, NULL);
}

static void out_of_order(struct story *story)
{
	int64_t back = (int64_t)random_below(20);

	report(story, story->sequence > back ? story->sequence - back : 1,
	       random_below(ARRAY_SIZE(boots)), (int64_t)random_below(3) * HOUR_MS - 1,
	       story->key_hash);
}

static void a_gap(struct story *story)
{
	story->sequence += (int64_t)random_below(5);
	the_next(story);
}

static void changed(struct story *story)
{
	story->like = random_below(ARRAY_SIZE(likes));
	story->names = random_below(ARRAY_SIZE(names));
	if (random_below(4) == 0)
		story->machine = random_below(3);
	the_next(story);
}

static void only_its_facts_change(struct story *story)
{
	next_of_likeness(story, random_below(ARRAY_SIZE(likes)));
}

static void time_passes(struct story *story)
{
	story->school->now_ms += (int64_t)random_below(12) * 12 * HOUR_MS;
	(void)school_sweep(story->school);
}

/* Some of the school are judged, and others not yet. */
static void some_are_judged(struct story *story)
{
	static const struct rejudge_budget one = { .us = 0, .devices = 1 };
	struct school *school = story->school;
	int64_t n_judged;

	must(school, act_rejudge(school->store, school->cache, school->now_ms, &one, &n_judged,
				 &school->err));
}

static void the_window_moves(struct story *story)
{
	school_site(story->school, SITE, "p", "2027-04-05",
		    random_below(2) ? "2027-04-23" : "2027-05-07");
}

static void published(struct story *story)
{
	(void)school_announce(story->school, random_below(2) ? PROFILE_ONE : PROFILE_TWO);
	if (random_below(2))
		(void)school_judge(story->school);
}

static void its_next_key(struct story *story)
{
	if (!story->next_key_hash[0])
		return;
	report(story, ++story->sequence, story->boot, 0, story->next_key_hash);
	memcpy(story->key_hash, story->next_key_hash, HASH_SIZE);
}

static void decided(struct story *story)
{
	struct school *school = story->school;
	char id[ID_SIZE];
	const struct decision decision = { id,
					   (enum conflict_resolution)random_below(RESOLUTION_MAX_),
					   "ann" };

	must(school, store_begin(school->store, &school->err));
	/* Undone before it was decided, and the like, is refused. */
	if (store_conflict_newest(school->store, story->id, id, &school->err) > 0 &&
	    act_conflict_decide(school->store, school->cache, &decision, school->now_ms,
				&school->err) >= 0)
		must(school, store_commit(school->store, &school->err));
	else
		store_rollback(school->store);
}

static void happen(struct story *story, void (*what)(struct story *story))
{
	story->school->now_ms += 1000;
	what(story);
}

static void what_is_known_leaves_behind_what_it_would_if_it_were_read(void **state)
{
	static void (*const events[])(struct story * story) = {
		the_next,
		the_next,
		the_next,
		the_next,
		the_next,
		the_next,
		a_gap,
		the_next,
		the_next,
		the_next,
		the_next,
		the_next,
		another_boot,
		changed,
		published,
		time_passes,
		the_next,
		renamed,
		another_key,
		its_next_key,
		decided,
		decided,
		out_of_order,
		a_heartbeat,
		a_heartbeat,
		a_heartbeat,
		a_heartbeat,
		a_heartbeat,
		a_heartbeat,
		heartbeats_change,
		some_are_judged,
		the_window_moves,
		a_heartbeat_out_of_order,
		only_its_facts_change,
		only_its_facts_change,
		only_its_facts_change,
		only_its_facts_change,
		only_its_facts_change,
		only_its_facts_change,
	};
	struct story story = { .school = *state };

	school_open(story.school);
	for (size_t i = 0; i < SEQUENCES; i++) {
		school_enroll(story.school, SITE, &names[0], story.id);
		must(story.school, store_device_key(story.school->store, story.id, story.key_hash,
						    &story.school->err));
		story.next_key_hash[0] = '\0';
		story.sequence = 0;
		story.boot = story.machine = story.like = story.names = 0;
		story.is_newer = story.is_silent = false;
		for (size_t step = 0; step < STEPS; step++)
			happen(&story, PICK(events));
	}
	print_message("%u reports, %u but for their facts and %u heartbeats were known, %u were "
		      "looked at\n",
		      story.n_known, story.n_known_facts, story.n_known_beats, story.n_looked_at);
	assert_true(story.n_known_facts > 0);
	assert_true(story.n_known_beats > SEQUENCES * STEPS / 40);
	assert_true(story.n_known > SEQUENCES * STEPS / 20);
	assert_true(story.n_looked_at > SEQUENCES * STEPS / 20);
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
		school_test(what_is_known_leaves_behind_what_it_would_if_it_were_read),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
