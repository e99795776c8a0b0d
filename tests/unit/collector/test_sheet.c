/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables for other programs: CSV and JSON that every reader takes, however they are cut into
 * pieces, and the page for people that says what is in them.
 */
#include "tests/unit/collector/school.h"

#include <errno.h>
#include <fcntl.h>

#include "collector/io/table_out.h"
#include "collector/view/device_sheet.h"
#include "common/base/file.h"

static const char *const columns[] = { "a", "b, c", "d", NULL };

/* All of it, taken @piece bytes at a time while rows are written. */
static char *write_table(enum table_format format, const char *const *texts, size_t n_texts,
			 size_t piece)
{
	struct table_out out;
	char *text = NULL, buffer[64];
	size_t size, n;
	FILE *file = open_memstream(&text, &size);

	table_out_begin(&out, format, columns, "things", "2027-01-18T12:00:00.000Z");
	for (size_t i = 0; i <= n_texts; i++) {
		if (i < n_texts) {
			table_out_text(&out, texts[i]);
			table_out_flag(&out, i % 2);
			table_out_list(&out, texts, i);
			table_out_row(&out);
		} else {
			table_out_end(&out);
		}
		n = table_out_take(&out, buffer, piece);
		fwrite(buffer, 1, n, file);
	}
	while ((n = table_out_take(&out, buffer, piece)) > 0)
		fwrite(buffer, 1, n, file);
	assert_int_equal(table_out_waiting(&out), 0);
	table_out_done(&out);
	fclose(file);
	return text;
}

static void csv_has_quotes_where_it_needs_them_and_no_formula(void **state)
{
	static const char *const texts[] = { "plain", "x,\"y\"\n", "=cmd()", NULL, "-1", "\xff" };
	_cleanup_free_ char *text = write_table(TABLE_CSV, texts, 3, 64);
	_cleanup_free_ char *rest = NULL;

	(void)state;
	assert_string_equal(text, "a,\"b, c\",d\r\n"
				  "plain,false,\r\n"
				  "\"x,\"\"y\"\"\n\",true,\"plain\"\r\n"
				  "\"'=cmd()\",false,\"plain; x,\"\"y\"\"\n\"\r\n");
	rest = write_table(TABLE_CSV, texts + 3, 1, 64);
	assert_string_equal(rest, "a,\"b, c\",d\r\n,false,\r\n");
	free(rest);
	rest = write_table(TABLE_CSV, texts + 4, 2, 64);
	assert_string_equal(rest,
			    "a,\"b, c\",d\r\n\"'-1\",false,\r\n\xef\xbf\xbd,true,\"'-1\"\r\n");
}

static void json_is_json_with_a_row_a_line(void **state)
{
	static const char *const texts[] = { "a\"\\\n\x01", "é", "" };
	_cleanup_free_ char *text = write_table(TABLE_JSON, texts, 3, 64);
	json_t *json = json_loads(text, 0, NULL), *row;

	(void)state;
	assert_string_equal(
		text,
		"{\"as_of\":\"2027-01-18T12:00:00.000Z\",\"things\":[\n"
		"{\"a\":\"a\\\"\\\\\\u000a\\u0001\",\"b, c\":false,\"d\":[]},\n"
		"{\"a\":\"é\",\"b, c\":true,\"d\":[\"a\\\"\\\\\\u000a\\u0001\"]},\n"
		"{\"a\":\"\",\"b, c\":false,\"d\":[\"a\\\"\\\\\\u000a\\u0001\",\"é\"]}\n]}\n");
	assert_non_null(json);
	row = json_array_get(json_object_get(json, "things"), 0);
	assert_string_equal(json_string_value(json_object_get(row, "a")), texts[0]);
	json_decref(json);
}

static void pieces_of_any_size_are_the_same_table(void **state)
{
	static const char *const texts[] = { "one", "=two", "th,ree", "\"\"", "", "si\nx" };

	(void)state;
	for (unsigned format = TABLE_CSV; format <= TABLE_JSON; format++) {
		_cleanup_free_ char *whole =
			write_table((enum table_format)format, texts, ARRAY_SIZE(texts), 64);

		for (size_t piece = 1; piece < 64; piece++) {
			_cleanup_free_ char *text = write_table((enum table_format)format, texts,
								ARRAY_SIZE(texts), piece);

			assert_string_equal(text, whole);
		}
	}
}

/* --- sheets ------------------------------------------------------------------------- */

static const struct device_filter all = { .is_expected = -1, .is_waived = -1 };

static char *write_sheet(struct school *school, enum device_sheet_kind kind, size_t piece)
{
	const struct view view = { school->store, school->cache, school->now_ms,
				   &access_everything };
	const struct device_sheet_asked asked = { kind,
						  { NULL, &all, DEVICE_SORT_PLACE },
						  { TABLE_CSV, NOON_MS } };
	_cleanup_(sheet_freep) struct sheet *sheet = NULL;
	_cleanup_free_ char *buffer = xcalloc(piece, 1);
	char *text = NULL;
	size_t size;
	ssize_t n;
	FILE *file = open_memstream(&text, &size);

	must(school, store_begin(school->store, &school->err));
	must(school, device_sheet_open(&view, &asked, &sheet, &school->err));
	while ((n = sheet_read(sheet, buffer, piece, &school->err)) >= 0)
		fwrite(buffer, 1, (size_t)n, file);
	assert_int_equal(n, -ENODATA);
	assert_int_equal(sheet_read(sheet, buffer, piece, &school->err), -ENODATA);
	store_rollback(school->store);
	fclose(file);
	return text;
}

static size_t lines_of(const char *text)
{
	size_t n = 0;

	while ((text = strchr(text, '\n'))) {
		text++;
		n++;
	}
	return n;
}

/* More changes than are read at a time, so that they are read in several goes. */
static void every_change_of_a_device_is_told_once_the_oldest_first(void **state)
{
	struct school *school = *state;
	const struct device_names names = { "lab", "", "", "" };
	_cleanup_free_ char *text = NULL, *pieces = NULL;
	char id[ID_SIZE], last[32] = "", *at;
	int64_t n;

	school_open(school);
	school_enroll(school, SITE, &names, id);
	must(school, store_begin(school->store, &school->err));
	for (int i = 0; i < 800; i++) {
		school->now_ms += 4 * HOUR_MS; /* few enough a day to be kept */
		school_report(school, id, i + 1, 0, &names,
			      &(struct likeness){ "14.1", i % 2 ? 1024 : 8192, i % 3 > 0 });
	}
	must(school, store_commit(school->store, &school->err));
	n = school_number(school, "SELECT count(*) FROM transition");
	assert_in_range(n, 1001, 10000);
	text = write_sheet(school, SHEET_TRANSITIONS, 4096);
	assert_int_equal(lines_of(text), n + 1);
	pieces = write_sheet(school, SHEET_TRANSITIONS, 7);
	assert_string_equal(text, pieces);
	for (at = strstr(text, ",lab,"); at; at = strstr(at + 1, ",lab,")) {
		assert_true(strncmp(last, at + 5, 24) <= 0);
		snprintf(last, sizeof(last), "%.24s", at + 5);
	}
}

static void results_are_those_of_what_judged_the_device(void **state)
{
	struct school *school = *state;
	const struct device_names names = { "lab", "", "", "" };
	_cleanup_free_ char *text = NULL, *devices = NULL;
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &(struct likeness){ "14.1", 1024, false });
	/* What is published meanwhile has not judged it yet. */
	(void)school_announce(school, PROFILE_TWO);
	text = write_sheet(school, SHEET_RESULTS, 4096);
	assert_int_equal(lines_of(text), 4);
	assert_non_null(strstr(text, ",memory.size,"));
	assert_null(strstr(text, "os.supported"));
	devices = write_sheet(school, SHEET_DEVICES, 4096);
	assert_int_equal(lines_of(devices), 2);
	assert_non_null(strstr(devices, ",not_ready,"));
}

/* --- the page for people -------------------------------------------------------------- */

#define PAGE_MAX ((size_t)64 * 1024)

static void the_page_for_people_has_every_column_in_its_order(void **state)
{
	_cleanup_free_ char *page = NULL;

	(void)state;
	assert_int_equal(file_read_at(AT_FDCWD, "docs/exports.md", PAGE_MAX, &page, NULL, NULL), 0);
	for (unsigned kind = 0; kind < SHEET_MAX_; kind++) {
		_cleanup_free_ char *head = xasprintf("\n## %s\n", device_sheet_words[kind]);
		const char *const *names = device_sheet_columns((enum device_sheet_kind)kind);
		const char *at = strstr(page, head);

		assert_non_null(at);
		for (at = strstr(at, "|---|---|\n") + 10; *names; names++) {
			_cleanup_free_ char *row = xasprintf("| %s | ", *names);

			if (strncmp(at, row, strlen(row)) != 0)
				fail_msg("%s: docs/exports.md has no line of %s there",
					 device_sheet_words[kind], *names);
			at = strchr(at, '\n') + 1;
		}
		assert_int_not_equal(*at, '|');
	}
}

int main(void)
{
#define IN_SCHOOL(test) cmocka_unit_test_setup_teardown(test, school_setup, school_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_has_quotes_where_it_needs_them_and_no_formula),
		cmocka_unit_test(json_is_json_with_a_row_a_line),
		cmocka_unit_test(pieces_of_any_size_are_the_same_table),
		IN_SCHOOL(every_change_of_a_device_is_told_once_the_oldest_first),
		IN_SCHOOL(results_are_those_of_what_judged_the_device),
		cmocka_unit_test(the_page_for_people_has_every_column_in_its_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
