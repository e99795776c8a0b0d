/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What check finds: counts that are not those of the devices, and what refers to nothing.
 */
#include <errno.h>
#include <string.h>

#include "collector/store/verify.h"
#include "tests/unit/collector/school.h"

struct heard {
	char text[4096];
	int n;
};

static void hear(void *arg, const char *what)
{
	struct heard *heard = arg;
	size_t len = strlen(heard->text);

	heard->n++;
	(void)snprintf(heard->text + len, sizeof(heard->text) - len, "%s\n", what);
}

/* Devices of every kind that counts, at two sites. */
static void furnish(struct school *school)
{
	static const struct likeness likes[] = {
		{ "14.1", 8192, true },
		{ "13.0", 8192, true },
		{ NULL, 0, false },
		{ "14.1", 8192, false },
	};
	char id[ID_SIZE];

	school_open(school);
	school_site(school, "0002", "p", "2027-04-05", "2027-04-23");
	for (size_t i = 0; i <= ARRAY_SIZE(likes); i++) {
		_cleanup_free_ char *host = xasprintf("host-%zu", i);
		struct device_names names = { host, "", "", "" };

		school_enroll(school, i % 2 ? "0002" : SITE, &names, id);
		if (i < ARRAY_SIZE(likes))
			school_report(school, id, 1, 0, &names, &likes[i]);
	}
}

static void run(struct school *school, const char *sql)
{
	must(school, school->store->db->driver->script(school->store->db, sql, &school->err));
}

static struct heard look(struct school *school,
			 int (*how)(struct store *, struct verify *, struct err *))
{
	struct heard heard = { 0 };
	struct verify verify = { .found = hear, .arg = &heard };

	must(school, how(school->store, &verify, &school->err));
	if (how != verify_references) {
		assert_int_equal(verify.n_sites, 2);
		assert_int_equal(verify.n_devices,
				 school_number(school, "SELECT count(*) FROM device"));
	}
	return heard;
}

static void a_store_that_nobody_touched_has_nothing_wrong(void **state)
{
	struct school *school = *state;

	furnish(school);
	assert_int_equal(look(school, verify_counts).n, 0);
	assert_int_equal(look(school, verify_references).n, 0);
	/* Also when devices are stale, unexpected or retired. */
	school->now_ms += 60 * DAY_MS;
	(void)school_sweep(school);
	run(school, "UPDATE device SET state = 'retired' WHERE host_name = 'host-0';"
		    "UPDATE device SET is_expected = 0 WHERE host_name = 'host-2'");
	assert_true(look(school, verify_repair).n > 0);
	assert_int_equal(look(school, verify_counts).n, 0);
	assert_int_equal(school_number(school, "SELECT unexpected FROM site_count WHERE "
					       "site_code = '0001'"),
			 1);
}

/* Each number on its own, so that none is left out. */
static void each_count_that_is_wrong_is_told_with_its_site_and_mended(void **state)
{
	static const char *const columns[] = {
		"conflict",
		"never_seen",
		"stale",
		"not_ready",
		"unknown",
		"ready",
		"ready_with_warnings",
		"browser_exempt",
		"browser_current",
		"unexpected",
	};
	struct school *school = *state;

	furnish(school);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		_cleanup_free_ char *sql = xasprintf("UPDATE site_count SET %s = %s + 7 WHERE "
						     "site_code = '0002'",
						     columns[i], columns[i]);
		struct heard heard;

		run(school, sql);
		heard = look(school, verify_counts);
		assert_int_equal(heard.n, 1);
		assert_non_null(strstr(heard.text, "site 0002: "));
		assert_non_null(strstr(heard.text, "check --repair"));
		assert_int_equal(look(school, verify_repair).n, 1);
		assert_int_equal(look(school, verify_counts).n, 0);
	}
	run(school, "DELETE FROM site_count WHERE site_code = '0002'");
	assert_true(look(school, verify_repair).n > 0);
	assert_int_equal(look(school, verify_counts).n, 0);
}

static void each_pattern_that_is_wrong_is_told_and_mended(void **state)
{
	static const char *const changes[] = {
		"UPDATE site_pattern SET n = n + 1",
		"DELETE FROM site_pattern WHERE state = 'ready'",
		"UPDATE site_pattern SET results = 'XYZ' WHERE state = 'ready'",
		"UPDATE site_pattern SET room = 'z'",
		"UPDATE site_pattern SET profile_version = 'v' WHERE state = 'ready'",
		"INSERT INTO site_pattern VALUES ('0001', 'r', 'stale', '', 'PPP', 3)",
		"DELETE FROM site_pattern",
	};
	struct school *school = *state;

	furnish(school);
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		run(school, changes[i]);
		assert_true(look(school, verify_counts).n > 0);
		assert_true(look(school, verify_repair).n > 0);
		assert_int_equal(look(school, verify_counts).n, 0);
	}
}

/* A coordinator reads it: who is counted where, and how many there are. */
static void what_differs_is_a_sentence(void **state)
{
	struct school *school = *state;
	struct heard heard;

	furnish(school);
	run(school, "UPDATE site_count SET ready = 5 WHERE site_code = '0001'");
	heard = look(school, verify_counts);
	assert_string_equal(heard.text, "site 0001: 5 devices ready are counted, but there are 1; "
					"count anew with check --repair\n");
}

static void repair_leaves_devices_and_sites_that_are_right_alone(void **state)
{
	struct school *school = *state;
	struct heard heard;

	furnish(school);
	run(school, "UPDATE site_count SET ready = 5 WHERE site_code = '0001';"
		    "CREATE TEMP TABLE before AS SELECT * FROM device;"
		    "CREATE TEMP TABLE touched (code TEXT);"
		    "CREATE TEMP TRIGGER t AFTER UPDATE ON site_count BEGIN "
		    "INSERT INTO touched VALUES (new.site_code); END");
	heard = look(school, verify_repair);
	assert_int_equal(heard.n, 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM (SELECT * FROM device EXCEPT "
					       "SELECT * FROM before)"),
			 0);
	assert_int_equal(school_number(school, "SELECT count(*) FROM touched"), 1);
}

#define PLACEMENT(kind, role, site)                                                             \
	"INSERT INTO placement (device_id, number, kind, status, asked_ms, asked_by, "          \
	"account_id, on_day, site_code, role, is_expected, was_site, was_room, was_role, "      \
	"was_expected, was_tag, reason, note, line, ended_by, why) VALUES ('d', 1, '" kind      \
	"', 'planned', 1, '', '', '', '" site "', '" role "', 1, '0001', '', 'ta', 1, '', '', " \
	"'', '', '', '')"

static void what_refers_to_nothing_is_told(void **state)
{
	static const struct {
		const char *sql, *says;
	} cases[] = {
		{ "UPDATE test_window SET profile_version = 'gone' WHERE site_code = '0001'",
		  "site 0001: it is judged by version gone, which is not stored" },
		{ "UPDATE device SET profile_version = 'gone' WHERE host_name = 'host-0'",
		  "site 0001: 1 devices were judged by version gone" },
		{ "INSERT INTO waiver VALUES ('w1', 'nix', 'state', '', 'r', 'x', 'me', "
		  "'2027-07-31', 1, NULL, '', 'given', '', '', NULL, '', '')",
		  "waiver w1: it is of the profile nix" },
		{ "INSERT INTO waiver VALUES ('w2', 'p', 'site', '9', 'r', 'x', 'me', "
		  "'2027-07-31', 1, NULL, '', 'given', '', '', NULL, '', '')",
		  "waiver w2: it is for the site 9" },
		{ "INSERT INTO waiver VALUES ('w3', 'p', 'lea', '9', 'r', 'x', 'me', "
		  "'2027-07-31', 1, NULL, '', 'given', '', '', NULL, '', '')",
		  "waiver w3: it is for the lea 9" },
		{ "INSERT INTO supplement VALUES ('nix', 'site', '0001', 'v', '{}', 1)",
		  "supplement of the site 0001: it is to the profile nix" },
		{ "INSERT INTO supplement VALUES ('p', 'lea', '9', 'v', '{}', 1)",
		  "supplement to p: it is of the lea 9" },
		{ "INSERT INTO site_pattern VALUES ('9', '', 'ready', '', 'P', 1)", "site 9: " },
		{ "INSERT INTO transition VALUES ('nobody', 1, 'r', '', 'pass', 0)",
		  "device nobody: it has a history" },
		{ "INSERT INTO device_note (device_id, at_ms, body) VALUES ('nobody', 1, 'x')",
		  "device nobody: it has notes" },
		{ PLACEMENT("mvoe", "ta", "0001"), "device d: its placement 1 cannot be read" },
		{ PLACEMENT("move", "taa", "0001"), "device d: its placement 1 cannot be read" },
		{ PLACEMENT("move", "ta", "9"),
		  "device d: its placement 1 names a site that is not there" },
	};
	struct school *school = *state;

	furnish(school);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct heard heard;

		must(school, store_begin(school->store, &school->err));
		run(school, cases[i].sql);
		heard = look(school, verify_references);
		store_rollback(school->store);
		if (heard.n != 1 || !strstr(heard.text, cases[i].says))
			fail_msg("'%s' gives '%s'", cases[i].sql, heard.text);
		assert_non_null(strchr(heard.text, ';'));
	}
}

/* --- facts --------------------------------------------------------------------------------- */

static struct heard look_at_facts(struct school *school, bool is_repair)
{
	struct heard heard = { 0 };
	struct verify verify = { .found = hear, .arg = &heard };

	must(school, verify_facts(school->store, is_repair, &verify, &school->err));
	return heard;
}

static void facts_that_are_not_what_was_stored_are_told_by_their_device(void **state)
{
	static const struct {
		const char *sql, *says;
	} cases[] = {
		{ "UPDATE device_facts SET packed = substr(packed, 2)", "cannot be unpacked" },
		{ "UPDATE device_facts SET packed = NULL, body = '{}'", "not those that were" },
		{ "DELETE FROM device_facts", "there are none" },
	};
	struct school *school = *state;

	furnish(school);
	assert_int_equal(look_at_facts(school, false).n, 0);
	run(school, "CREATE TEMP TABLE good AS SELECT * FROM device_facts");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *sql = xasprintf(
			"%s WHERE device_id = (SELECT max(device_id) FROM good)", cases[i].sql);
		struct heard heard;

		run(school, sql);
		heard = look_at_facts(school, false);
		if (heard.n != 1 || !strstr(heard.text, cases[i].says))
			fail_msg("'%s' gives '%s'", cases[i].sql, heard.text);
		assert_non_null(strstr(heard.text, "check --repair"));
		run(school,
		    "DELETE FROM device_facts; INSERT INTO device_facts SELECT * FROM good");
	}
}

/* What was there was lost; the next report brings it, though it says what the last one said. */
static void damaged_facts_are_asked_for_and_stored_anew(void **state)
{
	static const struct device_names names = { "host", "", "", "" };
	struct school *school = *state;
	_cleanup_(device_done) struct device device = { 0 };
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
	school_damage_facts(school, id);
	assert_int_equal(store_device_get(school->store, id, &device, &school->err), -EBADMSG);
	assert_non_null(strstr(school->err.text, id));
	assert_int_equal(look_at_facts(school, true).n, 1);
	assert_int_equal(look_at_facts(school, false).n, 0);
	/* Until then nobody takes it for more than it is. */
	must(school, store_device_get(school->store, id, &device, &school->err));
	assert_null(device.facts);
	assert_int_equal(device.state, STATE_READY);
	device_done(&device);
	school_report(school, id, 2, 0, &names, &GOOD);
	must(school, store_device_get(school->store, id, &device, &school->err));
	assert_non_null(strstr(device.facts, "\"headphones\""));
	assert_int_equal(look_at_facts(school, false).n, 0);
}

static void all_devices_are_looked_at_by_pages(void **state)
{
	struct school *school = *state;
	int64_t n;

	furnish(school);
	run(school,
	    "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 1100) "
	    "INSERT INTO device SELECT printf('%032x', n), site_code, role, room, is_expected, "
	    "asset_tag, serial, host_name, model, NULL, enrolled_ms, seen_ms, agent_version, "
	    "state, since_ms, profile_id, profile_version, results, browser_result, facts_hash, "
	    "contents_digest, past, seen_hour FROM i, (SELECT * FROM device WHERE "
	    "facts_hash <> '' LIMIT 1)");
	n = look_at_facts(school, false).n;
	assert_int_equal(n, 1100);
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_store_that_nobody_touched_has_nothing_wrong),
		test(each_count_that_is_wrong_is_told_with_its_site_and_mended),
		test(each_pattern_that_is_wrong_is_told_and_mended),
		test(what_differs_is_a_sentence),
		test(repair_leaves_devices_and_sites_that_are_right_alone),
		test(what_refers_to_nothing_is_told),
		test(facts_that_are_not_what_was_stored_are_told_by_their_device),
		test(damaged_facts_are_asked_for_and_stored_anew),
		test(all_devices_are_looked_at_by_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
