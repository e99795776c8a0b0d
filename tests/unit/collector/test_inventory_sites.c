/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inventories against what was seen: what does not fit together at a site, and machines that two
 * sites have.
 */
#include <errno.h>

#include "collector/view/view_inventory.h"
#include "tests/unit/collector/school.h"

#define OTHER "0002"

/* The inventory of @site is a device for each serial number; "": none more. */
static struct inventory_count list_serials(struct school *school, const char *site,
					   const char *const *serials)
{
	_cleanup_(inventory_import_freep) struct inventory_import *import = NULL;
	struct inventory_count count;

	must(school, inventory_import_begin(school->store, school->cache, school->now_ms, &import,
					    &school->err));
	for (; **serials; serials++) {
		const struct inventory_row row = { .site_code = site,
						   .asset_tag = "",
						   .serial = *serials,
						   .host_name = "",
						   .room = "" };

		must(school, inventory_import_take(import, &row, &school->err));
	}
	must(school, inventory_import_finish(import, &count, &school->err));
	return count;
}

#define LIST(school, site, ...) list_serials(school, site, (const char *const[]){ __VA_ARGS__, "" })

static void enroll(struct school *school, const char *site, const char *serial,
		   char id[static ID_SIZE])
{
	const struct device_names names = { "", serial, "", "" };

	school_enroll(school, site, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
}

static void two_sites(struct school *school)
{
	school_open(school);
	school_site(school, OTHER, "p", "2027-04-05", "2027-04-23");
}

/* "never_seen 1, ready 2, unexpected 0" of a site. */
static void expect_counts(struct school *school, const char *site, int never_seen, int ready,
			  int unexpected)
{
	_cleanup_(site_done) struct site got = { 0 };

	must(school, store_site_get(school->store, site, &got, &school->err));
	assert_int_equal(got.count.states[STATE_NEVER_SEEN], never_seen);
	assert_int_equal(got.count.states[STATE_READY], ready);
	assert_int_equal(got.count.unexpected, unexpected);
	/* What is counted is what the rows are. */
	{
		_cleanup_free_ char *sql = xasprintf("SELECT count(*) FROM device WHERE site_code "
						     "= '%s' AND is_expected = 1",
						     site);

		assert_int_equal(school_number(school, sql), never_seen + ready);
	}
}

/* --- machines that two sites list --------------------------------------------------- */

static void a_device_that_two_inventories_list_counts_where_the_newer_one_is(void **state)
{
	struct school *school = *state;
	struct inventory_count count;
	char id[ID_SIZE];

	two_sites(school);
	enroll(school, SITE, "S1", id);
	(void)LIST(school, SITE, "S1", "S2");
	expect_counts(school, SITE, 1, 1, 0);

	count = LIST(school, OTHER, "S1");
	assert_int_equal(count.moved, 1);
	assert_int_equal(count.added, 1);
	expect_counts(school, SITE, 1, 0, 1);
	expect_counts(school, OTHER, 1, 0, 0);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device_note"), 1);

	/* Back again: the line that waited at the other site goes. */
	count = LIST(school, SITE, "S1", "S2");
	assert_int_equal(count.moved, 1);
	expect_counts(school, SITE, 1, 1, 0);
	expect_counts(school, OTHER, 0, 0, 0);
}

static void a_line_that_another_inventory_takes_goes(void **state)
{
	struct school *school = *state;
	struct inventory_count count;

	two_sites(school);
	(void)LIST(school, SITE, "S1", "S2");
	count = LIST(school, OTHER, "S2", "S3");
	assert_int_equal(count.moved, 1);
	assert_int_equal(count.removed, 0);
	expect_counts(school, SITE, 1, 0, 0);
	expect_counts(school, OTHER, 2, 0, 0);
	count = LIST(school, OTHER, "S2", "S3");
	assert_int_equal(count.moved, 0);
}

static void a_site_without_an_inventory_keeps_its_devices(void **state)
{
	struct school *school = *state;
	struct inventory_count count;
	char id[ID_SIZE];

	two_sites(school);
	enroll(school, SITE, "S1", id);
	count = LIST(school, OTHER, "S1");
	assert_int_equal(count.moved, 0);
	expect_counts(school, SITE, 0, 1, 0);
	expect_counts(school, OTHER, 1, 0, 0);
}

/* --- what does not fit together ----------------------------------------------------- */

static int look(struct school *school, const struct grants *grants, const char *site,
		const char *kind, const struct page *page, json_t **ret_json)
{
	const struct view view = { school->store, school->cache, school->now_ms, grants };
	const struct inventory_asked asked = { site, kind, INVENTORY_DAYS };

	return view_inventory(&view, &asked, page, ret_json, &school->err);
}

/* "KIND SERIAL>SITE, …" of all that is found, in parts of @limit; and that totals are the rows. */
static char *found(struct school *school, const struct grants *grants, const char *site,
		   size_t limit)
{
	_cleanup_free_ char *cursor = NULL;
	char *text = NULL;
	size_t size, i, n = 0, total = 0;
	FILE *out = open_memstream(&text, &size);
	bool is_more = true;

	while (is_more) {
		const struct page page = { limit, cursor };
		json_t *json = NULL, *row, *number;
		const char *kind;

		must(school, look(school, grants, site, NULL, &page, &json));
		json_array_foreach (json_object_get(json, "findings"), i, row) {
			const char *serial, *elsewhere = "";

			assert_int_equal(json_unpack(row, "{s:s, s:{s:{s:s}}}", "kind", &kind,
						     "device", "names", "serial", &serial),
					 0);
			(void)json_unpack(row, "{s:{s:{s:s}}}", "other", "site", "code",
					  &elsewhere);
			fprintf(out, "%s %s>%s, ", kind, serial, elsewhere);
			assert_true(++n < 100); /* parts that never end */
		}
		total = 0;
		json_object_foreach (json_object_get(json, "totals"), kind, number) {
			total += (size_t)json_integer_value(number);
		}
		is_more = json_is_string(json_object_get(json, "next_cursor"));
		free(cursor);
		cursor = is_more ? xstrdup(json_string_value(json_object_get(json, "next_cursor")))
				 : NULL;
		json_decref(json);
	}
	assert_int_equal(n, total);
	fclose(out);
	return text;
}

static void expect_found(struct school *school, const char *site, const char *words)
{
	for (size_t limit = 1; limit < 9; limit += 3) {
		_cleanup_free_ char *text = found(school, &access_everything, site, limit);

		assert_string_equal(text, words);
	}
}

static void what_is_missing_and_what_is_too_much_is_found(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];

	two_sites(school);
	enroll(school, SITE, "old", id);
	school->now_ms += (INVENTORY_DAYS + 1) * DAY_MS;
	enroll(school, SITE, "good", id);
	enroll(school, SITE, "new", id);
	(void)LIST(school, SITE, "good", "old", "lost");
	expect_found(school, SITE, "unexpected new>, never_seen lost>, not_since old>, ");
}

static void a_retired_device_that_reports_is_found_and_counts_nowhere(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], off[ID_SIZE];

	school_open(school);
	enroll(school, SITE, "S1", id);
	enroll(school, SITE, "S2", off);
	school->now_ms++;
	must(school,
	     db_exec(school->store->db, "UPDATE device SET state = 'retired', since_ms = $1", NULL,
		     &school->err, "i", school->now_ms));
	expect_found(school, SITE, "");
	school->now_ms++;
	school_report(school, id, 2, 0, &(struct device_names){ "", "S1", "", "" }, &GOOD);
	expect_found(school, SITE, "retired S1>, ");
	/* Long after that it does not report any more. */
	school->now_ms += (INVENTORY_DAYS + 1) * DAY_MS;
	expect_found(school, SITE, "");
}

static void a_day_decides_what_was_not_seen_for_too_long(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];

	school_open(school);
	enroll(school, SITE, "S1", id);
	school->now_ms += INVENTORY_DAYS * DAY_MS;
	expect_found(school, SITE, "");
	school->now_ms++;
	expect_found(school, SITE, "not_since S1>, ");
}

static void a_machine_that_went_to_another_site_is_found_at_both(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];

	two_sites(school);
	enroll(school, SITE, "S1", id);
	(void)LIST(school, SITE, "S1");
	(void)LIST(school, OTHER, "S1");
	expect_found(school, SITE, "moved S1>0002, ");
	expect_found(school, OTHER, "moved S1>0001, ");
}

static void two_rows_of_one_machine_are_found(void **state)
{
	struct school *school = *state;
	const struct device_names names = { "", "S1", "", "" };
	char id[ID_SIZE];

	two_sites(school);
	/* It enrolled twice, so nobody knows which of them it is. */
	enroll(school, SITE, "S1", id);
	school_enroll(school, SITE, &names, id);
	expect_found(school, SITE, "twice S1>0001, twice S1>0001, ");
	enroll(school, OTHER, "S1", id);
	expect_found(school, OTHER, "twice S1>0001, ");
}

static void a_line_that_waits_for_a_machine_that_is_there_is_found(void **state)
{
	struct school *school = *state;
	_cleanup_(inventory_import_freep) struct inventory_import *import = NULL;
	const struct inventory_row rows[] = {
		{ .site_code = SITE, .asset_tag = "T", .serial = "", .host_name = "", .room = "" },
		{ .site_code = SITE,
		  .asset_tag = "",
		  .serial = "",
		  .host_name = "LAB",
		  .room = "" },
	};
	const struct device_names names = { "lab", "S1", "T", "" };
	struct inventory_count count;
	char id[ID_SIZE];

	school_open(school);
	must(school, inventory_import_begin(school->store, school->cache, school->now_ms, &import,
					    &school->err));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		must(school, inventory_import_take(import, &rows[i], &school->err));
	must(school, inventory_import_finish(import, &count, &school->err));
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
	expect_found(school, SITE, "twice >0001, ");
}

/* What makers leave in many machines names none of them. */
static void a_placeholder_is_nobodys_serial_number(void **state)
{
	static const char *const placeholders[] = {
		"Default string", "To be filled by O.E.M.", "0",
		"None",           "System Serial Number",   "NOT SPECIFIED"
	};
	struct school *school = *state;
	char id[ID_SIZE];

	two_sites(school);
	for (size_t i = 0; i < ARRAY_SIZE(placeholders); i++) {
		const struct device_names names = { "", placeholders[i], "", "" };

		enroll(school, SITE, placeholders[i], id);
		school_enroll(school, SITE, &names, id);
		school_report(school, id, 1, 0, &names, &GOOD);
		enroll(school, OTHER, placeholders[i], id);
	}
	expect_found(school, SITE, "");
	expect_found(school, OTHER, "");
	/* A line that has nothing else is no device's, and takes none away. */
	(void)LIST(school, OTHER, "None", "0");
	assert_int_equal(school_number(school,
				       "SELECT count(*) FROM device WHERE site_code = '" SITE
				       "' AND is_expected = 1"),
			 2 * ARRAY_SIZE(placeholders));
	assert_int_equal(school_number(school,
				       "SELECT count(*) FROM device WHERE site_code = '" OTHER
				       "' AND is_expected = 1 AND enrolled_ms IS NOT NULL"),
			 0);
	enroll(school, OTHER, "None", id);
	assert_int_equal(school_number(school,
				       "SELECT count(*) FROM device WHERE site_code = '" OTHER
				       "' AND enrolled_ms IS NULL"),
			 2);
}

static void what_may_not_be_seen_is_not_told_of(void **state)
{
	static const struct grants here = {
		.grants = { { PERSON_SITE_COORDINATOR, SCOPE_SITE, SITE, "00" } }, .n_grants = 1
	};
	struct school *school = *state;
	_cleanup_free_ char *text = NULL;
	const struct page page = { 10, NULL };
	json_t *json;
	char id[ID_SIZE];

	two_sites(school);
	enroll(school, OTHER, "S1", id);
	(void)LIST(school, SITE, "S1");
	expect_found(school, SITE, "moved S1>0002, ");
	text = found(school, &here, SITE, 10);
	assert_string_equal(text, "never_seen S1>, ");
	assert_int_equal(look(school, &here, OTHER, NULL, &page, &json), -ENOENT);
	assert_int_equal(look(school, &here, "none", NULL, &page, &json), -ENOENT);
	assert_int_equal(look(school, &here, SITE, "lost", &page, &json), -EINVAL);
}

int main(void)
{
#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)
	const struct CMUnitTest tests[] = {
		test(a_device_that_two_inventories_list_counts_where_the_newer_one_is),
		test(a_line_that_another_inventory_takes_goes),
		test(a_site_without_an_inventory_keeps_its_devices),
		test(what_is_missing_and_what_is_too_much_is_found),
		test(a_retired_device_that_reports_is_found_and_counts_nowhere),
		test(a_day_decides_what_was_not_seen_for_too_long),
		test(a_machine_that_went_to_another_site_is_found_at_both),
		test(two_rows_of_one_machine_are_found),
		test(a_line_that_waits_for_a_machine_that_is_there_is_found),
		test(a_placeholder_is_nobodys_serial_number),
		test(what_may_not_be_seen_is_not_told_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
