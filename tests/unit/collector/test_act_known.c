/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports and heartbeats that are taken in without being read: that they leave behind what
 * they would have if they were, to the last column of the last table.
 */
#include "tests/unit/collector/school.h"

#include <sodium.h>

#include "collector/act/act_known.h"
#include "collector/store/store_conflict.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_known.h"
#include "collector/store/store_rejudge.h"
#include "tests/unit/collector/random_check.h"

enum { SEQUENCES = 16, STEPS = 40 };

static const char boots[][REPORT_BOOT_ID_SIZE] = {
	"00000000-0000-4000-8000-00000000000a",
	"00000000-0000-4000-8000-00000000000b",
	"00000000-0000-4000-8000-00000000000c",
	"00000000-0000-4000-8000-00000000000d",
};

/* A device and whoever else has its key. */
struct story {
	struct school *school;
	char id[ID_SIZE];
	char key_hash[HASH_SIZE];
	char next_key_hash[HASH_SIZE]; /* "": none was given */
	int64_t sequence;
	size_t boot, machine, like, names;
	bool is_newer, is_silent; /* in its heartbeats: another version, no fingerprint */
	unsigned n_known, n_looked_at, n_known_beats;
};

/* --- the whole store as text ------------------------------------------------------------ */

static void print_table(struct school *school, const char *table, FILE *out)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	_cleanup_(db_rows_closep) struct db_rows *columns = NULL;
	_cleanup_free_ char *sql = xasprintf("SELECT * FROM %s ORDER BY 1, 2", table);
	_cleanup_free_ char *of = xasprintf("SELECT name FROM pragma_table_info('%s')", table);
	int n = 0, r;

	must(school, db_query(school->store->db, of, &columns, &school->err, ""));
	while (db_next(columns, &school->err) > 0)
		n++;
	must(school, db_query(school->store->db, sql, &rows, &school->err, ""));
	while ((r = db_next(rows, &school->err)) > 0) {
		fprintf(out, "\n%s:", table);
		for (int i = 0; i < n; i++) {
			size_t size;
			const unsigned char *bytes = db_bytes(rows, i, &size);

			fputs(db_is_null(rows, i) ? " null" : " '", out);
			for (size_t at = 0; at < size; at++)
				fprintf(out, bytes[at] < 0x7f && bytes[at] >= ' ' ? "%c" : "%02x",
					bytes[at]);
			fputs("'", out);
		}
	}
	must(school, r);
}

static char *print_store(struct school *school)
{
	static const char *const tables[] = {
		"device",       "device_facts", "device_identity", "device_mark",
		"device_note",  "conflict",     "conflict_act",    "transition",
		"site_pattern", "site_count",   "rejudge",
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		print_table(school, tables[i], out);
	fclose(out);
	return text;
}

/* --- reports, both ways ------------------------------------------------------------------- */

static const struct likeness likes[] = {
	{ "14.1", 8192, true },
	{ "13.0", 8192, false },
};
static const struct device_names names[] = { { "lab", "S1", "", "M" }, { "lab-2", "", "A2", "" } };

static void fill_fingerprint(const struct story *story, struct report *report)
{
	static const char *const boards[] = { "b1", "b1", "b2" }, *const disks[] = { "d1", "d2",
										     "d3" };

	report->has_fingerprint = true;
	fingerprint_add(&report->fingerprint, FINGERPRINT_BOARD_SERIAL, true,
			boards[story->machine]);
	fingerprint_add(&report->fingerprint, FINGERPRINT_DISK_SERIAL, true, disks[story->machine]);
	fingerprint_add(&report->fingerprint, FINGERPRINT_MAC, true, "m1");
}

/* One of the two. */
struct visit {
	const struct delivery *delivery;
	const struct heartbeat *heartbeat;
	const char *key_hash;
};

static void whole(struct story *story, const struct visit *visit, struct contact_answer *ret_answer)
{
	struct school *school = story->school;

	if (visit->heartbeat)
		must(school,
		     act_heartbeat(school->store, school->cache, visit->heartbeat, visit->key_hash,
				   school->now_ms, ret_answer, &school->err));
	else
		must(school, act_report(school->store, school->cache, visit->delivery,
					school->now_ms, ret_answer, &school->err));
}

static int known_report(struct judges *judges, const struct moment *moment,
			const struct delivery *delivery, struct contact_answer *ret_answer,
			struct err *err)
{
	struct report head = *delivery->report;
	const struct known_delivery told = { &head, delivery->contents, delivery->key_hash };

	/* All that is read of it. */
	head.agent_version = NULL;
	head.device = (struct device_names){ 0 };
	head.fingerprint = (struct fingerprint){ 0 };
	head.has_fingerprint = false;
	head.facts = NULL;
	return act_known(judges, moment, &told, ret_answer, err);
}

static bool known(struct story *story, const struct visit *visit, struct contact_answer *ret_answer)
{
	struct school *school = story->school;
	const struct moment moment = { school->store, school->cache, school->now_ms };
	struct judges judges = { 0 };
	int r = visit->heartbeat
			? act_known_heartbeat(&judges, &moment, visit->heartbeat, visit->key_hash,
					      ret_answer, &school->err)
			: known_report(&judges, &moment, visit->delivery, ret_answer, &school->err);

	must(school, r);
	judges_done(&judges);
	return r > 0;
}

static void expect_same_answer(const struct contact_answer *a, const struct contact_answer *b)
{
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->was_there, b->was_there);
	assert_int_equal(a->wants_report, b->wants_report);
	assert_int_equal(a->is_suspected, b->is_suspected);
	assert_int_equal(a->period_s, b->period_s);
	assert_string_equal(a->profile_id, b->profile_id);
	assert_string_equal(a->profile_version, b->profile_version);
	assert_int_equal(a->judged_for, b->judged_for);
}

static void compare(struct story *story, const struct visit *visit)
{
	struct school *school = story->school;
	_cleanup_free_ char *before = print_store(school), *one = NULL, *other = NULL;
	struct contact_answer short_answer = { 0 }, answer = { 0 };
	bool is_known;

	must(school, store_begin(school->store, &school->err));
	is_known = known(story, visit, &short_answer);
	one = print_store(school);
	store_rollback(school->store);
	whole(story, visit, &answer);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device WHERE "
					       "seen_hour IS NOT seen_ms / 3600000"),
			 0);
	if (!is_known) {
		assert_string_equal(one, before);
		story->n_looked_at++;
		return;
	}
	other = print_store(school);
	assert_string_equal(one, other);
	expect_same_answer(&short_answer, &answer);
	story->n_known += !visit->heartbeat;
	story->n_known_beats += visit->heartbeat != NULL;
}

/* What a device sends whose key, numbers and likeness are those of @story. */
static void report(struct story *story, int64_t sequence, size_t boot, int64_t age_ms,
		   const char *key_hash)
{
	json_t *facts = likeness_facts(&likes[story->like]);
	_cleanup_free_ char *text = document_canonical(facts);
	_cleanup_free_ char *bytes =
		xasprintf("%zu %zu %zu", story->like, story->names, story->machine);
	char contents[HASH_SIZE];
	struct report report;
	const struct delivery delivery = { &report, text, "", key_hash, contents, NULL };

	hash_hex(bytes, strlen(bytes), contents);
	school_head(story->id, sequence, age_ms, &(struct told){ .boot_id = boots[boot] }, &report);
	/* Where the age is not known, the clock is ahead of ours. */
	report.observed_ms = story->school->now_ms + (age_ms < 0 ? HOUR_MS : -age_ms);
	report.device = names[story->names];
	report.facts = facts;
	fill_fingerprint(story, &report);
	compare(story, &(struct visit){ .delivery = &delivery });
	json_decref(facts);
}

/* What its heartbeat says, of its facts or of @facts_hash. */
static void beat(struct story *story, int64_t sequence, size_t boot, int64_t age_ms,
		 const char *facts_hash)
{
	json_t *facts = likeness_facts(&likes[story->like]);
	_cleanup_free_ char *text = document_canonical(facts);
	char hash[HASH_SIZE];
	struct heartbeat heartbeat = { .facts_hash = facts_hash ? facts_hash : hash };
	struct report *head = &heartbeat.head;

	hash_hex(text, strlen(text), hash);
	json_decref(facts);
	school_head(story->id, sequence, age_ms, &(struct told){ .boot_id = boots[boot] }, head);
	head->observed_ms = story->school->now_ms + (age_ms < 0 ? HOUR_MS : -age_ms);
	head->agent_version = story->is_newer ? "1.1" : "1.0";
	if (!story->is_silent)
		fill_fingerprint(story, head);
	compare(story, &(struct visit){ .heartbeat = &heartbeat, .key_hash = story->key_hash });
}

/* --- what happens --------------------------------------------------------------------------- */

static void the_next(struct story *story)
{
	report(story, ++story->sequence, story->boot, 0, story->key_hash);
}

static void a_heartbeat(struct story *story)
{
	beat(story, ++story->sequence, story->boot, 0, NULL);
}

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

static void another_boot(struct story *story)
{
	story->boot = random_below(ARRAY_SIZE(boots));
	the_next(story);
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

static void time_passes(struct story *story)
{
	story->school->now_ms += (int64_t)random_below(12) * 12 * HOUR_MS;
	(void)school_sweep(story->school);
}

static void published(struct story *story)
{
	(void)school_announce(story->school, random_below(2) ? PROFILE_ONE : PROFILE_TWO);
	if (random_below(2))
		(void)school_judge(story->school);
}

static void renamed(struct story *story)
{
	struct school *school = story->school;
	_cleanup_(device_done) struct device before = { 0 }, after = { 0 };

	must(school, store_device_head(school->store, story->id, &before, &school->err));
	device_copy(&before, &after);
	device_set(&after.host_name, "by-hand");
	device_set(&after.serial, "by-hand");
	must(school, store_device_update(school->store, &before, &after, &school->err));
}

static void another_key(struct story *story)
{
	struct school *school = story->school;
	char key[SECRET_SIZE];

	if (act_device_key(school->store, story->id, story->key_hash, school->now_ms, key,
			   &school->err) < 0)
		return;
	hash_hex(key, strlen(key), story->next_key_hash);
	the_next(story);
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
		a_heartbeat_out_of_order,
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
	print_message("%u reports and %u heartbeats were known, %u were looked at\n", story.n_known,
		      story.n_known_beats, story.n_looked_at);
	assert_true(story.n_known_beats > SEQUENCES * STEPS / 40);
	assert_true(story.n_known > SEQUENCES * STEPS / 20);
	assert_true(story.n_looked_at > SEQUENCES * STEPS / 20);
}

/* --- one by one ------------------------------------------------------------------------------ */

static void begin(struct story *story, struct school *school)
{
	*story = (struct story){ .school = school };
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

static void what_went_stale_is_looked_at(void **state)
{
	struct story story;

	begin(&story, *state);
	story.school->now_ms += 60 * DAY_MS;
	assert_int_equal(school_sweep(story.school), 1);
	the_next(&story);
	assert_int_equal(story.n_known, 1);
	the_next(&story);
	assert_int_equal(story.n_known, 2);
}

static void where_the_requirements_changed_it_is_judged(void **state)
{
	struct story story;

	begin(&story, *state);
	(void)school_announce(story.school, PROFILE_TWO);
	the_next(&story);
	assert_int_equal(story.n_known, 1);
	(void)school_judge(story.school);
	the_next(&story);
	assert_int_equal(story.n_known, 2);
}

static void where_the_judge_changed_it_is_judged(void **state)
{
	struct story story;

	begin(&story, *state);
	must(story.school, store_rejudge_put(story.school->store, SITE, story.school->now_ms,
					     &story.school->err));
	the_next(&story);
	assert_int_equal(story.n_known, 1);
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
		school_test(what_is_known_leaves_behind_what_it_would_if_it_were_read),
		school_test(a_device_that_starts_again_is_still_known),
		school_test(what_somebody_else_changed_is_looked_at_once),
		school_test(what_went_stale_is_looked_at),
		school_test(where_the_requirements_changed_it_is_judged),
		school_test(where_the_judge_changed_it_is_judged),
		school_test(a_number_between_two_is_looked_at),
		school_test(a_heartbeat_that_says_another_thing_is_looked_at),
		school_test(of_two_machines_that_were_accepted_everything_is_looked_at),
		school_test(what_follows_a_number_up_to_the_floor_is_looked_at),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
