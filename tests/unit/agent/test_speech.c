/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "agent/probe/fact.h"
#include "agent/probe/speech_espeak.h"
#include "agent/probe/speech_language.h"
#include "agent/probe/text_set.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static void a_tag_is_lower_case_and_has_dashes(void **state)
{
	_cleanup_free_ char *us = speech_language_tag("en_US-lessac", 5);
	_cleanup_free_ char *gb = speech_language_tag("en-GB-x-rp", 10);

	(void)state;
	assert_string_equal(us, "en-us");
	assert_string_equal(gb, "en-gb-x-rp");
}

static void what_cannot_be_a_tag_is_none(void **state)
{
	static const char *const names[] = { "", "9x", "a.b", "\xff\xfe", "en us", "a/b" };
	char longer[66] = { 0 };

	(void)state;
	memset(longer, 'a', sizeof(longer) - 1);
	assert_null(speech_language_tag(longer, strlen(longer)));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_null(speech_language_tag(names[i], strlen(names[i])));
}

static void words_of_synthesisers_become_tags(void **state)
{
	static const char *const rows[][3] = {
		{ "festival", "english", "en" },      { "rhvoice", "English", "en" },
		{ "mbrola", "us", "en-us" },          { "mbrola", "cz", "cs" },
		{ "festival", "klingon", "klingon" }, { "festival", "cz", "cz" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *tag = speech_language_of(rows[i][0], rows[i][1]);

		assert_string_equal(tag, rows[i][2]);
	}
}

static void a_voice_may_name_another_dictionary(void **state)
{
	_cleanup_free_ char *no = speech_espeak_dictionary("name x\nlanguage nb\ndictionary no\n");
	_cleanup_free_ char *tab = speech_espeak_dictionary("dictionary\ten_us \r\n");

	(void)state;
	assert_string_equal(no, "no");
	assert_string_equal(tab, "en-us");
	assert_null(speech_espeak_dictionary("language nb\ndictionaryno\n"));
	assert_null(speech_espeak_dictionary("dictionary ../../etc/passwd\n"));
	assert_null(speech_espeak_dictionary("dictionary "));
}

static void a_set_is_sorted_and_has_each_text_once(void **state)
{
	_cleanup_(text_set_done) struct text_set set = { 0 };
	_cleanup_free_ char *text = NULL;
	json_t *array;

	(void)state;
	text_set_add(&set, "es", 2);
	text_set_add(&set, "en-us", 2);
	text_set_add(&set, "es", 2);
	array = text_set_json(&set);
	text = json_dumps(array, JSON_COMPACT);
	json_decref(array);
	assert_string_equal(text, "[\"en\",\"es\"]");
}

static json_t *texts_of(size_t n)
{
	json_t *object = json_object(), *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_integer((json_int_t)i));
	fact_set_texts(object, "x", array);
	return object;
}

static void more_texts_than_can_be_right_are_unknown(void **state)
{
	json_t *most = texts_of(FACT_TEXTS_MAX), *more = texts_of(FACT_TEXTS_MAX + 1);

	(void)state;
	assert_int_equal(json_array_size(json_object_get(most, "x")), FACT_TEXTS_MAX);
	assert_non_null(json_object_get(json_object_get(more, "x"), "unknown"));
	json_decref(most);
	json_decref(more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tag_is_lower_case_and_has_dashes),
		cmocka_unit_test(what_cannot_be_a_tag_is_none),
		cmocka_unit_test(words_of_synthesisers_become_tags),
		cmocka_unit_test(a_voice_may_name_another_dictionary),
		cmocka_unit_test(a_set_is_sorted_and_has_each_text_once),
		cmocka_unit_test(more_texts_than_can_be_right_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
