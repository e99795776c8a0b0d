/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sys/wait.h>

#include "agent/attempt.h"
#include "agent/identity.h"
#include "agent/state.h"
#include "tests/unit/agent/folder.h"
#include "tests/unit/unit.h"

static struct state *open_locked(const char *folder)
{
	struct state *state = NULL;

	assert_int_equal(state_open(folder, true, &state, NULL), 0);
	assert_int_equal(state_lock(state, NULL), 0);
	return state;
}

static int64_t next(struct state *state, int64_t at_least)
{
	int64_t sequence = 0;

	assert_int_equal(state_next_sequence(state, at_least, &sequence, NULL), 0);
	return sequence;
}

static void numbers_grow_and_outlive_the_process(void **state)
{
	struct state *first = open_locked(*state), *second;

	assert_int_equal(next(first, 0), 1);
	assert_int_equal(next(first, 0), 2);
	state_close(first);

	second = open_locked(*state);
	assert_int_equal(next(second, 0), 3);
	assert_int_equal(next(second, 40), 41);
	state_close(second);
}

static void a_damaged_number_counts_as_none(void **state)
{
	_cleanup_(state_closep) struct state *open = open_locked(*state);
	static const char *const junk[] = { "", "x\n", "-1\n", "5 6\n", "99999999999999999999\n" };

	for (size_t i = 0; i < ARRAY_SIZE(junk); i++) {
		folder_write(*state, "sequence", junk[i]);
		assert_int_equal(next(open, 6), 7);
	}
}

static void numbers_that_are_used_up_are_said(void **state)
{
	_cleanup_(state_closep) struct state *open = open_locked(*state);
	int64_t sequence;

	assert_int_equal(state_next_sequence(open, INT64_MAX, &sequence, NULL), -EOVERFLOW);
}

static void a_folder_is_made_for_nobody_else(void **state)
{
	_cleanup_free_ char *path = xasprintf("%s/inner", (char *)*state);
	struct state *open = NULL;
	struct stat st;

	assert_int_equal(state_open(path, false, &open, NULL), -ENOENT);
	assert_int_equal(state_open(path, true, &open, NULL), 0);
	state_close(open);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void a_folder_that_others_can_read_is_refused(void **state)
{
	struct state *open = NULL;
	struct err err = { 0 };

	assert_int_equal(chmod(*state, 0701), 0);

	assert_int_equal(state_open(*state, true, &open, &err), -EACCES);
	assert_non_null(strstr(err.text, "chmod 700"));
}

static void one_agent_at_a_time_holds_the_lock(void **state)
{
	struct state *first = open_locked(*state);
	int ready[2];
	char byte;
	pid_t child;
	int status;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		/* A child that gets the lock reads the number that its parent wrote under it. */
		struct state *second = NULL;
		int64_t sequence = 0;

		/* A fork shares the lock; two agents are not each other's children. */
		close(first->lock_fd);
		if (state_open(*state, false, &second, NULL) < 0 || write(ready[1], "x", 1) != 1 ||
		    state_lock(second, NULL) < 0 ||
		    state_next_sequence(second, 0, &sequence, NULL) < 0)
			_exit(99);
		_exit((int)sequence);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	for (int64_t i = 1; i <= 20; i++)
		assert_int_equal(next(first, 0), i);
	state_close(first);

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 21);
	close(ready[0]);
	close(ready[1]);
}

static const struct identity someone = {
	.device_id = "0123456789abcdef0123456789abcdef",
	.device_key = "trd_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	.url = (char *)"https://ready.example.org",
	.site_code = (char *)"19647330000001",
	.site_name = (char *)"Lincoln High",
	.role = ROLE_TA,
	.enrolled_ms = 1700000000000,
};

static void an_identity_is_read_as_it_was_written(void **state)
{
	_cleanup_(state_closep) struct state *open = open_locked(*state);
	struct identity identity = { 0 };

	assert_int_equal(identity_read(open, &identity, NULL), -ENOENT);
	assert_int_equal(identity_write(open, &someone, NULL), 0);
	assert_int_equal(identity_read(open, &identity, NULL), 0);

	assert_string_equal(identity.device_id, someone.device_id);
	assert_string_equal(identity.device_key, someone.device_key);
	assert_string_equal(identity.url, someone.url);
	assert_string_equal(identity.site_name, someone.site_name);
	assert_null(identity.ca_pem);
	assert_int_equal(identity.role, ROLE_TA);
	assert_int_equal(identity.enrolled_ms, someone.enrolled_ms);
	identity_done(&identity);
}

static void a_damaged_identity_is_refused_without_its_key(void **state)
{
	_cleanup_(state_closep) struct state *open = open_locked(*state);
	struct identity identity = { 0 };
	struct err err = { 0 };

	folder_write(*state, "identity.json",
		     "{\"device_id\": \"0123456789abcdef0123456789abcdef\","
		     " \"device_key\": \"trd_mistyped\"}");

	assert_int_equal(identity_read(open, &identity, &err), -EINVAL);
	assert_null(strstr(err.text, "mistyped"));
	assert_non_null(strstr(err.text, "--again"));
}

static void an_attempt_is_read_as_it_was_written(void **state)
{
	_cleanup_(state_closep) struct state *open = open_locked(*state);
	struct attempt attempt = { .at_ms = 1700000000000,
				   .sequence = 12,
				   .http_status = 503,
				   .sentence = (char *)"half a character: \xe2\x82",
				   .retry_at_ms = 1700000030000,
				   .discarded = 3 };
	struct attempt again = { 0 };

	assert_int_equal(attempt_read(open, &again, NULL), -ENOENT);
	assert_int_equal(attempt_write(open, &attempt, NULL), 0);
	assert_int_equal(attempt_read(open, &again, NULL), 0);

	assert_int_equal(again.sequence, 12);
	assert_int_equal(again.http_status, 503);
	assert_int_equal(again.retry_at_ms, 1700000030000);
	assert_int_equal(again.delivered_ms, 0);
	assert_int_equal(again.discarded, 3);
	assert_memory_equal(again.sentence, "half a character: ", 18);
	attempt_done(&again);
	assert_int_equal(attempt_forget(open, NULL), 0);
	assert_int_equal(attempt_forget(open, NULL), 0);
	assert_int_equal(attempt_read(open, &again, NULL), -ENOENT);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_grow_and_outlive_the_process),
		TEST(a_damaged_number_counts_as_none),
		TEST(numbers_that_are_used_up_are_said),
		TEST(a_folder_is_made_for_nobody_else),
		TEST(a_folder_that_others_can_read_is_refused),
		TEST(one_agent_at_a_time_holds_the_lock),
		TEST(an_identity_is_read_as_it_was_written),
		TEST(a_damaged_identity_is_refused_without_its_key),
		TEST(an_attempt_is_read_as_it_was_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
