/* SPDX-License-Identifier: Apache-2.0 */
/* Devices are moved, retired and restored: what becomes of them, who may, and the way back. */
#include <errno.h>

#include "collector/act/act_audit.h"
#include "collector/act/act_known.h"
#include "collector/act/act_place.h"
#include "collector/act/rollup.h"
#include "collector/store/store_known.h"
#include "collector/view/view_placements.h"
#include "tests/unit/collector/asked.h"

static const struct grants coordinator_here = {
	.grants = { { PERSON_SITE_COORDINATOR, SCOPE_SITE, SITE, "00" } },
	.n_grants = 1,
};
static const struct grants technician_here = {
	.grants = { { PERSON_TECH_COORDINATOR, SCOPE_SITE, SITE, "00" } },
	.n_grants = 1,
};
static const struct grants technician_there = {
	.grants = { { PERSON_TECH_COORDINATOR, SCOPE_SITE, OTHER_SITE, "00" } },
	.n_grants = 1,
};
static const struct grants technician_both = {
	.grants = { { PERSON_TECH_COORDINATOR, SCOPE_SITE, SITE, "00" },
		    { PERSON_TECH_COORDINATOR, SCOPE_SITE, OTHER_SITE, "00" } },
	.n_grants = 2,
};

static struct moment moment_of(struct school *school)
{
	return (struct moment){ school->store, school->cache, ++school->now_ms };
}

/* In a transaction, which is given up where it is refused. */
static int finish(struct school *school, int r)
{
	if (r < 0)
		store_rollback(school->store);
	else
		must(school, store_commit(school->store, &school->err));
	return r;
}

static int try_place(struct school *school, const struct grants *grants,
		     const struct place_wish *wish)
{
	const struct actor actor = { "Ada Kim (akim)", "", "", grants };
	const struct moment moment = moment_of(school);
	int64_t number;

	must(school, store_begin(school->store, &school->err));
	return finish(school, act_place(&moment, &actor, wish, &number, &school->err));
}

static int try_end(struct school *school, const struct grants *grants, const char *id,
		   int64_t number)
{
	const struct actor actor = { "Ada Kim (akim)", "", "", grants };
	const struct place_end end = { .device_id = id, .number = number };
	const struct moment moment = moment_of(school);
	int64_t ended;

	must(school, store_begin(school->store, &school->err));
	return finish(school, act_place_end(&moment, &actor, &end, &ended, &school->err));
}

static void place(struct school *school, const struct place_wish *wish)
{
	must(school, try_place(school, &access_everything, wish));
}

static void undo(struct school *school, const char *id)
{
	must(school, try_end(school, &access_everything, id, 0));
}

static struct place_wish move_to(const char *id, const char *site_code)
{
	return (struct place_wish){ .device_id = id, .site_code = site_code };
}

static struct place_wish retire(const char *id)
{
	return (struct place_wish){ .device_id = id, .kind = PLACEMENT_RETIRE };
}

static struct place_wish restore(const char *id)
{
	return (struct place_wish){ .device_id = id, .kind = PLACEMENT_RESTORE };
}

static void expect_refused(struct school *school, const struct place_wish *wish, const char *why)
{
	assert_int_equal(try_place(school, &access_everything, wish), -EALREADY);
	assert_non_null(strstr(school->err.text, why));
}

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

static void a_line_that_is_taken_is_in_the_log(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], line_id[ID_SIZE];
	struct place_wish wish = move_to(id, OTHER_SITE);
	/* Nothing of it is freed: all texts are borrowed. */
	struct device line = { .id = line_id,
			       .site_code = (char *)OTHER_SITE,
			       .room = (char *)"",
			       .is_expected = true,
			       .asset_tag = (char *)"T-1",
			       .serial = (char *)"",
			       .host_name = (char *)names.host_name,
			       .model = (char *)"",
			       .agent_version = (char *)"",
			       .state = STATE_NEVER_SEEN,
			       .profile_id = (char *)"",
			       .profile_version = (char *)"",
			       .results = (char *)"",
			       .browser = RESULT_UNKNOWN,
			       .facts_hash = (char *)"" };

	open_two(school, id, other_id, &GOOD);
	id_new(line_id);
	must(school, store_device_insert(school->store, &line, &school->err));
	must(school, rollup_change(school->store, NULL, &line, &school->err));
	place(school, &wish);
	undo(school, id);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE act = "
					       "'device_moved' AND after_json LIKE '%T-1%'"),
			 2);
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

/* --- plans --------------------------------------------------------------------------- */

static void a_plan_that_cannot_be_done_keeps_nobody_from_growing_stale(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wish = move_to(id, OTHER_SITE), gone = retire(id);

	open_two(school, id, other_id, &GOOD);
	wish.on = civil_of_ms(school->now_ms) + 2;
	place(school, &wish);
	expect_refused(school, &wish, "planned for the device already, as its placement 1");
	place(school, &gone);
	school->now_ms += 30 * DAY_MS;
	(void)school_sweep(school);
	assert_int_equal(school_number(school, "SELECT count(*) FROM placement WHERE status = "
					       "'failed' AND why LIKE '%restore it first%'"),
			 1);
	expect(school, other_id, STATE_STALE, "PPP");
	expect(school, id, STATE_RETIRED, "PPP");
}

/* Else nobody there could plan anything of it until that day. */
static void who_has_the_device_cancels_what_others_planned(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wish = move_to(id, OTHER_SITE), now = move_to(id, OTHER_SITE);

	open_two(school, id, other_id, &GOOD);
	wish.on = civil_of_ms(school->now_ms) + 2;
	place(school, &wish);
	assert_int_equal(try_end(school, &coordinator_here, id, 1), -EPERM);
	assert_int_equal(try_end(school, &technician_there, id, 1), -ENOENT);
	must(school, try_end(school, &technician_here, id, 1));
	place(school, &wish);
	place(school, &now);
	must(school, try_end(school, &technician_there, id, 2));
	assert_int_equal(school_number(school, "SELECT count(*) FROM placement WHERE status = "
					       "'cancelled'"),
			 2);
}

static char *why_told(struct school *school, const struct grants *grants, const char *id)
{
	const struct view view = { school->store, school->cache, school->now_ms, grants };
	json_t *json = NULL;
	char *why;

	must(school, view_placement(&view, id, 1, &json, &school->err));
	why = xstrdup(json_string_value(json_object_get(json, "why")));
	json_decref(json);
	return why;
}

static void why_a_plan_failed_names_nothing_of_a_site_that_is_not_seen(void **state)
{
	struct school *school = *state;
	_cleanup_free_ char *here = NULL, *both = NULL;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wish = move_to(id, OTHER_SITE);

	open_two(school, id, other_id, &GOOD);
	must(school,
	     db_exec(school->store->db, "UPDATE device SET serial = 'S'", NULL, &school->err, ""));
	wish.on = civil_of_ms(school->now_ms) + 2;
	place(school, &wish);
	school->now_ms += 3 * DAY_MS;
	(void)school_sweep(school);
	both = why_told(school, &technician_both, id);
	assert_non_null(strstr(both, other_id));
	here = why_told(school, &technician_here, id);
	assert_null(strstr(here, other_id));
	assert_null(strstr(here, OTHER_SITE));
}

/* Los Angeles is 8 hours behind UTC in winter. */
static void a_plan_is_done_when_its_day_begins_at_the_site(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish gone = retire(id);

	open_two(school, id, other_id, &GOOD);
	must(school, db_exec(school->store->db, "UPDATE site SET zone = 'America/Los_Angeles'",
			     NULL, &school->err, ""));
	gone.on = civil_of_ms(school->now_ms) + 1;
	place(school, &gone);
	school->now_ms = gone.on * DAY_MS + 8 * HOUR_MS - 1; /* midnight there */
	(void)school_sweep(school);
	expect(school, id, STATE_READY, "PPP");
	school->now_ms++;
	(void)school_sweep(school);
	expect(school, id, STATE_RETIRED, "PPP");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_moves_a_device_may_at_both_places),
		TEST(an_entry_of_a_move_between_leas_tells_each_its_own),
		TEST(a_line_that_is_taken_is_in_the_log),
		TEST(a_waiver_of_the_new_site_counts_and_that_of_the_old_does_not),
		TEST(what_is_known_of_a_report_is_forgotten_with_the_place),
		TEST(what_holds_already_is_not_done_again),
		TEST(a_device_that_cannot_be_judged_comes_back_unknown),
		TEST(what_changed_since_is_not_undone),
		TEST(a_conflict_and_a_retirement_do_not_own_one_state),
		TEST(a_plan_that_cannot_be_done_keeps_nobody_from_growing_stale),
		TEST(who_has_the_device_cancels_what_others_planned),
		TEST(why_a_plan_failed_names_nothing_of_a_site_that_is_not_seen),
		TEST(a_plan_is_done_when_its_day_begins_at_the_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
