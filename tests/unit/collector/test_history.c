/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/collector/school.h"

#include <errno.h>

#include "collector/settings.h"
#include "collector/store/store_history.h"
#include "collector/store/store_identity.h"

static void put(struct school *school, const char *id, int64_t at_ms, const char *requirement)
{
	const struct transition transition = { at_ms, (char *)requirement, "pass", "fail", 0 };

	must(school, store_transition_put(school->store, id, &transition, &school->err));
}

static void note(struct school *school, const char *id, int64_t at_ms)
{
	must(school, store_note_put(school->store, id, at_ms, "Something.", &school->err));
}

/* The times of what is left of @id, the newest first: "300 100". */
static void left(struct school *school, const char *id, char *ret_text, size_t size)
{
	struct transition_list list;
	struct note_list notes;
	size_t len = 0;

	must(school, store_transition_list(school->store, id, 100, &list, &school->err));
	must(school, store_note_list(school->store, id, 100, &notes, &school->err));
	for (size_t i = 0; i < list.n_transitions; i++)
		len += (size_t)snprintf(ret_text + len, size - len, "%s%lld", len ? " " : "",
					(long long)list.transitions[i].at_ms);
	snprintf(ret_text + len, size - len, ", %zu notes", notes.n_notes);
	transition_list_done(&list);
	note_list_done(&notes);
}

static void what_is_old_goes_but_for_the_newest_change_of_each_requirement(void **state)
{
	static const struct device_names names = { "a", "", "", "" };
	struct school *school = *state;
	char id[ID_SIZE], place[ID_SIZE] = "", text[128];
	int64_t n;

	school_open(school);
	school_enroll(school, SITE, &names, id);
	put(school, id, 100, "memory.size");
	put(school, id, 200, "memory.size");
	put(school, id, 300, "memory.size");
	put(school, id, 150, "disk.size");
	note(school, id, 100);
	note(school, id, 250);

	must(school, store_history_forget(school->store, place, 10, 250, &n, &school->err));
	left(school, id, text, sizeof(text));
	assert_string_equal(text, "300 150, 1 notes");
	assert_int_equal(n, 3);
	assert_string_equal(place, id);

	/* Whatever is old: the newest of each stays. */
	must(school, store_history_forget(school->store, place, 10, 250, &n, &school->err));
	assert_string_equal(place, "");
	must(school, store_history_forget(school->store, place, 10, 9000, &n, &school->err));
	left(school, id, text, sizeof(text));
	assert_string_equal(text, "300 150, 0 notes");
}

static void a_few_devices_are_looked_at_each_time_until_all_were(void **state)
{
	static const char *const hosts[] = { "a", "b", "c", "d", "e" };
	struct school *school = *state;
	char ids[ARRAY_SIZE(hosts)][ID_SIZE], place[ID_SIZE] = "";
	int64_t n, n_all = 0;
	int steps = 0;

	school_open(school);
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		const struct device_names names = { hosts[i], "", "", "" };

		school_enroll(school, SITE, &names, ids[i]);
		put(school, ids[i], 100, "memory.size");
		put(school, ids[i], 200, "memory.size");
	}
	do {
		must(school, store_history_forget(school->store, place, 2, 150, &n, &school->err));
		assert_true(n <= 2);
		n_all += n;
		steps++;
	} while (place[0]);
	assert_int_equal(n_all, ARRAY_SIZE(hosts));
	assert_true(steps >= 3);
}

static void how_long_is_a_number_of_days_from_a_year_on(void **state)
{
	static const char *const wrong[] = {
		"", "x", "365", "-1", "1096d", "36526", "99999999999999999999"
	};
	struct err err = { 0 };
	int64_t days = 0;

	(void)state;
	assert_int_equal(settings_history(NULL, &days, &err), 0);
	assert_int_equal(days, 1096);
	assert_int_equal(settings_history("366", &days, &err), 0);
	assert_int_equal(days, 366);
	assert_int_equal(settings_history("36525", &days, &err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_int_equal(settings_history(wrong[i], &days, &err), -EINVAL);
		assert_non_null(strstr(err.text, "--history-days"));
	}
}

/* --- what a device makes itself --------------------------------------------------------- */

static const struct likeness good = { .browser = "14.1", .memory_mib = 8192 };
static const struct likeness small = { .browser = "14.1", .memory_mib = 512 };

/* Reports of one device, each a second after the other, that differ in their memory. */
static void flap(struct school *school, const char *id, int64_t first, int n)
{
	static const struct device_names names = { "a", "", "", "" };

	for (int i = 0; i < n; i++) {
		school->now_ms += 1000;
		(void)school_report(school, id, first + i, 0, &names, i % 2 ? &good : &small);
	}
}

static int64_t memory_rows(struct school *school, const char *where)
{
	_cleanup_free_ char *sql = xasprintf(
		"SELECT count(*) FROM transition WHERE requirement = 'memory.size' AND %s", where);

	return school_number(school, sql);
}

static void of_many_changes_on_a_day_the_first_and_the_last_stay(void **state)
{
	static const struct device_names names = { "a", "", "", "" };
	struct school *school = *state;
	struct transition_list list;
	char id[ID_SIZE];
	int64_t begin;

	school_open(school);
	school_enroll(school, SITE, &names, id);
	begin = school->now_ms;
	flap(school, id, 1, TRANSITIONS_A_DAY);
	assert_int_equal(memory_rows(school, "left_out = 0"), TRANSITIONS_A_DAY);
	flap(school, id, TRANSITIONS_A_DAY + 1, 101);
	assert_int_equal(memory_rows(school, "left_out = 0"), TRANSITIONS_A_DAY - 1);
	assert_int_equal(memory_rows(school, "left_out = 101"), 1);
	/* The last is the last, and the others are where they were. */
	must(school, store_transition_list(school->store, id, 1, &list, &school->err));
	assert_int_equal(list.transitions[0].at_ms, school->now_ms);
	assert_string_equal(list.transitions[0].old_result, "pass");
	assert_string_equal(list.transitions[0].new_result, "fail");
	transition_list_done(&list);
	school->now_ms = begin + DAY_MS;
	flap(school, id, 1000, 2);
	assert_int_equal(memory_rows(school, "left_out = 0"), TRANSITIONS_A_DAY);
	assert_int_equal(memory_rows(school, "left_out = 101"), 1);
}

static void changes_of_another_requirement_and_device_have_rows_of_their_own(void **state)
{
	static const struct device_names names = { "a", "", "", "" }, others = { "b", "", "", "" };
	static const struct likeness bare = { .memory_mib = 8192 };
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_enroll(school, SITE, &others, other_id);
	flap(school, id, 1, 50);
	(void)school_report(school, id, 51, 0, &names, &bare);
	(void)school_report(school, other_id, 1, 0, &others, &small);
	assert_int_equal(school_number(school,
				       "SELECT count(*) FROM transition WHERE "
				       "requirement = 'browser.version' AND left_out = 0 AND "
				       "old_result = 'pass'"),
			 1);
	assert_int_equal(memory_rows(school, "old_result = '' AND left_out = 0"), 2);
}

static void of_many_notes_of_a_kind_on_a_day_the_first_and_the_last_stay(void **state)
{
	static const struct device_names names = { "a", "", "", "" };
	struct school *school = *state;
	struct note_list notes;
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	note(school, id, school->now_ms);
	for (int i = 0; i < 40; i++) {
		_cleanup_free_ char *body = xasprintf("It was repaired: %d.", i);

		must(school, store_note_put_often(school->store, id, ++school->now_ms,
						  "It was repaired:", body, &school->err));
	}
	must(school, store_note_list(school->store, id, 100, &notes, &school->err));
	assert_int_equal(notes.n_notes, NOTES_A_DAY + 1);
	assert_string_equal(notes.notes[0].body, "It was repaired: 39.");
	assert_int_equal(notes.notes[0].left_out, 40 - NOTES_A_DAY);
	assert_string_equal(notes.notes[1].body, "It was repaired: 6.");
	assert_string_equal(notes.notes[NOTES_A_DAY].body, "Something.");
	note_list_done(&notes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_old_goes_but_for_the_newest_change_of_each_requirement,
			school_setup, school_teardown),
		cmocka_unit_test_setup_teardown(
			a_few_devices_are_looked_at_each_time_until_all_were, school_setup,
			school_teardown),
		cmocka_unit_test_setup_teardown(
			of_many_changes_on_a_day_the_first_and_the_last_stay, school_setup,
			school_teardown),
		cmocka_unit_test_setup_teardown(
			changes_of_another_requirement_and_device_have_rows_of_their_own,
			school_setup, school_teardown),
		cmocka_unit_test_setup_teardown(
			of_many_notes_of_a_kind_on_a_day_the_first_and_the_last_stay, school_setup,
			school_teardown),
		cmocka_unit_test(how_long_is_a_number_of_days_from_a_year_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
