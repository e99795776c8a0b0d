/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "collector/domain/time_zone.h"
#include "collector/io/room_csv.h"
#include "collector/io/site_csv.h"
#include "common/base/mem.h"

#define NAMES "lea_code,lea_name,site_code,site_name"

/* What is taken of @text, a row a line, or all that is wrong. */
static char *read_sites(const char *text)
{
	struct problems problems = { 0 };
	struct site_csv csv;
	char *told = NULL;
	size_t size;
	FILE *out = open_memstream(&told, &size), *in = fmemopen((void *)text, strlen(text), "r");

	assert_int_equal(site_csv_read(in, "f", &problems, &csv, NULL), 0);
	fclose(in);
	for (size_t i = 0; problems.n == 0 && i < csv.n_rows; i++) {
		const struct site_row *row = &csv.rows[i];

		fprintf(out, "%s|%s|%s|%s|%s|%s|%s\n", row->lea_code, row->code, row->name,
			row->zone ? row->zone : "-", row->tracks ? row->tracks : "-",
			row->contacts[CONTACT_COORDINATOR].texts[CONTACT_EMAIL]
				? row->contacts[CONTACT_COORDINATOR].texts[CONTACT_EMAIL]
				: "-",
			row->has_window ? row->window.profile_id : "-");
	}
	problems_print(&problems, out);
	problems_done(&problems);
	site_csv_done(&csv);
	fclose(out);
	return told;
}

static void expect(const char *text, const char *told)
{
	_cleanup_free_ char *got = read_sites(text);

	if (!strstr(got, told) || (!told[0] && got[0]))
		fail_msg("%s\nis told: %s\nand not: %s", text, got, told);
}

static void what_a_row_does_not_say_is_not_said(void **state)
{
	(void)state;
	expect(NAMES "\n01,L,0101,S\n", "01|0101|S|-|-|-|-\n");
	expect("Site_Name," NAMES "\nx,01,L,0101,S\n", "column 'site_name' comes twice");
	expect(NAMES ",tracks,coordinator_email,zone\n01,L,0101,S,,,\n", "01|0101|S|-|||-\n");
	expect(NAMES ",tracks,zone\n01,L,0101,S,B; A,UTC\n", "01|0101|S|UTC|A; B|-|-\n");
	expect("\xef\xbb\xbf" NAMES "\r\n01,L,0101,\"S, \"\"T\"\"\"\r\n,,,\r\n",
	       "01|0101|S, \"T\"|-|-|-|-\n");
}

static void each_problem_has_its_place(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text, *told;
	} rows[] = {
		{ "", "f:1:1: the file is empty" },
		{ NAMES "\n", "f:1:1: there is no site" },
		{ NAMES ",students\n", "f:1:39: no column 'students'" },
		{ "lea_code,lea_name,site_code\n", "no column 'site_name'" },
		{ NAMES "\n01,L,0101\n", "f:2:1: the row has 3 cells, the header has 4" },
		{ NAMES "\n01,,0101,S\n", "f:2:4: column 'lea_name': empty" },
		{ NAMES "\n01,L,1.96E+13,S\n", "f:2:6: column 'site_code': '1.96E+13' is what a" },
		{ NAMES "\n01,L,\"1,96E+13\",S\n", "is what a spreadsheet made" },
		{ NAMES "\n01,L,196E+11,S\n", "is what a spreadsheet made" },
		{ NAMES "\n01,L,a b,S\n", "f:2:6: column 'site_code': 'a b' is no code" },
		{ NAMES "\n01,L,0101,=S\n", "f:2:11: column 'site_name': a spreadsheet would" },
		{ NAMES "\n01,L,0101,S\n01,L,0101,T\n",
		  "f:3:6: column 'site_code': '0101' is on line 2" },
		{ NAMES "\n01,L,0101,S\n01,M,0102,T\n",
		  "f:3:4: column 'lea_name': 01 has another name on line 2" },
		{ NAMES "\n01,L,0101,S\n1,L,0102,T\n",
		  "f:3:1: column 'lea_code': '1' has 1 digits" },
		{ NAMES "\n1,L,1964733,S\n1,L,196473,T\n",
		  "f:3:5: column 'site_code': '196473' has 6" },
		{ NAMES "\n161259,L,01612590000000,S\n",
		  "f:2:1: column 'lea_code': '161259' lost" },
		{ NAMES ",zone\n01,L,0101,S,Mars/Base\n",
		  "f:2:13: column 'zone': 'Mars/Base' is no" },
		{ NAMES ",coordinator_email\n01,L,0101,S,x\n", "'x' is no e-mail" },
		{ NAMES ",coordinator_phone\n01,L,0101,S,=1+1\n", "is no telephone" },
		{ NAMES ",lea_coordinator_name\n01,L,0101,S,A\n01,L,0102,T,B\n",
		  "f:3:13: column 'lea_coordinator_name'" },
		{ NAMES ",tracks\n01,L,0101,S,A;A\n", "the track 'A' comes twice" },
		{ NAMES ",first\n01,L,0101,S,2027-01-01\n", "f:2:1: column 'last': empty; a window has" },
		{ NAMES ",first,last,programme,profile\n01,L,0101,S,2027-02-30,2027-03-01,P,p\n",
		  "f:2:13: column 'first'" },
		{ NAMES ",first,last,programme,profile\n01,L,0101,S,2027-03-02,2027-03-01,P,p\n",
		  "ends before it begins" },
		{ NAMES ",first,last,programme,profile,window_track,tracks\n01,L,0101,S,2027-03-01,2027-03-01,P,p,C,A\n",
		  "'C' is not one of the tracks" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		expect(rows[i].text, rows[i].told);
}

static void codes_of_few_digits_may_differ_in_length(void **state)
{
	(void)state;
	expect(NAMES "\n1924,L,17,S\n1924,L,1234,T\n", "1924|17|S|-|-|-|-\n1924|1234|T");
}

static void a_telephone_number_begins_with_plus(void **state)
{
	(void)state;
	expect(NAMES ",coordinator_phone\n01,L,0101,S,+1 510 555 0100 ext. 7\n", "01|0101|S");
}

static void the_template_is_a_file_that_is_taken(void **state)
{
	(void)state;
	expect(site_csv_template, "|01990010000101|Adams Elementary|America/Los_Angeles|A; B|"
				  "bruiz@example.org|caaspp-2026-27\n");
}

static void all_that_is_wrong_is_told_in_the_order_of_the_file(void **state)
{
	_cleanup_free_ char *told = read_sites(NAMES ",zone\n01,L,0101,S,\n1,L,0102,T,\n"
						     "01,L,0103,U,Mars\n01,L,0101,V,\n");
	const char *second = strstr(told, "f:3:1:"), *third = strstr(told, "f:4:13:");
	const char *fourth = strstr(told, "f:5:6:");

	(void)state;
	assert_true(second && third && fourth && second < third && third < fourth);
}

/* One mistake does not hide the others of its row, nor those of the rows behind it. */
static void a_row_is_told_all_that_is_wrong_with_it(void **state)
{
	static const char *const told_of[] = {
		"f:2:13: column 'zone'",
		"f:2:29: column 'last': the window ends before",
		"f:2:42: column 'profile'",
		"f:3:4: column 'lea_name': 01 has another name on line 2",
		"f:3:13: column 'zone'",
		"f:3:18: column 'first': '2027-02-30' is not a date",
		"f:3:44: column 'lea_coordinator_name': 01 has another coordinator on line 2",
		"f:4:14: column 'first': '2027-13-01'",
		"f:4:25: column 'last': empty; a window has",
		"f:5:1: column 'lea_code'",
		"f:6:1: column 'lea_code'",
	};
	_cleanup_free_ char *told =
		read_sites(NAMES ",zone,first,last,programme,profile,lea_coordinator_name\n"
				 "01,L,0101,S,Mars,2027-03-02,2027-03-01,P,p p,A\n"
				 "01,M,0102,T,Mars,2027-02-30,2027-03-01,P,p,B\n"
				 "01,L,0105,S,,2027-13-01,,P,p,A\n"
				 "1E+05,N,0103,U,,,,,,\n1E+05,O,0104,V,,,,,,\n");
	const char *line = told;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(told_of); i++) {
		assert_int_equal(strncmp(line, told_of[i], strlen(told_of[i])), 0);
		line = strchr(line, '\n') + 1;
	}
	assert_string_equal(line, "");
}

static char *read_rooms(const char *text)
{
	struct problems problems = { 0 };
	struct room_csv csv;
	char *told = NULL;
	size_t size;
	FILE *out = open_memstream(&told, &size), *in = fmemopen((void *)text, strlen(text), "r");

	assert_int_equal(room_csv_read(in, "f", &problems, &csv, NULL), 0);
	fclose(in);
	for (size_t i = 0; problems.n == 0 && i < csv.n_rows; i++)
		fprintf(out, "%s|%s|%s|%d\n", csv.rows[i].site_code, csv.rows[i].room,
			csv.rows[i].track ? csv.rows[i].track : "-",
			csv.rows[i].has_seats ? (int)csv.rows[i].seats : -2);
	problems_print(&problems, out);
	problems_done(&problems);
	room_csv_done(&csv);
	fclose(out);
	return told;
}

static void expect_rooms(const char *text, const char *told)
{
	_cleanup_free_ char *got = read_rooms(text);

	if (strncmp(got, told, strlen(told)) != 0)
		fail_msg("%s\nis told: %s\nand not: %s", text, got, told);
}

static void rooms_come_by_site(void **state)
{
	(void)state;
	expect_rooms("site_code,room\n2,b\n1,c\n2,a\n", "1|c|-|-2\n2|b|-|-2\n2|a|-|-2\n");
	expect_rooms("room,seats,track,site_code\nb,30,A,1\na,,,1\n", "1|b|A|30\n1|a||-1\n");
	expect_rooms(room_csv_template, "01990010000101|101|A|32\n01990010000101|Library||-1\n");
}

static void what_is_wrong_with_a_room_is_told(void **state)
{
	(void)state;
	expect_rooms("site_code,room\n1,a\n1,a\n", "f:3:3: column 'room': 'a' is on line 2");
	expect_rooms("site_code,room\n1,a\n2,a\n", "1|a");
	expect_rooms("site_code,room\n1,\n", "f:2:3: column 'room': empty");
	expect_rooms("site_code,room,seats\n1,a,many\n", "f:2:5: column 'seats': 'many' is not");
	expect_rooms("site_code,room,seats\n1,a,10001\n", "f:2:5: column 'seats': '10001' is not");
	expect_rooms("site_code,room,track\n1,a,A;B\n", "f:2:5: column 'track': 'A;B' is no track");
	expect_rooms("site_code,room\n", "f:1:1: there is no room");
}

static void a_time_zone_is_one_of_the_database(void **state)
{
	(void)state;
	assert_true(time_zone_is_known("America/Los_Angeles"));
	assert_true(time_zone_is_known("UTC"));
	assert_true(time_zone_is_known("Africa/Abidjan"));
	assert_false(time_zone_is_known("Pacific"));
	assert_false(time_zone_is_known(""));
	assert_false(time_zone_is_known("america/los_angeles"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_row_does_not_say_is_not_said),
		cmocka_unit_test(each_problem_has_its_place),
		cmocka_unit_test(codes_of_few_digits_may_differ_in_length),
		cmocka_unit_test(a_telephone_number_begins_with_plus),
		cmocka_unit_test(the_template_is_a_file_that_is_taken),
		cmocka_unit_test(all_that_is_wrong_is_told_in_the_order_of_the_file),
		cmocka_unit_test(a_row_is_told_all_that_is_wrong_with_it),
		cmocka_unit_test(rooms_come_by_site),
		cmocka_unit_test(what_is_wrong_with_a_room_is_told),
		cmocka_unit_test(a_time_zone_is_one_of_the_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
