/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "agent/sent.h"
#include "common/base/file.h"
#include "common/model/document.h"
#include "common/model/facts.h"
#include "tests/unit/agent/folder.h"
#include "tests/unit/unit.h"

#define DEVICE "0123456789abcdef0123456789abcdef"
#define OTHER "f123456789abcdef0123456789abcdef"

static struct state *open_state(const char *folder)
{
	struct state *state = NULL;

	assert_int_equal(state_open(folder, false, &state, NULL), 0);
	return state;
}

static json_t *some_facts(void)
{
	json_t *facts = json_object();

	facts_complete(facts, "nobody looked");
	return facts;
}

static void what_was_sent_is_read_as_it_was_written(void **folder)
{
	_cleanup_(state_closep) struct state *state = open_state(*folder);
	_cleanup_free_ char *canonical = NULL;
	char hash[HASH_SIZE];
	struct sent sent;
	json_t *facts = some_facts();

	sent_read(state, DEVICE, &sent);
	assert_null(sent.facts);
	assert_int_equal(sent_write(state, DEVICE, facts, NULL), 0);
	sent_read(state, DEVICE, &sent);
	assert_true(json_equal(sent.facts, facts));
	canonical = document_canonical(facts);
	hash_hex(canonical, strlen(canonical), hash);
	assert_string_equal(sent.hash, hash);
	sent_done(&sent);
	json_decref(facts);
}

static void what_another_device_sent_is_none(void **folder)
{
	_cleanup_(state_closep) struct state *state = open_state(*folder);
	json_t *facts = some_facts();
	struct sent sent;

	assert_int_equal(sent_write(state, OTHER, facts, NULL), 0);
	sent_read(state, DEVICE, &sent);
	assert_null(sent.facts);
	json_decref(facts);
}

static void what_is_damaged_or_of_another_agent_is_none(void **folder)
{
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"{\"device_id\":\"" DEVICE "\"}",
		"{\"device_id\":\"" DEVICE "\",\"facts\":7}",
		"{\"device_id\":\"" DEVICE "\",\"facts\":{\"memory\":{\"total_mib\":1}}}",
		"{\"device_id\":7,\"facts\":{}}",
	};
	_cleanup_(state_closep) struct state *state = open_state(*folder);

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct sent sent;

		assert_int_equal(file_write_at(state->dir_fd, "sent.json", texts[i],
					       strlen(texts[i]), 0600, NULL),
				 0);
		sent_read(state, DEVICE, &sent);
		assert_null(sent.facts);
		sent_done(&sent);
	}
}

static void numbers_taken_together_are_given_to_nobody_else(void **folder)
{
	_cleanup_(state_closep) struct state *state = open_state(*folder);
	int64_t number;

	assert_int_equal(state_lock(state, NULL), 0);
	assert_int_equal(state_last_sequence(state), 0);
	assert_int_equal(state_next_sequences(state, 4, 32, &number, NULL), 0);
	assert_int_equal(number, 5);
	assert_int_equal(state_last_sequence(state), 36);
	assert_int_equal(state_next_sequence(state, 0, &number, NULL), 0);
	assert_int_equal(number, 37);
	assert_int_equal(state_next_sequences(state, INT64_MAX - 31, 32, &number, NULL),
			 -EOVERFLOW);
}

static void one_service_keeps_another_out(void **folder)
{
	_cleanup_(state_closep) struct state *state = open_state(*folder);
	int first = -1, second = -1;
	struct err err;

	assert_int_equal(state_lock_service(state, &first, NULL), 0);
	assert_int_equal(state_lock_service(state, &second, &err), -EBUSY);
	assert_non_null(strstr(err.text, "running already"));
	close(first);
	assert_int_equal(state_lock_service(state, &second, NULL), 0);
	close(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_sent_is_read_as_it_was_written,
						folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(what_another_device_sent_is_none, folder_make,
						folder_remove),
		cmocka_unit_test_setup_teardown(what_is_damaged_or_of_another_agent_is_none,
						folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(numbers_taken_together_are_given_to_nobody_else,
						folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(one_service_keeps_another_out, folder_make,
						folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
