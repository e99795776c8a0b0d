/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a device stands still. Which facts there are is tested by what is checked.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/model/facts.h"
#include "tests/unit/unit.h"

#define GIB "1073741824"

/* Two sets of facts that differ as said; all others are unknown in both. */
static bool same(const char *before_text, const char *now_text)
{
	const char *const texts[] = { before_text, now_text };
	json_t *sides[2];
	bool result;

	for (int i = 0; i < 2; i++) {
		_cleanup_free_ char *text = xstrdup(texts[i]);
		struct err err = { 0 };

		for (char *c = text; *c; c++)
			*c = *c == '\'' ? '"' : *c;
		sides[i] = json_loads(text, 0, NULL);
		assert_non_null(sides[i]);
		facts_complete(sides[i], "not looked at");
		if (facts_check(sides[i], "facts", NULL, &err) < 0)
			fail_msg("%s", err.text);
	}
	result = facts_same(sides[0], sides[1]);
	assert_int_equal(facts_same(sides[1], sides[0]), result);
	json_decref(sides[0]);
	json_decref(sides[1]);
	return result;
}

static void a_change_by_less_than_a_step_is_none(void **state)
{
	(void)state;
	assert_true(same("{'disk':{'free_bytes':0}}", "{'disk':{'free_bytes':1073741823}}"));
	assert_false(same("{'disk':{'free_bytes':0}}", "{'disk':{'free_bytes':" GIB "}}"));
	assert_true(same("{'power':{'batteries':[{'name':'BAT0','percent':50}]}}",
			 "{'power':{'batteries':[{'name':'BAT0','percent':74}]}}"));
	assert_false(same("{'power':{'batteries':[{'name':'BAT0','percent':50}]}}",
			  "{'power':{'batteries':[{'name':'BAT0','percent':75}]}}"));
}

static void a_fact_without_steps_changes_with_every_change(void **state)
{
	(void)state;
	assert_true(same("{'cpu':{'cores':4}}", "{'cpu':{'cores':4}}"));
	assert_false(same("{'cpu':{'cores':4}}", "{'cpu':{'cores':5}}"));
	assert_false(same("{'power':{'source':'mains'}}", "{'power':{'source':'battery'}}"));
	assert_false(same("{'os':{'name':'Debian'}}", "{'os':{'name':'debian'}}"));
	assert_false(same("{'clock':{'synchronised':true}}", "{'clock':{'synchronised':false}}"));
}

static void what_becomes_unknown_or_known_has_changed(void **state)
{
	(void)state;
	assert_false(
		same("{'disk':{'free_bytes':1}}", "{'disk':{'free_bytes':{'unknown':'why'}}}"));
	assert_false(same("{'disk':{'free_bytes':{'unknown':'why'}}}",
			  "{'disk':{'free_bytes':{'unknown':'another'}}}"));
	assert_true(same("{'disk':{'free_bytes':{'unknown':'why'}}}",
			 "{'disk':{'free_bytes':{'unknown':'why'}}}"));
	assert_false(same("{'disk':{'unknown':'why'}}", "{'disk':{'free_bytes':1}}"));
	assert_false(
		same("{'power':{'batteries':[]}}", "{'power':{'batteries':{'unknown':'why'}}}"));
}

static void a_list_changes_with_what_is_in_it_and_its_length(void **state)
{
	(void)state;
	assert_false(
		same("{'power':{'batteries':[]}}", "{'power':{'batteries':[{'name':'BAT0'}]}}"));
	assert_false(same("{'power':{'batteries':[{'name':'BAT0'}]}}",
			  "{'power':{'batteries':[{'name':'BAT1'}]}}"));
	assert_false(same("{'software':{'fonts':['Verdana']}}", "{'software':{'fonts':[]}}"));
	assert_true(
		same("{'software':{'fonts':['Verdana']}}", "{'software':{'fonts':['Verdana']}}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_by_less_than_a_step_is_none),
		cmocka_unit_test(a_fact_without_steps_changes_with_every_change),
		cmocka_unit_test(what_becomes_unknown_or_known_has_changed),
		cmocka_unit_test(a_list_changes_with_what_is_in_it_and_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
