/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One key and two machines: what is found out, what is not to be, and how it ends.
 */
#include "tests/unit/collector/school.h"

#include <errno.h>
#include <sodium.h>

#include "collector/act/suspect.h"
#include "collector/store/store_conflict.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_report.h"

#define BOOT_A "00000000-0000-4000-8000-00000000000a"
#define BOOT_B "00000000-0000-4000-8000-00000000000b"
#define BOOT_C "00000000-0000-4000-8000-00000000000c"

/* A machine by its board, disk and network card; "" is one that it does not tell. */
static struct fingerprint machine(const char *board, const char *disk, const char *mac)
{
	struct fingerprint fingerprint = { 0 };

	fingerprint_add(&fingerprint, FINGERPRINT_BOARD_SERIAL, true, board);
	fingerprint_add(&fingerprint, FINGERPRINT_DISK_SERIAL, true, disk);
	fingerprint_add(&fingerprint, FINGERPRINT_MAC, true, mac);
	return fingerprint;
}

static const struct device_names lab = { "lab", "", "", "" };

static enum device_state report_of(struct school *school, const char *id, const char *boot_id,
				   int64_t sequence, const struct fingerprint *fingerprint)
{
	const struct told told = { .boot_id = boot_id, .fingerprint = fingerprint };
	struct contact_answer answer;

	school->now_ms += 1000;
	return school_tell(school, id, sequence, 0, &told, &GOOD, &answer);
}

static void open_with_device(struct school *school, char id[static ID_SIZE])
{
	school_open(school);
	school_enroll(school, SITE, &lab, id);
}

static int64_t n_open(struct school *school)
{
	return school_number(school, "SELECT count(*) FROM conflict WHERE resolution = ''");
}

static void newest_conflict(struct school *school, const char *device_id, struct conflict *conflict)
{
	char id[ID_SIZE];

	assert_int_equal(store_conflict_newest(school->store, device_id, id, &school->err), 1);
	must(school, store_conflict_get(school->store, id, conflict, &school->err));
}

static int decide(struct school *school, const char *conflict_id,
		  enum conflict_resolution resolution, const char *who)
{
	const struct decision decision = { conflict_id, resolution, who };

	return act_conflict_decide(school->store, school->cache, &decision, school->now_ms,
				   &school->err);
}

static void resolve(struct school *school, const char *device_id,
		    enum conflict_resolution resolution)
{
	_cleanup_(conflict_done) struct conflict conflict = { 0 };

	newest_conflict(school, device_id, &conflict);
	must(school, decide(school, conflict.id, resolution, "ann"));
}

static void undo(struct school *school, const char *device_id)
{
	_cleanup_(conflict_done) struct conflict conflict = { 0 };

	newest_conflict(school, device_id, &conflict);
	must(school, decide(school, conflict.id, RESOLUTION_NONE, "ben"));
}

static void expect_counts(struct school *school, int64_t ready, int64_t conflict,
			  int64_t never_seen)
{
	assert_int_equal(school_number(school, "SELECT ready FROM site_count"), ready);
	assert_int_equal(school_number(school, "SELECT conflict FROM site_count"), conflict);
	assert_int_equal(school_number(school, "SELECT never_seen FROM site_count"), never_seen);
	/* And the patterns, which the rooms are counted by, say the same. */
	assert_int_equal(school_number(school, "SELECT COALESCE(sum(n), 0) FROM site_pattern "
					       "WHERE state = 'ready'"),
			 ready);
}

/* --- fingerprints -------------------------------------------------------------------- */

static void two_fingerprints_on_one_key_are_a_conflict_that_counts_nobody_ready(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1", "m1"), other = machine("b2", "d2", "m1");
	_cleanup_(conflict_done) struct conflict conflict = { 0 };
	char id[ID_SIZE];

	open_with_device(school, id);
	assert_int_equal(report_of(school, id, BOOT_A, 1, &one), STATE_READY);
	expect_counts(school, 1, 0, 0);
	assert_int_equal(report_of(school, id, BOOT_A, 2, &other), STATE_CONFLICT);
	expect_counts(school, 0, 1, 0);
	assert_int_equal(school_number(school, "SELECT browser_current FROM site_count"), 0);

	newest_conflict(school, id, &conflict);
	assert_int_equal(conflict.kind, CONFLICT_FINGERPRINT);
	assert_non_null(strstr(conflict.explanation, "One key is used by two machines"));
	assert_non_null(strstr(conflict.explanation, "board_serial, disk_serial"));

	/* Reports of both are kept, and it stays one conflict. */
	assert_int_equal(report_of(school, id, BOOT_A, 3, &one), STATE_CONFLICT);
	assert_int_equal(report_of(school, id, BOOT_A, 4, &other), STATE_CONFLICT);
	assert_int_equal(school_all_reports(school), 4);
	assert_int_equal(n_open(school), 1);
	/* Neither age nor a sweep makes it anything else. */
	school->now_ms += 100 * DAY_MS;
	school_sweep(school);
	expect_counts(school, 0, 1, 0);
}

static void a_repaired_device_stays_itself_and_is_noted(void **state)
{
	struct school *school = *state;
	const struct fingerprint steps[] = {
		machine("b1", "d1", "m1"), machine("b1", "d2", "m1"), /* a new disk */
		machine("b2", "d2", "m1"),                            /* then a new board */
	};
	struct identity identity;
	char id[ID_SIZE];

	open_with_device(school, id);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		assert_int_equal(report_of(school, id, BOOT_A, (int64_t)i + 1, &steps[i]),
				 STATE_READY);
	must(school, store_identity_get(school->store, id, NULL, &identity, &school->err));
	assert_int_equal(fingerprint_compare(&identity.fingerprint, &steps[2]), FINGERPRINT_SAME);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device_note WHERE "
					       "body LIKE 'It was repaired:%changed.'"),
			 2);
	assert_int_equal(n_open(school), 0);
}

static void what_a_report_does_not_tell_today_stays_known(void **state)
{
	struct school *school = *state;
	const struct fingerprint whole = machine("b1", "d1", "m1"), part = machine("", "", "m1"),
				 none = { 0 }, other = machine("b2", "d2", "m2");
	char id[ID_SIZE];

	open_with_device(school, id);
	assert_int_equal(report_of(school, id, BOOT_A, 1, &whole), STATE_READY);
	assert_int_equal(report_of(school, id, BOOT_A, 2, &part), STATE_READY);
	assert_int_equal(report_of(school, id, BOOT_A, 3, &none), STATE_READY);
	assert_int_equal(report_of(school, id, BOOT_A, 4, NULL), STATE_READY);
	assert_int_equal(report_of(school, id, BOOT_A, 5, &other), STATE_CONFLICT);
}

static void without_a_value_in_common_nothing_is_concluded_nor_learnt(void **state)
{
	struct school *school = *state;
	const struct fingerprint board = machine("b1", "", ""), disk = machine("", "d9", ""),
				 other = machine("b1", "d1", "");
	char id[ID_SIZE];

	open_with_device(school, id);
	report_of(school, id, BOOT_A, 1, &board);
	assert_int_equal(report_of(school, id, BOOT_A, 2, &disk), STATE_READY);
	/* Had the disk been learnt, this would be a repair, and be noted. */
	assert_int_equal(report_of(school, id, BOOT_A, 3, &other), STATE_READY);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device_note"), 0);
}

static void a_late_report_of_before_a_repair_does_not_undo_it(void **state)
{
	struct school *school = *state;
	const struct fingerprint old = machine("b1", "d1", "m1"), now = machine("b1", "d2", "m1");
	const struct told late = { .boot_id = BOOT_A, .fingerprint = &old };
	struct contact_answer answer;
	struct identity identity;
	char id[ID_SIZE];

	open_with_device(school, id);
	report_of(school, id, BOOT_A, 1, &old);
	report_of(school, id, BOOT_B, 3, &now);
	school_tell(school, id, 2, HOUR_MS, &late, &GOOD, &answer);
	assert_int_equal(answer.state, STATE_READY);
	must(school, store_identity_get(school->store, id, NULL, &identity, &school->err));
	assert_int_equal(fingerprint_compare(&identity.fingerprint, &now), FINGERPRINT_SAME);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device_note"), 1);
}

/* --- boots ----------------------------------------------------------------------------- */

struct step {
	const char *boot_id;
	int64_t sequence;
};

/* Whether the reports, as they come, are of more than one machine. */
static bool is_found_out(struct school *school, const struct step *steps, size_t n)
{
	char id[ID_SIZE];
	enum device_state end = STATE_READY;

	school_enroll(school, SITE, &lab, id);
	for (size_t i = 0; i < n; i++)
		end = report_of(school, id, steps[i].boot_id, steps[i].sequence, NULL);
	return end == STATE_CONFLICT;
}

static void boots_that_lie_across_each_other_are_two_machines(void **state)
{
	/* clang-format off */
	static const struct {
		const char *what;
		bool is_found_out;
		struct step steps[6];
		size_t n;
	} rows[] = {
		{ "one boot after the other", false,
		  { { BOOT_A, 1 }, { BOOT_A, 2 }, { BOOT_B, 3 }, { BOOT_B, 4 }, { BOOT_C, 5 } }, 5 },
		{ "what an older boot left is delivered late", false,
		  { { BOOT_B, 5 }, { BOOT_A, 2 }, { BOOT_A, 4 }, { BOOT_A, 3 }, { BOOT_B, 6 } }, 5 },
		{ "two older boots are delivered late, the newest first", false,
		  { { BOOT_C, 9 }, { BOOT_B, 6 }, { BOOT_A, 2 }, { BOOT_B, 5 }, { BOOT_A, 3 } }, 5 },
		{ "numbers are left out", false,
		  { { BOOT_A, 1 }, { BOOT_A, 9 }, { BOOT_B, 20 }, { BOOT_A, 12 } }, 4 },
		{ "the same report again", false,
		  { { BOOT_A, 1 }, { BOOT_A, 1 }, { BOOT_B, 2 }, { BOOT_A, 1 } }, 4 },
		{ "two with the same number", true,
		  { { BOOT_A, 1 }, { BOOT_A, 2 }, { BOOT_B, 2 } }, 3 },
		{ "one between two of another", true,
		  { { BOOT_A, 1 }, { BOOT_A, 3 }, { BOOT_B, 2 } }, 3 },
		{ "in turns", true,
		  { { BOOT_A, 1 }, { BOOT_B, 2 }, { BOOT_A, 3 } }, 3 },
		{ "in turns, and late", true,
		  { { BOOT_A, 5 }, { BOOT_B, 4 }, { BOOT_A, 3 } }, 3 },
		{ "a boot that was before comes after two others", true,
		  { { BOOT_A, 1 }, { BOOT_B, 2 }, { BOOT_C, 3 }, { BOOT_A, 4 } }, 4 },
	};
	/* clang-format on */
	struct school *school = *state;

	school_open(school);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (is_found_out(school, rows[i].steps, rows[i].n) != rows[i].is_found_out)
			fail_msg("%s", rows[i].what);
	}
	assert_int_equal(school_number(school, "SELECT conflict FROM site_count"), 5);
}

static void a_number_that_is_there_twice_in_one_boot_is_two_machines(void **state)
{
	struct school *school = *state;
	struct heartbeat heartbeat = { .facts_hash = "" };
	struct contact_answer answer;
	char id[ID_SIZE];

	open_with_device(school, id);
	report_of(school, id, BOOT_A, 1, NULL);
	/* A virtual machine that was copied while it ran: the same boot, and its own time. */
	school_head(id, 1, 0, &(struct told){ .boot_id = BOOT_A }, &heartbeat.head);
	heartbeat.head.observed_ms++;
	must(school, act_heartbeat(school->store, school->cache, &heartbeat, "", school->now_ms,
				   &answer, &school->err));
	assert_int_equal(answer.state, STATE_CONFLICT);
	expect_counts(school, 0, 1, 0);
	assert_int_equal(school_all_reports(school), 1);
	/* The first one comes again, and is answered as it was. */
	assert_int_equal(report_of(school, id, BOOT_A, 1, NULL), STATE_READY);
	assert_int_equal(n_open(school), 1);
}

static void a_heartbeat_is_looked_at_as_a_report_is(void **state)
{
	struct school *school = *state;
	struct heartbeat heartbeat = { .facts_hash = "" };
	struct contact_answer answer;
	char id[ID_SIZE];

	open_with_device(school, id);
	report_of(school, id, BOOT_A, 1, NULL);
	school_head(id, 1, 0, &(struct told){ .boot_id = BOOT_B }, &heartbeat.head);
	must(school, act_heartbeat(school->store, school->cache, &heartbeat, "", school->now_ms,
				   &answer, &school->err));
	assert_int_equal(answer.state, STATE_CONFLICT);
	assert_true(answer.is_suspected);
	expect_counts(school, 0, 1, 0);
}

/* --- resolutions ------------------------------------------------------------------------ */

static void make_conflict(struct school *school, char id[static ID_SIZE])
{
	const struct fingerprint one = machine("b1", "d1", "m1"), other = machine("b2", "d2", "m2");

	report_of(school, id, BOOT_A, 1, &one);
	assert_int_equal(report_of(school, id, BOOT_B, 2, &other), STATE_CONFLICT);
}

static void two_devices_ends_the_key_and_its_undo_brings_it_back(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], key_hash[HASH_SIZE], none[HASH_SIZE], back[HASH_SIZE], found[ID_SIZE];

	open_with_device(school, id);
	make_conflict(school, id);
	must(school, store_device_key(school->store, id, key_hash, &school->err));
	resolve(school, id, RESOLUTION_TWO_DEVICES);
	expect_counts(school, 0, 0, 0);
	must(school, store_device_key(school->store, id, none, &school->err));
	assert_string_equal(none, "");
	assert_int_equal(store_device_by_key(school->store, key_hash, found, &school->err),
			 -ENOENT);

	undo(school, id);
	expect_counts(school, 0, 1, 0);
	must(school, store_device_key(school->store, id, back, &school->err));
	assert_string_equal(back, key_hash);
	assert_int_equal(n_open(school), 1);
}

static void a_repaired_device_counts_again_and_is_what_it_is_now(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1", "m1"), other = machine("b2", "d2", "m2");
	char id[ID_SIZE];

	open_with_device(school, id);
	make_conflict(school, id);
	resolve(school, id, RESOLUTION_REPAIRED);
	expect_counts(school, 1, 0, 0);
	/* A report of before that comes again is only answered again. */
	assert_int_equal(report_of(school, id, BOOT_A, 1, &one), STATE_READY);
	assert_int_equal(n_open(school), 0);
	assert_int_equal(report_of(school, id, BOOT_B, 3, &other), STATE_READY);
	/* What it was before is another machine from now on. */
	assert_int_equal(report_of(school, id, BOOT_B, 4, &one), STATE_CONFLICT);
}

static void the_undo_of_repaired_is_the_conflict_with_the_hardware_of_before(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1", "m1");
	struct identity identity;
	char id[ID_SIZE];

	open_with_device(school, id);
	make_conflict(school, id);
	resolve(school, id, RESOLUTION_REPAIRED);
	undo(school, id);
	expect_counts(school, 0, 1, 0);
	must(school, store_identity_get(school->store, id, NULL, &identity, &school->err));
	assert_int_equal(fingerprint_compare(&identity.fingerprint, &one), FINGERPRINT_SAME);
}

static void after_repaired_boots_are_only_looked_at_from_there_on(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];

	open_with_device(school, id);
	report_of(school, id, BOOT_A, 1, NULL);
	assert_int_equal(report_of(school, id, BOOT_B, 1, NULL), STATE_CONFLICT);
	report_of(school, id, BOOT_A, 2, NULL);
	report_of(school, id, BOOT_B, 2, NULL);
	resolve(school, id, RESOLUTION_REPAIRED);
	assert_int_equal(report_of(school, id, BOOT_A, 3, NULL), STATE_READY);
	assert_int_equal(report_of(school, id, BOOT_A, 4, NULL), STATE_READY);
	assert_int_equal(report_of(school, id, BOOT_B, 3, NULL), STATE_CONFLICT);
}

static void make_repaired(struct school *school, char id[static ID_SIZE])
{
	school_enroll(school, SITE, &lab, id);
	report_of(school, id, BOOT_A, 1, NULL);
	assert_int_equal(report_of(school, id, BOOT_B, 1, NULL), STATE_CONFLICT);
	report_of(school, id, BOOT_B, 2, NULL);
	resolve(school, id, RESOLUTION_REPAIRED);
}

static void numbers_of_before_repaired_are_nobodys_neighbours(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];

	school_open(school);
	make_repaired(school, id);
	/* What a spool brings of then is not looked at any more, … */
	assert_int_equal(report_of(school, id, BOOT_C, 2, NULL), STATE_READY);
	/* … nor does it lie below what comes from now on, … */
	assert_int_equal(report_of(school, id, BOOT_C, 5, NULL), STATE_READY);
	assert_int_equal(report_of(school, id, BOOT_A, 3, NULL), STATE_READY);
	/* … nor was its boot there before. */
	make_repaired(school, id);
	report_of(school, id, BOOT_C, 2, NULL);
	report_of(school, id, BOOT_A, 3, NULL);
	assert_int_equal(report_of(school, id, BOOT_C, 5, NULL), STATE_READY);
}

static void who_is_ignored_is_accepted_until_that_is_undone(void **state)
{
	struct school *school = *state;
	const struct fingerprint one = machine("b1", "d1", "m1"), third = machine("b3", "d3", "m3");
	char id[ID_SIZE];

	open_with_device(school, id);
	make_conflict(school, id);
	resolve(school, id, RESOLUTION_IGNORE);
	expect_counts(school, 1, 0, 0);
	assert_int_equal(report_of(school, id, BOOT_A, 2, &third), STATE_READY);
	assert_int_equal(report_of(school, id, BOOT_B, 3, &one), STATE_READY);
	undo(school, id);
	expect_counts(school, 0, 1, 0);
	assert_int_equal(report_of(school, id, BOOT_A, 9, &one), STATE_CONFLICT);
}

static void what_is_resolved_or_open_already_stays_so(void **state)
{
	struct school *school = *state;
	_cleanup_(conflict_done) struct conflict first = { 0 };
	const struct fingerprint third = machine("b3", "d3", "m3");
	char id[ID_SIZE];

	open_with_device(school, id);
	make_conflict(school, id);
	newest_conflict(school, id, &first);
	assert_int_equal(decide(school, first.id, RESOLUTION_NONE, "ann"), -EALREADY);
	resolve(school, id, RESOLUTION_REPAIRED);
	assert_int_equal(decide(school, first.id, RESOLUTION_IGNORE, "ann"), -EALREADY);
	/* A newer one builds on it, so it cannot be taken away below it. */
	assert_int_equal(report_of(school, id, BOOT_B, 3, &third), STATE_CONFLICT);
	assert_int_equal(decide(school, first.id, RESOLUTION_NONE, "ann"), -EALREADY);
	assert_int_equal(decide(school, "nothing", RESOLUTION_IGNORE, "ann"), -ENOENT);
}

static void who_did_what_is_kept(void **state)
{
	struct school *school = *state;
	_cleanup_(conflict_done) struct conflict conflict = { 0 };
	_cleanup_(conflict_act_list_done) struct conflict_act_list acts = { 0 };
	char id[ID_SIZE];

	open_with_device(school, id);
	make_conflict(school, id);
	resolve(school, id, RESOLUTION_IGNORE);
	school->now_ms += 1;
	undo(school, id);
	newest_conflict(school, id, &conflict);
	must(school, store_conflict_act_list(school->store, conflict.id, 10, &acts, &school->err));
	assert_int_equal(acts.n_acts, 2);
	assert_string_equal(acts.acts[0].who, "ann");
	assert_string_equal(acts.acts[0].act, "ignore");
	assert_string_equal(acts.acts[1].who, "ben");
	assert_string_equal(acts.acts[1].act, "undo");
	assert_int_equal(acts.acts[1].at_ms, school->now_ms);
}

/* An inventory of one device; how many it makes unexpected. */
static int64_t import_lab(struct school *school)
{
	static const struct inventory_row row = { SITE,  "A1",         "",    "lab",
						  false, ROLE_STUDENT, false, "104" };
	struct inventory_import *import;
	struct inventory_count count;

	must(school, inventory_import_begin(school->store, school->cache, school->now_ms, &import,
					    &school->err));
	must(school, inventory_import_take(import, &row, &school->err));
	must(school, inventory_import_finish(import, &count, &school->err));
	inventory_import_free(import);
	return count.unexpected;
}

static void a_retired_device_leaves_its_line_of_the_inventory_to_another(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], heir[ID_SIZE];

	school_open(school);
	import_lab(school);
	school_enroll(school, SITE, &lab, id);
	make_conflict(school, id);
	expect_counts(school, 0, 1, 0);

	resolve(school, id, RESOLUTION_TWO_DEVICES);
	expect_counts(school, 0, 0, 1);
	/* The same inventory finds the line, and says nothing of who is retired. */
	assert_int_equal(import_lab(school), 0);
	undo(school, id);
	expect_counts(school, 0, 1, 0);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device"), 1);

	/* Somebody took the line: it stays theirs, and who comes back is not expected. */
	resolve(school, id, RESOLUTION_TWO_DEVICES);
	school_enroll(school, SITE, &lab, heir);
	assert_string_not_equal(heir, id);
	report_of(school, heir, BOOT_C, 1, NULL);
	expect_counts(school, 1, 0, 0);
	undo(school, id);
	expect_counts(school, 1, 0, 0);
	assert_int_equal(school_number(school, "SELECT unexpected FROM site_count"), 1);
}

/* More came since than are remembered one by one. */
static void a_number_that_was_forgotten_is_known_unless_it_is_newer(void **state)
{
	struct school *school = *state;
	const struct told told = { .boot_id = BOOT_A };
	struct contact_answer answer;
	char id[ID_SIZE];

	open_with_device(school, id);
	for (int64_t i = 1; i <= PAST_REPORTS + 3; i++)
		report_of(school, id, BOOT_A, i, NULL);
	/* It comes again: it was observed before the others, or when the newest was. */
	for (int64_t age_ms = 0; age_ms <= 2000; age_ms += 2000) {
		assert_int_equal(school_tell(school, id, 2, age_ms, &told, &GOOD, &answer),
				 STATE_READY);
		assert_true(answer.was_there);
	}
	expect_counts(school, 1, 0, 0);
	/* A machine that was copied counts on from there. */
	assert_int_equal(report_of(school, id, BOOT_B, 3, NULL), STATE_CONFLICT);
	expect_counts(school, 0, 1, 0);
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
		test(two_fingerprints_on_one_key_are_a_conflict_that_counts_nobody_ready),
		test(a_repaired_device_stays_itself_and_is_noted),
		test(what_a_report_does_not_tell_today_stays_known),
		test(without_a_value_in_common_nothing_is_concluded_nor_learnt),
		test(a_late_report_of_before_a_repair_does_not_undo_it),
		test(boots_that_lie_across_each_other_are_two_machines),
		test(a_number_that_is_there_twice_in_one_boot_is_two_machines),
		test(a_heartbeat_is_looked_at_as_a_report_is),
		test(two_devices_ends_the_key_and_its_undo_brings_it_back),
		test(a_repaired_device_counts_again_and_is_what_it_is_now),
		test(the_undo_of_repaired_is_the_conflict_with_the_hardware_of_before),
		test(after_repaired_boots_are_only_looked_at_from_there_on),
		test(numbers_of_before_repaired_are_nobodys_neighbours),
		test(who_is_ignored_is_accepted_until_that_is_undone),
		test(what_is_resolved_or_open_already_stays_so),
		test(who_did_what_is_kept),
		test(a_retired_device_leaves_its_line_of_the_inventory_to_another),
		test(a_number_that_was_forgotten_is_known_unless_it_is_newer),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
