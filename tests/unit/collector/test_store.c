/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sodium.h>
#include <sys/stat.h>

#include "collector/store/migrate.h"
#include "collector/store/store_collector_key.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_profile.h"
#include "tests/unit/collector/school.h"

#include "migrations.h"

static void reopen(struct school *school, bool is_read_only)
{
	store_close(school->store);
	school->store = NULL;
	must(school, store_open(school->path, is_read_only, &school->store, &school->err));
}

static int open_again(struct school *school)
{
	store_close(school->store);
	school->store = NULL;
	return store_open(school->path, false, &school->store, &school->err);
}

static void write_file(const char *path, long at, const char *bytes, size_t len)
{
	FILE *file = fopen(path, at < 0 ? "w" : "r+");

	assert_non_null(file);
	assert_int_equal(fseek(file, at < 0 ? 0 : at, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* What the migration of identities made, so that it runs again. */
#define UNDO_IDENTITY                                                                        \
	"DROP TABLE enrollment_request; DROP TABLE device_identity; DROP TABLE device_mark;" \
	"DROP TABLE device_note; DROP TABLE device_boot; DROP TABLE conflict_act;"           \
	"DROP TABLE conflict; DROP TABLE collector_key;"                                     \
	"ALTER TABLE enrollment_key DROP COLUMN revoked_ms;"
/* And that of versions of profiles. */
#define UNDO_PROFILES                                                                            \
	"CREATE TABLE profile (id TEXT PRIMARY KEY, version TEXT NOT NULL, body TEXT NOT NULL, " \
	"published_ms BIGINT NOT NULL);"                                                         \
	"INSERT INTO profile SELECT p.profile_id, p.version, v.body, p.published_ms "            \
	"FROM publication p JOIN profile_version v ON v.version = p.version;"                    \
	"DROP TABLE publication; DROP TABLE profile_version; DROP TABLE supplement;"             \
	"DROP TABLE waiver; DROP TABLE rejudge; DROP TABLE setting; DROP INDEX device_by_site;"  \
	"ALTER TABLE test_window DROP COLUMN profile_version;"
/* And that of people. */
#define UNDO_PEOPLE                                                                  \
	"DROP TABLE account_grant; DROP TABLE recovery_code; DROP TABLE invitation;" \
	"DROP TABLE session; DROP TABLE account; DROP TABLE sign_in_failure;"        \
	"DROP TABLE api_token; DROP TABLE audit; DROP TABLE made_before;"            \
	"DROP TABLE known_network; DROP TABLE second_factor_begun;"                  \
	"DROP TABLE sign_on_used;"
/* And that of contacts, tracks and rooms. */
#define UNDO_ORGANISATIONS                                                               \
	"DROP TABLE contact; DROP TABLE track; DROP TABLE room; DROP INDEX site_by_lea;" \
	"ALTER TABLE lea DROP COLUMN zone;"
/* And that of devices that were moved, and of what is left out of a history. */
#define UNDO_PLACEMENTS "DROP TABLE placement; ALTER TABLE transition DROP COLUMN left_out;"
/* And that of documents that were composed. */
#define UNDO_COMPOSITION "DROP TABLE composition;"
/* And that of reports that are known. */
#define UNDO_KNOWN                                                                                 \
	"ALTER TABLE device DROP COLUMN contents_digest; ALTER TABLE device DROP COLUMN past;"     \
	"DROP INDEX device_by_seen_hour; ALTER TABLE device DROP COLUMN seen_hour;"                \
	"CREATE INDEX device_by_seen ON device (site_code, state, seen_ms);"                       \
	"CREATE TABLE device_boot (device_id TEXT, boot_id TEXT);"                                 \
	"CREATE TABLE report (device_id TEXT, boot_id TEXT, sequence BIGINT, received_ms BIGINT, " \
	"observed_ms BIGINT, state TEXT);"                                                         \
	"INSERT INTO report SELECT id, '" BOOT_ID "', 7, 1, 1, 'ready' FROM device "               \
	"WHERE facts_hash <> '';"

/* --- files ---------------------------------------------------------------------- */

static void a_store_is_made_for_its_owner_alone_and_opens_again(void **state)
{
	struct school *school = *state;
	struct stat st;

	assert_int_equal(stat(school->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	school_open(school);
	reopen(school, false);
	assert_int_equal(school_number(school, "SELECT count(*) FROM site"), 1);
	/* Every migration ran, none twice; there may be gaps in the numbers. */
	assert_int_equal(school_number(school, "SELECT count(*) FROM schema_version"),
			 ARRAY_SIZE(migrations));
	assert_int_equal(store_check_writable(school->store, &school->err), 0);
}

/*
 * Killing the collector cannot show this: what it wrote stays with the kernel. Only
 * synchronous=FULL (2) makes an acknowledged report outlive a power cut.
 */
static void a_commit_waits_for_the_disk_after_every_opening(void **state)
{
	struct school *school = *state;

	assert_int_equal(school_number(school, "PRAGMA synchronous"), 2);
	reopen(school, false);
	assert_int_equal(school_number(school, "PRAGMA synchronous"), 2);
	assert_int_equal(
		school_number(school, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
}

static void a_store_of_a_newer_version_is_refused(void **state)
{
	struct school *school = *state;

	must(school, db_exec(school->store->db,
			     "INSERT INTO schema_version (number, name) VALUES (9999, 'x')", NULL,
			     &school->err, ""));
	assert_int_equal(open_again(school), -EPROTO);
	assert_non_null(strstr(school->err.text, "use the newer version"));
}

static void a_store_of_an_older_version_is_only_read_after_a_start(void **state)
{
	struct school *school = *state;

	must(school,
	     db_exec(school->store->db, "DELETE FROM schema_version", NULL, &school->err, ""));
	store_close(school->store);
	school->store = NULL;
	assert_int_equal(store_open(school->path, true, &school->store, &school->err), -ESTALE);
}

static void a_damaged_store_is_refused(void **state)
{
	struct school *school = *state;
	char junk[4096];

	school_open(school);
	store_close(school->store);
	school->store = NULL;
	memset(junk, 0x5a, sizeof(junk));
	write_file(school->path, 3 * 4096, junk, sizeof(junk));
	assert_int_equal(open_again(school), -EUCLEAN);
	assert_non_null(strstr(school->err.text, "restore a backup"));
}

static void a_file_that_is_no_database_is_refused(void **state)
{
	struct school *school = *state;

	store_close(school->store);
	school->store = NULL;
	write_file(school->path, -1, "These are notes, not a store.\n", 30);
	assert_int_equal(open_again(school), -EUCLEAN);
}

static void another_programs_database_is_refused_and_left_alone(void **state)
{
	struct school *school = *state;

	must(school, school->store->db->driver->script(school->store->db,
						       "PRAGMA application_id = 7", &school->err));
	assert_int_equal(open_again(school), -EMEDIUMTYPE);
	assert_non_null(strstr(school->err.text, "not a Testready store"));
}

static void a_store_that_is_not_there_cannot_be_read(void **state)
{
	struct school *school = *state;
	_cleanup_free_ char *path = xasprintf("%s/none.db", school->folder);
	struct store *store;

	assert_int_equal(store_open(path, true, &store, &school->err), -ENOENT);
	assert_int_equal(store_open("mysql:x", false, &store, &school->err), -EINVAL);
}

static void a_reader_cannot_write(void **state)
{
	struct school *school = *state;

	school_open(school);
	reopen(school, true);
	must(school, store_begin(school->store, &school->err));
	assert_int_equal(store_site_set_inventory(school->store, SITE, &school->err), -EROFS);
	store_rollback(school->store);
	assert_int_equal(store_check_writable(school->store, &school->err), -EROFS);
}

static void a_store_of_the_first_layout_keeps_what_it_has(void **state)
{
	static const struct device_names names = { "host", "S1", "A1", "Model" };
	struct school *school = *state;
	_cleanup_free_ char *copy =
		xasprintf("%s.before-%04d", school->path,
			  (int)school_number(school, "SELECT max(number) FROM schema_version"));
	_cleanup_(device_done) struct device silent = { 0 }, device = { 0 };
	char id[ID_SIZE], silent_id[ID_SIZE];
	int64_t newest;

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_enroll(school, SITE, &names, silent_id);
	school_report(school, id, 1, 0, &names, &GOOD);
	school_unpack_facts(school);
	must(school,
	     school->store->db->driver->script(
		     school->store->db,
		     "ALTER TABLE device ADD COLUMN facts TEXT;"
		     "UPDATE device SET facts = (SELECT body FROM device_facts "
		     "WHERE device_id = id);"
		     "DROP TABLE device_facts; DROP TABLE site_turn;" UNDO_PEOPLE UNDO_PLACEMENTS
			     UNDO_ORGANISATIONS UNDO_COMPOSITION UNDO_KNOWN UNDO_IDENTITY
				     UNDO_PROFILES "DELETE FROM schema_version WHERE number > 1",
		     &school->err));
	reopen(school, false);
	assert_int_equal(access(copy, F_OK), 0);
	assert_int_equal(school_all_reports(school), 1);
	must(school, store_report_newest(school->store, id, &newest, &school->err));
	assert_int_equal(newest, 7);
	must(school, store_device_get(school->store, id, &device, &school->err));
	assert_non_null(strstr(device.facts, "\"headphones\""));
	must(school, store_device_get(school->store, silent_id, &silent, &school->err));
	assert_null(silent.facts);
}

/* --- statements ------------------------------------------------------------------ */

static void parameters_are_bound_by_their_numbers(void **state)
{
	struct school *school = *state;
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;

	must(school, db_query(school->store->db, "SELECT $2, $1, $2, $3", &rows, &school->err,
			      "tit", "one", (int64_t)2, NULL));
	assert_int_equal(db_next(rows, &school->err), 1);
	assert_int_equal(db_int(rows, 0), 2);
	assert_string_equal(db_text(rows, 1), "one");
	assert_int_equal(db_int(rows, 2), 2);
	assert_true(db_is_null(rows, 3));
	assert_string_equal(db_text(rows, 3), "");
	assert_int_equal(db_next(rows, &school->err), 0);
}

static void bytes_come_back_as_they_were_put(void **state)
{
	static const char bytes[] = { 'a', '\0', (char)0xff, 'b' };
	struct school *school = *state;
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	size_t size;

	must(school, db_query(school->store->db, "SELECT $1, $2, $3, $4, typeof($1)", &rows,
			      &school->err, "bbbt", (const void *)bytes, sizeof(bytes),
			      (const void *)"", (size_t)0, (const void *)NULL, (size_t)0, "text"));
	assert_int_equal(db_next(rows, &school->err), 1);
	assert_memory_equal(db_bytes(rows, 0, &size), bytes, sizeof(bytes));
	assert_int_equal(size, sizeof(bytes));
	assert_non_null(db_bytes(rows, 1, &size));
	assert_int_equal(size, 0);
	assert_false(db_is_null(rows, 1));
	assert_non_null(db_bytes(rows, 2, &size));
	assert_int_equal(size, 0);
	assert_true(db_is_null(rows, 2));
	assert_memory_equal(db_bytes(rows, 3, &size), "text", 4);
	assert_int_equal(size, 4);
	assert_string_equal(db_text(rows, 4), "blob");
}

static void a_query_can_be_read_inside_itself(void **state)
{
	static const char sql[] = "SELECT 1 UNION SELECT 2 ORDER BY 1";
	struct school *school = *state;
	_cleanup_(db_rows_closep) struct db_rows *outer = NULL;
	int n = 0;

	must(school, db_query(school->store->db, sql, &outer, &school->err, ""));
	while (db_next(outer, &school->err) > 0) {
		_cleanup_(db_rows_closep) struct db_rows *inner = NULL;

		must(school, db_query(school->store->db, sql, &inner, &school->err, ""));
		while (db_next(inner, &school->err) > 0)
			n++;
	}
	assert_int_equal(n, 4);
}

static void more_statements_than_are_kept_still_run(void **state)
{
	struct school *school = *state;

	for (int i = 0; i < 500; i++) {
		_cleanup_free_ char *sql = xasprintf("SELECT %d", i % 200);

		assert_int_equal(school_number(school, sql), i % 200);
	}
}

static void a_key_that_is_there_already_is_told(void **state)
{
	struct school *school = *state;
	static const char sql[] = "INSERT INTO lea (code, name) VALUES ('1', 'x')";

	must(school, db_exec(school->store->db, sql, NULL, &school->err, ""));
	assert_int_equal(db_exec(school->store->db, sql, NULL, &school->err, ""), -EEXIST);
}

static void what_is_rolled_back_was_not(void **state)
{
	struct school *school = *state;

	must(school, store_begin(school->store, &school->err));
	school_site(school, SITE, "p", "2027-04-05", "2027-04-23");
	store_rollback(school->store);
	assert_int_equal(school_number(school, "SELECT count(*) FROM site"), 0);
	/* Nothing to roll back is nothing wrong. */
	store_rollback(school->store);
}

/* --- rows ------------------------------------------------------------------------ */

static void a_site_comes_back_as_it_was_put(void **state)
{
	struct school *school = *state;
	_cleanup_(site_done) struct site site = { 0 };

	school_open(school);
	must(school, store_site_get(school->store, SITE, &site, &school->err));
	assert_string_equal(site.name, "Lincoln");
	assert_string_equal(site.lea_code, "00");
	assert_string_equal(site.zone, "UTC");
	assert_true(site.has_window);
	assert_string_equal(site.window.profile_id, "p");
	assert_int_equal(site.window.last - site.window.first, 18);
	assert_false(site.has_inventory);
	assert_int_equal(store_site_get(school->store, "0002", &site, &school->err), -ENOENT);
}

static void a_device_comes_back_as_it_was_put(void **state)
{
	struct school *school = *state;
	_cleanup_(device_done) struct device device = { 0 };
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &(struct device_names){ "host", "S1", "A1", "Model" }, id);
	must(school, store_device_get(school->store, id, &device, &school->err));
	assert_string_equal(device.host_name, "host");
	assert_string_equal(device.serial, "S1");
	assert_string_equal(device.asset_tag, "A1");
	assert_string_equal(device.model, "Model");
	assert_int_equal(device.role, ROLE_STUDENT);
	assert_int_equal(device.state, STATE_NEVER_SEEN);
	assert_int_equal(device.enrolled_ms, NOON_MS);
	assert_int_equal(device.seen_ms, 0);
	assert_true(device.is_expected);
	assert_null(device.facts);
	assert_int_equal(store_device_by_key(school->store, "no", id, &school->err), -ENOENT);
}

/* --- lists ----------------------------------------------------------------------- */

/* Ten devices in rooms 1 and 2; every third has little memory, every fourth is not seen. */
static void furnish(struct school *school)
{
	struct inventory_import *import;
	struct inventory_count inventory;
	char id[ID_SIZE];

	school_open(school);
	must(school,
	     inventory_import_begin(school->store, school->cache, NOON_MS, &import, &school->err));
	for (int i = 0; i < 10; i++) {
		_cleanup_free_ char *host = xasprintf("host-%d", i);
		struct inventory_row row = {
			.site_code = SITE,
			.asset_tag = "",
			.serial = "",
			.host_name = host,
			.has_room = true,
			.room = i % 2 ? "2" : "1",
		};

		must(school, inventory_import_take(import, &row, &school->err));
	}
	must(school, inventory_import_finish(import, &inventory, &school->err));
	inventory_import_free(import);
	for (int i = 0; i < 10; i++) {
		_cleanup_free_ char *host = xasprintf("host-%d", i);
		struct device_names names = { host, "", "", "" };
		struct likeness like = { "14.1", i % 3 ? 4096 : 1024, true };

		if (i % 4 == 0)
			continue;
		school_enroll(school, SITE, &names, id);
		school_report(school, id, 1, 0, &names, &like);
	}
}

/* Every page of @query, "1/host-0 1/host-2 …", two devices a page. */
static char *list_all(struct school *school, struct device_query query)
{
	char *text = NULL;
	size_t size, n;
	FILE *out = open_memstream(&text, &size);
	struct device_place place;
	char room[16], host[64], id[ID_SIZE];

	query.site_code = SITE;
	query.limit = 2;
	do {
		_cleanup_(device_list_done) struct device_list list = { 0 };

		must(school, store_device_list(school->store, &query, &list, &school->err));
		n = list.n_devices;
		for (size_t i = 0; i < n; i++)
			fprintf(out, "%s/%s ", list.devices[i].room, list.devices[i].host_name);
		if (n > 0) {
			snprintf(room, sizeof(room), "%s", list.devices[n - 1].room);
			snprintf(host, sizeof(host), "%s", list.devices[n - 1].host_name);
			snprintf(id, sizeof(id), "%s", list.devices[n - 1].id);
			place = (struct device_place){ room, host, id, 0 };
			query.after = &place;
		}
	} while (n == 2);
	fclose(out);
	return text;
}

static void pages_of_devices_have_no_gaps(void **state)
{
	_cleanup_free_ char *text = NULL;

	furnish(*state);
	text = list_all(*state, (struct device_query){ .is_expected = -1 });
	assert_string_equal(text, "1/host-0 1/host-2 1/host-4 1/host-6 1/host-8 "
				  "2/host-1 2/host-3 2/host-5 2/host-7 2/host-9 ");
}

static void a_list_is_narrowed_by_state_room_and_expectation(void **state)
{
	_cleanup_free_ char *unseen = NULL, *room = NULL, *unexpected = NULL;

	furnish(*state);
	unseen = list_all(*state, (struct device_query){ .is_expected = 1,
							 .states = 1U << STATE_NEVER_SEEN });
	assert_string_equal(unseen, "1/host-0 1/host-4 1/host-8 ");
	room = list_all(*state, (struct device_query){ .is_expected = -1, .room = "2" });
	assert_string_equal(room, "2/host-1 2/host-3 2/host-5 2/host-7 2/host-9 ");
	unexpected = list_all(*state, (struct device_query){ .is_expected = 0 });
	assert_string_equal(unexpected, "");
}

static void a_list_is_narrowed_by_results(void **state)
{
	struct school *school = *state;
	_cleanup_free_ char *failing = NULL, *either = NULL, *in_room = NULL, *other = NULL;
	uint64_t bits[(PROFILE_REQUIREMENTS_MAX + 63) / 64] = { 1 };
	char version[HASH_SIZE];
	struct device_query query = {
		.is_expected = -1,
		.requirements = bits,
		.results = 1U << RESULT_FAIL,
		.profile_version = version,
	};

	furnish(school);
	must(school, store_profile_version(school->store, "p", version, &school->err));
	failing = list_all(school, query);
	assert_string_equal(failing, "1/host-6 2/host-3 2/host-9 ");
	bits[0] = 2;
	query.results = 1U << RESULT_PASS | 1U << RESULT_FAIL;
	query.room = "1";
	in_room = list_all(school, query);
	assert_string_equal(in_room, "1/host-2 1/host-6 ");
	bits[0] = 3;
	query.room = NULL;
	query.results = 1U << RESULT_FAIL;
	either = list_all(school, query);
	assert_string_equal(either, failing);
	query.profile_version = "another";
	other = list_all(school, query);
	assert_string_equal(other, "");
}

static void rooms_and_patterns_are_of_the_same_devices(void **state)
{
	struct school *school = *state;
	_cleanup_(room_list_done) struct room_list rooms = { 0 };
	_cleanup_(pattern_list_done) struct pattern_list never = { 0 };

	furnish(school);
	must(school, store_site_rooms(school->store, SITE, &rooms, &school->err));
	assert_int_equal(rooms.n_rooms, 2);
	assert_string_equal(rooms.rooms[0].room, "1");
	assert_int_equal(rooms.rooms[0].expected, 5);
	assert_int_equal(rooms.rooms[0].ready, 1);
	assert_int_equal(rooms.rooms[1].ready, 3);
	must(school, store_site_patterns(school->store, SITE, "", &never, &school->err));
	assert_int_equal(never.n_patterns, 1);
	assert_int_equal(never.patterns[0].state, STATE_NEVER_SEEN);
	assert_int_equal(never.patterns[0].n, 3);
}

static void the_collector_has_one_key_and_its_signature_is_right(void **state)
{
	struct school *school = *state;
	static const char said[] = "testready moved-to https://new.example";
	unsigned char public_key[crypto_sign_PUBLICKEYBYTES], bytes[crypto_sign_BYTES];
	char signature[SIGNATURE_SIZE];
	struct collector_key key, again;

	assert_int_equal(
		act_move_sign(school->store, "https://new.example", signature, &school->err),
		-ENOENT);
	assert_int_equal(act_collector_key_make(school->store, 1, &school->err), 1);
	must(school, store_collector_key_get(school->store, &key, &school->err));
	assert_int_equal(act_collector_key_make(school->store, 2, &school->err), 0);
	must(school, store_collector_key_get(school->store, &again, &school->err));
	assert_string_equal(key.public_key, again.public_key);

	must(school, act_move_sign(school->store, "https://new.example", signature, &school->err));
	assert_int_equal(strlen(key.public_key), 43);
	assert_int_equal(sodium_base642bin(public_key, sizeof(public_key), key.public_key, 43, NULL,
					   NULL, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
			 0);
	assert_int_equal(sodium_base642bin(bytes, sizeof(bytes), signature, strlen(signature), NULL,
					   NULL, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
			 0);
	assert_int_equal(crypto_sign_verify_detached(bytes, (const unsigned char *)said,
						     strlen(said), public_key),
			 0);
}

static void a_fingerprint_comes_back_from_its_text(void **state)
{
	struct fingerprint full = { 0 }, back;
	char text[IDENTITY_FINGERPRINT_SIZE], again[IDENTITY_FINGERPRINT_SIZE], value[16];

	(void)state;
	for (int i = 0; i < FINGERPRINT_VALUES_MAX; i++) {
		snprintf(value, sizeof(value), "%d", i);
		fingerprint_add(&full, FINGERPRINT_PRODUCT_SERIAL, i % 2, value);
	}
	assert_int_equal(full.n, FINGERPRINT_VALUES_MAX);
	identity_fingerprint_text(&full, text);
	assert_int_equal(identity_fingerprint_parse(text, &back, NULL), 0);
	identity_fingerprint_text(&back, again);
	assert_string_equal(text, again);
	assert_int_equal(identity_fingerprint_parse("[{}]", &back, NULL), -EUCLEAN);
	assert_int_equal(identity_fingerprint_parse("", &back, NULL), -EUCLEAN);
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_store_is_made_for_its_owner_alone_and_opens_again),
		test(a_commit_waits_for_the_disk_after_every_opening),
		test(a_store_of_a_newer_version_is_refused),
		test(a_store_of_an_older_version_is_only_read_after_a_start),
		test(a_damaged_store_is_refused),
		test(a_file_that_is_no_database_is_refused),
		test(another_programs_database_is_refused_and_left_alone),
		test(a_store_that_is_not_there_cannot_be_read),
		test(a_reader_cannot_write),
		test(a_store_of_the_first_layout_keeps_what_it_has),
		test(parameters_are_bound_by_their_numbers),
		test(bytes_come_back_as_they_were_put),
		test(a_query_can_be_read_inside_itself),
		test(more_statements_than_are_kept_still_run),
		test(a_key_that_is_there_already_is_told),
		test(what_is_rolled_back_was_not),
		test(a_site_comes_back_as_it_was_put),
		test(a_device_comes_back_as_it_was_put),
		test(pages_of_devices_have_no_gaps),
		test(a_list_is_narrowed_by_state_room_and_expectation),
		test(a_list_is_narrowed_by_results),
		test(rooms_and_patterns_are_of_the_same_devices),
		test(the_collector_has_one_key_and_its_signature_is_right),
		cmocka_unit_test(a_fingerprint_comes_back_from_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
