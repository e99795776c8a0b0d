/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/model/fingerprint.h"
#include "tests/unit/unit.h"

/* A machine of the values that are not NULL, all strong but the machine's id. */
struct machine {
	const char *uuid, *board, *disk, *mac, *other_mac, *machine_id;
};

static struct fingerprint made_of(const struct machine *machine)
{
	const struct {
		enum fingerprint_kind kind;
		bool is_strong;
		const char *value;
	} values[] = {
		{ FINGERPRINT_MACHINE_ID, false, machine->machine_id },
		{ FINGERPRINT_MAC, true, machine->other_mac },
		{ FINGERPRINT_MAC, true, machine->mac },
		{ FINGERPRINT_DISK_SERIAL, true, machine->disk },
		{ FINGERPRINT_BOARD_SERIAL, true, machine->board },
		{ FINGERPRINT_PRODUCT_UUID, true, machine->uuid },
	};
	struct fingerprint fingerprint = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		if (values[i].value)
			fingerprint_add(&fingerprint, values[i].kind, values[i].is_strong,
					values[i].value);
	}
	return fingerprint;
}

static const struct machine whole = { "u1", "b1", "d1", "m1", "m2", "i1" };

static void machines_are_told_apart_by_two_kinds_that_changed(void **state)
{
	static const struct {
		struct machine now;
		enum fingerprint_match match;
	} cases[] = {
		{ { "u1", "b1", "d1", "m1", "m2", "i1" }, FINGERPRINT_SAME },
		{ { "u1", "b1", "d2", "m1", "m2", "i1" }, FINGERPRINT_REPAIRED },
		{ { "u1", "b1", "d1", "m3", "m4", "i1" }, FINGERPRINT_REPAIRED },
		{ { "u2", "b2", "d1", "m1", "m2", "i1" }, FINGERPRINT_OTHER },
		{ { "u1", "b1", "d2", "m3", "m4", "i1" }, FINGERPRINT_OTHER },
		{ { "u2", "b2", "d2", "m3", "m4", "i1" }, FINGERPRINT_OTHER },
		/* One address in common is enough: the other is in a dock. */
		{ { "u1", "b1", "d1", "m1", NULL, "i1" }, FINGERPRINT_SAME },
		{ { "u1", "b1", "d1", "m3", "m2", "i1" }, FINGERPRINT_SAME },
		/* What is weak decides nothing. */
		{ { "u1", "b1", "d1", "m1", "m2", "i2" }, FINGERPRINT_SAME },
		{ { "u1", "b1", "d2", "m1", "m2", "i2" }, FINGERPRINT_REPAIRED },
		/* What cannot be read says nothing. */
		{ { "u1", NULL, NULL, NULL, NULL, NULL }, FINGERPRINT_SAME },
		{ { "u2", NULL, NULL, NULL, NULL, NULL }, FINGERPRINT_REPAIRED },
		{ { NULL, NULL, NULL, NULL, NULL, "i1" }, FINGERPRINT_UNSURE },
		{ { NULL, NULL, NULL, NULL, NULL, NULL }, FINGERPRINT_UNSURE },
	};
	struct fingerprint before = made_of(&whole);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fingerprint now = made_of(&cases[i].now);

		assert_int_equal(fingerprint_compare(&before, &now), cases[i].match);
		assert_int_equal(fingerprint_compare(&now, &before), cases[i].match);
	}
}

static void the_kinds_that_changed_are_named(void **state)
{
	struct fingerprint before = made_of(&whole);
	struct fingerprint now = made_of(&(struct machine){ "u2", "b1", "d2", "m3", "m2", "i2" });
	_cleanup_free_ char *none = fingerprint_changes(&before, &before);
	_cleanup_free_ char *two = fingerprint_changes(&before, &now);

	(void)state;
	assert_string_equal(none, "");
	assert_string_equal(two, "product_uuid, disk_serial");
}

static void space_and_case_do_not_count_and_the_kind_does(void **state)
{
	struct fingerprint plain = { 0 }, spaced = { 0 }, board = { 0 };

	(void)state;
	fingerprint_add(&plain, FINGERPRINT_PRODUCT_SERIAL, true, "5CD1234xyz");
	fingerprint_add(&spaced, FINGERPRINT_PRODUCT_SERIAL, true, " 5cd1234XYZ\t\n");
	fingerprint_add(&board, FINGERPRINT_BOARD_SERIAL, true, "5CD1234xyz");
	assert_string_equal(plain.values[0].hash, spaced.values[0].hash);
	assert_string_not_equal(plain.values[0].hash, board.values[0].hash);
	assert_null(strstr(plain.values[0].hash, "5cd1234"));
}

static void a_hash_stays_what_it_is(void **state)
{
	struct fingerprint fingerprint = { 0 };

	(void)state;
	fingerprint_add(&fingerprint, FINGERPRINT_PRODUCT_SERIAL, true, "5CD1234XYZ");
	/* A collector compares it with those it has stored for years. */
	assert_string_equal(fingerprint.values[0].hash, "523ee745366a5870");
}

static void what_is_empty_or_there_twice_or_too_much_is_left_out(void **state)
{
	struct fingerprint fingerprint = { 0 };

	(void)state;
	fingerprint_add(&fingerprint, FINGERPRINT_MAC, true, "");
	fingerprint_add(&fingerprint, FINGERPRINT_MAC, true, " \n");
	assert_int_equal(fingerprint.n, 0);
	for (int i = 0; i < 3 * FINGERPRINT_VALUES_MAX; i++) {
		char value[16];

		snprintf(value, sizeof(value), "%d", i / 2);
		fingerprint_add(&fingerprint, FINGERPRINT_MAC, true, value);
		assert_int_equal(fingerprint.n, i / 2 + 1 < FINGERPRINT_VALUES_MAX
							? i / 2 + 1
							: FINGERPRINT_VALUES_MAX);
	}
	for (size_t i = 1; i < fingerprint.n; i++)
		assert_true(strcmp(fingerprint.values[i - 1].hash, fingerprint.values[i].hash) < 0);
}

static void it_is_read_as_it_was_written(void **state)
{
	struct fingerprint before = made_of(&whole), after;
	json_t *json = fingerprint_write(&before);
	struct node node = { .value = json, .key = "" };
	struct err err;

	(void)state;
	assert_int_equal(fingerprint_read(&node, &after, &err), 0);
	assert_int_equal(after.n, before.n);
	for (size_t i = 0; i < after.n; i++) {
		assert_int_equal(after.values[i].kind, before.values[i].kind);
		assert_int_equal(after.values[i].is_strong, before.values[i].is_strong);
		assert_string_equal(after.values[i].hash, before.values[i].hash);
	}
	json_decref(json);
}

static void what_is_no_fingerprint_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{ "{}", "expected" },
		{ "[1]", "[0]" },
		{ "[{'kind':'colour','strength':'weak','hash':'0123456789abcdef'}]", "[0].kind" },
		{ "[{'kind':'mac','strength':'ignored','hash':'0123456789abcdef'}]",
		  "[0].strength" },
		{ "[{'kind':'mac','strength':'weak','hash':'0123456789abcde'}]", "[0].hash" },
		{ "[{'kind':'mac','strength':'weak','hash':'0123456789ABCDEF'}]", "[0].hash" },
		{ "[{'kind':'mac','strength':'weak','hash':'0123456789abcdef0'}]", "[0].hash" },
		{ "[{'kind':'mac','strength':'weak','hash':'0123456789abcdef','value':'x'}]",
		  "value" },
		{ "[{'kind':'mac','strength':'weak'}]", "[0].hash" },
		{ "[{'kind':'mac','strength':'weak','hash':'0123456789abcdef'},"
		  "{'kind':'mac','strength':'weak','hash':'0123456789abcdef'}]",
		  "[1]" },
		{ "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "16" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *text = xstrdup(cases[i].text);
		struct fingerprint untouched = { .n = 7 };
		struct node node = { .key = "fingerprint" };
		struct err err = { 0 };

		for (char *c = text; *c; c++)
			*c = *c == '\'' ? '"' : *c;
		node.value = json_loads(text, 0, NULL);
		assert_non_null(node.value);
		assert_int_equal(fingerprint_read(&node, &untouched, &err), -EINVAL);
		assert_non_null(strstr(err.text, cases[i].said));
		assert_int_equal(untouched.n, 7);
		json_decref((json_t *)node.value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machines_are_told_apart_by_two_kinds_that_changed),
		cmocka_unit_test(the_kinds_that_changed_are_named),
		cmocka_unit_test(space_and_case_do_not_count_and_the_kind_does),
		cmocka_unit_test(a_hash_stays_what_it_is),
		cmocka_unit_test(what_is_empty_or_there_twice_or_too_much_is_left_out),
		cmocka_unit_test(it_is_read_as_it_was_written),
		cmocka_unit_test(what_is_no_fingerprint_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
