/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of facts is judged like all of them. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/eval/evaluate.h"
#include "common/eval/needed.h"
#include "common/model/document.h"
#include "common/model/facts.h"
#include "tests/unit/unit.h"

/* xorshift64 (Marsaglia 2003): the same numbers everywhere. */
static uint64_t random_state = 20270402;

static size_t random_below(size_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (size_t)(random_state % n);
}

/* --- random facts, of values that the profile compares with ------------------------------ */

/* Every text and number of a profile. */
struct pool {
	json_t *texts, *numbers;
};

static void fill_pool(struct pool *pool, const json_t *json)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_string(json))
		json_array_append(pool->texts, (json_t *)json);
	if (json_is_integer(json))
		json_array_append(pool->numbers, (json_t *)json);
	json_object_foreach ((json_t *)json, key, value)
		fill_pool(pool, value);
	json_array_foreach ((json_t *)json, i, value)
		fill_pool(pool, value);
}

static json_t *one_of(const json_t *list)
{
	return json_incref(json_array_get(list, random_below(json_array_size(list))));
}

static json_t *random_value(const struct pool *pool, const struct fact *fact);

static json_t *random_members(const struct pool *pool, const struct fact *members)
{
	json_t *object = json_object();

	for (; members->name; members++) {
		if (random_below(8) > 0)
			json_object_set_new(object, members->name, random_value(pool, members));
	}
	if (random_below(6) == 0)
		json_object_set_new(object, "from_another_agent", random_members(pool, members));
	if (random_below(20) == 0)
		json_object_set_new(object, "unknown", json_string("{\"a\\\\\":[\"}"));
	return object;
}

static json_t *random_list(const struct pool *pool, const struct fact *fact)
{
	json_t *list = json_array();

	for (size_t n = random_below(4); n > 0; n--)
		json_array_append_new(list, fact->members ? random_members(pool, fact->members)
							  : one_of(pool->texts));
	return list;
}

static json_t *random_value(const struct pool *pool, const struct fact *fact)
{
	enum fact_type type = fact->type;

	if (random_below(12) == 0)
		return json_pack("{s:s}", "unknown", "the probe \"could\" not look: }],");
	/* What another version of the agent took it for. */
	if (random_below(20) == 0 && !fact->members)
		type = (enum fact_type)random_below(FACT_BOOL + 1);
	if (type == FACT_OBJECT && fact->members)
		return random_members(pool, fact->members);
	if (type == FACT_LIST)
		return random_list(pool, fact);
	if (type == FACT_INT)
		return one_of(pool->numbers);
	if (type == FACT_BOOL)
		return json_boolean(random_below(2));
	return one_of(pool->texts);
}

/* --- the same results --------------------------------------------------------------------- */

static json_t *left_of(const struct needed *needed, const json_t *facts, size_t *ret_saved)
{
	_cleanup_free_ char *text = document_canonical(facts);
	size_t len = strlen(text), left_len;
	_cleanup_free_ char *left = xcalloc(len + 1, 1);
	json_t *json;

	assert_int_equal(needed_text(needed, text, len, left, &left_len), 0);
	assert_true(left_len <= len);
	*ret_saved = len - left_len;
	json = json_loadb(left, left_len, JSON_REJECT_DUPLICATES, NULL);
	if (!json)
		fail_msg("%s\nleaves\n%s", text, left);
	return json;
}

static void assert_same_results(const struct profile *profile, const json_t *facts,
				const json_t *left)
{
	enum result all[PROFILE_REQUIREMENTS_MAX], some[PROFILE_REQUIREMENTS_MAX];

	for (unsigned role = 0; role < ROLE_MAX_; role++) {
		evaluate(profile, facts, (enum device_role)role, 20700, all);
		evaluate(profile, left, (enum device_role)role, 20700, some);
		for (size_t i = 0; i < profile->n_requirements; i++) {
			if (all[i] == some[i])
				continue;
			fail_msg("%s is %s of all and %s of\n%s", profile->requirements[i].id,
				 result_words[all[i]], result_words[some[i]],
				 document_canonical(left));
		}
	}
}

static void what_is_left_is_judged_like_all_of_it(void **state)
{
	static const char *const files[] = { "packaging/profiles/example.json",
					     "packaging/profiles/ca-caaspp-2022-23.json" };
	enum { ROUNDS = 400 };

	(void)state;
	for (size_t f = 0; f < ARRAY_SIZE(files); f++) {
		_cleanup_(profile_freep) struct profile *profile = NULL;
		_cleanup_(needed_freep) struct needed *needed = NULL;
		struct pool pool = { json_array(), json_array() };
		_cleanup_free_ char *text = NULL;
		size_t len, saved, n_saved = 0;

		assert_int_equal(
			file_read_at(AT_FDCWD, files[f], PROFILE_BYTES_MAX, &text, &len, NULL), 0);
		assert_int_equal(profile_parse(text, len, files[f], &profile, NULL), 0);
		needed = needed_of(profile);
		fill_pool(&pool, profile->json);
		for (size_t i = 0; i < ROUNDS; i++) {
			json_t *facts = random_members(&pool, facts_table);
			json_t *left = left_of(needed, facts, &saved);

			assert_same_results(profile, facts, left);
			n_saved += saved > 0;
			json_decref(left);
			json_decref(facts);
		}
		assert_true(n_saved > ROUNDS / 2);
		json_decref(pool.texts);
		json_decref(pool.numbers);
	}
}

/* --- texts ------------------------------------------------------------------------------- */

/* clang-format off */
#define REQUIREMENT(id, check)                                                              \
	"{\"id\":\"" id "\",\"title\":\"t\",\"source\":\"s\",\"severity\":\"required\","    \
	"\"roles\":[\"student\"],\"check\":" check                                          \
	",\"fix\":{\"id\":\"f\",\"text\":\"f\",\"minutes\":1}}"
static const char small[] =
	"{\"profile\":\"p\",\"title\":\"t\",\"freshness_hours\":{},\"endpoints\":[\"a.example\"],"
	"\"tables\":{\"os\":[{\"id\":\"ubuntu\",\"version\":\"22..\",\"tier\":\"full\"}]},"
	"\"requirements\":["
	REQUIREMENT("a", "{\"fact\":\"memory.total_mib\",\"at_least\":1}") ","
	REQUIREMENT("b", "{\"count\":\"display.screens\",\"at_least\":1}") ","
	REQUIREMENT("c", "{\"fact\":\"os\",\"in_table\":\"os\"}") ","
	REQUIREMENT("d", "{\"any\":\"network.endpoints\",\"where\":{\"fact\":\"reachable\","
			 "\"is\":true}},\"when\":{\"fact\":\"disk.free_bytes\",\"at_least\":1}")
	"]}";
/* clang-format on */

static struct needed *needed_of_small(struct profile **ret_profile)
{
	struct err err = { 0 };

	if (profile_parse(small, sizeof(small) - 1, "p", ret_profile, &err) < 0)
		fail_msg("%s", err.text);
	return needed_of(*ret_profile);
}

static void only_what_a_requirement_asks_about_is_left(void **state)
{
	static const struct {
		const char *text, *left;
	} rows[] = {
		{ "{}", "{}" },
		{ "{\"audio\":{\"muted\":true},\"cpu\":null}", "{}" },
		{ "{\"memory\":{\"free\":1,\"total_mib\":2,\"z\":[[]]}}",
		  "{\"memory\":{\"total_mib\":2}}" },
		{ "{\"memory\":{\"unknown\":\"why\"}}", "{\"memory\":{\"unknown\":\"why\"}}" },
		/* One that is a reason must not become one, nor cease to be. */
		{ "{\"memory\":{\"total_mib\":{\"unknown\":\"why\"},\"unknown\":\"x\",\"z\":1}}",
		  "{\"memory\":{\"total_mib\":{\"unknown\":\"why\"},\"unknown\":\"x\",\"z\":1}}" },
		{ "{\"display\":{\"screens\":[{\"a\":1},{\"unknown\":\"x\"},\"t\",{}]}}",
		  "{\"display\":{\"screens\":[{},{\"unknown\":\"x\"},\"t\",{}]}}" },
		{ "{\"display\":{\"screens\":[]}}", "{\"display\":{\"screens\":[]}}" },
		{ "{\"cpu\":{\"model\":\"\\\"}\\\\\"},\"os\":{\"arch\":\"x\",\"id\":\"a\","
		  "\"version_id\":\"1\"}}",
		  "{\"os\":{\"id\":\"a\",\"version_id\":\"1\"}}" },
		{ "{\"network\":{\"endpoints\":[{\"host\":\"a\",\"ms\":1,\"reachable\":true}]}}",
		  "{\"network\":{\"endpoints\":[{\"host\":\"a\",\"reachable\":true}]}}" },
		{ "{\"disk\":{\"free_bytes\":9,\"total_bytes\":9}}",
		  "{\"disk\":{\"free_bytes\":9}}" },
		{ "{\"memory\":7}", "{\"memory\":7}" },
		{ "[{\"memory\":7}]", "[{\"memory\":7}]" },
	};
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_(needed_freep) struct needed *needed = needed_of_small(&profile);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t len = strlen(rows[i].text);
		_cleanup_free_ char *left = xcalloc(len + 1, 1);

		assert_int_equal(needed_text(needed, rows[i].text, len, left, &len), 0);
		left[len] = '\0';
		assert_string_equal(left, rows[i].left);
	}
}

static void what_is_not_canonical_is_to_be_read_as_a_whole(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"{}}",
		"{} ",
		" {}",
		"{\"memory\"}",
		"{\"memory\":}",
		"{\"memory\":{\"total_mib\":2}",
		"{\"memory\": {\"total_mib\":2}}",
		"{\"os\":{},\"memory\":{}}",     /* out of order: one that comes later may win */
		"{\"memory\":{},\"memory\":{}}", /* twice: the last wins */
		"{\"memor\\u0079\":{}}",
		"{\"cpu\":[}}",
		"{\"cpu\":{\"a\":\"b}",
		"{\"cpu\":\"\\",
		"{\"cpu\":\"\\\"",
		"{\"cpu\":[1 2]}",
		"{\"cpu\":1,}",
		"{\"display\":{\"screens\":[1,]}}",
		"{\"display\":{\"screens\":[1}}",
		"{\"cpu\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
	};
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_(needed_freep) struct needed *needed = needed_of_small(&profile);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		size_t len = strlen(texts[i]);
		/* Not one byte more than there is, so that a sanitizer sees what is behind. */
		_cleanup_free_ char *text = len ? malloc(len) : NULL;
		_cleanup_free_ char *left = xcalloc(len + 1, 1);

		if (len)
			memcpy(text, texts[i], len);
		if (needed_text(needed, text ? text : "", len, left, &len) != -EINVAL)
			fail_msg("%s was taken", texts[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_left_is_judged_like_all_of_it),
		cmocka_unit_test(only_what_a_requirement_asks_about_is_left),
		cmocka_unit_test(what_is_not_canonical_is_to_be_read_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
