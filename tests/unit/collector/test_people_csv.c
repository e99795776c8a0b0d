/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/io/people_csv.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

#define HEADER "login,name,role,scope,code\r\n"

static void the_template_is_a_file_that_is_taken(void **state)
{
	struct people_file file;

	(void)state;
	people_csv_read("f", people_csv_template, strlen(people_csv_template), &file);
	assert_int_equal(file.problems.n, 0);
	assert_int_equal(file.n_rows, 2);
	assert_string_equal(file.rows[1].login, "bruiz");
	assert_int_equal(file.rows[1].grant.role, PERSON_SITE_COORDINATOR);
	assert_string_equal(file.rows[1].grant.code, "01990010000101");
	assert_int_equal(file.rows[1].line, 3);
	people_file_done(&file);
}

static void each_problem_has_its_place(void **state)
{
	static const struct {
		const char *text;
		unsigned line, column;
		const char *says;
	} rows[] = {
		{ "", 1, 1, "empty" },
		{ HEADER, 1, 1, "nobody" },
		{ "login,name,role,scope\r\n", 1, 1,
		  "no column 'code'; the columns are login, name" },
		{ "login,name,role,scope,code,room\r\n", 1, 28, "no column 'room'" },
		{ HEADER "Ak im,A,viewer,state,\r\n", 2, 1, "login" },
		{ HEADER "akim,,viewer,state,\r\n", 2, 6, "name" },
		{ HEADER "akim,A,boss,state,\r\n", 2, 8, "role is admin" },
		{ HEADER "akim,A,viewer,planet,\r\n", 2, 15, "scope is state" },
		{ HEADER "akim,A,viewer,state,1\r\n", 2, 21, "cannot be had" },
		{ HEADER "akim,A,viewer,site,\r\n", 2, 20, "cannot be had" },
		{ HEADER "akim,A,viewer,site,a b\r\n", 2, 20, "letters, digits" },
		{ HEADER "akim,A,admin,lea,00\r\n", 2, 18, "cannot be had" },
		{ HEADER "akim,A,viewer,site,=1\r\n", 2, 20, "formula" },
		{ HEADER "akim, @A,viewer,state,\r\n", 2, 6, "formula" },
		{ HEADER "akim,A\x01,viewer,state,\r\n", 2, 6, "cannot be seen" },
		{ HEADER "akim,A\xef\xbf\xbd,viewer,state,\r\n", 2, 6, "cannot be seen" },
		{ HEADER "akim,A\xff,viewer,state,\r\n", 2, 6, "UTF-8" },
		{ HEADER "akim,A,viewer\r\n", 2, 1, "3 cells" },
		{ HEADER "akim,A,viewer,state,,\r\n", 2, 1,
		  "6 cells, the header has 5; is there a comma" },
		{ HEADER "akim,A,viewer,state,\r\nb,\"1\n2\",viewer,state,\r\n", 3, 3,
		  "line break" },
		{ HEADER "akim,A,viewer,state,\r\nAKIM,A,viewer,state,\r\n", 3, 8, "on line 2" },
		{ HEADER "akim,A,viewer,state,\r\nakim,B,viewer,lea,0\r\n", 3, 6, "another name" },
		{ HEADER "akim,\"A,viewer,state,\r\n", 2, 6, "quote" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct people_file file;
		const struct problems *wrong = &file.problems;

		people_csv_read("f", rows[i].text, strlen(rows[i].text), &file);
		if (wrong->n == 0 || wrong->places[0].line != rows[i].line ||
		    wrong->places[0].column != rows[i].column ||
		    !strstr(wrong->texts[0] + wrong->places[0].at, rows[i].says))
			fail_msg("%s: %zu problems: %s", rows[i].text, wrong->n,
				 wrong->n ? wrong->texts[0] : "");
		people_file_done(&file);
	}
}

/* @n times @line after the header, and @more. */
static char *lines(const char *line, size_t n, const char *more)
{
	size_t len = strlen(line);
	char *text = xcalloc(strlen(HEADER) + n * len + strlen(more) + 1, 1);
	char *end = stpcpy(text, HEADER);

	for (size_t i = 0; i < n; i++)
		end = stpcpy(end, line);
	strcpy(end, more);
	return text;
}

static void sizes_are_bounded_and_problems_as_well(void **state)
{
	_cleanup_free_ char *bad = lines("akim,A,boss,state,\n", PEOPLE_CSV_ROWS_MAX, "");
	_cleanup_free_ char *over =
		lines("akim,A,boss,state,\n", PEOPLE_CSV_ROWS_MAX, "akim,A,viewer,state,\n");
	_cleanup_free_ char *large = lines("\n", PEOPLE_CSV_BYTES_MAX + 1 - strlen(HEADER), "");
	struct people_file file;

	(void)state;
	people_csv_read("f", bad, strlen(bad), &file);
	assert_int_equal(file.problems.n, PEOPLE_CSV_ROWS_MAX);
	assert_non_null(file.problems.texts[PROBLEMS_SHOWN_MAX - 1]);
	people_file_done(&file);
	people_csv_read("f", over, strlen(over), &file);
	assert_int_equal(file.problems.n, PEOPLE_CSV_ROWS_MAX + 1);
	people_file_done(&file);
	people_csv_read("f", large, strlen(large), &file);
	assert_non_null(strstr(file.problems.texts[0], "4 MiB"));
	people_file_done(&file);
	people_csv_read("f", large, strlen(large) - 1, &file);
	assert_non_null(strstr(file.problems.texts[0], "nobody"));
	people_file_done(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_template_is_a_file_that_is_taken),
		cmocka_unit_test(each_problem_has_its_place),
		cmocka_unit_test(sizes_are_bounded_and_problems_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
