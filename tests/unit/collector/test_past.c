/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/past.h"

static const char boots[][REPORT_BOOT_ID_SIZE] = {
	"00000000-0000-4000-8000-00000000000a",
	"0f1e2d3c-4b5a-4968-8776-a5b4c3d2e1f0",
};

static struct report of(const char *boot_id, int64_t sequence)
{
	return (struct report){ .boot_id = boot_id,
				.sequence = sequence,
				.observed_ms = sequence * 10 };
}

static void add(struct past *past, const char *boot_id, int64_t sequence)
{
	const struct report report = of(boot_id, sequence);

	past_add(past, &report, STATE_READY);
}

static struct report_place place_of(const struct past *past, const char *boot_id, int64_t sequence)
{
	const struct report report = of(boot_id, sequence);
	struct report_place place;

	past_place(past, &report, &place);
	return place;
}

/* What it is after it was stored and read. */
static struct past stored(const struct past *past)
{
	unsigned char bytes[PAST_BYTES_MAX];
	size_t size = past_write(past, bytes);
	struct past again;

	assert_true(size <= sizeof(bytes));
	assert_int_equal(past_read(bytes, size, &again, NULL), 0);
	return again;
}

static void a_report_that_came_is_there_with_what_was_answered(void **state)
{
	struct past past = { 0 };
	struct report_place place;

	(void)state;
	assert_int_equal(past_newest(&past), 0);
	add(&past, boots[1], 7);
	past = stored(&past);
	place = place_of(&past, boots[1], 7);
	assert_true(place.is_there);
	assert_int_equal(place.observed_ms, 70);
	assert_int_equal(place.state, STATE_READY);
	assert_string_equal(place.below.boot_id, "");
	assert_string_equal(place.above.boot_id, "");
	assert_int_equal(past_newest(&past), 7);

	place = place_of(&past, boots[0], 7);
	assert_false(place.is_there);
	assert_string_equal(place.below.boot_id, boots[1]);
	assert_int_equal(place.below.sequence, 7);
}

static void the_neighbours_of_a_number_are_the_next_in_either_direction(void **state)
{
	struct past past = { 0 };
	struct report_place place;

	(void)state;
	add(&past, boots[1], 9);
	add(&past, boots[0], 3);
	add(&past, boots[1], 8);
	place = place_of(&past, boots[0], 5);
	assert_false(place.is_old);
	assert_string_equal(place.below.boot_id, boots[0]);
	assert_int_equal(place.below.sequence, 3);
	assert_string_equal(place.above.boot_id, boots[1]);
	assert_int_equal(place.above.sequence, 8);
}

static void the_highest_numbers_stay_and_of_the_others_the_edge(void **state)
{
	struct past past = { 0 };
	struct report_place place;

	(void)state;
	add(&past, boots[0], 1);
	for (int64_t i = 2; i <= PAST_REPORTS + 2; i++)
		add(&past, boots[1], i);
	past = stored(&past);
	assert_int_equal(past.n_reports, PAST_REPORTS);
	assert_true(place_of(&past, boots[1], 3).is_there);
	/* 1 and 2 were forgotten: they may have come, and whoever has such a number is old. */
	place = place_of(&past, boots[1], 2);
	assert_true(place.is_old && !place.is_there);
	assert_string_equal(place.above.boot_id, boots[1]);
	assert_true(place_of(&past, boots[0], 1).is_old);
	/* One that is late and lower than all of them is as good as forgotten. */
	add(&past, boots[0], 2);
	assert_int_equal(past.n_reports, PAST_REPORTS);
	assert_true(place_of(&past, boots[0], 2).is_old);
}

static void what_was_forgotten_last_is_still_a_neighbour(void **state)
{
	struct past past = { 0 };
	struct report_place place;

	(void)state;
	add(&past, boots[0], 1);
	for (int64_t i = 3; i <= PAST_REPORTS + 2; i++)
		add(&past, boots[1], i);
	/* 1 is the edge; 2 never came. */
	place = place_of(&past, boots[0], 2);
	assert_false(place.is_old);
	assert_string_equal(place.below.boot_id, boots[0]);
	assert_int_equal(place.below.sequence, 1);
}

static void a_boot_is_met_once(void **state)
{
	const struct report one = of(boots[0], 1), two = of(boots[1], 2);
	struct past past = { 0 };

	(void)state;
	assert_true(past_meet(&past, &one));
	assert_true(past_meet(&past, &two));
	past = stored(&past);
	assert_false(past_meet(&past, &one));
	assert_false(past_meet(&past, &two));
	past_forget_boots(&past);
	assert_true(past_meet(&past, &one));
	/* A report says which boot it is of, whether or not that was met. */
	add(&past, boots[1], 2);
	past_forget_boots(&past);
	assert_true(place_of(&past, boots[1], 2).is_there);
}

/* A boot a day for a season: those that a report needs are kept whatever comes. */
static void boots_of_reports_are_not_forgotten_before_them(void **state)
{
	struct past past = { 0 };
	char boot_id[REPORT_BOOT_ID_SIZE];

	(void)state;
	for (int64_t i = 1; i <= 300; i++) {
		struct report report = of(boot_id, i);

		snprintf(boot_id, sizeof(boot_id), "%08llx-0000-4000-8000-000000000000",
			 (long long)i);
		assert_true(past_meet(&past, &report));
		add(&past, boot_id, i);
		past = stored(&past);
		assert_true(past.n_boots <= PAST_BOOTS);
		for (int64_t j = i; j > 0 && j > i - PAST_REPORTS; j--) {
			snprintf(boot_id, sizeof(boot_id), "%08llx-0000-4000-8000-000000000000",
				 (long long)j);
			assert_true(place_of(&past, boot_id, j).is_there);
		}
	}
	snprintf(boot_id, sizeof(boot_id), "%08x-0000-4000-8000-000000000000", 300 - PAST_REPORTS);
	assert_string_equal(place_of(&past, boots[0], 1).above.boot_id, boot_id);
}

static void what_a_migrated_store_says_is_read(void **state)
{
	static const char text[] = "0f1e2d3c-4b5a-4968-8776-a5b4c3d2e1f0 7 -20 stale";
	struct past past;
	struct report_place place;

	(void)state;
	assert_int_equal(past_read(text, strlen(text), &past, NULL), 0);
	place = place_of(&past, boots[1], 7);
	assert_true(place.is_there);
	assert_int_equal(place.observed_ms, -20);
	assert_int_equal(place.state, STATE_STALE);
	assert_int_equal(past_read("", 0, &past, NULL), 0);
	assert_int_equal(past.n_reports, 0);
}

static void what_is_damaged_is_refused(void **state)
{
	unsigned char bytes[PAST_BYTES_MAX];
	struct past past = { 0 }, untouched = { .n_boots = 3 };
	size_t size;

	(void)state;
	for (int64_t i = 1; i < PAST_REPORTS + 3; i++)
		add(&past, boots[i % 2], i);
	size = past_write(&past, bytes);
	for (size_t i = 1; i < size; i++)
		assert_int_equal(past_read(bytes, i, &untouched, NULL), -EUCLEAN);
	for (size_t i = 0; i < size; i++) {
		unsigned char was = bytes[i];

		/* Whatever it is then, it is within its bounds. */
		bytes[i] = 0xee;
		if (past_read(bytes, size, &past, NULL) >= 0)
			(void)stored(&past);
		bytes[i] = was;
	}
	assert_int_equal(past_read("no uuid 7 1 ready", 17, &untouched, NULL), -EUCLEAN);
	assert_int_equal(untouched.n_boots, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_that_came_is_there_with_what_was_answered),
		cmocka_unit_test(the_neighbours_of_a_number_are_the_next_in_either_direction),
		cmocka_unit_test(the_highest_numbers_stay_and_of_the_others_the_edge),
		cmocka_unit_test(what_was_forgotten_last_is_still_a_neighbour),
		cmocka_unit_test(a_boot_is_met_once),
		cmocka_unit_test(boots_of_reports_are_not_forgotten_before_them),
		cmocka_unit_test(what_a_migrated_store_says_is_read),
		cmocka_unit_test(what_is_damaged_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
