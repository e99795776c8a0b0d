/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "agent/probe/embosser.h"
#include "tests/unit/unit.h"

static void assert_certainty(const struct embosser_query *query, const char *expected)
{
	const struct embosser_rule *rule = embosser_find(query);

	if (!expected) {
		assert_null(rule);
		return;
	}
	assert_non_null(rule);
	assert_string_equal(rule->certainty, expected);
}

static void an_embosser_is_as_certain_as_what_it_says(void **state)
{
	static const struct {
		struct embosser_query query;
		const char *certainty;
	} cases[] = {
		{ { "12f2:000a", false, "", "", "", "" }, "certain" },
		{ { "1e4e:0102", true, "Index Braille AB", "Basic-D V5", "", "" }, "certain" },
		{ { "1e4e:0102", true, "INDEX BRAILLE AB", "everest-d", "", "" }, "certain" },
		{ { "1e4e:0102", true, "Index Braille AB", "something new", "", "" }, "possible" },
		{ { "12f2:0001", true, "", "", "", "" }, "possible" },
		{ { "12f2:0001", false, "", "", "", "" }, NULL },
		{ { "0000:0000", true, "Enabling Technologies", "Romeo 60", "", "" }, "possible" },
		{ { "0000:0000", true, "Enabling Technologies", "", "", "" }, NULL },
		{ { "0000:0000", true, "", "", "ViewPlus", "Max" }, "possible" },
		{ { "0000:0000", true, "", "", "", "Braille printer" }, "possible" },
		{ { "0000:0000", false, "", "", "", "Braille display" }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_certainty(&cases[i].query, cases[i].certainty);
}

/* Makers and models of ordinary printers that come near to a rule. */
static void an_ordinary_printer_is_none(void **state)
{
	static const struct embosser_query printers[] = {
		{ "03f0:0c17", true, "Hewlett-Packard", "HP LaserJet Pro M404", "", "" },
		{ "04b8:0005", true, "EPSON", "Stylus Photo 1400", "", "" },
		{ "0482:0015", true, "Kyocera", "FS-1020D Basic", "", "" },
		{ "04f9:0027", true, "Brother", "HL-2140 series", "", "" },
		{ "0000:0000", true, "Indexer", "Basic-D", "", "" },
		{ "0000:0000", true, "Canon", "Delta 200", "", "" },
		{ "0000:0000", true, "", "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(printers); i++)
		assert_certainty(&printers[i], NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_embosser_is_as_certain_as_what_it_says),
		cmocka_unit_test(an_ordinary_printer_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
