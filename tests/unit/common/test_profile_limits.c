/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every limit of a profile: what is below it and at it is taken, what is over it is
 * refused and told the limit, and docs/limits.md has it as it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/version.h"
#include "common/model/endpoint.h"
#include "common/model/facts.h"
#include "common/model/profile.h"
#include "tests/unit/unit.h"

#define PAGE_MAX ((size_t)64 * 1024)

#define CHECK "{\"fact\": \"cpu.cores\", \"at_least\": 2}"
#define FIX(id, text, minutes) \
	"{\"id\": \"" id "\", \"text\": \"" text "\", \"minutes\": " minutes "}"
#define REQUIREMENT_OF(id, title, source, check, fix)                              \
	"{\"id\": \"" id                                                           \
	"\", \"severity\": \"required\", \"roles\": [\"ta\"], \"title\": \"" title \
	"\", \"source\": \"" source "\", \"check\": " check ", \"fix\": " fix "}"
#define REQUIREMENT(check) REQUIREMENT_OF("it", "t", "s", check, FIX("f", "t", "1"))
#define HEAD "{\"profile\": \"p\", \"title\": \"t\", \"freshness_hours\": {}, "
#define PROFILE(members, requirements) HEAD members "\"requirements\": [" requirements "]}"
#define PROFILE_OF(members) PROFILE(members ", ", REQUIREMENT(CHECK))
#define CHECKED(check) PROFILE("", REQUIREMENT(check))
#define NAMED(members) "{" members ", \"requirements\": [" REQUIREMENT(CHECK) "]}"
#define FRESH "\"freshness_hours\": {}"
#define ROW_OF(except) "\"tables\": {\"os\": [{\"id\": \"x\", \"except\": [" except "]}]}, "
#define WAIVER(id, reason)                                                                        \
	"{\"id\": \"" id "\", \"scope\": \"lea\", \"requirement\": \"it\", \"reason\": \"" reason \
	"\", \"until\": \"2027-05-31\"}"
#define SUPPLEMENT(code, title)                                                                \
	"{\"scope\": \"lea\", \"code\": \"" code "\", \"title\": \"" title "\", \"version\": " \
	"\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}"

struct profile_limit {
	const char *name;
	size_t value;
	const char *unit;
	const char *meaning;
	/* A profile in which @ stands for the item as many times; NULL: it has its own test. */
	const char *profile;
	const char
		*item; /* # in it is its number, so that none is there twice; NULL: @ is the amount
			*/
	const char *join;
	size_t already; /* how much of what is limited the profile has beside @ */
};

/* clang-format off */
static const struct profile_limit limits[] = {
	{ "profile", PROFILE_BYTES_MAX, "bytes", "a profile or a document that a collector composed", NULL, NULL, NULL, 0 },
	{ "profile depth", PROFILE_DEPTH_MAX, "levels", "nested objects and lists of a profile", NULL, NULL, NULL, 0 },
	{ "requirements", PROFILE_REQUIREMENTS_MAX, "", "requirements of a profile",
		PROFILE("", "@"), REQUIREMENT_OF("r#", "t", "s", CHECK, FIX("f", "t", "1")), ",", 0 },
	{ "tables", PROFILE_TABLES_MAX, "", "tables of a profile",
		PROFILE_OF("\"tables\": {@}"), "\"t#\": [{\"id\": \"x\"}]", ",", 0 },
	{ "rows of a table", PROFILE_ROWS_MAX, "", "rows of one table of a profile",
		PROFILE_OF("\"tables\": {\"os\": [@]}"), "{\"id\": \"x#\"}", ",", 0 },
	{ "except", FACTS_LIST_MAX, "", "versions that one row of a table takes out",
		PROFILE(ROW_OF("@"), REQUIREMENT("{\"fact\": \"os\", \"in_table\": \"os\"}")), "\"#\"", ",", 0 },
	{ "joined checks", PROFILE_CHILDREN_MAX, "", "checks of one `all_of`, `any_of` or `none_of`",
		CHECKED("{\"any_of\": [@]}"), CHECK, ",", 0 },
	{ "values", FACTS_LIST_MAX, "", "values of one `is_one_of`",
		CHECKED("{\"fact\": \"os.id\", \"is_one_of\": [@]}"), "\"#\"", ",", 0 },
	{ "counted items", FACTS_LIST_MAX, "", "what `count` compares with; no list of facts is longer",
		CHECKED("{\"count\": \"os.desktops\", \"at_most\": @}"), NULL, "", 0 },
	{ "compared text", FACTS_TEXT_MAX, "bytes", "a text that `is` compares with; no fact is longer",
		CHECKED("{\"fact\": \"os.id\", \"is\": \"@\"}"), "x", "", 0 },
	{ "pattern", PROFILE_PATTERN_MAX, "bytes", "a pattern of `like`",
		CHECKED("{\"fact\": \"os.id\", \"like\": \"@\"}"), "?", "", 0 },
	{ "version", VERSION_TEXT_MAX, "bytes", "a version, as a fact and in a profile",
		CHECKED("{\"fact\": \"os.id\", \"version_at_least\": \"@\"}"), "1", "", 0 },
	{ "version set", VERSION_SET_MAX, "bytes", "a set of versions",
		CHECKED("{\"fact\": \"os.id\", \"version_in\": \"1@\"}"), " ", "", 1 },
	{ "id", PROFILE_NAME_MAX, "bytes", "the id of a requirement, a fix, a table, and a profile's name",
		PROFILE("", REQUIREMENT_OF("@", "t", "s", CHECK, FIX("f", "t", "1"))), "x", "", 0 },
	{ "id", PROFILE_NAME_MAX, "bytes", "the id of a requirement, a fix, a table, and a profile's name",
		PROFILE("", REQUIREMENT_OF("it", "t", "s", CHECK, FIX("@", "t", "1"))), "x", "", 0 },
	{ "id", PROFILE_NAME_MAX, "bytes", "the id of a requirement, a fix, a table, and a profile's name",
		PROFILE_OF("\"tables\": {\"@\": [{\"id\": \"x\"}]}"), "x", "", 0 },
	{ "id", PROFILE_NAME_MAX, "bytes", "the id of a requirement, a fix, a table, and a profile's name",
		NAMED("\"profile\": \"@\", \"title\": \"t\", " FRESH), "x", "", 0 },
	{ "year", PROFILE_YEAR_MAX, "bytes", "the year of a profile",
		NAMED("\"profile\": \"12345678901234567890123456789012\", \"year\": \"@\", \"title\": \"t\", " FRESH), "x", "", 0 },
	{ "title", PROFILE_TITLE_MAX, "bytes", "the title of a profile, a requirement, a supplement",
		NAMED("\"profile\": \"p\", \"title\": \"@\", " FRESH), "x", "", 0 },
	{ "title", PROFILE_TITLE_MAX, "bytes", "the title of a profile, a requirement, a supplement",
		PROFILE("", REQUIREMENT_OF("it", "@", "s", CHECK, FIX("f", "t", "1"))), "x", "", 0 },
	{ "title", PROFILE_TITLE_MAX, "bytes", "the title of a profile, a requirement, a supplement",
		PROFILE_OF("\"supplements\": [" SUPPLEMENT("LUSD", "@") "]"), "x", "", 0 },
	{ "words", PROFILE_TEXT_MAX, "bytes", "a source, what a fix does, the note of a table's row",
		PROFILE("", REQUIREMENT_OF("it", "t", "@", CHECK, FIX("f", "t", "1"))), "x", "", 0 },
	{ "words", PROFILE_TEXT_MAX, "bytes", "a source, what a fix does, the note of a table's row",
		PROFILE("", REQUIREMENT_OF("it", "t", "s", CHECK, FIX("f", "@", "1"))), "x", "", 0 },
	{ "words", PROFILE_TEXT_MAX, "bytes", "a source, what a fix does, the note of a table's row",
		PROFILE_OF("\"source\": \"@\""), "x", "", 0 },
	{ "words", PROFILE_TEXT_MAX, "bytes", "a source, what a fix does, the note of a table's row",
		PROFILE_OF("\"tables\": {\"os\": [{\"id\": \"x\", \"note\": \"@\"}]}"), "x", "", 0 },
	{ "fix", PROFILE_FIX_MINUTES_MAX, "minutes", "how long a fix takes",
		PROFILE("", REQUIREMENT_OF("it", "t", "s", CHECK, FIX("f", "t", "@"))), NULL, "", 0 },
	{ "freshness", PROFILE_HOURS_MAX, "hours", "how old a report may be",
		NAMED("\"profile\": \"p\", \"title\": \"t\", \"freshness_hours\": {\"default\": @}"), NULL, "", 0 },
	{ "endpoints", PROFILE_ENDPOINTS_MAX, "", "servers that a profile names",
		PROFILE_OF("\"endpoints\": [@]"), "\"s#.example\"", ",", 0 },
	{ "supplements", PROFILE_SUPPLEMENTS_MAX, "", "supplements of a document: the LEA's and the site's", NULL, NULL, NULL, 0 },
	{ "supplement code", PROFILE_CODE_MAX, "bytes", "the code of the LEA or the site",
		PROFILE_OF("\"supplements\": [" SUPPLEMENT("@", "t") "]"), "x", "", 0 },
	{ "waivers", PROFILE_WAIVERS_MAX, "", "waivers of a document",
		PROFILE_OF("\"waivers\": [@]"), WAIVER("w#", "r"), ",", 0 },
	{ "waiver id", PROFILE_ID_MAX, "bytes", "what a waiver is revoked by",
		PROFILE_OF("\"waivers\": [" WAIVER("@", "r") "]"), "x", "", 0 },
	{ "reason", PROFILE_REASON_MAX, "bytes", "why a requirement is waived",
		PROFILE_OF("\"waivers\": [" WAIVER("w", "@") "]"), "x", "", 0 },
};
/* clang-format on */

static void put_item(FILE *out, const char *item, size_t number)
{
	for (const char *c = item; *c; c++) {
		if (*c == '#')
			fprintf(out, "%zu", number);
		else
			fputc(*c, out);
	}
}

/* The profile of @limit with @amount of what is limited; owned by the caller. */
static char *profile_with(const struct profile_limit *limit, size_t amount)
{
	const char *hole = strchr(limit->profile, '@');
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	fprintf(out, "%.*s", (int)(hole - limit->profile), limit->profile);
	if (!limit->item)
		fprintf(out, "%zu", amount);
	for (size_t i = 0; limit->item && i < amount - limit->already; i++) {
		fputs(i ? limit->join : "", out);
		put_item(out, limit->item, i);
	}
	fputs(hole + 1, out);
	fclose(out);
	return text;
}

static void expect_taken(const char *text, const char *name, size_t amount)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;
	struct err err = { 0 };

	if (profile_parse(text, strlen(text), "p", &profile, &err) < 0)
		fail_msg("%s of %zu: %s", name, amount, err.text);
}

/* @limit is told as a number of its own, and not as a part of another one. */
static void expect_refused(const char *text, const char *name, size_t amount, size_t limit)
{
	_cleanup_free_ char *told = xasprintf(" %zu", limit);
	struct profile *profile = NULL;
	struct err err = { 0 };
	int r = profile_parse(text, strlen(text), "p", &profile, &err);

	if (r != -EINVAL && r != -E2BIG)
		fail_msg("%s of %zu: %d", name, amount, r);
	assert_null(profile);
	if (strncmp(err.text, "p:1:", 4) != 0 || !strstr(err.text, told))
		fail_msg("%s of %zu: '%s' does not tell %zu", name, amount, err.text, limit);
}

static void what_is_over_a_limit_is_refused_and_told_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		const struct profile_limit *limit = &limits[i];

		if (!limit->profile)
			continue;
		for (size_t amount = limit->value - 1; amount <= limit->value + 1; amount++) {
			_cleanup_free_ char *text = profile_with(limit, amount);

			if (amount <= limit->value)
				expect_taken(text, limit->name, amount);
			else
				expect_refused(text, limit->name, amount, limit->value);
		}
	}
}

static void a_document_is_as_large_as_an_agent_takes(void **state)
{
	static const char profile[] = CHECKED(CHECK);

	(void)state;
	for (size_t size = PROFILE_BYTES_MAX - 1; size <= PROFILE_BYTES_MAX + 1; size++) {
		_cleanup_free_ char *text = xasprintf("%-*s", (int)size, profile);

		if (size <= PROFILE_BYTES_MAX)
			expect_taken(text, "profile", size);
		else
			expect_refused(text, "profile", size, PROFILE_BYTES_MAX);
	}
}

/* A profile of @depth levels: the check begins on the fourth, an `all_of` has two. */
static char *nested(size_t depth)
{
	bool is_odd = depth % 2 != 0;
	size_t n = (depth - 4 - is_odd) / 2;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	fputs(HEAD "\"requirements\": [{\"id\": \"it\", \"severity\": \"required\", \"roles\": "
		   "[\"ta\"], \"title\": \"t\", \"source\": \"s\", \"fix\": " FIX(
			   "f", "t", "1") ", \"check\": ",
	      out);
	for (size_t i = 0; i < n; i++)
		fputs("{\"all_of\": [", out);
	fputs(is_odd ? "{\"fact\": \"os.id\", \"is_one_of\": [\"x\"]}" : CHECK, out);
	for (size_t i = 0; i < n; i++)
		fputs("]}", out);
	fputs("}]}", out);
	fclose(out);
	return text;
}

static void nesting_is_bounded_before_anything_recurses(void **state)
{
	static const size_t depths[] = { PROFILE_DEPTH_MAX - 1, PROFILE_DEPTH_MAX,
					 PROFILE_DEPTH_MAX + 1, 1000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(depths); i++) {
		_cleanup_free_ char *text = nested(depths[i]);

		if (depths[i] <= PROFILE_DEPTH_MAX)
			expect_taken(text, "depth", depths[i]);
		else
			expect_refused(text, "depth", depths[i], PROFILE_DEPTH_MAX);
	}
}

static void what_is_far_over_a_limit_is_refused_as_well(void **state)
{
	static const struct profile_limit requirements = {
		.name = "requirements", .profile = PROFILE("", "@"), .item = "{}", .join = ","
	};
	_cleanup_free_ char *large = xasprintf("%-*s", 10 * 1000 * 1000, CHECKED(CHECK));
	_cleanup_free_ char *long_list = profile_with(&requirements, 10000);

	(void)state;
	expect_refused(large, "profile", 10 * 1000 * 1000, PROFILE_BYTES_MAX);
	expect_refused(long_list, "requirements", 10000, PROFILE_REQUIREMENTS_MAX);
}

static void the_page_for_people_has_every_limit_as_it_is(void **state)
{
	_cleanup_free_ char *page = NULL;

	(void)state;
	assert_int_equal(file_read_at(AT_FDCWD, "docs/limits.md", PAGE_MAX, &page, NULL, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		const struct profile_limit *limit = &limits[i];
		_cleanup_free_ char *row =
			xasprintf("\n| %s | %zu%s%s | %s |\n", limit->name, limit->value,
				  limit->unit[0] ? " " : "", limit->unit, limit->meaning);

		if (!strstr(page, row))
			fail_msg("docs/limits.md has no line: %s", row);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_over_a_limit_is_refused_and_told_it),
		cmocka_unit_test(a_document_is_as_large_as_an_agent_takes),
		cmocka_unit_test(nesting_is_bounded_before_anything_recurses),
		cmocka_unit_test(what_is_far_over_a_limit_is_refused_as_well),
		cmocka_unit_test(the_page_for_people_has_every_limit_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
