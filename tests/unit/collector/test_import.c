/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "collector/io/inventory_csv.h"
#include "collector/io/site_file.h"
#include "common/base/mem.h"

/* --- inventories ------------------------------------------------------------------ */

struct taken {
	FILE *out;
	const char *unknown_site;
	size_t n_checked;
};

static int take(const struct inventory_row *row, bool is_only_checked, void *arg, struct err *err)
{
	struct taken *taken = arg;

	if (taken->unknown_site && strcmp(row->site_code, taken->unknown_site) == 0)
		return err_set(err, -ENOENT, "no site");
	if (is_only_checked)
		taken->n_checked++;
	else
		fprintf(taken->out, "%s|%s|%s|%s|%s|%s\n", row->site_code, row->asset_tag,
			row->serial, row->host_name,
			row->has_role ? device_role_text(row->role) : "-",
			row->has_room ? row->room : "-");
	return 0;
}

/* What is taken of @text, and, after it, what is wrong. */
static char *read_csv_bytes(const char *text, size_t len, const char *unknown_site)
{
	struct problems problems = { 0 };
	char *result = NULL;
	size_t size;
	struct taken taken = { open_memstream(&result, &size), unknown_site, 0 };
	FILE *in = fmemopen((void *)text, len, "r");
	struct err err;

	assert_non_null(in);
	assert_int_equal(inventory_csv_read(in, "f", &problems, take, &taken, &err), 0);
	fclose(in);
	problems_print(&problems, taken.out);
	problems_done(&problems);
	fclose(taken.out);
	return result;
}

static void expect(const char *text, const char *result)
{
	_cleanup_free_ char *got = read_csv_bytes(text, strlen(text), NULL);

	assert_string_equal(got, result);
}

static void columns_come_in_any_order_and_case(void **state)
{
	(void)state;
	expect("room,Host_Name,site_code\n104,h1,1\n,h2,1\n", "1|||h1|-|104\n1|||h2|-|\n");
	expect("site_code,serial,role\n1,s1,TA\n1,s2,\n", "1||s1||ta|-\n1||s2||-|-\n");
}

static void what_spreadsheets_write_is_read(void **state)
{
	(void)state;
	/* A byte-order mark, CRLF, quotes, spaces, rows of empty cells, no last line end. */
	expect("\xef\xbb\xbfsite_code,asset_tag,room\r\n1,\"a,\"\"1\"\"\", 104 \r\n,,\r\n\r\n1,a2,",
	       "1|a,\"1\"|||-|104\n1|a2|||-|\n");
}

static void a_formula_is_only_text(void **state)
{
	(void)state;
	expect("site_code,host_name\n1,=cmd()\n1,+1\n1,@x\n",
	       "1|||=cmd()|-|-\n1|||+1|-|-\n1|||@x|-|-\n");
}

static void what_is_wrong_has_line_and_column(void **state)
{
	(void)state;
	expect("site_code,host_name,role\n1,ok,student\n1,h1,teacher\n1,h2,ta,more\n1,,\n,h4,ta\n",
	       "1|||ok|student|-\n"
	       "f:3:6: column 'role': 'teacher' is not one of student, ta, shared, spare\n"
	       "f:4:1: the row has 4 cells, the header has 3; is there a comma in a cell that is "
	       "not in quotes?\n"
	       "f:5:1: one of asset_tag, serial and host_name is needed to know the device again\n"
	       "f:6:1: column 'site_code': empty; every device has a site\n");
	/* A line break inside quotes is a line of the file. */
	expect("site_code,host_name\n\"1\",\"a\nb\"\n1,\x01\n",
	       "f:2:5: column 'host_name': has a line break or another character that cannot be "
	       "seen\n"
	       "f:4:3: column 'host_name': has a line break or another character that cannot be "
	       "seen\n");
}

static void bytes_that_are_no_text_are_refused(void **state)
{
	(void)state;
	expect("site_code,host_name\n1,\xff\n",
	       "f:2:3: column 'host_name': not UTF-8; save the file as \"CSV UTF-8\"\n");
	expect("\xff\xfes\x01", "f:1:1: UTF-16; save the file as \"CSV UTF-8\"\n");
	{
		_cleanup_free_ char *got =
			read_csv_bytes("site_code,host_name\n1,a\0b\n", 26, NULL);

		assert_string_equal(got,
				    "f:2:3: column 'host_name': not UTF-8; save the file as \"CSV "
				    "UTF-8\"\n");
	}
}

static void a_name_that_comes_twice_is_refused(void **state)
{
	(void)state;
	expect("site_code,asset_tag,host_name\n1,a,h\n2,a,h\n1,b,H\n1,a,g\n",
	       "1|a||h|-|-\n2|a||h|-|-\n"
	       "f:4:5: column 'host_name': 'H' is on line 2 too\n"
	       "f:5:3: column 'asset_tag': 'a' is on line 2 too\n");
}

static void a_machine_that_is_at_two_sites_is_refused(void **state)
{
	(void)state;
	expect("site_code,serial,host_name\n1,SN1,h\n2,SN1,h\n",
	       "1||SN1|h|-|-\nf:3:3: column 'serial': 'SN1' is on line 2 too\n");
}

static void a_header_that_is_wrong_is_all_that_is_said(void **state)
{
	(void)state;
	expect("site,host_name,host_name\n1,x\n",
	       "f:1:1: no column 'site'; the columns are site_code, asset_tag, serial, host_name, "
	       "role and room\n"
	       "f:1:16: column 'host_name' comes twice\n"
	       "f:1:1: the header has no column 'site_code'; the columns are site_code, asset_tag, "
	       "serial, host_name, role and room\n");
	expect("site_code,role\n", "f:1:1: the header has none of the columns 'asset_tag', "
				   "'serial', 'host_name'\n");
	expect("\n\n", "f:3:1: the file is empty; its first line names the columns site_code, "
		       "asset_tag, serial, host_name, role and room\n");
}

static void quotes_that_do_not_fit_end_the_reading(void **state)
{
	(void)state;
	expect("site_code,host_name\n1,a\"b\n1,c\n",
	       "f:2:3: a quote in the middle of a cell; put the cell in quotes and write the quote "
	       "twice\n");
	expect("site_code,host_name\n1,\"abc\n1,c\n",
	       "f:2:3: the closing quote of this cell is missing\n");
}

static void a_cell_has_a_limit_and_a_runaway_ends_early(void **state)
{
	_cleanup_free_ char *text = xcalloc(200000, 1);

	(void)state;
	strcpy(text, "site_code,host_name\n1,");
	memset(text + strlen(text), 'x', 256);
	expect(text, "f:2:3: column 'host_name': 256 bytes, at most 255\n");
	strcpy(text, "site_code,host_name\n1,\"");
	memset(text + strlen(text), 'x', 100000);
	expect(text, "f:2:3: a cell without an end; is its closing quote missing?\n");
}

static void sites_are_still_looked_for_after_a_problem(void **state)
{
	static const char text[] = "site_code,host_name\n1,\n9,h1\n1,h2\n9,h3\n";
	_cleanup_free_ char *got = read_csv_bytes(text, strlen(text), "9");

	(void)state;
	assert_string_equal(got, "f:2:1: one of asset_tag, serial and host_name is needed to know "
				 "the device again\n"
				 "f:3:1: column 'site_code': no site\n"
				 "f:5:1: column 'site_code': no site\n");
}

static void problems_past_those_that_are_shown_are_counted(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	_cleanup_free_ char *got = NULL;

	(void)state;
	fputs("site_code,host_name\n", out);
	for (int i = 0; i < PROBLEMS_SHOWN_MAX + 10; i++)
		fputs("1,\n", out);
	fclose(out);
	got = read_csv_bytes(text, size, NULL);
	free(text);
	assert_non_null(strstr(got, "f:201:1: "));
	assert_null(strstr(got, "f:202:1: "));
	assert_non_null(strstr(got, "and 10 more\n"));
}

/* --- sites ------------------------------------------------------------------------- */

#define LEA "\"lea\":{\"code\":\"00\",\"name\":\"Valley\"}"
#define WINDOW(id, first, last)                                                \
	"\"window\":{\"id\":\"" id "\",\"programme\":\"P\",\"first\":\"" first \
	"\",\"last\":\"" last "\",\"profile\":\"p\"}"

static void expect_site_problems(const char *text, const char *words)
{
	struct problems problems = { 0 };
	_cleanup_(site_file_done) struct site_file file;
	_cleanup_free_ char *got = NULL;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	site_file_read(text, strlen(text), "f", &problems, &file);
	problems_print(&problems, out);
	problems_done(&problems);
	fclose(out);
	assert_string_equal(got, words);
}

static void a_file_of_sites_is_read(void **state)
{
	static const char text[] =
		"{\"sites\":[\n"
		"{\"code\":\"1\",\"name\":\"Lincoln\"," LEA "},\n"
		"{\"code\":\"2\",\"name\":\"Adams\",\"zone\":\"America/Los_Angeles\"," LEA
		"," WINDOW("w", "2027-04-05", "2027-04-23") "}]}";
	struct problems problems = { 0 };
	_cleanup_(site_file_done) struct site_file file;
	unsigned line, column;

	(void)state;
	site_file_read(text, strlen(text), "f", &problems, &file);
	assert_int_equal(problems.n, 0);
	assert_int_equal(file.n_rows, 2);
	assert_string_equal(file.rows[0].name, "Lincoln");
	assert_null(file.rows[0].zone);
	assert_false(file.rows[0].has_window);
	assert_string_equal(file.rows[1].zone, "America/Los_Angeles");
	assert_true(file.rows[1].has_window);
	assert_string_equal(file.rows[1].window.track, "");
	assert_int_equal(file.rows[1].window.last - file.rows[1].window.first, 18);
	site_file_locate(&file, 1, &line, &column);
	assert_int_equal(line, 3);
	assert_int_equal(column, 1);
}

static void every_problem_of_a_file_of_sites_is_told(void **state)
{
	(void)state;
	expect_site_problems("{\"sites\":[\n{\"code\":\"a b\",\"name\":\"\",\"extra\":1," LEA "}]}",
			     "f:2:33: sites[0].extra: unknown member: there are code, name, lea, "
			     "zone, window\n"
			     "f:2:9: sites[0].code: 'a b' may have only letters, digits and . _ -\n"
			     "f:2:22: sites[0].name: empty\n");
	expect_site_problems(
		"{\"sites\":[\n{\"code\":\"1\",\"name\":\"A\"," LEA
		"," WINDOW("w", "2027-04-23",
			   "2027-04-05") "},\n{\"code\":\"1\",\"name\":\"A\"," LEA
					 "," WINDOW("w", "2027-04-05", "2027-04-23") "}]}",
		"f:2:123: sites[0].window.last: the window ends before it begins\n"
		"f:3:9: sites[1].code: the site on line 2 has '1' too\n"
		"f:3:75: sites[1].window.id: the site on line 2 has 'w' too\n");
	expect_site_problems("{\"sites\":[\n{\"code\":\"1\",\"name\":\"A\"," LEA "},\n{\"code\":"
			     "\"2\",\"name\":\"A\",\"lea\":{\"code\":\"00\",\"name\":\"Hill\"}}]}",
			     "f:3:30: sites[1].lea: 00 has another name on line 2\n");
	expect_site_problems("{\"sites\":[5,{\"code\":\"1\",\"name\":\"A\",\"lea\":1}]}",
			     "f:1:11: sites[0]: expected object, got number\n"
			     "f:1:42: sites[1].lea: expected object, got number\n");
}

static void what_is_no_file_of_sites_is_told(void **state)
{
	(void)state;
	expect_site_problems("{", "f:1:1: not JSON: string or '}' expected near end of file\n");
	expect_site_problems("[]", "f:1:1: expected object, got list\n");
	expect_site_problems("{}", "f:1:1: sites: expected list, got nothing\n");
	expect_site_problems("[[[[[[[[[]]]]]]]]]", "f:1:9: nested deeper than 8 levels\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_come_in_any_order_and_case),
		cmocka_unit_test(what_spreadsheets_write_is_read),
		cmocka_unit_test(a_formula_is_only_text),
		cmocka_unit_test(what_is_wrong_has_line_and_column),
		cmocka_unit_test(bytes_that_are_no_text_are_refused),
		cmocka_unit_test(a_name_that_comes_twice_is_refused),
		cmocka_unit_test(a_machine_that_is_at_two_sites_is_refused),
		cmocka_unit_test(a_header_that_is_wrong_is_all_that_is_said),
		cmocka_unit_test(quotes_that_do_not_fit_end_the_reading),
		cmocka_unit_test(a_cell_has_a_limit_and_a_runaway_ends_early),
		cmocka_unit_test(sites_are_still_looked_for_after_a_problem),
		cmocka_unit_test(problems_past_those_that_are_shown_are_counted),
		cmocka_unit_test(a_file_of_sites_is_read),
		cmocka_unit_test(every_problem_of_a_file_of_sites_is_told),
		cmocka_unit_test(what_is_no_file_of_sites_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
