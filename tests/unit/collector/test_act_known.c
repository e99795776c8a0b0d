/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports that are taken in without being read: that they leave behind what they would
 * have if they were, to the last column of the last table.
 */
#include "tests/unit/collector/school.h"

#include <sodium.h>

#include "collector/act/act_known.h"
#include "collector/store/store_conflict.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_known.h"
#include "collector/store/store_rejudge.h"
#include "tests/unit/collector/random_check.h"

enum { SEQUENCES = 6, STEPS = 100 };

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
	unsigned n_known, n_looked_at;
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

static void whole(struct story *story, const struct delivery *delivery,
		  struct contact_answer *ret_answer)
{
	must(story->school, act_report(story->school->store, story->school->cache, delivery,
				       story->school->now_ms, ret_answer, &story->school->err));
}

static bool known(struct story *story, const struct delivery *delivery,
		  struct contact_answer *ret_answer)
{
	struct school *school = story->school;
	const struct moment moment = { school->store, school->cache, school->now_ms };
	struct report head = *delivery->report;
	const struct known_delivery told = { &head, delivery->contents, delivery->key_hash };
	struct judges judges = { 0 };
	int r;

	/* All that is read of it. */
	head.agent_version = NULL;
	head.device = (struct device_names){ 0 };
	head.fingerprint = (struct fingerprint){ 0 };
	head.has_fingerprint = false;
	head.facts = NULL;
	r = act_known(&judges, &moment, &told, ret_answer, &school->err);
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

static void compare(struct story *story, const struct delivery *delivery)
{
	struct school *school = story->school;
	_cleanup_free_ char *before = print_store(school), *one = NULL, *other = NULL;
	struct contact_answer short_answer = { 0 }, answer = { 0 };
	bool is_known;

	must(school, store_begin(school->store, &school->err));
	is_known = known(story, delivery, &short_answer);
	one = print_store(school);
	store_rollback(school->store);
	whole(story, delivery, &answer);
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
	story->n_known++;
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
	const struct delivery delivery = { &report, text, "", key_hash, contents };

	hash_hex(bytes, strlen(bytes), contents);
	school_head(story->id, sequence, age_ms, &(struct told){ .boot_id = boots[boot] }, &report);
	/* Where the age is not known, the clock is ahead of ours. */
	report.observed_ms = story->school->now_ms + (age_ms < 0 ? HOUR_MS : -age_ms);
	report.device = names[story->names];
	report.facts = facts;
	fill_fingerprint(story, &report);
	compare(story, &delivery);
	json_decref(facts);
}

/* --- what happens --------------------------------------------------------------------------- */

static void the_next(struct story *story)
{
	report(story, ++story->sequence, story->boot, 0, story->key_hash);
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
		the_next,     the_next,     the_next,  the_next,    the_next,     the_next,
		a_gap,        the_next,     the_next,  the_next,    the_next,     the_next,
		another_boot, changed,      published, time_passes, the_next,     renamed,
		another_key,  its_next_key, decided,   decided,     out_of_order,
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
		for (size_t step = 0; step < STEPS; step++)
			happen(&story, PICK(events));
	}
	print_message("%u reports were known, %u were looked at\n", story.n_known,
		      story.n_looked_at);
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
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
