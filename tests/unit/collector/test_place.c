/* SPDX-License-Identifier: Apache-2.0 */
/* Devices are moved, retired and restored: what becomes of them, who may, and the way back. */
#include "collector/act/act_known.h"
#include "collector/act/rollup.h"
#include "collector/store/store_known.h"
#include "tests/unit/collector/places.h"

/* --- who may ------------------------------------------------------------------------- */

static void who_moves_a_device_may_at_both_places(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wish = move_to(id, OTHER_SITE), room = { .device_id = id, .room = "7" };
	struct place_wish role = { .device_id = id, .has_role = true, .role = ROLE_TA };

	open_two(school, id, other_id, &GOOD);
	/* What is elsewhere and what is nowhere is said alike. */
	assert_int_equal(try_place(school, &technician_there, &wish), -ENOENT);
	assert_int_equal(try_place(school, &technician_here, &wish), -EINVAL);
	assert_non_null(strstr(school->err.text, "'0002' that you could know of"));
	wish.site_code = "no-such";
	assert_int_equal(try_place(school, &access_everything, &wish), -EINVAL);
	assert_int_equal(try_place(school, &coordinator_here, &role), -EPERM);
	room.kind = PLACEMENT_RETIRE;
	assert_int_equal(try_place(school, &coordinator_here, &room), -EPERM);
	room.kind = PLACEMENT_MOVE;
	must(school, try_place(school, &coordinator_here, &room));
	must(school, try_end(school, &coordinator_here, id, 1));
	wish.site_code = OTHER_SITE;
	must(school, try_place(school, &technician_both, &wish));
	/* Back is to where they may not, from where they do. */
	assert_int_equal(try_end(school, &technician_there, id, 2), -EPERM);
	assert_null(strstr(school->err.text, SITE));
	assert_int_equal(try_end(school, &technician_here, id, 2), -ENOENT);
	must(school, try_end(school, &technician_both, id, 2));
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE act = "
					       "'device_moved' AND object <> ''"),
			 4);
}

static void an_entry_of_a_move_between_leas_tells_each_its_own(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wish = move_to(id, OTHER_SITE);

	open_two(school, id, other_id, &GOOD);
	must(school,
	     db_exec(school->store->db, "INSERT INTO lea (code, name) VALUES ('01', 'Hill')", NULL,
		     &school->err, ""));
	must(school, db_exec(school->store->db,
			     "UPDATE site SET lea_code = '01' WHERE code = '" OTHER_SITE "'", NULL,
			     &school->err, ""));
	place(school, &wish);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE lea_code = '00' "
					       "AND before_json LIKE '%0001%' AND after_json = ''"),
			 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE lea_code = '01' "
					       "AND after_json LIKE '%0002%' AND before_json = ''"),
			 1);
}

/* A line of the site's inventory that waits for the device. */
static void add_line(struct school *school, const char *site_code, const char *asset_tag)
{
	char line_id[ID_SIZE];
	/* Nothing of it is freed: all texts are borrowed. */
	const struct device line = { .id = line_id,
				     .site_code = (char *)site_code,
				     .room = (char *)"",
				     .is_expected = true,
				     .asset_tag = (char *)asset_tag,
				     .serial = (char *)"",
				     .host_name = (char *)names.host_name,
				     .model = (char *)"",
				     .agent_version = (char *)"",
				     .state = STATE_NEVER_SEEN,
				     .since_ms = school->now_ms,
				     .profile_id = (char *)"",
				     .profile_version = (char *)"",
				     .results = (char *)"",
				     .browser = RESULT_UNKNOWN,
				     .facts_hash = (char *)"" };

	id_new(line_id);
	must(school, store_device_insert(school->store, &line, &school->err));
	must(school, rollup_change(school->store, NULL, &line, &school->err));
}

static void two_machines_without_a_serial_number_are_not_one(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wish = move_to(id, OTHER_SITE);

	open_two(school, id, other_id, &GOOD);
	must(school,
	     db_exec(school->store->db, "UPDATE device SET serial = 'S1'", NULL, &school->err, ""));
	expect_refused(school, &wish, "one machine would count twice");
	must(school, db_exec(school->store->db, "UPDATE device SET serial = 'Default string'", NULL,
			     &school->err, ""));
	place(school, &wish);
	assert_int_equal(school_number(school,
				       "SELECT count(*) FROM device WHERE site_code = '" OTHER_SITE
				       "'"),
			 2);
}

static void a_line_that_is_taken_is_in_the_log(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wish = move_to(id, OTHER_SITE);

	open_two(school, id, other_id, &GOOD);
	add_line(school, OTHER_SITE, "T-1");
	place(school, &wish);
	undo(school, id);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE act = "
					       "'device_moved' AND after_json LIKE '%T-1%'"),
			 2);
}

static void a_line_that_an_undo_takes_away_is_in_the_log(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wish = move_to(id, OTHER_SITE);

	open_two(school, id, other_id, &GOOD);
	place(school, &wish);
	school->now_ms += HOUR_MS;
	/* The inventory of the old site came meanwhile, and lists it there. */
	add_line(school, SITE, "T-2");
	undo(school, id);
	assert_int_equal(school_number(school,
				       "SELECT count(*) FROM device WHERE asset_tag = 'T-2' "
				       "AND enrolled_ms IS NULL"),
			 0);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE act = "
					       "'device_moved' AND before_json LIKE "
					       "'%dropped_line%T-2%'"),
			 1);
}

/* --- moving -------------------------------------------------------------------------- */

static void a_waiver_of_the_new_site_counts_and_that_of_the_old_does_not(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	struct place_wish wish = move_to(id, OTHER_SITE);

	open_two(school, id, other_id, &WEAK);
	waive(school, SCOPE_SITE, OTHER_SITE, "memory.size", LAST_DAY, waiver_id);
	(void)school_judge(school);
	expect(school, id, STATE_NOT_READY, "FPP");
	place(school, &wish);
	expect(school, id, STATE_READY_WITH_WARNINGS, "WPP");
	undo(school, id);
	expect(school, id, STATE_NOT_READY, "FPP");
}

static void what_is_known_of_a_report_is_forgotten_with_the_place(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wishes[] = { move_to(id, OTHER_SITE),
				       { .device_id = id, .has_role = true, .role = ROLE_TA } };

	open_two(school, id, other_id, &GOOD);
	for (size_t i = 0; i < ARRAY_SIZE(wishes); i++) {
		must(school, store_known_put(school->store, id, "known", &school->err));
		place(school, &wishes[i]);
		assert_int_equal(school_number(school, "SELECT count(*) FROM device WHERE "
						       "contents_digest <> ''"),
				 0);
	}
}

static void what_holds_already_is_not_done_again(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wish = {
		.device_id = id, .site_code = SITE, .room = "", .has_role = true
	};

	open_two(school, id, other_id, &GOOD);
	expect_refused(school, &wish, "there already: site 0001, room '', role student");
}

/* --- retiring ------------------------------------------------------------------------ */

static void a_device_that_cannot_be_judged_comes_back_unknown(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish gone = retire(id), back = restore(id), wish = move_to(id, OTHER_SITE);

	open_two(school, id, other_id, &GOOD);
	place(school, &gone);
	school_damage_facts(school, id);
	place(school, &back);
	expect(school, id, STATE_UNKNOWN, "");
	place(school, &wish);
	expect(school, id, STATE_UNKNOWN, "");
}

static void what_changed_since_is_not_undone(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish room = { .device_id = id, .room = "7" }, gone = retire(id);

	open_two(school, id, other_id, &GOOD);
	place(school, &room);
	must(school, db_exec(school->store->db, "UPDATE device SET room = '8' WHERE id = $1", NULL,
			     &school->err, "t", id));
	assert_int_equal(try_end(school, &access_everything, id, 1), -EALREADY);
	assert_non_null(strstr(school->err.text, "Since it was moved"));
	must(school, db_exec(school->store->db, "UPDATE device SET room = '7' WHERE id = $1", NULL,
			     &school->err, "t", id));
	place(school, &gone);
	assert_int_equal(try_end(school, &access_everything, id, 1), -EALREADY);
	assert_non_null(strstr(school->err.text, "take that back first"));
	school->now_ms += 31 * DAY_MS;
	assert_int_equal(try_end(school, &access_everything, id, 2), -EALREADY);
	assert_non_null(strstr(school->err.text, "more than 30 days ago"));
	school->now_ms -= DAY_MS;
	undo(school, id);
	undo(school, id);
}

static void a_conflict_and_a_retirement_do_not_own_one_state(void **state)
{
	struct school *school = *state;
	struct fingerprint one = { 0 }, two = { 0 };
	const struct told told = { .fingerprint = &one }, other = { .fingerprint = &two };
	struct decision decision = { NULL, RESOLUTION_IGNORE, "ann" };
	char id[ID_SIZE], conflict_id[ID_SIZE];
	struct place_wish gone = retire(id), back = restore(id);
	struct contact_answer answer;

	school_open(school);
	school_enroll(school, SITE, &names, id);
	fingerprint_add(&one, FINGERPRINT_BOARD_SERIAL, true, "1");
	fingerprint_add(&one, FINGERPRINT_DISK_SERIAL, true, "1");
	fingerprint_add(&two, FINGERPRINT_BOARD_SERIAL, true, "2");
	fingerprint_add(&two, FINGERPRINT_DISK_SERIAL, true, "2");
	(void)school_tell(school, id, 1, 0, &told, &GOOD, &answer);
	assert_int_equal(school_tell(school, id, 2, 0, &other, &GOOD, &answer), STATE_CONFLICT);
	expect_refused(school, &gone, "in conflict");
	assert_int_equal(store_conflict_newest(school->store, id, conflict_id, &school->err), 1);
	decision.conflict_id = conflict_id;
	must(school, act_conflict_decide(school->store, school->cache, &decision, school->now_ms,
					 &school->err));
	place(school, &gone);
	decision.resolution = RESOLUTION_NONE;
	assert_int_equal(act_conflict_decide(school->store, school->cache, &decision,
					     school->now_ms, &school->err),
			 -EALREADY);
	place(school, &back);
	must(school, act_conflict_decide(school->store, school->cache, &decision, school->now_ms,
					 &school->err));
	decision.resolution = RESOLUTION_TWO_DEVICES;
	must(school, act_conflict_decide(school->store, school->cache, &decision, school->now_ms,
					 &school->err));
	expect_refused(school, &back, "undo how that was settled");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_moves_a_device_may_at_both_places),
		TEST(an_entry_of_a_move_between_leas_tells_each_its_own),
		TEST(two_machines_without_a_serial_number_are_not_one),
		TEST(a_line_that_is_taken_is_in_the_log),
		TEST(a_line_that_an_undo_takes_away_is_in_the_log),
		TEST(a_waiver_of_the_new_site_counts_and_that_of_the_old_does_not),
		TEST(what_is_known_of_a_report_is_forgotten_with_the_place),
		TEST(what_holds_already_is_not_done_again),
		TEST(a_device_that_cannot_be_judged_comes_back_unknown),
		TEST(what_changed_since_is_not_undone),
		TEST(a_conflict_and_a_retirement_do_not_own_one_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
