/* SPDX-License-Identifier: Apache-2.0 */
/* What files change is in the audit log of the LEA whose sites it is, and in no other's. */
#include <errno.h>

#include "collector/act/asked.h"
#include "collector/domain/site_text.h"
#include "collector/store/store_audit.h"
#include "tests/unit/collector/school.h"

static const struct actor actor = { "Ada Kim (akim)", "", "", &access_everything };

static struct site_row site_of(const char *code, const char *name, const char *lea_code)
{
	return (struct site_row){
		.code = code, .name = name, .lea_code = lea_code, .lea_name = "Valley"
	};
}

static void import_sites(struct school *school, const struct site_row *rows, size_t n)
{
	_cleanup_(import_log_done) struct import_log log = { 0 };
	struct sites_import import = { .store = school->store,
				       .now_ms = ++school->now_ms,
				       .log = &log };
	const struct moment moment = { school->store, school->cache, school->now_ms };

	must(school, store_begin(school->store, &school->err));
	for (size_t i = 0; i < n; i++)
		must(school, sites_import_take(&import, &rows[i], &school->err));
	must(school,
	     asked_sites_imported(&moment, &actor, &(struct sites_imported){ "sites.csv", &import },
				  &school->err));
	must(school, store_commit(school->store, &school->err));
}

/* How many entries of the LEA say @what. */
static int64_t told(struct school *school, const char *lea_code, const char *what)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;

	must(school, db_query(school->store->db,
			      "SELECT count(*) FROM audit WHERE lea_code = $1 AND "
			      "instr(before_json || '->' || after_json, $2) > 0",
			      &rows, &school->err, "tt", lea_code, what));
	assert_int_equal(db_next(rows, &school->err), 1);
	return db_int(rows, 0);
}

static void each_lea_reads_what_changed_at_its_sites_before_and_after(void **state)
{
	struct school *school = *state;
	const struct site_row first[] = { site_of("1", "Adams", "A"), site_of("2", "Burr", "B"),
					  site_of("3", "Clay", "B") };
	const struct site_row then[] = { site_of("1", "Addams", "A"), site_of("2", "Burr", "B"),
					 site_of("3", "Clay Elementary", "B") };

	import_sites(school, first, ARRAY_SIZE(first));
	assert_int_equal(told(school, "A", "\"1\":{"), 1);
	assert_int_equal(told(school, "B", "\"3\":{"), 1);
	import_sites(school, then, ARRAY_SIZE(then));
	assert_int_equal(told(school, "A",
			      "{\"1\":{\"site_name\":\"Adams\"}}->{\"1\":{"
			      "\"site_name\":\"Addams\"}}"),
			 1);
	assert_int_equal(told(school, "B",
			      "{\"3\":{\"site_name\":\"Clay\"}}->{\"3\":{"
			      "\"site_name\":\"Clay Elementary\"}}"),
			 1);
	assert_int_equal(told(school, "A", "\"3\"") + told(school, "A", "\"2\""), 0);
	assert_int_equal(told(school, "B", "\"1\""), 0);
	/* The sum is the state's, and the newest. */
	assert_int_equal(told(school, "", "\"changed\":2"), 1);
	assert_int_equal(school_number(school, "SELECT lea_code = '' FROM audit ORDER BY number "
					       "DESC LIMIT 1"),
			 1);
	import_sites(school, then, ARRAY_SIZE(then));
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit"), 6);
}

static void a_site_that_goes_to_another_lea_left_the_one_and_came_to_the_other(void **state)
{
	struct school *school = *state;
	const struct site_row before = site_of("1", "Adams", "A"), after = site_of("1", "Ads", "B");

	import_sites(school, &before, 1);
	import_sites(school, &after, 1);
	assert_int_equal(told(school, "A", "\"site_name\":\"Adams\"}}->"), 1);
	assert_int_equal(told(school, "A", "Ads") + told(school, "A", "\"B\""), 0);
	assert_int_equal(told(school, "B", "\"site_name\":\"Ads\""), 1);
	assert_int_equal(told(school, "B", "Adams"), 0);
}

static void many_sites_are_a_few_entries(void **state)
{
	struct school *school = *state;
	struct site_row rows[2 * IMPORT_LOG_SITES_MAX + 1];
	char codes[ARRAY_SIZE(rows)][8];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(codes[i], sizeof(codes[i]), "s%03zu", i);
		rows[i] = site_of(codes[i], "Adams", "A");
	}
	import_sites(school, rows, ARRAY_SIZE(rows));
	assert_int_equal(told(school, "A", ""), 3);
	assert_int_equal(told(school, "A", "\"s000\"") + told(school, "A", "\"s050\""), 2);
	/* The last of them has one, and is that site's. */
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE site_code = "
					       "'s100' AND lea_code = 'A'"),
			 1);
}

/* --- inventories ----------------------------------------------------------------------- */

static void import_devices(struct school *school, const struct inventory_row *rows, size_t n)
{
	_cleanup_(inventory_import_freep) struct inventory_import *import = NULL;
	const struct moment moment = { school->store, school->cache, ++school->now_ms };
	struct inventory_imported imported = { .file = "rows.csv" };

	must(school, store_begin(school->store, &school->err));
	must(school, inventory_import_begin(school->store, school->cache, school->now_ms, &import,
					    &school->err));
	for (size_t i = 0; i < n; i++)
		must(school, inventory_import_take(import, &rows[i], &school->err));
	must(school, inventory_import_finish(import, &imported.count, &school->err));
	imported.import = import;
	must(school, asked_inventory_imported(&moment, &actor, &imported, &school->err));
	must(school, store_commit(school->store, &school->err));
}

static struct inventory_row row_of(const char *site_code, const char *serial)
{
	return (struct inventory_row){ .site_code = site_code,
				       .asset_tag = "",
				       .serial = serial,
				       .host_name = "",
				       .room = "" };
}

static void an_inventory_of_two_leas_is_told_to_each_with_the_numbers_of_its_sites(void **state)
{
	struct school *school = *state;
	const struct site_row sites[] = { site_of("1", "Adams", "A"), site_of("2", "Burr", "B"),
					  site_of("3", "Clay", "B") };
	const struct inventory_row rows[] = { row_of("1", "S1"), row_of("2", "S2"),
					      row_of("2", "S3"), row_of("3", "S4") };
	const struct inventory_row one[] = { row_of("1", "S1"), row_of("1", "S3") };

	import_sites(school, sites, ARRAY_SIZE(sites));
	import_devices(school, rows, ARRAY_SIZE(rows));
	assert_int_equal(told(school, "A", "{\"1\":{\"new\":1}}"), 1);
	assert_int_equal(told(school, "B", "{\"2\":{\"new\":2},\"3\":{\"new\":1}}"), 1);
	assert_int_equal(told(school, "", "\"new\":4"), 1);
	/* What is taken from another LEA's inventory is told there. */
	import_devices(school, one, ARRAY_SIZE(one));
	assert_int_equal(told(school, "B", "{\"2\":{\"moved\":1}}"), 1);
	assert_int_equal(told(school, "A", "{\"1\":{\"new\":1}}"), 2);
	assert_int_equal(told(school, "A", "\"2\":"), 0);
}

static void an_inventory_of_one_site_is_one_entry(void **state)
{
	struct school *school = *state;
	const struct site_row site = site_of("1", "Adams", "A");
	const struct inventory_row row = row_of("1", "S1");

	import_sites(school, &site, 1);
	import_devices(school, &row, 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE act = "
					       "'inventory_imported' AND site_code = '1'"),
			 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE act = "
					       "'inventory_imported'"),
			 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_lea_reads_what_changed_at_its_sites_before_and_after),
		TEST(a_site_that_goes_to_another_lea_left_the_one_and_came_to_the_other),
		TEST(many_sites_are_a_few_entries),
		TEST(an_inventory_of_two_leas_is_told_to_each_with_the_numbers_of_its_sites),
		TEST(an_inventory_of_one_site_is_one_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
