/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "agent/probe/clock_zone.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static void names_of_the_tz_database_are_taken(void **state)
{
	static const char *const names[] = { "UTC", "America/Los_Angeles", "Etc/GMT+8",
					     "America/Argentina/ComodRivadavia", "EST5EDT" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_true(clock_zone_is_valid(names[i]));
}

static void what_leads_somewhere_else_is_not(void **state)
{
	static const char *const names[] = {
		"",    "/etc/passwd", "../passwd", "A/../B", "A//B",     "A/",
		"A B", "A\nB",        "\xff\xfe",  "8/A",    "zone.tab", "A/b\xc3\xa9"
	};
	char longer[CLOCK_ZONE_MAX + 2] = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_false(clock_zone_is_valid(names[i]));
	memset(longer, 'A', sizeof(longer) - 1);
	assert_false(clock_zone_is_valid(longer));
	longer[CLOCK_ZONE_MAX] = '\0';
	assert_true(clock_zone_is_valid(longer));
}

static void a_zone_is_what_is_below_zoneinfo(void **state)
{
	static const struct {
		const char *path, *zone;
	} rows[] = {
		{ "/usr/share/zoneinfo/America/Denver", "America/Denver" },
		{ "../usr/share/zoneinfo/Etc/UTC", "Etc/UTC" },
		{ "/usr/share/zoneinfo/right/Europe/Rome", "Europe/Rome" },
		{ "/usr/share/zoneinfo/posix/Japan", "Japan" },
		{ "/usr/share/zoneinfo/", NULL },
		{ "/etc/localtime.bak", NULL },
		{ "/usr/share/zoneinfo-x/Europe/Rome", NULL },
		{ "/usr/share/zoneinfo/../../etc/passwd", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *zone = clock_zone_of_path(rows[i].path);

		if (rows[i].zone)
			assert_string_equal(zone, rows[i].zone);
		else
			assert_null(zone);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_the_tz_database_are_taken),
		cmocka_unit_test(what_leads_somewhere_else_is_not),
		cmocka_unit_test(a_zone_is_what_is_below_zoneinfo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
