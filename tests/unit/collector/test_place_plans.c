/* SPDX-License-Identifier: Apache-2.0 */
/* What is planned for a day: that it is done, or why not, and that nobody else waits for it. */
#include "collector/store/store_account.h"
#include "collector/view/view_placements.h"
#include "tests/unit/collector/places.h"

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
	     db_exec(school->store->db, "UPDATE device SET serial = 'S1'", NULL, &school->err, ""));
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

static int64_t plans_failed_of(struct school *school, const char *lea_code, const char *what)
{
	_cleanup_free_ char *sql = xasprintf(
		"SELECT count(*) FROM audit WHERE act = 'device_plan_failed' AND lea_code = '%s' "
		"AND before_json || after_json LIKE '%%%s%%'",
		lea_code, what);

	return school_number(school, sql);
}

/* --- who planned it ------------------------------------------------------------------------ */

#define PLANNER "11111111111111111111111111111111"

/* What became of the planner's account until the day, and whether the plan is carried out then. */
static const struct fate {
	const char *sql;
	bool is_done;
} fates[] = {
	{ "UPDATE account SET name = 'Same'", true },
	{ "UPDATE account SET good_until = '2001-01-01'", true },
	{ "UPDATE account SET is_disabled = 1", false },
	{ "DELETE FROM account_grant", false },
	{ "DELETE FROM account_grant WHERE scope_code = '" OTHER_SITE "'", false },
	{ "DELETE FROM account_grant WHERE scope_code = '" SITE "'", false },
	{ "UPDATE account_grant SET role = 'site_coordinator'", false },
	{ "UPDATE account_grant SET role = 'lea_coordinator', scope = 'lea', scope_code = '00' "
	  "WHERE scope_code = '" SITE "'",
	  true },
	{ "UPDATE placement SET account_id = '22222222222222222222222222222222'", false },
};

static void put_planner(struct school *school)
{
	struct account account = { .id = PLANNER,
				   .login = (char *)"akim",
				   .name = (char *)"Ada Kim",
				   .awaited_name = (char *)"",
				   .password = (char *)"",
				   .totp_secret = (char *)"",
				   .good_until = civil_of_ms(school->now_ms) + 100,
				   .created_by = (char *)"test",
				   .grants = technician_both };

	must(school, store_account_put(school->store, &account, &school->err));
}

static void plan_as(struct school *school, const char *account_id, const struct place_wish *wish)
{
	const struct actor actor = { "Ada Kim (akim)", account_id, "", &technician_both };
	const struct moment moment = moment_of(school);
	int64_t number;

	must(school, act_place(&moment, &actor, wish, &number, &school->err));
}

static void run_fate(const struct fate *fate)
{
	void *state = NULL;
	struct school *school;
	_cleanup_free_ char *why = NULL;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wish = move_to(id, OTHER_SITE);

	school_setup(&state);
	school = state;
	open_two(school, id, other_id, &GOOD);
	put_planner(school);
	wish.on = civil_of_ms(school->now_ms) + 2;
	plan_as(school, PLANNER, &wish);
	must(school, db_exec(school->store->db, fate->sql, NULL, &school->err, ""));
	school->now_ms += 3 * DAY_MS;
	(void)school_sweep(school);
	if (!fate->is_done)
		why = why_told(school, &technician_both, id);
	assert_int_equal(fate->is_done,
			 school_number(school, "SELECT count(*) FROM placement WHERE "
					       "status = 'done'"));
	assert_int_equal(plans_failed_of(school, "00", "Who planned this may not"), !fate->is_done);
	assert_int_equal(why && strstr(why, "plans it anew") != NULL, !fate->is_done);
	school_teardown(&state);
}

static void on_its_day_who_planned_it_has_to_be_allowed_it_still(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fates); i++)
		run_fate(&fates[i]);
}

/* A room of the same site is for who has the inventory. */
static void a_plan_needs_no_more_than_it_needed_when_it_was_made(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wish = { .device_id = id, .room = "9" };

	open_two(school, id, other_id, &GOOD);
	put_planner(school);
	wish.on = civil_of_ms(school->now_ms) + 2;
	plan_as(school, PLANNER, &wish);
	must(school,
	     db_exec(school->store->db, "UPDATE account_grant SET role = 'site_coordinator'", NULL,
		     &school->err, ""));
	school->now_ms += 3 * DAY_MS;
	(void)school_sweep(school);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device WHERE room = '9'"), 1);
}

/* It goes to a new LEA of that code. */
static void give_away(struct school *school, const char *site_code, const char *lea_code)
{
	must(school, db_exec(school->store->db, "INSERT INTO lea (code, name) VALUES ($1, 'Hill')",
			     NULL, &school->err, "t", lea_code));
	must(school, db_exec(school->store->db, "UPDATE site SET lea_code = $2 WHERE code = $1",
			     NULL, &school->err, "tt", site_code, lea_code));
}

static void a_plan_fails_where_its_target_went_to_another_lea(void **state)
{
	struct school *school = *state;
	_cleanup_free_ char *here = NULL;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish wish = move_to(id, OTHER_SITE);

	open_two(school, id, other_id, &GOOD);
	wish.on = civil_of_ms(school->now_ms) + 2;
	place(school, &wish);
	give_away(school, OTHER_SITE, "01");
	school->now_ms += 3 * DAY_MS;
	(void)school_sweep(school);
	assert_int_equal(
		school_number(school, "SELECT count(*) FROM device WHERE site_code = '" SITE "'"),
		1);
	expect(school, id, STATE_READY, "PPP");
	here = why_told(school, &technician_here, id);
	assert_non_null(strstr(here, "where the device was to go belongs to another LEA"));
	assert_non_null(strstr(here, "plans it anew"));
	assert_int_equal(plans_failed_of(school, "00", "belongs to another LEA"), 1);
	assert_int_equal(plans_failed_of(school, "00", OTHER_SITE), 0);
	/* Who got the site never had the plan. */
	assert_int_equal(plans_failed_of(school, "01", ""), 0);
}

static void a_plan_fails_where_the_device_went_to_another_lea_with_its_site(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish move = move_to(id, OTHER_SITE), gone = retire(other_id);

	open_two(school, id, other_id, &GOOD);
	gone.on = move.on = civil_of_ms(school->now_ms) + 2;
	gone.note = "not for others";
	place(school, &move);
	place(school, &gone);
	give_away(school, SITE, "01");
	school->now_ms += 3 * DAY_MS;
	(void)school_sweep(school);
	expect(school, id, STATE_READY, "PPP");
	expect(school, other_id, STATE_RETIRED, "PPP");
	assert_int_equal(school_number(school, "SELECT count(*) FROM placement WHERE status = "
					       "'failed' AND why LIKE 'The site of the device%'"),
			 1);
	/* Who has the device now, and who planned it. */
	assert_int_equal(plans_failed_of(school, "01", SITE), 1);
	assert_int_equal(plans_failed_of(school, "00", "belongs to another LEA"), 1);
	assert_int_equal(plans_failed_of(school, "00", SITE), 0);
	assert_int_equal(plans_failed_of(school, "01", OTHER_SITE), 0);
}

static void what_is_retired_later_stays_where_its_site_went_to_another_lea(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct place_wish gone = retire(id);

	open_two(school, id, other_id, &GOOD);
	gone.on = civil_of_ms(school->now_ms) + 2;
	gone.note = "not for others";
	place(school, &gone);
	give_away(school, SITE, "01");
	school->now_ms += 3 * DAY_MS;
	(void)school_sweep(school);
	expect(school, id, STATE_READY, "PPP");
	assert_int_equal(plans_failed_of(school, "01", "not for others"), 0);
	assert_int_equal(plans_failed_of(school, "01", "plans it anew"), 1);
}

static void damage(struct school *school, const char *id, const char *column, const char *value)
{
	_cleanup_free_ char *sql =
		xasprintf("UPDATE placement SET %s = $2 WHERE device_id = $1", column);

	must(school, db_exec(school->store->db, sql, NULL, &school->err, "tt", id, value));
}

static void a_plan_that_cannot_be_read_stops_no_look_and_makes_its_device_unknown(void **state)
{
	static const struct {
		const char *column, *value, *why;
	} cases[] = {
		{ "kind", "mvoe", "'mvoe' is not known" },
		{ "role", "studnet", "there is no role 'studnet'" },
		{ "was_role", "x", "there is no role 'x'" },
		{ "on_day", "2027-01-99", "'2027-01-99' is no day" },
		{ "site_code", "nowhere", "there is no site 'nowhere'" },
		{ "was_site", "nowhere", "there is no site 'nowhere'" },
	};
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];

	open_two(school, id, other_id, &GOOD);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct place_wish wish = move_to(id, OTHER_SITE), room = move_to(id, SITE);
		struct places_due due = { 0 };
		struct moment moment;

		wish.on = civil_of_ms(school->now_ms) + 1;
		place(school, &wish);
		damage(school, id, cases[i].column, cases[i].value);
		school->now_ms += DAY_MS + HOUR_MS;
		moment = moment_of(school);
		must(school, act_places_due(&moment, 10, &due, &school->err));
		assert_int_equal(due.n_damaged, 1);
		assert_non_null(strstr(due.damage, cases[i].why));
		free(due.damage);
		expect(school, id, STATE_UNKNOWN, "");
		expect(school, other_id, STATE_READY, "PPP");
		(void)school_sweep(school);
		expect(school, id, STATE_UNKNOWN, "");
		/* Somebody looked where it is. */
		room.room = i % 2 ? "1" : "2";
		place(school, &room);
		expect(school, id, STATE_READY, "PPP");
		must(school,
		     db_exec(school->store->db, "DELETE FROM placement", NULL, &school->err, ""));
	}
	assert_int_equal(plans_failed_of(school, "00", "\"why\""), ARRAY_SIZE(cases));
	assert_int_equal(school_number(school, "SELECT count(*) FROM device_note WHERE body LIKE "
					       "'%cannot be read%'"),
			 ARRAY_SIZE(cases));
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
		TEST(a_plan_that_cannot_be_done_keeps_nobody_from_growing_stale),
		TEST(who_has_the_device_cancels_what_others_planned),
		TEST(why_a_plan_failed_names_nothing_of_a_site_that_is_not_seen),
		cmocka_unit_test(on_its_day_who_planned_it_has_to_be_allowed_it_still),
		TEST(a_plan_needs_no_more_than_it_needed_when_it_was_made),
		TEST(a_plan_fails_where_its_target_went_to_another_lea),
		TEST(a_plan_fails_where_the_device_went_to_another_lea_with_its_site),
		TEST(what_is_retired_later_stays_where_its_site_went_to_another_lea),
		TEST(a_plan_that_cannot_be_read_stops_no_look_and_makes_its_device_unknown),
		TEST(a_plan_is_done_when_its_day_begins_at_the_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
