/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thread that looks after the file: what is committed gets into it, the log stays small,
 * and a large file that is damaged is found out.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "collector/store/keeper.h"
#include "common/base/file.h"
#include "tests/unit/collector/school.h"

#define MIB (1024 * 1024LL)

static int64_t size_of(const struct school *school, const char *side)
{
	_cleanup_free_ char *path = xasprintf("%s%s", school->path, side);
	struct stat st;

	return stat(path, &st) < 0 ? 0 : st.st_size;
}

static void stop(struct school *school, struct keeper *keeper)
{
	store_close(TAKE_PTR(school->store));
	keeper_stop(keeper);
}

static void make_table(struct school *school)
{
	must(school,
	     db_exec(school->store->db, "CREATE TABLE junk (body TEXT)", NULL, &school->err, ""));
}

/* As many transactions of a MiB. */
static void write_mib(struct school *school, int n)
{
	for (int i = 0; i < n; i++)
		must(school,
		     db_exec(school->store->db, "INSERT INTO junk SELECT hex(zeroblob(524288))",
			     NULL, &school->err, ""));
}

static void wait_for_file(struct school *school, int64_t bytes)
{
	for (int i = 0; i < 1000 && size_of(school, "") < bytes; i++)
		poll(NULL, 0, 10);
	assert_true(size_of(school, "") >= bytes);
}

static void what_is_committed_gets_into_the_file_while_the_log_is_short(void **state)
{
	struct school *school = *state;
	struct keeper *keeper;

	make_table(school);
	must(school, keeper_start(school->path, school->store, &keeper, &school->err));
	/* Less than the writer would begin with. */
	write_mib(school, 20);
	wait_for_file(school, 15 * MIB);
	stop(school, keeper);
	must(school, store_open(school->path, false, &school->store, &school->err));
	assert_int_equal(school_number(school, "SELECT count(*) FROM junk"), 20);
}

static void the_log_is_bounded(void **state)
{
	struct school *school = *state;
	struct keeper *keeper;

	make_table(school);
	must(school, keeper_start(school->path, school->store, &keeper, &school->err));
	write_mib(school, 200);
	/* A look of the other thread that is under way puts the writer's own off, to 96 MiB. */
	assert_true(size_of(school, "-wal") < 110 * MIB);
	stop(school, keeper);
	assert_int_equal(size_of(school, "-wal"), 0);
	must(school, store_open(school->path, false, &school->store, &school->err));
	assert_int_equal(school_number(school, "SELECT count(*) FROM junk"), 200);
}

static void a_large_file_that_is_damaged_is_marked(void **state)
{
	struct school *school = *state;
	struct keeper *keeper;
	char junk[4096];
	FILE *file;

	make_table(school);
	write_mib(school, 70);
	store_close(TAKE_PTR(school->store));
	memset(junk, 0x5a, sizeof(junk));
	file = fopen(school->path, "r+");
	assert_non_null(file);
	/* Of the first tables: what has the text only is not told from other text. */
	assert_int_equal(fseek(file, 5 * 4096, SEEK_SET), 0);
	assert_int_equal(fwrite(junk, 1, sizeof(junk), file), sizeof(junk));
	assert_int_equal(fclose(file), 0);
	/* Too large to be looked at now. */
	must(school, store_open(school->path, false, &school->store, &school->err));
	must(school, db_check_damage(school->path, &school->err));
	must(school, keeper_start(school->path, school->store, &keeper, &school->err));
	for (int i = 0; i < 1000 && db_check_damage(school->path, NULL) == 0; i++)
		poll(NULL, 0, 10);
	assert_int_equal(db_check_damage(school->path, &school->err), -EUCLEAN);
	stop(school, keeper);
}

/* How often this program wrote anything. */
static int64_t writes(void)
{
	_cleanup_free_ char *text = NULL;
	const char *at;

	assert_true(file_read_at(AT_FDCWD, "/proc/self/io", 4096, &text, NULL, NULL) >= 0);
	at = strstr(text, "syscw:");
	assert_non_null(at);
	return strtoll(at + strlen("syscw:"), NULL, 10);
}

/* No file may grow beyond @bytes; more is refused as on a full disk. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_disk_that_is_full_is_not_tried_again_and_again(void **state)
{
	struct school *school = *state;
	struct keeper *keeper;
	int64_t n;

	make_table(school);
	write_mib(school, 6);
	store_close(TAKE_PTR(school->store));
	must(school, store_open(school->path, false, &school->store, &school->err));
	must(school, keeper_start(school->path, school->store, &keeper, &school->err));
	(void)signal(SIGXFSZ, SIG_IGN);
	limit_files((rlim_t)size_of(school, "") + 65536);
	/* It has room in the log, and none in the file. */
	must(school, db_exec(school->store->db, "INSERT INTO junk SELECT hex(zeroblob(2400000))",
			     NULL, &school->err, ""));
	n = writes();
	poll(NULL, 0, 300);
	n = writes() - n;
	limit_files(RLIM_INFINITY);
	stop(school, keeper);
	/* One try writes a page or a few dozen. */
	assert_in_range(n, 0, 100);
}

static void it_ends_at_once(void **state)
{
	struct school *school = *state;
	struct keeper *keeper;

	for (int i = 0; i < 20; i++) {
		must(school, keeper_start(school->path, school->store, &keeper, &school->err));
		must(school, store_check_writable(school->store, &school->err));
		stop(school, keeper);
		must(school, store_open(school->path, false, &school->store, &school->err));
	}
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_committed_gets_into_the_file_while_the_log_is_short),
		test(the_log_is_bounded),
		test(a_large_file_that_is_damaged_is_marked),
		test(a_disk_that_is_full_is_not_tried_again_and_again),
		test(it_ends_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
