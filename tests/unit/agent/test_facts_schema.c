/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docs/schema/report-1.json against the table of facts: what `facts --list`
 * does not print, that is words and ranges.
 */
#include <jansson.h>
#include <string.h>

#include "common/model/facts.h"
#include "tests/unit/unit.h"

static void compare_words(const struct fact *fact, const json_t *schema)
{
	const json_t *words = json_object_get(schema, "enum");
	size_t n = 0;

	for (; fact->words[n]; n++)
		assert_string_equal(json_string_value(json_array_get(words, n)), fact->words[n]);
	assert_int_equal(json_array_size(words), n);
}

static void compare_members(const struct fact *members, const json_t *schema);

static void compare(const struct fact *fact, const json_t *schema)
{
	const json_t *items = json_object_get(schema, "items");

	switch (fact->type) {
	case FACT_OBJECT:
		compare_members(fact->members, schema);
		break;
	case FACT_LIST:
		assert_int_equal(json_integer_value(json_object_get(schema, "maxItems")),
				 FACTS_LIST_MAX);
		if (fact->members)
			compare_members(fact->members, items);
		break;
	case FACT_WORD:
		compare_words(fact, schema);
		break;
	case FACT_INT:
		assert_int_equal(json_integer_value(json_object_get(schema, "minimum")), fact->min);
		assert_int_equal(json_integer_value(json_object_get(schema, "maximum")), fact->max);
		break;
	case FACT_TEXT:
		assert_string_equal(json_string_value(json_object_get(schema, "$ref")),
				    "#/$defs/text");
		break;
	case FACT_BOOL:
		assert_string_equal(json_string_value(json_object_get(schema, "type")), "boolean");
		break;
	case FACT_TYPE_MAX_:
		fail();
	}
}

static void compare_members(const struct fact *members, const json_t *schema)
{
	const json_t *properties = json_object_get(schema, "properties");
	size_t n = 0;

	assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
	for (; members[n].name; n++) {
		const json_t *property = json_object_get(properties, members[n].name);
		const json_t *choices = json_object_get(property, "oneOf");

		assert_int_equal(json_array_size(choices), 2);
		compare(&members[n], json_array_get(choices, 1));
	}
	assert_int_equal(json_object_size(properties), n);
	assert_int_equal(json_array_size(json_object_get(schema, "required")), n);
}

static void the_published_layout_has_the_words_and_ranges_of_the_table(void **state)
{
	json_t *schema = json_load_file("docs/schema/report-1.json", 0, NULL);

	(void)state;
	assert_non_null(schema);
	compare_members(facts_table, json_object_get(json_object_get(schema, "$defs"), "facts"));
	json_decref(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_layout_has_the_words_and_ranges_of_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
