/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heartbeats, and the fingerprint in both. Reports as a whole are tested by what the
 * collector takes and refuses.
 */
#include <errno.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/model/report.h"
#include "tests/unit/unit.h"

#define ID "0123456789abcdef0123456789abcdef"
#define BOOT "8c5d1f9e-0a1b-4c2d-8e3f-001122334455"
#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static struct heartbeat made(void)
{
	struct heartbeat heartbeat = {
		.head = { .device_id = ID,
			  .agent_version = "1.2",
			  .boot_id = BOOT,
			  .sequence = 7,
			  .observed_ms = 1802242800000,
			  .age_ms = 12,
			  .has_fingerprint = true },
		.facts_hash = HASH,
	};

	fingerprint_add(&heartbeat.head.fingerprint, FINGERPRINT_BOARD_SERIAL, true, "B-1");
	return heartbeat;
}

static void a_heartbeat_is_read_as_it_was_written(void **state)
{
	struct heartbeat before = made(), after;
	json_t *json = heartbeat_write(&before);
	struct err err;

	(void)state;
	assert_int_equal(heartbeat_read(json, &after, NULL, &err), 0);
	assert_string_equal(after.head.device_id, ID);
	assert_string_equal(after.head.agent_version, "1.2");
	assert_string_equal(after.head.boot_id, BOOT);
	assert_int_equal(after.head.sequence, 7);
	assert_int_equal(after.head.observed_ms, before.head.observed_ms);
	assert_int_equal(after.head.age_ms, 12);
	assert_string_equal(after.facts_hash, HASH);
	assert_true(after.head.has_fingerprint);
	assert_int_equal(fingerprint_compare(&after.head.fingerprint, &before.head.fingerprint),
			 FINGERPRINT_SAME);
	json_decref(json);
}

static void what_is_not_known_is_left_out(void **state)
{
	struct heartbeat before = made(), after;
	struct err err;
	json_t *json;

	(void)state;
	before.head.age_ms = -1;
	before.head.has_fingerprint = false;
	json = heartbeat_write(&before);
	assert_null(json_object_get(json, "age_ms"));
	assert_null(json_object_get(json, "fingerprint"));
	assert_int_equal(heartbeat_read(json, &after, NULL, &err), 0);
	assert_int_equal(after.head.age_ms, -1);
	assert_false(after.head.has_fingerprint);
	json_decref(json);
}

static void a_heartbeat_that_is_wrong_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *member, *value, *pointer;
	} cases[] = {
		{ "heartbeat", "2", "/heartbeat" },
		{ "heartbeat", NULL, "/heartbeat" },
		{ "device_id", "\"x\"", "/device_id" },
		{ "boot_id", "\"8C5D1F9E-0a1b-4c2d-8e3f-001122334455\"", "/boot_id" },
		{ "boot_id", NULL, "/boot_id" },
		{ "sequence", "0", "/sequence" },
		{ "sequence", "1.5", "/sequence" },
		{ "observed_at", "\"yesterday\"", "/observed_at" },
		{ "age_ms", "-1", "/age_ms" },
		{ "fingerprint", "{}", "/fingerprint" },
		{ "fingerprint", "[{}]", "/fingerprint" },
		{ "facts_hash", NULL, "/facts_hash" },
		{ "facts_hash", "\"e3b0\"", "/facts_hash" },
		{ "facts_hash",
		  "\"E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855\"",
		  "/facts_hash" },
		/* A heartbeat is no report. */
		{ "facts", "{}", "" },
		{ "device", "{}", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct heartbeat heartbeat = made();
		json_t *json = heartbeat_write(&heartbeat);
		_cleanup_free_ char *pointer = NULL;
		struct err err = { 0 };

		json_object_del(json, cases[i].member);
		if (cases[i].value)
			json_object_set_new(json, cases[i].member,
					    json_loads(cases[i].value, JSON_DECODE_ANY, NULL));
		assert_int_equal(heartbeat_read(json, &heartbeat, &pointer, &err), -EINVAL);
		assert_int_equal(strncmp(pointer, cases[i].pointer, strlen(cases[i].pointer)), 0);
		assert_true(err.text[0]);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_heartbeat_is_read_as_it_was_written),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(a_heartbeat_that_is_wrong_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
