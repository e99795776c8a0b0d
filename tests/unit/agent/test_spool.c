/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

#include "agent/spool.h"
#include "tests/unit/agent/folder.h"
#include "tests/unit/unit.h"

static const struct spool_limits roomy = { .reports = 10, .bytes = 1 << 20 };

/* The folder itself is the spool. */
static struct spool *open_spool(const char *folder, const struct spool_limits *limits)
{
	struct spool *spool = NULL;

	assert_int_equal(spool_open(AT_FDCWD, folder, limits, &spool, NULL), 0);
	return spool;
}

static void add(struct spool *spool, int64_t sequence, size_t want_discarded)
{
	size_t discarded = 99;

	assert_int_equal(spool_add(spool, sequence, "{}", 2, &discarded, NULL), 0);
	assert_int_equal(discarded, want_discarded);
}

static void assert_holds(const struct spool *spool, const int64_t *sequences, size_t n)
{
	struct spool_list list = { 0 };

	assert_int_equal(spool_list(spool, &list, NULL), 0);
	assert_int_equal(list.n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(list.sequences[i], sequences[i]);
	spool_list_done(&list);
}

static void a_report_is_on_disk_when_add_returns(void **state)
{
	_cleanup_(spool_closep) struct spool *spool = open_spool(*state, &roomy);
	_cleanup_free_ char *path = xasprintf("%s/0000000000000000012.json", (char *)*state);
	_cleanup_free_ char *text = NULL;
	struct stat st;
	size_t len;

	add(spool, 12, 0);

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(spool_read(spool, 12, &text, &len, NULL), 0);
	assert_int_equal(len, 2);
	assert_string_equal(text, "{}");
}

static void the_oldest_comes_first_whatever_the_order_of_arrival(void **state)
{
	_cleanup_(spool_closep) struct spool *spool = open_spool(*state, &roomy);

	add(spool, 100, 0);
	add(spool, 9, 0);
	add(spool, INT64_MAX, 0);
	add(spool, 10, 0);

	assert_holds(spool, (int64_t[]){ 9, 10, 100, INT64_MAX }, 4);
}

static void past_its_number_the_oldest_goes_and_is_counted(void **state)
{
	const struct spool_limits two = { .reports = 2, .bytes = 1 << 20 };
	_cleanup_(spool_closep) struct spool *spool = open_spool(*state, &two);

	add(spool, 1, 0);
	add(spool, 2, 0);
	add(spool, 3, 1);

	assert_holds(spool, (int64_t[]){ 2, 3 }, 2);
}

static void past_its_bytes_the_oldest_go_but_never_the_new_one(void **state)
{
	const struct spool_limits five_bytes = { .reports = 10, .bytes = 5 };
	const struct spool_limits one_byte = { .reports = 10, .bytes = 1 };
	_cleanup_(spool_closep) struct spool *spool = open_spool(*state, &five_bytes);
	_cleanup_(spool_closep) struct spool *tiny = open_spool(*state, &one_byte);

	add(spool, 1, 0);
	add(spool, 2, 0);
	add(spool, 3, 1);
	assert_holds(spool, (int64_t[]){ 2, 3 }, 2);
	add(tiny, 4, 2);
	assert_holds(tiny, (int64_t[]){ 4 }, 1);
}

static void a_number_is_used_once(void **state)
{
	_cleanup_(spool_closep) struct spool *spool = open_spool(*state, &roomy);
	size_t discarded;

	add(spool, 7, 0);

	assert_int_equal(spool_add(spool, 7, "[]", 2, &discarded, NULL), -EEXIST);
}

static void a_report_that_is_too_large_is_refused(void **state)
{
	_cleanup_(spool_closep) struct spool *spool = open_spool(*state, &roomy);
	_cleanup_free_ char *large = xcalloc(SPOOL_REPORT_MAX + 1, 1);
	size_t discarded;

	assert_int_equal(spool_add(spool, 1, large, SPOOL_REPORT_MAX + 1, &discarded, NULL),
			 -E2BIG);
	assert_holds(spool, NULL, 0);
}

static void what_a_crash_left_is_no_report_and_goes(void **state)
{
	_cleanup_(spool_closep) struct spool *spool = open_spool(*state, &roomy);
	_cleanup_free_ char *left = xasprintf("%s/.0000000000000000001.json.tmp", (char *)*state);

	folder_write(*state, ".0000000000000000001.json.tmp", "{\"half\":");
	assert_holds(spool, NULL, 0);
	add(spool, 2, 0);

	assert_int_equal(access(left, F_OK), -1);
	assert_holds(spool, (int64_t[]){ 2 }, 1);
}

static void files_that_are_no_reports_are_left_alone(void **state)
{
	_cleanup_(spool_closep) struct spool *spool = open_spool(*state, &roomy);
	static const char *const names[] = {
		"notes.txt",
		"0000000000000000003.json~",
		"3.json",
		"0000000000000000000.json",
		"9999999999999999999.json",
		"000000000000000000a.json",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		folder_write(*state, names[i], "");
	folder_write(*state, "0000000000000000005.json/inside", "a folder, not a file");

	assert_holds(spool, NULL, 0);
}

static void a_report_is_dropped_once_and_it_may_be_gone(void **state)
{
	_cleanup_(spool_closep) struct spool *spool = open_spool(*state, &roomy);

	add(spool, 1, 0);
	assert_int_equal(spool_drop(spool, 1, NULL), 0);
	assert_int_equal(spool_drop(spool, 1, NULL), 0);

	assert_holds(spool, NULL, 0);
	assert_int_equal(spool_stored_ms(spool, 1), 0);
}

static void a_folder_that_others_can_read_is_refused(void **state)
{
	struct spool *spool = NULL;
	struct err err = { 0 };

	assert_int_equal(chmod(*state, 0750), 0);

	assert_int_equal(spool_open(AT_FDCWD, *state, &roomy, &spool, &err), -EACCES);
	assert_null(spool);
	assert_non_null(strstr(err.text, "0700"));
}

static void a_folder_that_is_not_there_or_a_link_is_refused(void **state)
{
	_cleanup_free_ char *missing = xasprintf("%s/missing", (char *)*state);
	_cleanup_free_ char *link = xasprintf("%s/link", (char *)*state);
	struct spool *spool = NULL;

	assert_int_equal(spool_open(AT_FDCWD, missing, &roomy, &spool, NULL), -ENOENT);
	assert_int_equal(symlink("/tmp", link), 0);
	assert_true(spool_open(AT_FDCWD, link, &roomy, &spool, NULL) < 0);
}

/* A limit on the size of files stands in for a disk that is full. */
static void a_full_disk_is_said_and_pushes_no_report_out(void **state)
{
	const struct spool_limits one = { .reports = 1, .bytes = 1 << 20 };
	_cleanup_(spool_closep) struct spool *spool = open_spool(*state, &one);
	struct rlimit was, none;
	struct err err = { 0 };
	size_t discarded;
	int r;

	add(spool, 1, 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	none = (struct rlimit){ .rlim_cur = 1, .rlim_max = was.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	r = spool_add(spool, 2, "{}", 2, &discarded, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);

	assert_int_equal(r, -EFBIG);
	assert_non_null(strstr(err.text, "cannot write"));
	assert_holds(spool, (int64_t[]){ 1 }, 1);
	add(spool, 2, 1);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_report_is_on_disk_when_add_returns),
		TEST(the_oldest_comes_first_whatever_the_order_of_arrival),
		TEST(past_its_number_the_oldest_goes_and_is_counted),
		TEST(past_its_bytes_the_oldest_go_but_never_the_new_one),
		TEST(a_number_is_used_once),
		TEST(a_report_that_is_too_large_is_refused),
		TEST(what_a_crash_left_is_no_report_and_goes),
		TEST(files_that_are_no_reports_are_left_alone),
		TEST(a_report_is_dropped_once_and_it_may_be_gone),
		TEST(a_folder_that_others_can_read_is_refused),
		TEST(a_folder_that_is_not_there_or_a_link_is_refused),
		TEST(a_full_disk_is_said_and_pushes_no_report_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
