/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/collector/school.h"

#include <errno.h>

#include "collector/act/act_import.h"
#include "collector/act/act_lea.h"
#include "collector/store/store_site.h"

#define CODE "L1"
#define DENVER "America/Denver"
#define BOISE "America/Boise"

/* Three sites: the zone of the LEA is that of its first; NULL: the file names none. */
static void take(struct school *school, const char *site_code, const char *zone)
{
	struct sites_import import = { .store = school->store, .now_ms = school->now_ms };
	const struct site_row row = {
		.code = site_code, .name = "S", .lea_code = CODE, .lea_name = "Lea", .zone = zone
	};

	must(school, sites_import_take(&import, &row, &school->err));
}

static int setup(void **state)
{
	struct school *school;

	school_setup(state);
	school_open(*state);
	school = *state;
	take(school, "0101", DENVER);
	take(school, "0102", BOISE);
	take(school, "0103", NULL);
	return 0;
}

static int change(struct school *school, const struct grants *grants,
		  const struct lea_change *wanted, int64_t *ret_n_sites)
{
	const struct actor actor = { "Bo", "", "", grants };
	struct lea_change change = *wanted;

	change.code = CODE;
	return act_lea_change(school->store, &actor, &change, school->now_ms, ret_n_sites,
			      &school->err);
}

static void has_zone(struct school *school, const char *code, const char *zone)
{
	_cleanup_(site_done) struct site site = { 0 };

	must(school, store_site_get(school->store, code, &site, &school->err));
	assert_string_equal(site.zone, zone);
}

static void a_new_site_has_the_zone_of_its_lea(void **state)
{
	has_zone(*state, "0103", DENVER);
}

static void sites_with_the_leas_zone_get_the_new_one_and_others_keep_theirs(void **state)
{
	struct school *school = *state;
	int64_t n = -1;

	must(school, change(school, &access_everything,
			    &(struct lea_change){ .zone = "America/Chicago" }, &n));
	assert_int_equal(n, 2);
	has_zone(school, "0101", "America/Chicago");
	has_zone(school, "0102", BOISE);
	has_zone(school, "0103", "America/Chicago");
	assert_int_equal(school_number(school,
				       "SELECT count(*) FROM audit WHERE act = 'lea_changed' "
				       "AND object = 'L1' AND lea_code = 'L1' AND "
				       "after_json LIKE '%\"sites_with_it\":2%'"),
			 1);
	/* Of another LEA nothing is touched. */
	assert_int_equal(
		school_number(school, "SELECT count(*) FROM lea WHERE zone = 'America/Chicago'"),
		1);
}

static void what_is_as_it_was_is_not_in_the_log(void **state)
{
	struct school *school = *state;
	const struct lea_change same = { .name = "Lea", .zone = DENVER };
	int64_t n = -1;

	must(school, change(school, &access_everything, &same, &n));
	assert_int_equal(n, 0);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit"), 0);
}

static void who_may_change_what_of_an_lea_the_table_says(void **state)
{
	struct school *school = *state;
	struct grants lea = { { { PERSON_TECH_COORDINATOR, SCOPE_LEA, CODE, "" } }, 1 };
	struct grants other = { { { PERSON_LEA_COORDINATOR, SCOPE_LEA, "00", "" } }, 1 };
	struct grants site = { { { PERSON_TECH_COORDINATOR, SCOPE_SITE, "0101", CODE } }, 1 };
	struct grants viewer = { { { PERSON_VIEWER, SCOPE_STATE, "", "" } }, 1 };
	const struct lea_change named = { .name = "Other" };
	const struct lea_change zoned = { .zone = BOISE };
	const struct lea_change called = { .has_coordinator = true,
					   .coordinator = { { "A", "", "" } } };
	int64_t n;

	assert_int_equal(change(school, &other, &called, &n), -ENOENT);
	assert_string_equal(school->err.text, "no LEA has the code 'L1'");
	assert_int_equal(change(school, &site, &called, &n), -EPERM);
	assert_int_equal(change(school, &viewer, &called, &n), -EPERM);
	assert_int_equal(change(school, &lea, &named, &n), -EPERM);
	assert_int_equal(change(school, &lea, &zoned, &n), -EPERM);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit"), 0);
	must(school, change(school, &lea, &called, &n));
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit"), 1);
	must(school, change(school, &access_everything, &named, &n));
	assert_int_equal(school_number(school, "SELECT count(*) FROM lea WHERE name = 'Other' "
					       "AND zone = 'America/Denver'"),
			 1);
}

static void a_version_that_is_old_changes_nothing(void **state)
{
	struct school *school = *state;
	const struct lea_change old = { .name = "Other", .version = "0000000000000000" };
	int64_t n;

	assert_int_equal(change(school, &access_everything, &old, &n), -ESTALE);
	assert_int_equal(school_number(school, "SELECT count(*) FROM lea WHERE name = 'Other'"), 0);
}

static void each_part_makes_another_version(void **state)
{
	struct school *school = *state;
	const struct lea_change changes[] = {
		{ .name = "Other" },
		{ .zone = BOISE },
		{ .has_coordinator = true, .coordinator = { { "A", "", "" } } },
		{ .has_coordinator = true, .coordinator = { { "A", "a@x.org", "" } } },
		{ .has_coordinator = true, .coordinator = { { "A", "a@x.org", "1" } } },
	};
	char before[LEA_VERSION_SIZE] = "";
	int64_t n;

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		_cleanup_(lea_done) struct lea lea = { 0 };
		_cleanup_(lea_about_done) struct lea_about about = { 0 };

		must(school, change(school, &access_everything, &changes[i], &n));
		must(school, store_lea_get(school->store, &sight_of_all, CODE, &lea, &school->err));
		must(school, lea_about_read(school->store, &lea, &about, &school->err));
		assert_string_not_equal(about.version, before);
		memcpy(before, about.version, sizeof(before));
	}
}

#define lea_test(name) cmocka_unit_test_setup_teardown(name, setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lea_test(a_new_site_has_the_zone_of_its_lea),
		lea_test(sites_with_the_leas_zone_get_the_new_one_and_others_keep_theirs),
		lea_test(what_is_as_it_was_is_not_in_the_log),
		lea_test(who_may_change_what_of_an_lea_the_table_says),
		lea_test(a_version_that_is_old_changes_nothing),
		lea_test(each_part_makes_another_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
