/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who only reads keeps what lists of sites are made of. Whether it was kept is told by a change
 * that is made behind the store's back: by a connection that follows nothing.
 */
#include "tests/unit/collector/school.h"

#include <errno.h>
#include <sodium.h>

#include "collector/view/view_sites.h"

static int64_t turn_of(struct school *school)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;

	must(school,
	     db_query(school->store->db, "SELECT n FROM site_turn", &rows, &school->err, ""));
	assert_int_equal(db_next(rows, &school->err), 1);
	return db_int(rows, 0);
}

static void run(struct school *school, const char *sql)
{
	must(school, db_exec(school->store->db, sql, NULL, &school->err, ""));
}

static void behind_its_back(struct school *school, const char *sql)
{
	_cleanup_(db_closep) struct db *db = NULL;

	must(school, db_open(school->path, DB_KEEP, &db, &school->err));
	must(school, db_exec(db, sql, NULL, &school->err, ""));
}

/* What @store tells whoever has @grants of all sites; -1: nothing, but why. */
static int64_t total_for(struct school *school, struct store *store, const struct grants *grants,
			 const char *name)
{
	const struct view view = { store, school->cache, school->now_ms, grants };
	const struct page page = { 10, NULL };
	json_t *json;
	int64_t n;

	must(school, store_begin(store, &school->err));
	if (view_overview(&view, &page, &json, &school->err) < 0) {
		store_rollback(store);
		return -1;
	}
	store_rollback(store);
	n = json_integer_value(json_object_get(json_object_get(json, "totals"), name));
	json_decref(json);
	return n;
}

static int64_t total(struct school *school, struct store *store, const char *name)
{
	return total_for(school, store, &access_everything, name);
}

static struct store *open_reader(struct school *school)
{
	struct store *reader;

	must(school, store_open(school->path, true, &reader, &school->err));
	return reader;
}

static void whatever_writes_what_a_list_is_made_of_is_noted(void **state)
{
	static const char *const changes[] = {
		"UPDATE site_count SET ready = ready + 1",
		"UPDATE site_count SET ready = 0 WHERE site_code = 'nobody'",
		"DELETE FROM site_count",
		"INSERT INTO site_count (site_code) SELECT code FROM site",
		"UPDATE test_window SET last_day = '2027-04-24'",
		"DELETE FROM test_window WHERE site_code = '" SITE "'",
		"INSERT INTO rejudge SELECT code, 1, '', 0 FROM site",
		"UPDATE rejudge SET n_done = 1",
		"DELETE FROM rejudge",
	};
	struct school *school = *state;
	struct db *db = school->store->db;

	school_open(school);
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		int64_t before = turn_of(school);

		/* Alone, in a transaction, and in a script. */
		run(school, changes[i]);
		if (turn_of(school) != before + 1)
			fail_msg("alone, this is not noted: %s", changes[i]);
		must(school, store_begin(school->store, &school->err));
		run(school, changes[i == 3 ? 0 : i == 6 ? 7 : i]);
		run(school, "UPDATE device SET room = room");
		must(school, store_commit(school->store, &school->err));
		if (turn_of(school) != before + 2)
			fail_msg("in a transaction, this is not noted: %s", changes[i]);
		must(school, store_begin(school->store, &school->err));
		must(school,
		     db->driver->script(db, "UPDATE test_window SET track = track", &school->err));
		must(school, store_commit(school->store, &school->err));
		assert_int_equal(turn_of(school), before + 3);
	}
}

static void what_changes_no_list_is_not_noted(void **state)
{
	static const struct device_names names = { "lab", "", "", "" };
	struct school *school = *state;
	char id[ID_SIZE];
	int64_t before;

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
	before = turn_of(school);
	school_report(school, id, 2, 0, &names, &GOOD);
	run(school, "UPDATE device SET seen_ms = seen_ms + 1");
	assert_int_equal(turn_of(school), before);
	school_report(school, id, 3, 0, &names, &((struct likeness){ "14.1", 1024, true }));
	assert_int_equal(turn_of(school), before + 1);
}

static void what_was_rolled_back_is_not_noted(void **state)
{
	struct school *school = *state;
	int64_t before;

	school_open(school);
	before = turn_of(school);
	must(school, store_begin(school->store, &school->err));
	run(school, "UPDATE site_count SET ready = 7");
	store_rollback(school->store);
	must(school, store_begin(school->store, &school->err));
	run(school, "UPDATE device SET room = room");
	must(school, store_commit(school->store, &school->err));
	assert_int_equal(turn_of(school), before);
	/* And alone, where it does not work. */
	assert_int_equal(db_exec(school->store->db,
				 "INSERT INTO site_count (site_code) VALUES ('" SITE "')", NULL,
				 &school->err, ""),
			 -EEXIST);
	assert_int_equal(turn_of(school), before);
	run(school, "UPDATE device SET room = room");
}

static void a_list_is_read_once_until_a_site_changes(void **state)
{
	struct school *school = *state;
	_cleanup_(store_closep) struct store *reader = NULL;

	school_open(school);
	reader = open_reader(school);
	run(school, "UPDATE site_count SET ready = 3");
	assert_int_equal(total(school, reader, "ready"), 3);
	behind_its_back(school, "UPDATE site_count SET ready = 4");
	assert_int_equal(total(school, reader, "ready"), 3);
	run(school, "UPDATE device SET room = room");
	assert_int_equal(total(school, reader, "ready"), 3);
	run(school, "UPDATE site_count SET stale = 2");
	assert_int_equal(total(school, reader, "ready"), 4);
	assert_int_equal(total(school, reader, "fresh"), 4);
	assert_int_equal(total(school, reader, "expected"), 6);
}

static void a_list_of_the_snapshot_is_shown(void **state)
{
	struct school *school = *state;
	_cleanup_(store_closep) struct store *reader = NULL;
	const struct site_brief_list *list;

	school_open(school);
	reader = open_reader(school);
	must(school, store_begin(reader, &school->err));
	must(school, store_site_briefs(reader, &sight_of_all, &list, &school->err));
	assert_int_equal(list->sites[0].count.states[STATE_READY], 0);
	run(school, "UPDATE site_count SET ready = 3");
	must(school, store_site_briefs(reader, &sight_of_all, &list, &school->err));
	assert_int_equal(list->sites[0].count.states[STATE_READY], 0);
	store_rollback(reader);
	assert_int_equal(total(school, reader, "ready"), 3);
}

static void who_writes_sees_what_is_not_committed(void **state)
{
	struct school *school = *state;
	const struct site_brief_list *list;

	school_open(school);
	must(school, store_begin(school->store, &school->err));
	for (int64_t n = 1; n <= 2; n++) {
		must(school, db_exec(school->store->db, "UPDATE site_count SET ready = $1", NULL,
				     &school->err, "i", n));
		must(school, store_site_briefs(school->store, &sight_of_all, &list, &school->err));
		assert_int_equal(list->sites[0].count.states[STATE_READY], n);
	}
	store_rollback(school->store);
	assert_int_equal(total(school, school->store, "ready"), 0);
}

static void who_sees_a_part_gets_that_part(void **state)
{
	static const struct grants some = { { { PERSON_VIEWER, SCOPE_SITE, "0002", "00" } }, 1 };
	struct school *school = *state;
	_cleanup_(store_closep) struct store *reader = NULL;

	school_open(school);
	school_site(school, "0002", NULL, NULL, NULL);
	reader = open_reader(school);
	run(school, "UPDATE site_count SET ready = 3");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(total(school, reader, "ready"), 6);
		assert_int_equal(total_for(school, reader, &some, "ready"), 3);
		assert_int_equal(total_for(school, reader, &some, "sites"), 1);
	}
	assert_int_equal(total_for(school, reader, NULL, "sites"), 0);
}

static void what_could_not_be_read_is_not_kept(void **state)
{
	struct school *school = *state;
	_cleanup_(store_closep) struct store *reader = NULL;

	school_open(school);
	reader = open_reader(school);
	assert_int_equal(total(school, reader, "sites"), 1);
	run(school, "UPDATE test_window SET last_day = '2027-13-01'");
	for (int i = 0; i < 2; i++)
		assert_int_equal(total(school, reader, "sites"), -1);
	behind_its_back(school, "UPDATE test_window SET last_day = '2027-04-23'");
	assert_int_equal(total(school, reader, "sites"), 1);
}

static int set_up_group(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)
	const struct CMUnitTest tests[] = {
		TEST(whatever_writes_what_a_list_is_made_of_is_noted),
		TEST(what_changes_no_list_is_not_noted),
		TEST(what_was_rolled_back_is_not_noted),
		TEST(a_list_is_read_once_until_a_site_changes),
		TEST(a_list_of_the_snapshot_is_shown),
		TEST(who_writes_sees_what_is_not_committed),
		TEST(who_sees_a_part_gets_that_part),
		TEST(what_could_not_be_read_is_not_kept),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
