/* SPDX-License-Identifier: Apache-2.0 */
/* Counts that are summed up and written once are those that each device writes. */
#include "collector/act/rollup.h"
#include "tests/unit/collector/random_check.h"
#include "tests/unit/collector/school.h"

enum { DEVICES = 700, ROUNDS = 3, TEXT_SIZE = 16 };

/* A device that has no row: only its counts matter. */
struct likely {
	char room[TEXT_SIZE], results[TEXT_SIZE];
	struct device device;
};

static void change(struct likely *likely)
{
	static char *const versions[] = { "", "a", "b" };

	snprintf(likely->room, TEXT_SIZE, "%zu", random_below(300));
	snprintf(likely->results, TEXT_SIZE, "%s", random_below(2) ? "PP" : "PF");
	likely->device.room = likely->room;
	likely->device.results = likely->results;
	likely->device.profile_version = PICK(versions);
	likely->device.state = (enum device_state)random_below(STATE_MAX_);
	likely->device.browser = (enum result)random_below(RESULT_MAX_);
	likely->device.is_expected = random_below(8) > 0;
}

static int64_t differences(struct school *school, const char *columns, const char *table)
{
	_cleanup_free_ char *sql =
		xasprintf("SELECT count(*) FROM (SELECT %s FROM %s WHERE site_code = '0001' EXCEPT "
			  "SELECT %s FROM %s WHERE site_code = '0002')",
			  columns, table, columns, table);

	return school_number(school, sql);
}

static void what_is_summed_up_is_what_each_device_writes(void **state)
{
	static struct likely devices[DEVICES];
	_cleanup_(rollup_sum_freep) struct rollup_sum *sum = rollup_sum_new();
	struct school *school = *state;

	school_open(school);
	school_site(school, "0002", "p", "2027-04-05", "2027-04-23");
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < DEVICES; i++) {
			struct likely before = devices[i];
			struct device *after = &devices[i].device;

			before.device.room = before.room;
			before.device.results = before.results;
			change(&devices[i]);
			after->site_code = before.device.site_code = "0001";
			must(school, rollup_change(school->store, round ? &before.device : NULL,
						   after, &school->err));
			after->site_code = before.device.site_code = "0002";
			if (round == 0)
				must(school,
				     rollup_change(school->store, NULL, after, &school->err));
			else
				must(school, rollup_sum_change(sum, school->store, &before.device,
							       after, &school->err));
		}
		must(school, rollup_sum_write(sum, school->store, &school->err));
		assert_int_equal(differences(school, "room, state, profile_version, results, n",
					     "site_pattern"),
				 0);
		assert_int_equal(differences(school,
					     "conflict, never_seen, stale, not_ready, unknown, "
					     "ready_with_warnings, ready, browser_exempt, "
					     "browser_current, unexpected",
					     "site_count"),
				 0);
		/* As many of one as of the other, then. */
		assert_int_equal(school_number(school, "SELECT sum(CASE site_code WHEN '0001' THEN "
						       "1 ELSE -1 END) FROM site_pattern"),
				 0);
	}
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_summed_up_is_what_each_device_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
