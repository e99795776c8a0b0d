/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/app_ini.h"
#include "tests/unit/unit.h"

static void the_app_section_is_read_and_no_other(void **state)
{
	struct app_ini app;

	(void)state;
	assert_int_equal(
		app_ini_parse("[Gecko]\nVersion=1\n[App]\nVendor=AIR\nName=CASecureBrowser\n"
			      "Version=14.0\nBuildID=2024\n[Crash]\nVersion=9\n",
			      &app, NULL),
		0);
	assert_string_equal(app.vendor, "AIR");
	assert_string_equal(app.name, "CASecureBrowser");
	assert_string_equal(app.version, "14.0");
	assert_string_equal(app.build, "2024");
	app_ini_done(&app);
}

static void the_first_of_two_versions_counts(void **state)
{
	struct app_ini app;

	(void)state;
	assert_int_equal(app_ini_parse("[App]\nVersion=14.0\n  15.0\nVersion=16.0\n", &app, NULL),
			 0);
	assert_string_equal(app.version, "14.0");
	assert_null(app.vendor);
	app_ini_done(&app);
}

static void a_file_without_an_app_is_refused(void **state)
{
	static const char *const texts[] = { "", "Name=x\nVersion=1\n", "[App]\nVendor=AIR\n",
					     "[app]\nName=x\n", "[App\nName=x\n" };
	struct app_ini app;
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(app_ini_parse(texts[i], &app, &err), -EINVAL);
	assert_non_null(strstr(err.text, "[App]"));
}

static void a_line_that_cannot_be_read_does_not_hide_the_others(void **state)
{
	struct app_ini app;

	(void)state;
	assert_int_equal(app_ini_parse("[App]\nnonsense\n]][\nName=x\n", &app, NULL), 0);
	assert_string_equal(app.name, "x");
	app_ini_done(&app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_app_section_is_read_and_no_other),
		cmocka_unit_test(the_first_of_two_versions_counts),
		cmocka_unit_test(a_file_without_an_app_is_refused),
		cmocka_unit_test(a_line_that_cannot_be_read_does_not_hide_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
