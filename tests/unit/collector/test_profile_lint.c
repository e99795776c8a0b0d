/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lint finds, and what it must not: "never" is an error and keeps a profile from being
 * published, so it is said only of what is certain.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/domain/profile_lint.h"
#include "common/base/mem.h"
#include "common/eval/evaluate.h"
#include "tests/unit/collector/random_check.h"
#include "tests/unit/unit.h"

/* One text or two, with the comma of JSON between them. */
#define JOIN1(a) a
#define JOIN2(a, b) a ", " b
#define JOIN_OF(a, b, join, ...) join
#define JOIN(...) JOIN_OF(__VA_ARGS__, JOIN2, JOIN1, )(__VA_ARGS__)

#define ROW(rows) "{\"os\": [" rows "]}"
#define OS "{\"fact\": \"os\", \"in_table\": \"os\"}"
#define ANY(list, where) "{\"any\": \"" list "\", \"where\": " where "}"
#define EVERY(where) "{\"every\": \"display.screens\", \"where\": " where "}"
#define WIDE F("width_px", "at_least", "1024")
#define COUNT(list, op, n) "{\"count\": \"" list "\", \"" op "\": " #n "}"
#define ALL(...) "{\"all_of\": [" JOIN(__VA_ARGS__) "]}"
#define ONE(...) "{\"any_of\": [" JOIN(__VA_ARGS__) "]}"
#define NONE(...) "{\"none_of\": [" JOIN(__VA_ARGS__) "]}"
#define F(fact, op, value) "{\"fact\": \"" fact "\", \"" op "\": " value "}"
#define MEM(op, n) F("memory.total_mib", op, #n)
#define VER(set) F("os.version_id", "version_in", "\"" set "\"")
#define ID(word) F("os.id", "is", "\"" word "\"")
#define REACH F("reachable", "is", "true")

/* A profile in which lint finds nothing but what is in @check, @when and @tables. */
static char *profile_text(const char *check, const char *when, const char *tables)
{
	return xasprintf(
		"{\"profile\": \"p\", \"title\": \"t\", \"source\": \"s\", \"freshness_hours\": {},"
		" \"certification\": {\"latest_last_day\": \"2027-07-15\"},"
		" \"endpoints\": [\"a.example\", \"b.example\"],"
		" \"tables\": %s, \"requirements\": [{\"id\": \"browser.version\", \"severity\": "
		"\"required\", \"roles\": [\"student\", \"shared\", \"ta\"], \"title\": \"It\", "
		"\"fix\": {\"id\": \"mend\", \"text\": \"Mend it.\", \"minutes\": 1}, \"source\": "
		"\"s\", \n\"check\": %s%s%s}]}",
		tables ? tables : "{}", check, when ? ",\n\"when\": " : "", when ? when : "");
}

/* The findings, "E" or "W" and the text, a line each; owned by the caller. */
static char *findings_of(const char *text)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_(lint_list_done) struct lint_list list;
	struct err err = { 0 };
	char *all = xstrdup("");

	if (profile_parse(text, strlen(text), "p", &profile, &err) < 0)
		fail_msg("%s", err.text);
	profile_lint(profile, text, "p", &list);
	for (size_t i = 0; i < list.n_findings; i++) {
		char *more = xasprintf("%s%s%s %s", all, i ? "\n" : "",
				       list.findings[i].level == LINT_ERROR ? "E" : "W",
				       list.findings[i].text);

		free(all);
		all = more;
	}
	return all;
}

static void expect_findings(const char *text, const char *wanted)
{
	_cleanup_free_ char *found = findings_of(text);

	if (strncmp(found, wanted, strlen(wanted)) != 0 || (!wanted[0] && found[0]))
		fail_msg("in %s\nwanted: %s\nfound:  %s", text, wanted, found);
}

/* clang-format off */
static const struct {
	const char *check, *when, *tables, *finding;
} cases[] = {
	/* What can be is not found fault with. */
	{ MEM("at_least", 2000), NULL, NULL, "" },
	{ ALL(MEM("at_least", 2000), MEM("at_most", 2000)), NULL, NULL, "" },
	{ ALL(ID("ubuntu"), F("os.arch", "is", "\"x86_64\"")), NULL, NULL, "" },
	{ ALL(ANY("display.screens", F("width_px", "at_least", "9")),
	      ANY("display.screens", F("width_px", "at_most", "8"))), NULL, NULL, "" },
	{ ALL(VER("22.."), VER("20..22")), NULL, NULL, "" },
	{ ALL(VER("35"), F("os.version_id", "version_at_least", "\"35.4\"")), NULL, NULL, "" },
	{ ALL(VER("22.04"), NONE(F("os.version_id", "is", "\"22.04\""))), NULL, NULL, "" },
	{ ALL(F("os.id", "like", "\"ub*\""), F("os.id", "like", "\"*du\"")), NULL, NULL, "" },
	{ ALL(F("os.id", "like", "\"ub*\""), ID("ubuntu")), NULL, NULL, "" },
	{ ONE(MEM("at_least", 9), MEM("at_most", 7)), NULL, NULL, "" },
	{ ALL(F("audio.headphones", "is", "\"present\""), NONE(F("audio.headphones", "is", "\"absent\""))),
	  NULL, NULL, "" },
	{ "{\"count\": \"audio.cards\", \"at_least\": 1}", NULL, NULL, "" },
	{ ALL("{\"count\": \"audio.cards\", \"at_least\": 1}", "{\"count\": \"audio.cards\", \"at_most\": 1}"),
	  NULL, NULL, "" },
	{ "{\"every\": \"network.endpoints\", \"where\": " REACH "}", NULL, NULL, "" },
	{ ANY("network.endpoints", ALL(F("host", "is", "\"b.example\""), REACH)), NULL, NULL, "" },

	/* What cannot be met is an error. */
	{ ALL(ID("ubuntu"), ID("fedora")), NULL, NULL,
	  "E p:2:10: requirements[0].check: 'system ubuntu' and 'system fedora' cannot both hold, so no "
	  "device can meet this requirement: change one of them, or join them by any_of" },
	{ ALL(MEM("at_least", 2001), ALL(ID("a"), MEM("at_most", 2000))), NULL, NULL,
	  "E p:2:10: requirements[0].check: 'memory at least 2001 MiB' and 'memory at most 2000 MiB' cannot" },
	{ ALL(ID("ubuntu"), F("os.id", "is_one_of", "[\"fedora\", \"debian\"]")), NULL, NULL, "E p:2:10: " },
	{ ALL(F("os.id", "like", "\"ub*\""), ID("fedora")), NULL, NULL, "E p:2:10: " },
	{ ALL(ID("ubuntu"), NONE(F("os.id", "is_one_of", "[\"ubuntu\", \"debian\"]"))), NULL, NULL,
	  "E p:2:10: " },
	{ ALL(F("audio.muted", "is", "true"), NONE(F("audio.muted", "is", "true"))), NULL, NULL, "E p:2:10: " },
	{ NONE(F("audio.headphones", "is_one_of", "[\"present\", \"absent\"]")), NULL, NULL,
	  "E p:2:10: requirements[0].check: one of what it excludes always holds, so no device" },
	{ NONE(F("audio.muted", "is", "true"), F("audio.muted", "is", "false")), NULL, NULL,
	  "E p:2:10: requirements[0].check: one of what it excludes always holds" },
	{ ALL(VER("20..22"), VER("22.1..23, except 22")), NULL, NULL, "E p:2:10: " },
	{ ALL(VER("20..21.9"), VER("21.10..22")), NULL, NULL, "E p:2:10: " },
	{ ALL(VER("34.."), F("os.version_id", "version_in", "\"30..33\"")), NULL, NULL, "E p:2:10: " },
	{ VER("34, except 34"), NULL, NULL,
	  "E p:2:50: requirements[0].check.version_in: 'system version 34, except 34' leaves nothing, so no "
	  "device can meet this requirement: mend the range, or what it takes out" },
	{ ONE(VER("34, except 34"), ALL(ID("a"), ID("b"))), NULL, NULL,
	  "E p:2:10: requirements[0].check: none of these can ever hold, so no device" },
	{ ALL("{\"count\": \"audio.cards\", \"at_least\": 2}", "{\"count\": \"audio.cards\", \"at_most\": 1}"),
	  NULL, NULL, "E p:2:10: requirements[0].check: 'at least 2 sound cards' and 'at most 1 sound card'" },
	{ ANY("display.screens", ALL(F("width_px", "at_least", "9"), F("width_px", "at_most", "8"))),
	  NULL, NULL, "E p:2:46: requirements[0].check.where: 'width at least 9 px' and" },
	{ "{\"every\": \"audio.cards\", \"where\": " ALL(F("bus", "is", "\"usb\""), F("bus", "is", "\"pci\"")) "}",
	  COUNT("audio.cards", "at_least", 1), NULL, "E p:2:44: requirements[0].check.where: " },
	{ ANY("network.endpoints", F("host", "is", "\"c.example\"")), NULL, NULL,
	  "E p:2:71: requirements[0].check.where.is: 'host c.example': no such server is among the profile's "
	  "endpoints, so no device can meet this requirement: name it there, or write it as it is there" },
	{ "{\"count\": \"network.endpoints\", \"at_least\": 3, \"where\": " REACH "}", NULL, NULL,
	  "E p:2:10: requirements[0].check: the profile names fewer servers than that" },
	{ MEM("at_least", 9), ALL(ID("a"), ID("b")), NULL,
	  "E p:3:9: requirements[0].when: 'system a' and 'system b' cannot both hold, so this requirement never "
	  "applies: " },

	/* What may be meant is a warning. */
	{ ONE(ALL(ID("a"), ID("b")), ID("c")), NULL, NULL,
	  "W p:2:22: requirements[0].check.any_of[0]: 'system a' and 'system b' cannot both hold, so this "
	  "alternative never holds: " },
	{ ALL(ID("c"), NONE(ALL(MEM("at_least", 2), MEM("at_most", 1)))), NULL, NULL,
	  "W p:2:65: requirements[0].check.all_of[1].none_of[0]: 'memory at least 2 MiB' and 'memory at most 1 "
	  "MiB' cannot both hold, so it excludes nothing: " },
	{ ONE(MEM("at_least", 9), MEM("at_most", 8)), NULL, NULL,
	  "W p:2:10: requirements[0].check: always holds where it is known, so no device can fail it: mend it" },
	{ MEM("at_least", 9), F("audio.muted", "is_one_of", "[true, false]"), NULL,
	  "W p:3:9: requirements[0].when: always holds where it is known: leave it out" },
	{ MEM("at_least", 9), MEM("at_most", 8), NULL,
	  "W p:2:10: requirements[0].check: 'memory at most 8 MiB' and 'memory at least 9 MiB' cannot both hold, "
	  "so every device that this applies to fails: " },

	/* What is true of every item of an empty list. */
	{ EVERY(WIDE), NULL, NULL,
	  "W p:2:10: requirements[0].check: holds as well where 'display.screens' is empty: if there must be one, ask "
	  "besides for {\"count\": \"display.screens\", \"at_least\": 1}; if there need not be, say so by that in when" },
	{ ALL(MEM("at_least", 9), ALL(ID("a"), EVERY(WIDE))), COUNT("audio.cards", "at_least", 1), NULL,
	  "W p:2:109: requirements[0].check.all_of[1].all_of[1]: holds as well where 'display.screens' is empty" },
	{ ALL(EVERY(WIDE), COUNT("display.screens", "at_most", 1)), NULL, NULL,
	  "W p:2:22: requirements[0].check.all_of[0]: holds as well where 'display.screens' is empty" },
	{ ALL(EVERY(WIDE), COUNT("display.screens", "at_least", 1)), NULL, NULL, "" },
	{ EVERY(WIDE), COUNT("display.screens", "at_least", 1), NULL, "" },
	{ ALL(EVERY(WIDE), ANY("display.screens", F("enabled", "is", "true"))), NULL, NULL, "" },
	{ ONE(EVERY(WIDE), ID("a")), NULL, NULL, "" },

	/* Tables. */
	{ OS, NULL, ROW("{\"id\": \"ubuntu\", \"version\": \"20.04\"}, {\"id\": \"ubuntu\", \"version\": \"22.04\", "
	  "\"until\": \"2027-05-31\"}, {\"id\": \"fedora\"}"), "" },
	{ OS, NULL, ROW("{\"id\": \"u\", \"until\": \"2027-01-31\"}, {\"id\": \"u\", \"from\": \"2027-02-01\", "
	  "\"tier\": \"limited\"}"), "" },
	{ OS, NULL, ROW("{\"id\": \"u\", \"version\": \"20..22\", \"except\": [\"21\"]}, "
	  "{\"id\": \"u\", \"version\": \"21\", \"until\": \"2027-05-31\"}"), "" },
	{ OS, NULL, ROW("{\"id\": \"u\", \"version\": \"20..22\"}, "
	  "{\"id\": \"u\", \"version\": \"22.04\", \"until\": \"2027-05-31\"}"),
	  "W p:1:215: tables.os[1]: row 0 is of the same, in part at least, with another tier or other days, and the one "
	  "that holds longer decides" },
	{ OS, NULL, ROW("{\"id\": \"u\", \"version\": \"20..22\"}, {\"id\": \"u\", \"version\": \"22.04\"}"),
	  "W p:1:215: tables.os[1]: row 0 says this already: leave it out" },
	{ OS, NULL, ROW("{\"id\": \"u\", \"version\": \"22.04\"}, {\"id\": \"u\"}"),
	  "W p:1:181: tables.os[0]: row 1 says this already: leave it out" },
	{ OS, NULL, ROW("{\"id\": \"u\", \"version\": \"18..\"}, {\"id\": \"u\", \"version\": \"18.04\", \"tier\": "
	  "\"unsupported\", \"note\": \"n\"}"),
	  "W p:1:213: tables.os[1]: row 0 supports something of this, and rows are alternatives" },
	{ OS, NULL, ROW("{\"id\": \"u\", \"version\": \"18\", \"except\": [\"17..19\"]}"),
	  "W p:1:181: tables.os[0]: what it takes out leaves no version" },
	{ OS, NULL, ROW("{\"id\": \"u\", \"from\": \"2027-07-16\"}"),
	  "W p:1:201: tables.os[0].from: no window ends after 2027-07-15, so this row never holds" },
	{ OS, NULL, ROW("{\"id\": \"u\", \"from\": \"2027-07-15\"}"), "" },
	{ OS, NULL, ROW("{\"id\": \"u\", \"tier\": \"unsupported\"}"),
	  "W p:1:180: tables.os: every row is unsupported, so every device fails" },
	{ OS, NULL, ROW("{\"id\": \"u\", \"tier\": \"unsupported\", \"note\": \"n\"}"), "" },
	{ MEM("at_least", 9), NULL, ROW("{\"id\": \"u\"}"),
	  "W p:1:180: tables.os: no requirement uses this table" },
};
/* clang-format on */

static void what_cannot_be_meant_is_an_error_and_what_may_be_a_warning(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *text =
			profile_text(cases[i].check, cases[i].when, cases[i].tables);

		expect_findings(text, cases[i].finding);
	}
}

static void what_a_profile_as_a_whole_lacks_is_a_warning(void **state)
{
	static const char text[] =
		"{\"profile\": \"p\", \"title\": \"t\", \"freshness_hours\": {},\n"
		"\"requirements\": [{\"id\": \"a\", \"severity\": \"required\",\n"
		"\"roles\": [\"spare\"], \"title\": \"A\", \"check\": " MEM(
			"at_least", 9) ","
				       "\"fix\": {\"id\": \"f\", \"text\": \"F\", \"minutes\": 1}, "
				       "\"source\": \"s\"}]}";
	_cleanup_free_ char *found = findings_of(text);

	(void)state;
	assert_non_null(strstr(found, "W p:1:1: source: missing: say where"));
	assert_non_null(strstr(found, "W p:2:17: requirements: no requirement 'browser.version'"));
	assert_non_null(strstr(found, "nothing is required of student devices"));
	assert_non_null(strstr(found, "nothing is required of shared devices"));
	assert_non_null(strstr(found, "nothing is required of ta devices"));
	assert_non_null(strstr(found, "W p:3:10: requirements[0].roles: required of spare devices "
				      "alone"));
}

static void what_only_the_collector_adds_is_an_error(void **state)
{
	static const char more[] = "}], \"waivers\": [{\"id\": \"w\", \"scope\": \"state\", "
				   "\"requirement\": \"browser.version\", \"reason\": \"r\", "
				   "\"until\": \"2027-01-01\"}]}";
	_cleanup_free_ char *text = profile_text(MEM("at_least", 9), NULL, NULL);
	_cleanup_free_ char *waived =
		xasprintf("%.*s%s", (int)strlen(text) - (int)strlen("}]}"), text, more);
	_cleanup_free_ char *found = findings_of(waived);

	(void)state;
	assert_non_null(strstr(found, "waivers: only the collector adds waivers"));
	assert_true(found[0] == 'E');
}

static void findings_are_in_the_order_of_the_text_and_end_somewhere(void **state)
{
	char *text = xstrdup(ID("x")), *profile, *found;
	size_t n_lines = 1;

	(void)state;
	for (int i = 0; i < 13; i++) {
		char *more = xasprintf(
			ONE("%s",
			    "\n" ALL(ID("a"), ID("b")) ",\n" ALL(ID("c"), ID("d")) ",\n" ALL(
				    ID("e"),
				    ID("f")) ",\n" ALL(ID("g"),
						       ID("h")) ",\n" ALL(ID("i"),
									  ID("j")) ",\n" ALL(ID("k"),
											     ID("l"))),
			text);
		free(text);
		text = more;
	}
	profile = profile_text(text, NULL, NULL);
	found = findings_of(profile);
	for (const char *at = found; (at = strchr(at, '\n')); at++)
		n_lines++;
	assert_int_equal(n_lines, 13 * 6);
	assert_true(strstr(found, "p:4:") < strstr(found, "p:5:"));
	free(found);
	free(profile);
	free(text);
}

static void a_supplement_is_told_what_it_brought_and_no_more(void **state)
{
	_cleanup_free_ char *text =
		profile_text(ALL(MEM("at_least", 9)), NULL, ROW("{\"id\": \"u\"}"));
	static const char asks[] =
		"{\"supplement_to\": \"p\", \"scope\": {\"lea\": \"L\"}, \"title\": \"T\",\n"
		"\"tables\": {\"mine\": [{\"id\": \"u\"}]}, \"requirements\": [\n"
		"{\"tightens\": \"browser.version\", \"check\":\n" MEM("at_most", 8) "}]}";
	_cleanup_(profile_freep) struct profile *base = NULL;
	_cleanup_(supplement_freep) struct supplement *supplement = NULL;
	_cleanup_(lint_list_done) struct lint_list list;

	(void)state;
	assert_int_equal(profile_parse(text, strlen(text), "p", &base, NULL), 0);
	assert_int_equal(supplement_parse(asks, strlen(asks), "s", &supplement, NULL), 0);
	supplement_lint(base, supplement, &list);
	assert_int_equal(list.n_findings, 2);
	assert_string_equal(list.findings[0].text,
			    "s:2:20: tables.mine: no requirement uses this table: leave it out, or "
			    "compare with it by in_table");
	assert_string_equal(list.findings[1].text,
			    "s:4:1: requirements[0].check: 'memory at least 9 MiB' and 'memory at "
			    "most 8 MiB' cannot both hold, so no device can meet this requirement: "
			    "change one of them, or join them by any_of");
}

static void a_supplement_is_not_told_what_is_wrong_with_the_profile(void **state)
{
	/* An alternative that never holds, last in the list of what must. */
	_cleanup_free_ char *text = profile_text(
		ALL(MEM("at_least", 9), ONE(ALL(ID("a"), ID("b")), ID("c"))), NULL, NULL);
	static const char *const asks[] = { "\"roles\": [\"spare\"]",
					    "\"check\": " F("cpu.cores", "at_least", "2") };
	_cleanup_(profile_freep) struct profile *base = NULL;

	(void)state;
	assert_int_equal(profile_parse(text, strlen(text), "p", &base, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(asks); i++) {
		_cleanup_free_ char *more = xasprintf(
			"{\"supplement_to\": \"p\", \"scope\": {\"lea\": \"L\"}, \"title\": \"T\", "
			"\"requirements\": [{\"tightens\": \"browser.version\", %s}]}",
			asks[i]);
		_cleanup_(supplement_freep) struct supplement *supplement = NULL;
		_cleanup_(lint_list_done) struct lint_list list;

		assert_int_equal(supplement_parse(more, strlen(more), "s", &supplement, NULL), 0);
		supplement_lint(base, supplement, &list);
		assert_int_equal(list.n_findings, 0);
	}
}

/* Whether lint says of the one requirement of @profile, which is @text, that it can never hold. */
static bool is_said(const struct profile *profile, const char *text, const char *words)
{
	_cleanup_(lint_list_done) struct lint_list list;
	bool is_there = false;

	profile_lint(profile, text, "p", &list);
	for (size_t i = 0; i < list.n_findings; i++)
		is_there |= strstr(list.findings[i].text, words) != NULL;
	return is_there;
}

static void what_is_said_to_be_never_or_always_is_so_on_all_facts(void **state)
{
	size_t n_never = 0, n_always = 0;

	(void)state;
	for (int i = 0; i < 1500; i++) {
		_cleanup_free_ char *check = random_check(3);
		_cleanup_free_ char *text = profile_text(
			check, NULL, ROW("{\"id\": \"ubuntu\", \"version\": \"21..22\"}"));
		_cleanup_(profile_freep) struct profile *profile = NULL;
		bool never, always;

		assert_int_equal(profile_parse(text, strlen(text), "p", &profile, NULL), 0);
		never = is_said(profile, text, "no device can meet");
		always = is_said(profile, text, "requirements[0].check: always holds");
		n_never += never;
		n_always += always;
		for (int j = 0; j < 40; j++) {
			json_t *facts = random_facts();
			enum result result =
				evaluate_check(&profile->requirements[0].check, facts, 20000);

			json_decref(facts);
			if ((never && result == RESULT_PASS) || (always && result == RESULT_FAIL))
				fail_msg("%s", check);
		}
	}
	/* Enough of them for the test to mean something. */
	assert_true(n_never > 20);
	assert_true(n_always > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_meant_is_an_error_and_what_may_be_a_warning),
		cmocka_unit_test(what_a_profile_as_a_whole_lacks_is_a_warning),
		cmocka_unit_test(what_only_the_collector_adds_is_an_error),
		cmocka_unit_test(findings_are_in_the_order_of_the_text_and_end_somewhere),
		cmocka_unit_test(a_supplement_is_told_what_it_brought_and_no_more),
		cmocka_unit_test(a_supplement_is_not_told_what_is_wrong_with_the_profile),
		cmocka_unit_test(what_is_said_to_be_never_or_always_is_so_on_all_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
