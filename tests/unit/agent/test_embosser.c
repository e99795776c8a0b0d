/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "agent/probe/embosser.h"
#include "agent/probe/ieee1284.h"
#include "common/base/mem.h"
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
		{ { "0000:0000", true, "Enabling", "Romeo60", "", "" }, "possible" },
		{ { "0000:0000", true, "Enabling", "Romeos", "", "" }, NULL },
		{ { "0000:0000", true, "Braillo", "600SR", "", "" }, "possible" },
		{ { "0000:0000", true, "Braillo", "6000", "", "" }, NULL },
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

/* Names of real printers; not part of the project, used where they are at hand. */
#define MAKE_MODELS "../shared/devices/cups_make_models.txt"
#define IDS_1284 "../shared/devices/printers_ieee1284.csv"

static FILE *open_or_skip(const char *path)
{
	FILE *file = fopen(path, "re");

	if (!file)
		skip();
	return file;
}

/* As CUPS names the drivers that a queue can have: nine of Index and the one for all others. */
static void of_all_drivers_ten_are_for_embossers(void **state)
{
	FILE *file = open_or_skip(MAKE_MODELS);
	char line[1024];
	size_t n = 0, n_index = 0, n_generic = 0;

	(void)state;
	while (fgets(line, sizeof(line), file)) {
		char *name = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		if (!name || !embosser_find(&(struct embosser_query){ "", true, name + 1, name + 1,
								      "", "" }))
			continue;
		n++;
		n_index += strncmp(name + 1, "Index ", 6) == 0;
		n_generic += strcmp(name + 1, "Generic Braille embosser, 1.0") == 0;
	}
	(void)fclose(file);
	assert_int_equal(n_index, 9);
	assert_int_equal(n_generic, 1);
	assert_int_equal(n, 10);
}

static void of_all_printers_that_told_their_id_none_is_an_embosser(void **state)
{
	FILE *file = open_or_skip(IDS_1284);
	char line[4096];
	size_t n = 0;

	(void)state;
	while (fgets(line, sizeof(line), file)) {
		char *at = strchr(line, ',');
		const char *id = at && (at = strchr(at + 1, ',')) ? at + 1 + (at[1] == '"') : "";
		_cleanup_free_ char *maker = ieee1284_value(id, ieee1284_maker);
		_cleanup_free_ char *model = ieee1284_value(id, ieee1284_model);
		const struct embosser_query query = {
			"", true, maker ? maker : "", model ? model : "", "", id
		};

		n += maker && model;
		if (embosser_find(&query))
			fail_msg("%s", line);
	}
	(void)fclose(file);
	assert_true(n > 3000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_embosser_is_as_certain_as_what_it_says),
		cmocka_unit_test(an_ordinary_printer_is_none),
		cmocka_unit_test(of_all_drivers_ten_are_for_embossers),
		cmocka_unit_test(of_all_printers_that_told_their_id_none_is_an_embosser),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
