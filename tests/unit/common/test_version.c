/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/version.h"
#include "tests/unit/unit.h"

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void versions_compare_part_by_part_as_numbers(void **state)
{
	/* In ascending order; versions on one line are equal. */
	static const char *const rows[][2] = {
		{ "0", "0.0" },
		{ "1", "1.0" },
		{ "1.2", "1.02" },
		{ "1.9", "1.9.0" },
		{ "1.10", "1.10" },
		{ "2.36", "2.36+deb12" },
		{ "14", "14.0" },
		{ "14.0.1", "14.0.1-beta" },
		{ "99999999999999999999", "99999999999999999999.0" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(rows); j++) {
			int wanted = (i > j) - (i < j);

			assert_int_equal(sign(version_compare(rows[i][0], rows[j][1])), wanted);
			assert_int_equal(sign(version_compare(rows[i][1], rows[j][0])), wanted);
		}
	}
}

static void a_set_has_ranges_and_holes(void **state)
{
	static const struct {
		const char *set, *version;
		bool wanted;
	} rows[] = {
		{ "14", "14", true },
		{ "14", "14.2", true }, /* 14 names the release */
		{ "14", "15", false },
		{ "14..", "14.0", true },
		{ "14..", "13.9.9", false },
		{ "34..35", "35.1", true },
		{ "34..35", "36", false },
		{ "34..35.1", "35.1.7", true },
		{ "34..35.1", "35.2", false },
		{ "130.., except 131", "131", false },
		{ "130.., except 131", "131.4", false },
		{ "130.., except 131", "132", true },
		{ "130.., except 131..133.1", "133.1", false },
		{ "130.., except 131..133.1", "133.2", true },
		{ "1, 3, 5", "3", true },
		{ "1, 3, 5", "4", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(version_set_check(rows[i].set, NULL), 0);
		if (version_set_has(rows[i].set, rows[i].version) != rows[i].wanted)
			fail_msg("'%s' has '%s'?", rows[i].set, rows[i].version);
	}
}

static void a_plain_version_has_digits_and_single_dots_alone(void **state)
{
	static const char *const plain[] = { "0", "14", "14.0", "1.2.3.4.5", "007.04" };
	static const char *const others[] = { "",      ".",   ".1",  "14.",  "14..",
					      "14..2", "14b", "14 ", " 14",  "14,0",
					      "1O.2",  "v14", "-1",  "14\n", "1e9" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++) {
		if (!version_is_plain(plain[i]))
			fail_msg("'%s' is not", plain[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (version_is_plain(others[i]))
			fail_msg("'%s' is", others[i]);
	}
}

static void a_set_that_is_none_is_refused(void **state)
{
	static const char *const sets[] = { "",
					    "..",
					    "..14",
					    "a",
					    "14...15",
					    "15..14",
					    "14,",
					    "except 14",
					    "14-15",
					    "1 2",
					    "1.",
					    ".1",
					    "14.., except 13",
					    "14, except 15..",
					    "1, 3, except 2" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++) {
		if (version_set_check(sets[i], NULL) == 0)
			fail_msg("'%s' was taken", sets[i]);
	}
}

static void sets_meet_where_they_have_a_version_in_common(void **state)
{
	static const struct {
		const char *a, *b;
		bool wanted;
	} rows[] = {
		{ "34", "34", true },
		{ "34", "34.1", true }, /* 34 names the release */
		{ "34.1", "34", true },
		{ "34", "35", false },
		{ "34..", "35", true },
		{ "34..", "33.9", false },
		{ "1..3", "3.7..9", true },
		{ "1..3", "4..9", false },
		{ "1, 5, 9", "2..4, 6..8, 10", false },
		{ "1, 5, 9", "2..4, 6..8, 9.1", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (version_sets_meet(rows[i].a, rows[i].b) != rows[i].wanted ||
		    version_sets_meet(rows[i].b, rows[i].a) != rows[i].wanted)
			fail_msg("'%s' and '%s'?", rows[i].a, rows[i].b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_compare_part_by_part_as_numbers),
		cmocka_unit_test(a_set_has_ranges_and_holes),
		cmocka_unit_test(a_plain_version_has_digits_and_single_dots_alone),
		cmocka_unit_test(a_set_that_is_none_is_refused),
		cmocka_unit_test(sets_meet_where_they_have_a_version_in_common),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
