/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>

#include "agent/env.h"
#include "agent/look.h"
#include "agent/probe/fact.h"
#include "common/model/facts.h"
#include "tests/unit/unit.h"

static void every_probe_is_in_the_table_of_facts_in_its_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_probes; i++) {
		assert_non_null(facts_table[i].name);
		assert_string_equal(facts_table[i].name, probes[i]->name);
	}
	assert_null(facts_table[n_probes].name);
}

static void what_is_said_of_this_machine_is_whole(void **state)
{
	struct err err;
	struct env env;
	json_t *facts;

	(void)state;
	assert_int_equal(env_init(&env, "", NULL), 0);
	facts = look_with(&env, probes, n_probes, NULL);
	assert_int_equal(facts_check(facts, "facts", NULL, &err), 0);
	/* These every machine has that runs the tests. */
	assert_true(
		json_is_integer(json_object_get(json_object_get(facts, "memory"), "total_mib")));
	assert_true(json_is_integer(json_object_get(json_object_get(facts, "disk"), "free_bytes")));
	json_decref(facts);
	env_done(&env);
}

static void a_list_too_long_to_be_right_is_unknown(void **state)
{
	json_t *object = json_object();
	json_t *items = json_array();

	(void)state;
	for (int i = 0; i < FACT_ITEMS_MAX; i++)
		json_array_append_new(items, json_object());
	fact_set_list(object, "full", json_incref(items));
	assert_int_equal(json_array_size(json_object_get(object, "full")), FACT_ITEMS_MAX);
	json_array_append_new(items, json_object());
	fact_set_list(object, "over", items);
	assert_non_null(fact_unknown_reason(json_object_get(object, "over")));
	json_decref(object);
}

static void a_hostile_name_is_made_fit(void **state)
{
	json_t *object = json_object();
	const char *text;

	(void)state;
	fact_set_text(object, "name", "a\x1b[31m\xff\xe2\x80\xae z  ");
	text = json_string_value(json_object_get(object, "name"));
	assert_string_equal(text, "a\xef\xbf\xbd[31m\xef\xbf\xbd z");
	fact_set_text(object, "none", NULL);
	assert_null(json_object_get(object, "none"));
	json_decref(object);
}

static void a_folder_that_is_not_there_is_no_machine(void **state)
{
	struct env env = { .root_fd = -1 };
	struct err err = { 0 };

	(void)state;
	assert_true(env_init(&env, "/nowhere/at/all", &err) < 0);
	assert_true(err.text[0]);
	env_done(&env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_probe_is_in_the_table_of_facts_in_its_order),
		cmocka_unit_test(what_is_said_of_this_machine_is_whole),
		cmocka_unit_test(a_list_too_long_to_be_right_is_unknown),
		cmocka_unit_test(a_hostile_name_is_made_fit),
		cmocka_unit_test(a_folder_that_is_not_there_is_no_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
