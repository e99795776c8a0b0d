/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies of the store: whole or not there at all, and never in the place of what is in use.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "collector/store/backup.h"
#include "tests/unit/collector/school.h"

/* A school with a device, and another file to name. */
struct spot {
	struct school *school;
	char path[128], other[128];
};

static void furnish(struct school *school, struct spot *ret_place)
{
	static const struct device_names names = { "host", "S1", "A1", "Model" };
	char id[ID_SIZE];

	*ret_place = (struct spot){ .school = school };
	snprintf(ret_place->path, sizeof(ret_place->path), "%s/copy.db", school->folder);
	snprintf(ret_place->other, sizeof(ret_place->other), "%s/other.db", school->folder);
	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
}

static void leave(struct school *school)
{
	store_close(school->store);
	school->store = NULL;
}

static int back_up(const struct spot *place, bool is_forced, struct summary *ret_summary)
{
	_cleanup_(db_closep) struct db *db = NULL;
	struct err *err = &place->school->err;

	must(place->school, db_open(place->school->path, DB_READ, &db, err));
	return backup_write(db, place->path, is_forced, false, ret_summary, err);
}

static int64_t count_devices(struct school *school, const char *path)
{
	_cleanup_(db_closep) struct db *db = NULL;
	struct summary summary;

	must(school, db_open(path, DB_READ, &db, &school->err));
	must(school, summary_read(db, &summary, &school->err));
	return summary.n_devices;
}

static void write_file(const char *path, long at, const char *bytes, size_t len)
{
	FILE *file = fopen(path, at < 0 ? "w" : "r+");

	assert_non_null(file);
	assert_int_equal(fseek(file, at < 0 ? 0 : at, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void damage(const char *path, long page)
{
	char junk[4096];

	memset(junk, 0x5a, sizeof(junk));
	write_file(path, page * (long)sizeof(junk), junk, sizeof(junk));
}

static bool is_there(const char *path, const char *side)
{
	_cleanup_free_ char *name = xasprintf("%s%s", path, side);

	return access(name, F_OK) == 0;
}

/* --- backup ----------------------------------------------------------------------- */

static void a_backup_has_what_the_store_has_and_is_for_its_owner_alone(void **state)
{
	struct summary summary;
	struct spot place;
	struct stat st;
	mode_t mask = umask(0);

	furnish(*state, &place);
	must(place.school, back_up(&place, false, &summary));
	(void)umask(mask);
	assert_int_equal(summary.n_devices, 1);
	assert_int_equal(summary.n_sites, 1);
	assert_int_equal(summary.n_ready, 1);
	assert_int_equal(stat(place.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, summary.bytes);
	assert_int_equal(count_devices(place.school, place.path), 1);
	assert_false(is_there(place.path, ".part"));
}

/* It is read where nothing can be written beside it, and needs nothing that was. */
static void a_backup_is_one_file(void **state)
{
	struct summary summary;
	struct spot place;
	char format[2];
	FILE *file;

	furnish(*state, &place);
	must(place.school, back_up(&place, false, &summary));
	file = fopen(place.path, "r");
	assert_non_null(file);
	assert_int_equal(fseek(file, 18, SEEK_SET), 0);
	assert_int_equal(fread(format, 1, 2, file), 2);
	assert_int_equal(fclose(file), 0);
	/* 2 would be a WAL, sqlite.org/fileformat2.html. */
	assert_memory_equal(format, "\1\1", 2);
	assert_int_equal(count_devices(place.school, place.path), 1);
	assert_false(is_there(place.path, "-wal"));
	assert_false(is_there(place.path, "-journal"));
}

static void a_backup_is_of_the_moment_at_which_it_began(void **state)
{
	struct summary summary;
	struct spot place;

	furnish(*state, &place);
	must(place.school, store_begin(place.school->store, &place.school->err));
	school_enroll(place.school, SITE, &(struct device_names){ "b", "", "", "" },
		      (char[ID_SIZE]){ 0 });
	must(place.school, back_up(&place, false, &summary));
	must(place.school, store_commit(place.school->store, &place.school->err));
	assert_int_equal(summary.n_devices, 1);
	must(place.school, back_up(&place, true, &summary));
	assert_int_equal(summary.n_devices, 2);
}

static void a_file_that_is_there_stays_unless_it_is_forced(void **state)
{
	struct summary summary;
	struct spot place;

	furnish(*state, &place);
	write_file(place.path, -1, "notes", 5);
	assert_int_equal(back_up(&place, false, &summary), -EEXIST);
	assert_non_null(strstr(place.school->err.text, "--force"));
	must(place.school, back_up(&place, true, &summary));
	assert_int_equal(count_devices(place.school, place.path), 1);
}

static void half_a_copy_that_was_left_is_in_nobodys_way(void **state)
{
	struct summary summary;
	struct spot place;
	char part[160];

	furnish(*state, &place);
	snprintf(part, sizeof(part), "%s.part", place.path);
	write_file(part, -1, "half", 4);
	must(place.school, back_up(&place, false, &summary));
	assert_int_equal(count_devices(place.school, place.path), 1);
	assert_false(is_there(part, ""));
}

static void the_store_itself_a_folder_and_a_store_in_use_are_no_place_for_a_copy(void **state)
{
	struct summary summary;
	struct spot place;

	furnish(*state, &place);
	strcpy(place.path, place.school->path);
	assert_int_equal(back_up(&place, true, &summary), -EINVAL);
	strcpy(place.path, place.school->folder);
	assert_int_equal(back_up(&place, true, &summary), -EINVAL);
	snprintf(place.path, sizeof(place.path), "%s/none/copy.db", place.school->folder);
	assert_int_equal(back_up(&place, true, &summary), -ENOENT);
	snprintf(place.path, sizeof(place.path), "%s/copy.db", place.school->folder);
	snprintf(place.other, sizeof(place.other), "%s-wal", place.path);
	write_file(place.other, -1, "log", 3);
	assert_int_equal(back_up(&place, true, &summary), -EBUSY);
	assert_non_null(strstr(place.school->err.text, "copy.db-wal"));
}

/* A page of rows: only reading it all finds it. */
static void a_store_that_is_damaged_gives_no_backup(void **state)
{
	struct summary summary;
	struct spot place;

	furnish(*state, &place);
	leave(place.school);
	damage(place.school->path, 5);
	assert_int_equal(back_up(&place, false, &summary), -EUCLEAN);
	assert_non_null(strstr(place.school->err.text, "damaged"));
	assert_false(is_there(place.path, ""));
	assert_false(is_there(place.path, ".part"));
}

/* --- restore ----------------------------------------------------------------------- */

static int restore(const struct spot *place, const char *to, bool is_forced,
		   struct restored *ret_restored)
{
	*ret_restored = (struct restored){ 0 };
	return backup_restore(place->path, to, is_forced, NOON_MS, ret_restored,
			      &place->school->err);
}

static void a_backup_becomes_a_store_elsewhere(void **state)
{
	struct restored restored;
	struct summary summary;
	struct spot place;

	furnish(*state, &place);
	must(place.school, back_up(&place, false, &summary));
	must(place.school, restore(&place, place.other, false, &restored));
	assert_null(restored.kept);
	assert_int_equal(restored.summary.n_devices, 1);
	leave(place.school);
	must(place.school,
	     store_open(place.other, false, &place.school->store, &place.school->err));
	assert_int_equal(school_all_reports(place.school), 1);
	assert_int_equal(store_check_writable(place.school->store, &place.school->err), 0);
}

static void a_store_that_is_there_is_kept_beside(void **state)
{
	struct restored restored;
	struct summary summary;
	struct spot place;

	furnish(*state, &place);
	must(place.school, back_up(&place, false, &summary));
	school_enroll(place.school, SITE, &(struct device_names){ "b", "", "", "" },
		      (char[ID_SIZE]){ 0 });
	leave(place.school);
	assert_int_equal(restore(&place, place.school->path, false, &restored), -EEXIST);
	assert_non_null(strstr(place.school->err.text, "--force"));
	assert_int_equal(count_devices(place.school, place.school->path), 2);
	must(place.school, restore(&place, place.school->path, true, &restored));
	assert_non_null(strstr(restored.kept, ".replaced-20270118T120000.000Z"));
	assert_int_equal(count_devices(place.school, place.school->path), 1);
	assert_int_equal(count_devices(place.school, restored.kept), 2);
	free(restored.kept);
}

/* Else its last transactions would be written into the store that took its place. */
/* Without closing it, so its log stays. */
static void change_and_die(const char *path)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct store *store;
		int r = store_open(path, false, &store, NULL);

		_exit(r < 0 ||
		      db_exec(store->db, "UPDATE device SET room = 'x'", NULL, NULL, "") < 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(is_there(path, "-wal"));
}

/* It may be that of another store: without it the file is whole. */
static void a_log_is_not_written_into_a_file_that_is_damaged_with_it(void **state)
{
	struct compacted compacted;
	struct school *school;
	struct spot place;

	furnish(*state, &place);
	school = place.school;
	leave(school);
	change_and_die(school->path);
	/* How many pages are free, which are none. */
	write_file(school->path, 36, "\0\0\0\7", 4);
	assert_int_equal(backup_compact(school->path, &compacted, &school->err), -EUCLEAN);
	assert_true(is_there(school->path, "-wal"));
	must(school, db_driver_sqlite.forget_damage(school->path, &school->err));
	assert_int_equal(store_open(school->path, false, &school->store, &school->err), -EUCLEAN);
	assert_true(is_there(school->path, "-wal"));
	/* One line of what is wrong, and not what SQLite writes above it. */
	assert_null(strchr(school->err.text, '\n'));
	assert_null(strstr(school->err.text, "***"));
}

static void a_file_that_is_empty_is_no_store_to_change(void **state)
{
	struct school *school;
	struct spot place;
	struct stat st;

	furnish(*state, &place);
	school = place.school;
	leave(school);
	write_file(place.path, -1, "", 0);
	assert_int_equal(store_open_old(place.path, &school->store, &school->err), -EMEDIUMTYPE);
	assert_non_null(strstr(school->err.text, "this file is empty"));
	assert_int_equal(stat(place.path, &st), 0);
	assert_int_equal(st.st_size, 0);
}

static void the_log_of_a_damaged_store_goes_with_it(void **state)
{
	struct restored restored;
	struct summary summary;
	struct spot place;

	furnish(*state, &place);
	must(place.school, back_up(&place, false, &summary));
	leave(place.school);
	change_and_die(place.school->path);
	write_file(place.school->path, 0, "not a store any more", 20);
	must(place.school, restore(&place, place.school->path, true, &restored));
	assert_false(is_there(place.school->path, "-wal"));
	assert_true(is_there(restored.kept, "-wal"));
	free(restored.kept);
	must(place.school,
	     store_open(place.school->path, false, &place.school->store, &place.school->err));
	assert_int_equal(school_number(place.school, "SELECT count(*) FROM device WHERE room = ''"),
			 1);
}

static void a_log_without_its_store_is_no_part_of_the_next(void **state)
{
	struct restored restored;
	struct summary summary;
	struct spot place;
	char log[160];
	glob_t kept;

	furnish(*state, &place);
	must(place.school, back_up(&place, false, &summary));
	snprintf(log, sizeof(log), "%s-wal", place.other);
	write_file(log, -1, "old", 3);
	must(place.school, restore(&place, place.other, false, &restored));
	assert_false(is_there(log, ""));
	/* It may be all there is of what was committed last. */
	snprintf(log, sizeof(log), "%s.replaced-*Z-wal", place.other);
	assert_int_equal(glob(log, 0, NULL, &kept), 0);
	assert_int_equal(kept.gl_pathc, 1);
	globfree(&kept);
}

/* By another process: what this one has open is not told by its locks. */
static void a_store_that_is_in_use_is_not_replaced(void **state)
{
	struct restored restored;
	struct compacted compacted;
	struct summary summary;
	struct spot place;
	int hold[2], ready[2];
	char byte = 0;
	pid_t pid;

	furnish(*state, &place);
	must(place.school, back_up(&place, false, &summary));
	leave(place.school);
	assert_int_equal(pipe(hold) | pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct store *store;

		close(hold[1]);
		byte = store_open(place.school->path, true, &store, NULL) < 0;
		(void)!write(ready[1], &byte, 1);
		(void)!read(hold[0], &byte, 1);
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 0);
	assert_int_equal(restore(&place, place.school->path, true, &restored), -EBUSY);
	assert_non_null(strstr(place.school->err.text, "stop the collector"));
	assert_int_equal(backup_compact(place.school->path, &compacted, &place.school->err),
			 -EBUSY);
	assert_non_null(strstr(place.school->err.text, "stop the collector"));
	close(hold[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	must(place.school, restore(&place, place.school->path, true, &restored));
	free(restored.kept);
}

static void what_is_no_whole_store_is_not_restored(void **state)
{
	static const struct {
		const char *sql;
		int error;
	} cases[] = {
		{ "PRAGMA application_id = 7", -EMEDIUMTYPE },
		{ "INSERT INTO schema_version (number, name) VALUES (9999, 'x')", -EPROTO },
	};
	struct restored restored;
	struct summary summary;
	struct spot place;

	furnish(*state, &place);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(db_closep) struct db *db = NULL;

		must(place.school, back_up(&place, true, &summary));
		must(place.school,
		     db_driver_sqlite.open(place.path, DB_ALONE, &db, &place.school->err));
		must(place.school, db->driver->script(db, cases[i].sql, &place.school->err));
		db_close(TAKE_PTR(db));
		assert_int_equal(restore(&place, place.other, false, &restored), cases[i].error);
		assert_false(is_there(place.other, ""));
	}
	must(place.school, back_up(&place, true, &summary));
	damage(place.path, 5);
	assert_int_equal(restore(&place, place.other, false, &restored), -EUCLEAN);
	write_file(place.path, -1, "", 0);
	assert_int_equal(restore(&place, place.other, false, &restored), -EMEDIUMTYPE);
	write_file(place.path, -1, "These are notes, not a store.\n", 30);
	assert_int_equal(restore(&place, place.other, false, &restored), -EUCLEAN);
	strcpy(place.path, place.school->path);
	assert_int_equal(restore(&place, place.school->path, true, &restored), -EINVAL);
	assert_false(is_there(place.other, ""));
}

/* --- compact ------------------------------------------------------------------------ */

static void compacting_gives_back_what_is_free_and_keeps_all_else(void **state)
{
	struct compacted compacted;
	struct spot place;
	struct stat before, after;

	furnish(*state, &place);
	must(place.school,
	     place.school->store->db->driver->script(
		     place.school->store->db,
		     "CREATE TABLE junk (body TEXT); INSERT INTO junk SELECT "
		     "hex(zeroblob(100000)) FROM (VALUES (1), (2), (3), (4)); DROP TABLE junk",
		     &place.school->err));
	leave(place.school);
	assert_int_equal(stat(place.school->path, &before), 0);
	must(place.school, backup_compact(place.school->path, &compacted, &place.school->err));
	assert_int_equal(stat(place.school->path, &after), 0);
	assert_int_equal(compacted.before, before.st_size);
	assert_int_equal(compacted.after, after.st_size);
	assert_true(after.st_size + 700000 < before.st_size);
	assert_int_equal(after.st_mode & 0777, 0600);
	assert_int_equal(count_devices(place.school, place.school->path), 1);
	must(place.school,
	     store_open(place.school->path, false, &place.school->store, &place.school->err));
	assert_int_equal(store_check_writable(place.school->store, &place.school->err), 0);
}

static void compacting_packs_what_an_older_version_stored(void **state)
{
	struct compacted compacted;
	struct spot place;
	char id[ID_SIZE];

	furnish(*state, &place);
	school_enroll(place.school, SITE, &(struct device_names){ "host", "", "", "" }, id);
	school_report(place.school, id, 1, 0, &(struct device_names){ "host", "", "", "" }, &GOOD);
	school_unpack_facts(place.school);
	leave(place.school);
	must(place.school, backup_compact(place.school->path, &compacted, &place.school->err));
	assert_int_equal(compacted.n_packed, 2);
	must(place.school,
	     store_open(place.school->path, false, &place.school->store, &place.school->err));
	assert_int_equal(school_number(place.school, "SELECT count(*) FROM device_facts WHERE "
						     "packed IS NULL OR body <> ''"),
			 0);
	{
		_cleanup_free_ char *text = NULL;

		must(place.school,
		     store_device_facts(place.school->store, id, &text, &place.school->err));
		assert_non_null(strstr(text, "\"headphones\""));
	}
	leave(place.school);
	must(place.school, backup_compact(place.school->path, &compacted, &place.school->err));
	assert_int_equal(compacted.n_packed, 0);
}

/* --- damage -------------------------------------------------------------------------- */

/* Whoever meets damage tells all others; a file that is put in its place is not meant. */
static void a_file_that_was_found_damaged_is_not_opened_until_it_is_another(void **state)
{
	struct restored restored;
	struct summary summary;
	struct spot place;
	struct school *school;

	furnish(*state, &place);
	school = place.school;
	must(school, back_up(&place, false, &summary));
	must(school,
	     db_exec(school->store->db, "UPDATE device SET room = 'x'", NULL, &school->err, ""));
	leave(school);
	damage(school->path, 5);
	assert_int_equal(store_open(school->path, false, &school->store, &school->err), -EUCLEAN);
	assert_true(is_there(school->path, ".damaged"));
	assert_int_equal(db_check_damage(school->path, &school->err), -EUCLEAN);
	assert_int_equal(store_open(school->path, true, &school->store, &school->err), -EUCLEAN);
	assert_non_null(strstr(school->err.text, "restore a backup"));
	must(school, restore(&place, school->path, true, &restored));
	assert_true(is_there(restored.kept, ".damaged"));
	free(restored.kept);
	must(school, db_check_damage(school->path, &school->err));
	must(school, store_open(school->path, false, &school->store, &school->err));
}

/* It would be written to a file that nobody finds any more. */
static void a_store_that_was_moved_away_is_not_written(void **state)
{
	struct spot place;
	struct school *school;

	furnish(*state, &place);
	school = place.school;
	assert_int_equal(rename(school->path, place.other), 0);
	assert_int_equal(store_begin(school->store, &school->err), -EBUSY);
	assert_non_null(strstr(school->err.text, "moved away"));
	assert_int_equal(rename(place.other, school->path), 0);
	must(school, store_begin(school->store, &school->err));
	store_rollback(school->store);
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_backup_has_what_the_store_has_and_is_for_its_owner_alone),
		test(a_backup_is_one_file),
		test(a_backup_is_of_the_moment_at_which_it_began),
		test(a_file_that_is_there_stays_unless_it_is_forced),
		test(half_a_copy_that_was_left_is_in_nobodys_way),
		test(the_store_itself_a_folder_and_a_store_in_use_are_no_place_for_a_copy),
		test(a_store_that_is_damaged_gives_no_backup),
		test(a_backup_becomes_a_store_elsewhere),
		test(a_store_that_is_there_is_kept_beside),
		test(a_log_is_not_written_into_a_file_that_is_damaged_with_it),
		test(a_file_that_is_empty_is_no_store_to_change),
		test(the_log_of_a_damaged_store_goes_with_it),
		test(a_log_without_its_store_is_no_part_of_the_next),
		test(a_store_that_is_in_use_is_not_replaced),
		test(what_is_no_whole_store_is_not_restored),
		test(compacting_gives_back_what_is_free_and_keeps_all_else),
		test(compacting_packs_what_an_older_version_stored),
		test(a_file_that_was_found_damaged_is_not_opened_until_it_is_another),
		test(a_store_that_was_moved_away_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
