/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inventories of many sites, in numbers and as a file: each number is how many rows the site's
 * own inventory has, and nobody is told of a site that they may not see.
 */
#include <errno.h>
#include <fcntl.h>

#include "collector/view/inventory_sheet.h"
#include "collector/view/view_inventories.h"
#include "collector/view/view_inventory.h"
#include "common/base/file.h"
#include "tests/unit/collector/school.h"

#define OTHER "0002"
#define FAR "7701"
#define LEA "00"
#define FAR_LEA "77"

static const struct grants lea_grants = {
	.grants = { { PERSON_LEA_COORDINATOR, SCOPE_LEA, LEA, "" } }, .n_grants = 1
};
static const struct grants site_grants = {
	.grants = { { PERSON_SITE_COORDINATOR, SCOPE_SITE, SITE, LEA } }, .n_grants = 1
};

static void list(struct school *school, const char *site, const char *const *serials)
{
	_cleanup_(inventory_import_freep) struct inventory_import *import = NULL;
	struct inventory_count count;

	must(school, inventory_import_begin(school->store, school->cache, school->now_ms, &import,
					    &school->err));
	for (; *serials; serials++) {
		const struct inventory_row row = { .site_code = site,
						   .asset_tag = "",
						   .serial = *serials,
						   .host_name = "",
						   .room = "" };

		must(school, inventory_import_take(import, &row, &school->err));
	}
	must(school, inventory_import_finish(import, &count, &school->err));
}

/* SITE lacks S2 and has S9 too much, OTHER has no inventory, FAR is of another LEA. */
static void fill(struct school *school)
{
	const struct device_names first = { "", "S1", "", "" }, second = { "", "S9", "", "" };
	char id[ID_SIZE];

	school_open(school);
	school_site(school, OTHER, "p", "2027-04-05", "2027-04-23");
	school_site(school, FAR, "p", "2027-04-05", "2027-04-23");
	must(school, db_exec(school->store->db,
			     "INSERT INTO lea (code, name) VALUES ('" FAR_LEA "', 'Far')", NULL,
			     &school->err, ""));
	must(school, db_exec(school->store->db,
			     "UPDATE site SET lea_code = '" FAR_LEA "' WHERE code = '" FAR "'",
			     NULL, &school->err, ""));
	school_enroll(school, SITE, &first, id);
	school_report(school, id, 1, 0, &first, &GOOD);
	school_enroll(school, SITE, &second, id);
	school_report(school, id, 1, 0, &second, &GOOD);
	list(school, SITE, (const char *const[]){ "S1", "S2", NULL });
	list(school, FAR, (const char *const[]){ "F1", "F2", "F3", NULL });
}

static struct view view_of(struct school *school, const struct grants *grants)
{
	return (struct view){ school->store, school->cache, school->now_ms, grants };
}

static size_t number(const json_t *json, const char *name)
{
	return (size_t)json_integer_value(json_object_get(json, name));
}

/* The numbers of a site are those that its own inventory has, and its rows are as many. */
static void expect_same(const struct view *view, const char *code, const json_t *summary)
{
	const struct inventory_asked asked = { code, NULL, INVENTORY_DAYS };
	const struct page page = { 100, NULL };
	struct err err = { 0 };
	size_t n_rows = 0;
	const char *kind;
	json_t *json = NULL, *total;

	assert_int_equal(view_inventory(view, &asked, &page, &json, &err), 0);
	assert_true(
		json_equal(json_object_get(json, "totals"), json_object_get(summary, "totals")));
	assert_int_equal(number(json, "expected"), number(summary, "expected"));
	assert_int_equal(number(json, "seen"), number(summary, "seen"));
	json_object_foreach (json_object_get(summary, "totals"), kind, total) {
		n_rows += (size_t)json_integer_value(total);
	}
	assert_int_equal(json_array_size(json_object_get(json, "findings")), n_rows);
	json_decref(json);
}

/* "CODE NEVER_SEEN UNEXPECTED, " of each site, in parts of @limit. */
static char *numbers(struct school *school, const struct grants *grants, const char *lea,
		     size_t limit)
{
	const struct view view = view_of(school, grants);
	const struct inventories_asked asked = { lea, INVENTORY_DAYS };
	_cleanup_free_ char *cursor = NULL;
	char *text = NULL;
	size_t size, i, n_parts = 0;
	FILE *out = open_memstream(&text, &size);
	bool is_more = true;

	while (is_more) {
		const struct page page = { limit, cursor };
		json_t *json = NULL, *row;

		must(school, view_inventories(&view, &asked, &page, &json, &school->err));
		json_array_foreach (json_object_get(json, "sites"), i, row) {
			const char *code = NULL;

			assert_int_equal(json_unpack(row, "{s:{s:s}}", "site", "code", &code), 0);
			expect_same(&view, code, row);
			fprintf(out, "%s %zu %zu, ", code,
				number(json_object_get(row, "totals"), "never_seen"),
				number(json_object_get(row, "totals"), "unexpected"));
		}
		is_more = json_is_string(json_object_get(json, "next_cursor"));
		free(cursor);
		cursor = is_more ? xstrdup(json_string_value(json_object_get(json, "next_cursor")))
				 : NULL;
		json_decref(json);
		assert_true(++n_parts < 10); /* parts that never end */
	}
	fclose(out);
	return text;
}

static void each_site_is_told_of_once_with_the_numbers_of_its_rows(void **state)
{
	struct school *school = *state;

	fill(school);
	for (size_t limit = 1; limit < 5; limit++) {
		_cleanup_free_ char *text = numbers(school, &access_everything, NULL, limit);

		assert_string_equal(text, SITE " 1 1, " OTHER " 0 0, " FAR " 3 0, ");
	}
}

static void only_what_one_may_see_is_told_of(void **state)
{
	/* clang-format off */
	const struct {
		const struct grants *grants;
		const char *lea;
		const char *want;
	} rows[] = {
		{ &lea_grants, NULL, SITE " 1 1, " OTHER " 0 0, " },
		{ &lea_grants, LEA, SITE " 1 1, " OTHER " 0 0, " },
		{ &site_grants, NULL, SITE " 1 1, " },
		{ &site_grants, LEA, SITE " 1 1, " },
		{ &access_everything, FAR_LEA, FAR " 3 0, " },
		{ &(struct grants){ .n_grants = 0 }, NULL, "" },
	};
	/* clang-format on */
	struct school *school = *state;
	const struct page page = { 10, NULL };
	json_t *json;

	fill(school);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *text = numbers(school, rows[i].grants, rows[i].lea, 10);

		assert_string_equal(text, rows[i].want);
	}
	for (size_t i = 0; i < 2; i++) {
		const struct view view = view_of(school, &lea_grants);
		const struct inventories_asked asked = { i ? FAR_LEA : "none", INVENTORY_DAYS };

		assert_int_equal(view_inventories(&view, &asked, &page, &json, &school->err),
				 -EINVAL);
		assert_non_null(strstr(school->err.text, "no LEA has the code"));
	}
}

/* --- files --------------------------------------------------------------------------- */

static char *write_sheet(struct school *school, const struct grants *grants,
			 const struct inventory_sheet_asked *asked, size_t piece)
{
	_cleanup_(sheet_freep) struct sheet *sheet = NULL;
	const struct view view = view_of(school, grants);
	char *text = NULL, buffer[4096];
	size_t size;
	ssize_t n = 0;
	FILE *out = open_memstream(&text, &size);

	must(school, inventory_sheet_open(&view, asked, &sheet, &school->err));
	while (n >= 0) {
		n = sheet_read(sheet, buffer, piece, &school->err);
		fwrite(buffer, 1, n > 0 ? (size_t)n : 0, out);
	}
	assert_int_equal(n, -ENODATA);
	fclose(out);
	return text;
}

static size_t count_lines(const char *text)
{
	size_t n = 0;

	for (; (text = strstr(text, "\r\n")); text += 2)
		n++;
	return n;
}

static void a_file_has_the_rows_of_all_sites_that_one_may_see(void **state)
{
	/* clang-format off */
	const struct {
		const struct grants *grants;
		struct inventory_sheet_asked asked;
		size_t n_rows;
	} rows[] = {
		{ &access_everything, { .days = 30 }, 5 },
		{ &access_everything, { .days = 30, .kind = "unexpected" }, 1 },
		{ &access_everything, { .days = 30, .lea = FAR_LEA }, 3 },
		{ &access_everything, { .days = 30, .site_code = OTHER }, 0 },
		{ &access_everything, { .days = 30, .site_code = FAR }, 3 },
		{ &lea_grants, { .days = 30 }, 2 },
		{ &site_grants, { .days = 30 }, 2 },
	};
	/* clang-format on */
	struct school *school = *state;

	fill(school);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *text =
			write_sheet(school, rows[i].grants, &rows[i].asked, 4096);
		_cleanup_free_ char *pieces =
			write_sheet(school, rows[i].grants, &rows[i].asked, 7);

		assert_int_equal(count_lines(text), rows[i].n_rows + 1);
		assert_string_equal(pieces, text);
	}
}

static void a_file_of_what_one_may_not_see_is_refused(void **state)
{
	const struct inventory_sheet_asked site = { .site_code = FAR, .days = 30 };
	const struct inventory_sheet_asked lea = { .lea = FAR_LEA, .days = 30 };
	const struct inventory_sheet_asked kind = { .kind = "lost", .days = 30 };
	struct school *school = *state;
	const struct view view = view_of(school, &lea_grants);
	struct sheet *sheet;

	fill(school);
	assert_int_equal(inventory_sheet_open(&view, &site, &sheet, &school->err), -ENOENT);
	assert_int_equal(inventory_sheet_open(&view, &lea, &sheet, &school->err), -EINVAL);
	assert_int_equal(inventory_sheet_open(&view, &kind, &sheet, &school->err), -EINVAL);
}

#define PAGE_MAX ((size_t)64 * 1024)

static void the_page_for_people_has_every_column_in_its_order(void **state)
{
	_cleanup_free_ char *page = NULL;
	const char *at;

	(void)state;
	assert_int_equal(file_read_at(AT_FDCWD, "docs/exports.md", PAGE_MAX, &page, NULL, NULL), 0);
	at = strstr(page, "\n## inventory\n");
	assert_non_null(at);
	at = strstr(at, "|---|---|\n") + 10;
	for (const char *const *names = inventory_sheet_columns; *names; names++) {
		_cleanup_free_ char *row = xasprintf("| %s | ", *names);

		if (strncmp(at, row, strlen(row)) != 0)
			fail_msg("docs/exports.md has no line of %s there", *names);
		at = strchr(at, '\n') + 1;
	}
	assert_int_not_equal(*at, '|');
}

int main(void)
{
#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)
	const struct CMUnitTest tests[] = {
		test(each_site_is_told_of_once_with_the_numbers_of_its_rows),
		test(only_what_one_may_see_is_told_of),
		test(a_file_has_the_rows_of_all_sites_that_one_may_see),
		test(a_file_of_what_one_may_not_see_is_refused),
		cmocka_unit_test(the_page_for_people_has_every_column_in_its_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
