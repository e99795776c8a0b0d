/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store that an older version made, with that version's own tables, goes on judging.
 */
#include "collector/act/judge.h"
#include "collector/store/migrate.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_rejudge.h"
#include "common/eval/evaluate.h"
#include "tests/unit/collector/school.h"

#include "migrations.h"

#define DEVICE_ID "0123456789abcdef0123456789abcdef"
#define SILENT_ID "1123456789abcdef0123456789abcdef"

static void run(struct school *school, struct db *db, const char *sql)
{
	must(school, db->driver->script(db, sql, &school->err));
}

/* A store of the layout @last, with a school and two devices, of which one reported. */
static void make_old(struct school *school, int last, const char *version, const char *facts_hash,
		     const char *facts)
{
	_cleanup_(db_closep) struct db *db = NULL;

	must(school, db_open(school->path, false, &db, &school->err));
	run(school, db,
	    "CREATE TABLE schema_version (number BIGINT PRIMARY KEY, name TEXT NOT NULL)");
	for (size_t i = 0; i < ARRAY_SIZE(migrations) && migrations[i].number <= last; i++) {
		run(school, db, migrations[i].sql);
		must(school,
		     db_exec(db, "INSERT INTO schema_version (number, name) VALUES ($1, $2)", NULL,
			     &school->err, "it", (int64_t)migrations[i].number,
			     migrations[i].name));
	}
	run(school, db,
	    "INSERT INTO lea (code, name) VALUES ('00', 'Valley');"
	    "INSERT INTO site (code, name, lea_code, zone) VALUES ('0001', 'Lincoln', '00', "
	    "'UTC'), "
	    "('0002', 'Adams', '00', 'UTC');"
	    "INSERT INTO site_count (site_code, ready, never_seen) VALUES ('0001', 1, 1), "
	    "('0002', 0, 0);"
	    "INSERT INTO test_window (id, site_code, programme, track, first_day, last_day, "
	    "profile_id) VALUES ('w', '0001', 'P', '', '2027-04-05', '2027-04-23', 'p'), "
	    "('v', '0002', 'P', '', '2027-04-05', '2027-04-23', 'unpublished');");
	must(school, db_exec(db,
			     "INSERT INTO profile (id, version, body, published_ms) "
			     "VALUES ('p', $1, $2, 1000)",
			     NULL, &school->err, "tt", version, PROFILE_ONE));
	must(school,
	     db_exec(db,
		     "INSERT INTO device (id, site_code, role, room, is_expected, asset_tag, "
		     "serial, host_name, model, key_hash, enrolled_ms, seen_ms, agent_version, "
		     "state, since_ms, profile_id, profile_version, results, browser_result, "
		     "facts_hash) VALUES ('" DEVICE_ID
		     "', '0001', 'student', '', 1, '', '', 'lab', "
		     "'', 'k1', 1, $1, '1.0', 'ready', 1, 'p', $2, 'PPP', 'pass', $3), "
		     "('" SILENT_ID
		     "', '0001', 'student', '', 1, '', '', 'lab', '', 'k2', 1, NULL, "
		     "'1.0', 'never_seen', 1, '', '', '', 'unknown', ''), "
		     "('s1', '0002', 'student', '', 1, '', 'Default String', '', '', 'k3', 1, "
		     "NULL, "
		     "'1.0', 'never_seen', 1, '', '', '', 'unknown', ''), "
		     "('s2', '0002', 'student', '', 1, '', '00000', '', '', 'k4', 1, NULL, "
		     "'1.0', 'never_seen', 1, '', '', '', 'unknown', ''), "
		     "('s3', '0002', 'student', '', 1, '', 'a_not_set_b', '', '', 'k5', 1, NULL, "
		     "'1.0', 'never_seen', 1, '', '', '', 'unknown', ''), "
		     "('s4', '0002', 'student', '', 1, '', 'a-not-set-b', '', '', 'k6', 1, NULL, "
		     "'1.0', 'never_seen', 1, '', '', '', 'unknown', ''), "
		     "('s5', '0002', 'student', '', 1, '', '111', '', '', 'k7', 1, NULL, "
		     "'1.0', 'never_seen', 1, '', '', '', 'unknown', '')",
		     NULL, &school->err, "itt", (int64_t)NOON_MS, version, facts_hash));
	must(school,
	     db_exec(db,
		     "INSERT INTO device_note (device_id, at_ms, body) VALUES ($1, 1, "
		     "'The same machine is device " SILENT_ID " of site 0002, which was left as "
		     "it is.'), ($1, 2, 'The same machine enrolled at site 0002 as "
		     "device " SILENT_ID
		     ".'), ($1, 3, 'A machine that had this identity enrolled as device " SILENT_ID
		     ": its disk was copied, or its main board was replaced.'), ($1, 4, "
		     "'It was given a new key.')",
		     NULL, &school->err, "t", DEVICE_ID));
	must(school,
	     db_exec(db, "INSERT INTO device_facts (device_id, body) VALUES ('" DEVICE_ID "', $1)",
		     NULL, &school->err, "t", facts));
	must(school,
	     db_exec(db,
		     "INSERT INTO site_pattern (site_code, room, state, profile_version, results, "
		     "n) VALUES ('0001', '', 'ready', $1, 'PPP', 1), "
		     "('0001', '', 'never_seen', '', '', 1)",
		     NULL, &school->err, "t", version));
}

static int setup(void **state)
{
	struct school *school = xcalloc(1, sizeof(*school));

	school_folder(school);
	school->now_ms = NOON_MS;
	school->cache = profile_cache_new();
	*state = school;
	return 0;
}

static void open_old(struct school *school, char version[static HASH_SIZE])
{
	json_t *facts = likeness_facts(&GOOD);
	_cleanup_free_ char *text = document_canonical(facts);
	struct profile *profile = NULL;
	char hash[HASH_SIZE];

	json_decref(facts);
	hash_hex(text, strlen(text), hash);
	must(school, profile_parse(PROFILE_ONE, strlen(PROFILE_ONE), "p", &profile, &school->err));
	memcpy(version, profile->version, HASH_SIZE);
	profile_free(profile);
	make_old(school, 3, version, hash, text);
	must(school, store_open(school->path, false, &school->store, &school->err));
}

static void a_store_of_the_third_layout_is_judged_by_what_was_published(void **state)
{
	static const struct device_names names = { "lab", "", "", "" };
	struct school *school = *state;
	_cleanup_(site_done) struct site site = { 0 }, other = { 0 };
	struct publication_list list;
	char version[HASH_SIZE];

	open_old(school, version);
	must(school, store_site_get(school->store, SITE, &site, &school->err));
	assert_string_equal(site.window.profile_version, version);
	assert_false(site.is_queued);
	must(school, store_site_get(school->store, "0002", &other, &school->err));
	assert_string_equal(other.window.profile_version, "");
	must(school, store_publication_list(school->store, NULL, &list, &school->err));
	assert_int_equal(list.n_publications, 1);
	assert_int_equal(list.publications[0].published_ms, 1000);
	publication_list_done(&list);
	/* Nothing changed for it, and what comes is judged as before. */
	assert_int_equal(school_sweep(school), 0);
	assert_int_equal(school_report(school, DEVICE_ID, 1, 0, &names, &GOOD), STATE_READY);
	assert_int_equal(school_report(school, SILENT_ID, 1, 0, &names,
				       &(struct likeness){ "13.0", 8192, true }),
			 STATE_NOT_READY);
}

static void what_an_older_version_stored_is_judged_again_once(void **state)
{
	struct school *school = *state;
	char version[HASH_SIZE];
	int64_t n;

	open_old(school, version);
	assert_int_equal(act_rejudge_evaluator(school->store, EVALUATOR_VERSION, school->now_ms,
					       &school->err),
			 1);
	assert_int_equal(school_judge(school), 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM transition"), 0);
	school->now_ms++;
	school_publish(school, PROFILE_TWO, &n);
	assert_int_equal(n, 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device WHERE results = 'PPP'"),
			 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM site_pattern"), 2);
	/* The one that the old version had is known, so its history has it. */
	assert_int_equal(school_number(school, "SELECT count(*) FROM transition WHERE "
					       "requirement = 'audio.headphones' AND "
					       "old_result = 'pass' AND new_result = ''"),
			 1);
}

static void notes_of_before_say_whom_they_name(void **state)
{
	static const struct {
		const char *id, *site, *body;
	} wanted[] = {
		{ "", "", "" },
		{ SILENT_ID, "",
		  "A machine that had this identity enrolled at another site: its disk was "
		  "copied, or its main board was replaced." },
		{ SILENT_ID, "0002", "The same machine enrolled at another site." },
		{ SILENT_ID, "0002",
		  "The same machine is a device of another site, which was left as it is." },
	};
	struct school *school = *state;
	char version[HASH_SIZE];
	struct note_list notes;

	open_old(school, version);
	must(school, store_note_list(school->store, DEVICE_ID, 10, &notes, &school->err));
	assert_int_equal(notes.n_notes, ARRAY_SIZE(wanted));
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		assert_string_equal(notes.notes[i].other_id, wanted[i].id);
		assert_string_equal(notes.notes[i].other_site, wanted[i].site);
		assert_string_equal(notes.notes[i].other_body, wanted[i].body);
	}
	note_list_done(&notes);
}

static void what_makers_leave_in_many_machines_is_no_serial_number_any_more(void **state)
{
	struct school *school = *state;
	char version[HASH_SIZE];

	open_old(school, version);
	assert_int_equal(school_number(school,
				       "SELECT count(*) FROM device WHERE id IN ('s1', 's2', "
				       "'s3') AND serial = ''"),
			 3);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device WHERE serial IN "
					       "('a-not-set-b', '111')"),
			 2);
}

/* A store that is empty but for its layout. */
static void make_layout(struct school *school, const char *path, int layout)
{
	_cleanup_(db_closep) struct db *db = NULL;

	must(school, db_open(path, DB_WRITE, &db, &school->err));
	run(school, db,
	    "CREATE TABLE schema_version (number BIGINT PRIMARY KEY, name TEXT NOT NULL)");
	must(school, db_exec(db, "INSERT INTO schema_version (number, name) VALUES ($1, '')", NULL,
			     &school->err, "i", (int64_t)layout));
}

static int64_t read_layout(struct school *school, const char *path)
{
	_cleanup_(db_closep) struct db *db = NULL;
	int64_t layout = 0;

	must(school, db_open(path, DB_READ, &db, &school->err));
	must(school, migrate_layout(db, &layout, &school->err));
	return layout;
}

static void note_target(struct school *school, int target)
{
	_cleanup_(db_closep) struct db *db = NULL;

	must(school, db_open(school->path, DB_CHANGE, &db, &school->err));
	run(school, db, "CREATE TABLE schema_update (number BIGINT PRIMARY KEY)");
	must(school, db_exec(db, "INSERT INTO schema_update (number) VALUES ($1)", NULL,
			     &school->err, "i", (int64_t)target));
}

/* Of an update that was taken back since; but one that was killed half the way goes on with it. */
static void a_copy_of_long_ago_is_made_anew_before_the_layout_changes(void **state)
{
	const int newest = migrations[ARRAY_SIZE(migrations) - 1].number;
	const struct {
		int target; /* of the update that was killed; 0: none was */
		int copied;
	} rows[] = { { 0, 3 }, { newest, 1 }, { newest - 1, 3 } };
	struct school *school = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *copy = NULL;

		snprintf(school->path, sizeof(school->path), "%s/%zu.db", school->folder, i);
		copy = xasprintf("%s.before-%04d", school->path, newest);
		make_layout(school, copy, 1);
		make_old(school, 3, "", "", "{}");
		if (rows[i].target)
			note_target(school, rows[i].target);
		must(school, store_open(school->path, false, &school->store, &school->err));
		assert_int_equal(read_layout(school, copy), rows[i].copied);
		assert_int_equal(school_number(school, "SELECT count(*) FROM sqlite_master WHERE "
						       "name = 'schema_update'"),
				 0);
		store_close(school->store);
		school->store = NULL;
	}
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_store_of_the_third_layout_is_judged_by_what_was_published),
		test(what_an_older_version_stored_is_judged_again_once),
		test(notes_of_before_say_whom_they_name),
		test(what_makers_leave_in_many_machines_is_no_serial_number_any_more),
		test(a_copy_of_long_ago_is_made_anew_before_the_layout_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
