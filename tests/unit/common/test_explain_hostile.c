/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nothing that a device or a profile says gets into a sentence that moves a terminal's cursor,
 * turns the direction of writing or fills a page.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/eval/explain.h"
#include "common/model/facts.h"
#include "tests/unit/unit.h"

/* ESC [2J, BEL, CR, C1 CSI, right-to-left override, isolate, mark, a paragraph's end, a tag. */
#define EVIL      \
	"1a\x1b[" \
	"2J\x07\r\n\xc2\x9b\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8f\xe2\x80\xa9\xef\xbb\xbf\x7f<b>"
#define EVIL_JSON "1a\\u001b[2J\\u0007\\r\\n\\u009b\\u202e\\u2066\\u200f\\u2029\\ufeff\\u007f<b>"

/* What the parser of profiles lets through in titles and notes. */
#define TURNED_JSON "x\\u202e\\u2066\\u200f\\ufeff"

static const char *const forbidden[] = {
	"\x1b",         "\x07",         "\r",           "\n",           "\x7f",         "\xc2\x9b",
	"\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\x8f", "\xe2\x80\xa9", "\xef\xbb\xbf",
};

static void check_text(const char *text, const char *what)
{
	if (!text_is_utf8(text, strlen(text)))
		fail_msg("%s: not UTF-8: %s", what, text);
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++) {
		if (strstr(text, forbidden[i]))
			fail_msg("%s: has character %zu of the forbidden ones", what, i);
	}
}

/* A value of @fact in which every text is hostile; at @depth of unknowns, an unknown. */
static json_t *evil_value(const struct fact *fact, unsigned depth);

static json_t *evil_members(const struct fact *members, unsigned depth)
{
	json_t *object = json_object();

	for (const struct fact *f = members; f->name; f++)
		json_object_set_new(object, f->name,
				    depth == 0 ? json_pack("{s:s}", "unknown", EVIL)
					       : evil_value(f, depth - 1));
	return object;
}

static json_t *evil_value(const struct fact *fact, unsigned depth)
{
	json_t *list;

	switch (fact->type) {
	case FACT_OBJECT:
		return evil_members(fact->members, depth);
	case FACT_LIST:
		list = json_array();
		for (int i = 0; i < 6; i++)
			json_array_append_new(list, fact->members
							    ? evil_members(fact->members, depth)
							    : json_string(EVIL));
		return list;
	case FACT_INT:
		return json_integer(fact->max);
	case FACT_BOOL:
		return json_false();
	default:
		return json_string(EVIL);
	}
}

static void check_profile(const struct profile *profile, const char *what)
{
	int32_t day;

	assert_int_equal(civil_parse("2027-03-15", &day, NULL), 0);
	for (unsigned depth = 0; depth < 4; depth++) {
		json_t *facts = evil_members(facts_table, depth);

		for (size_t i = 0; i < profile->n_requirements; i++) {
			for (int result = 0; result < RESULT_MAX_; result++) {
				struct explanation words;

				explain(profile, i, facts, day, (enum result)result, &words);
				check_text(words.sentence, what);
				check_text(words.observed, what);
				check_text(words.expected, what);
				explanation_done(&words);
			}
		}
		json_decref(facts);
	}
}

static void what_a_device_says_of_itself_moves_no_cursor(void **state)
{
	static const char folder[] = "packaging/profiles";
	struct dirent *entry;
	DIR *dir = opendir(folder);
	size_t n = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		_cleanup_free_ char *path = xasprintf("%s/%s", folder, entry->d_name);
		_cleanup_free_ char *text = NULL;
		_cleanup_(profile_freep) struct profile *profile = NULL;

		if (!text_ends(entry->d_name, ".json"))
			continue;
		assert_int_equal(file_read_at(AT_FDCWD, path, PROFILE_BYTES_MAX, &text, NULL, NULL),
				 0);
		assert_int_equal(profile_parse(text, strlen(text), path, &profile, NULL), 0);
		check_profile(profile, path);
		n++;
	}
	closedir(dir);
	assert_true(n > 0);
}

static void neither_does_what_a_profile_says(void **state)
{
	static const char *const checks[] = {
		"{\"fact\":\"os.name\",\"is\":\"" EVIL_JSON "\"}",
		"{\"fact\":\"os.name\",\"is_one_of\":[\"" EVIL_JSON "\"]}",
		"{\"fact\":\"os.name\",\"like\":\"" EVIL_JSON "\"}",
		"{\"fact\":\"os.kernel\",\"version_at_least\":\"" EVIL_JSON "\"}",
		"{\"fact\":\"os.kernel\",\"version_at_least\":\"14.0" TURNED_JSON "\"}",
		"{\"fact\":\"os.kernel\",\"version_in\":\"14.0" TURNED_JSON "\"}",
		"{\"fact\":\"os.kernel\",\"version_in\":\"1..2" TURNED_JSON "\"}",
		"{\"fact\":\"os.kernel\",\"version_in\":\"" EVIL_JSON "\"}",
		"{\"fact\":\"os\",\"in_table\":\"t\"}",
	};
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		_cleanup_free_ char *text = xasprintf(
			"{\"profile\":\"p\",\"title\":\"t\",\"freshness_hours\":{},\"tables\":%s,"
			"\"requirements\":[{\"id\":\"it\",\"severity\":\"required\",\"roles\":"
			"[\"student\"],\"title\":\"%s\",\"check\":%s,\"fix\":{\"id\":\"f\","
			"\"text\":"
			"\"%s\",\"minutes\":1},\"source\":\"s\"}],\"waivers\":[{\"id\":\"w\","
			"\"scope\":"
			"\"site\",\"requirement\":\"it\",\"reason\":\"%s\",\"until\":\"2027-03-"
			"15\"}]}",
			strstr(checks[i], "in_table") ? "{\"t\":[{\"id\":\"" EVIL_JSON
							"\",\"note\":\"" TURNED_JSON "\"}]}"
						      : "{}",
			TURNED_JSON, checks[i], TURNED_JSON, TURNED_JSON);
		_cleanup_(profile_freep) struct profile *profile = NULL;

		/* The parser may refuse it; what it takes has to be shown well. */
		if (profile_parse(text, strlen(text), "p", &profile, NULL) < 0)
			continue;
		check_profile(profile, checks[i]);
		n++;
	}
	assert_true(n >= 3);
}

static void a_long_text_is_cut(void **state)
{
	_cleanup_free_ char *name = xcalloc(FACTS_TEXT_MAX + 1, 1);
	_cleanup_free_ char *text = NULL;
	_cleanup_(profile_freep) struct profile *profile = NULL;
	struct explanation words;
	json_t *facts;

	(void)state;
	assert_int_equal(file_read_at(AT_FDCWD, "packaging/profiles/example.json",
				      PROFILE_BYTES_MAX, &text, NULL, NULL),
			 0);
	assert_int_equal(profile_parse(text, strlen(text), "p", &profile, NULL), 0);
	memset(name, 'x', FACTS_TEXT_MAX);
	facts = json_pack("{s:{s:s, s:s}}", "os", "id", name, "version_id", "1");
	explain(profile, (size_t)profile_find(profile, "os.supported"), facts, 0, RESULT_FAIL,
		&words);
	assert_non_null(strstr(words.observed, "xxx…, version 1"));
	assert_true(strlen(words.observed) < 500);
	explanation_done(&words);
	json_decref(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_device_says_of_itself_moves_no_cursor),
		cmocka_unit_test(neither_does_what_a_profile_says),
		cmocka_unit_test(a_long_text_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
