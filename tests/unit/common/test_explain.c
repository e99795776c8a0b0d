/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every sentence: each operator with each result, and what a waiver adds. Their facts and checks
 * are JSON with ' for the quotation marks.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/eval/explain.h"
#include "tests/unit/unit.h"

static const char tables[] = "{'os': [{'id': 'ubuntu', 'version': '18.04', 'until': '2027-03-01'}, "
			     "{'id': 'ubuntu', 'version': '20.04, 22.04', 'from': '2026-08-01'}, "
			     "{'id': 'fedora', 'version': '40..43', 'except': ['41']}]}";

/* clang-format off */

/* What is found of facts for which a check holds, fails and is not known. */
static const struct {
	const char *check;
	const char *needed;
	struct {
		const char *facts;
		const char *found;
	} of[RESULT_MAX_];
} operators[] = {
	[CHECK_ALL_OF] = {
		"{'all_of': [{'fact': 'os.id', 'is': 'ubuntu'}, {'fact': 'cpu.cores', 'at_least': 2}]}",
		"system ubuntu and processors at least 2",
		{ [RESULT_PASS] = { "{'os': {'id': 'ubuntu'}, 'cpu': {'cores': 2}}",
				    "system ubuntu; processors 2" },
		  [RESULT_FAIL] = { "{'os': {'id': 'ubuntu'}, 'cpu': {'cores': 1}}",
				    "system ubuntu; processors 1" },
		  [RESULT_UNKNOWN] = { "{'os': {'id': 'ubuntu'}, 'cpu': {'unknown': 'why'}}",
				       "system ubuntu; processors unknown (why)" } },
	},
	[CHECK_ANY_OF] = {
		"{'any_of': [{'any': 'audio.cards', 'where': {'fact': 'playback', 'is': true}}, "
		"{'fact': 'audio.headphones', 'is': 'present'}]}",
		"a sound card that is able to play, or headphones present",
		{ [RESULT_PASS] = { "{'audio': {'cards': [], 'headphones': 'present'}}",
				    "no sound card; headphones present" },
		  [RESULT_FAIL] = { "{'audio': {'cards': [], 'headphones': 'absent'}}",
				    "no sound card; headphones absent" },
		  [RESULT_UNKNOWN] = { "{'audio': {'cards': [], 'headphones': {'unknown': 'why'}}}",
				       "no sound card; headphones unknown (why)" } },
	},
	[CHECK_NONE_OF] = {
		"{'none_of': [{'fact': 'os.id', 'is': 'chromeos'}]}",
		"system other than chromeos",
		{ [RESULT_PASS] = { "{'os': {'id': 'ubuntu'}}", "system ubuntu" },
		  [RESULT_FAIL] = { "{'os': {'id': 'chromeos'}}", "system chromeos" },
		  [RESULT_UNKNOWN] = { "{'os': {'id': {'unknown': 'why'}}}", "system unknown (why)" } },
	},
	[CHECK_ANY] = {
		"{'any': 'speech.engines', 'where': {'any': 'languages', 'where': {'fact': '.', 'is': 'en'}}}",
		"a speech synthesiser with a language that is en",
		{ [RESULT_PASS] = { "{'speech': {'engines': [{'name': 'pico', 'languages': ['en', 'es']}]}}",
				    "speech synthesiser: pico, language en, es" },
		  [RESULT_FAIL] = { "{'speech': {'engines': [{'name': 'pico', 'languages': []}]}}",
				    "speech synthesiser: pico, language (none)" },
		  [RESULT_UNKNOWN] = { "{'speech': {'engines': {'unknown': 'why'}}}",
				       "speech synthesiser unknown (why)" } },
	},
	[CHECK_EVERY] = {
		"{'every': 'input.keyboards', 'where': {'fact': 'wireless', 'is': false}}",
		"every keyboard to be wired",
		{ [RESULT_PASS] = { "{'input': {'keyboards': [{'name': 'A', 'wireless': false}]}}",
				    "keyboard: A, wired" },
		  [RESULT_FAIL] = { "{'input': {'keyboards': [{'name': 'A', 'wireless': false}, "
				    "{'name': {'unknown': 'x'}, 'wireless': true}]}}",
				    "keyboard: wireless" },
		  [RESULT_UNKNOWN] = { "{'input': {'keyboards': [{'name': 'A', 'wireless': {'unknown': "
				       "'why'}}]}}",
				       "keyboard: A, wireless unknown (why)" } },
	},
	[CHECK_COUNT] = {
		"{'count': 'display.screens', 'at_most': 1}",
		"at most 1 screen",
		{ [RESULT_PASS] = { "{'display': {'screens': [{'connector': 'eDP-1'}]}}", "screen: eDP-1" },
		  [RESULT_FAIL] = { "{'display': {'screens': [{'connector': 'eDP-1'}, {'connector': "
				    "{'unknown': 'x'}}]}}",
				    "screens: eDP-1; one without a name" },
		  [RESULT_UNKNOWN] = { "{'display': {'screens': {'unknown': 'why'}}}",
				       "screen unknown (why)" } },
	},
	[CHECK_IS] = {
		"{'fact': 'audio.muted', 'is': false}",
		"audio not muted",
		{ [RESULT_PASS] = { "{'audio': {'muted': false}}", "audio not muted" },
		  [RESULT_FAIL] = { "{'audio': {'muted': true}}", "audio muted" },
		  [RESULT_UNKNOWN] = { "{'audio': {'muted': {'unknown': 'why'}}}",
				       "muting unknown (why)" } },
	},
	[CHECK_IS_ONE_OF] = {
		"{'fact': 'power.source', 'is_one_of': ['mains', 'battery']}",
		"power source mains or battery",
		{ [RESULT_PASS] = { "{'power': {'source': 'mains'}}", "power source mains" },
		  [RESULT_FAIL] = { "{'power': {'source': 'sun'}}", "power source sun" },
		  [RESULT_UNKNOWN] = { "{'power': {'source': {'unknown': 'why'}}}",
				       "power source unknown (why)" } },
	},
	[CHECK_AT_LEAST] = {
		"{'fact': 'disk.total_bytes', 'at_least': 20000000000}",
		"disk at least 20.0 GB",
		{ [RESULT_PASS] = { "{'disk': {'total_bytes': 20000000000}}", "disk 20.0 GB" },
		  [RESULT_FAIL] = { "{'disk': {'total_bytes': 19999999999}}", "disk 19.9 GB" },
		  [RESULT_UNKNOWN] = { "{'disk': {'total_bytes': {'unknown': 'why'}}}",
				       "disk unknown (why)" } },
	},
	[CHECK_AT_MOST] = {
		"{'fact': 'audio.volume_percent', 'at_most': 80}",
		"audio volume at most 80 %",
		{ [RESULT_PASS] = { "{'audio': {'volume_percent': 80}}", "audio volume 80 %" },
		  [RESULT_FAIL] = { "{'audio': {'volume_percent': 81}}", "audio volume 81 %" },
		  [RESULT_UNKNOWN] = { "{'audio': {'volume_percent': {'unknown': 'why'}}}",
				       "audio volume unknown (why)" } },
	},
	[CHECK_VERSION_AT_LEAST] = {
		"{'fact': 'os.kernel', 'version_at_least': '5.15'}",
		"kernel 5.15 or newer",
		{ [RESULT_PASS] = { "{'os': {'kernel': '5.15.0'}}", "kernel 5.15.0" },
		  [RESULT_FAIL] = { "{'os': {'kernel': '5.9'}}", "kernel 5.9" },
		  [RESULT_UNKNOWN] = { "{'os': {'kernel': {'unknown': 'why'}}}", "kernel unknown (why)" } },
	},
	[CHECK_VERSION_IN] = {
		"{'fact': 'os.version_id', 'version_in': '20.04, 22.04.., except 22.10'}",
		"system version 20.04, 22.04 or newer, except 22.10",
		{ [RESULT_PASS] = { "{'os': {'version_id': '24.04'}}", "system version 24.04" },
		  [RESULT_FAIL] = { "{'os': {'version_id': '22.10'}}", "system version 22.10" },
		  [RESULT_UNKNOWN] = { "{'os': {'version_id': 'rolling'}}", "system version rolling" } },
	},
	[CHECK_LIKE] = {
		"{'fact': 'os.name', 'like': '*LTS*'}",
		"system name like *LTS*",
		{ [RESULT_PASS] = { "{'os': {'name': 'Ubuntu 22.04 LTS'}}", "system name Ubuntu 22.04 LTS" },
		  [RESULT_FAIL] = { "{'os': {'name': ''}}", "system name (none)" },
		  [RESULT_UNKNOWN] = { "{'os': {'name': {'unknown': 'why'}}}", "system name unknown (why)" } },
	},
	[CHECK_IN_TABLE] = {
		"{'fact': 'os', 'in_table': 'os'}",
		"system ubuntu 20.04 or 22.04 from 1 August 2026, or fedora 40 to 43 except 41",
		{ [RESULT_PASS] = { "{'os': {'id': 'ubuntu', 'version_id': '22.04'}}",
				    "system ubuntu, version 22.04" },
		  [RESULT_FAIL] = { "{'os': {'id': 'ubuntu', 'version_id': '18.04'}}",
				    "system ubuntu, version 18.04, which leaves support on 1 March 2027, before "
				    "15 March 2027, the day that is judged for" },
		  [RESULT_UNKNOWN] = { "{'os': {'id': 'ubuntu', 'version_id': {'unknown': 'why'}}}",
				       "system ubuntu, version unknown (why)" } },
	},
};
static_assert(ARRAY_SIZE(operators) == CHECK_OP_MAX_, "every operator has its sentences");
static_assert(RESULT_MAX_ == 5, "the tests below are of each result");

/* clang-format on */

#define WAIVER_ENDED "'2027-03-14'"
#define WAIVER_LASTS "'2027-03-15'"

/* The profile of one requirement, waived until @until if that is not NULL. */
static struct profile *make_profile(const char *check, const char *when, const char *until)
{
	_cleanup_free_ char *waivers = xasprintf(
		", 'waivers': [{'id': 'w1', 'scope': 'site', 'requirement': 'it', 'reason': "
		"'on order', 'until': %s}]",
		until ? until : "''");
	_cleanup_free_ char *text = xasprintf(
		"{'profile': 'p', 'title': 't', 'freshness_hours': {}, 'tables': %s, "
		"'requirements': "
		"[{'id': 'it', 'severity': 'required', 'roles': ['student'], 'title': 'It', "
		"'check': %s, "
		"%s%s%s'fix': {'id': 'mend', 'text': 'Mend it.', 'minutes': 1}, 'source': 's'}]%s}",
		strstr(check, "in_table") ? tables : "{}", check, when ? "'when': " : "",
		when ? when : "", when ? ", " : "", until ? waivers : "");
	struct profile *profile = NULL;
	struct err err = { 0 };

	for (char *c = text; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	if (profile_parse(text, strlen(text), "p", &profile, &err) < 0)
		fail_msg("%s: %s", check, err.text);
	return profile;
}

static json_t *make_facts(const char *text)
{
	_cleanup_free_ char *json = xstrdup(text);
	json_t *facts;

	for (char *c = json; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	facts = json_loads(json, 0, NULL);
	assert_non_null(facts);
	return facts;
}

static int32_t today(void)
{
	int32_t day;

	assert_int_equal(civil_parse("2027-03-15", &day, NULL), 0);
	return day;
}

/* What is said of @facts, which have to give @wanted, or once did. */
static void says(const struct profile *profile, const char *facts_text, enum device_role role,
		 enum result wanted, const char *sentence)
{
	json_t *facts = make_facts(facts_text);
	struct explanation words;
	enum result result;

	evaluate(profile, facts, role, today(), &result);
	assert_int_equal(result, wanted);
	explain(profile, 0, facts, today(), result, &words);
	assert_string_equal(words.sentence, sentence);
	explanation_done(&words);
	json_decref(facts);
}

static char *sentence_of(size_t op, enum result result)
{
	const char *found = operators[op].of[result].found, *needed = operators[op].needed;

	switch (result) {
	case RESULT_PASS:
		return xasprintf("It: yes. Found %s.", found);
	case RESULT_FAIL:
		return xasprintf("It: no. Found %s. Needed %s. Mend it.", found, needed);
	default:
		return xasprintf("It: not known. Found %s. Needed %s. Check by hand.", found,
				 needed);
	}
}

static void every_operator_passes_and_fails_and_is_unknown_in_words(void **state)
{
	static const enum result results[] = { RESULT_PASS, RESULT_FAIL, RESULT_UNKNOWN };

	(void)state;
	for (size_t op = 0; op < CHECK_OP_MAX_; op++) {
		_cleanup_(profile_freep) struct profile *profile =
			make_profile(operators[op].check, NULL, NULL);

		assert_int_equal(profile->requirements[0].check.op, op);
		for (size_t i = 0; i < ARRAY_SIZE(results); i++) {
			_cleanup_free_ char *sentence = sentence_of(op, results[i]);

			says(profile, operators[op].of[results[i]].facts, ROLE_STUDENT, results[i],
			     sentence);
		}
	}
}

static void every_operator_is_waived_in_words(void **state)
{
	(void)state;
	for (size_t op = 0; op < CHECK_OP_MAX_; op++) {
		_cleanup_(profile_freep) struct profile *lasts =
			make_profile(operators[op].check, NULL, WAIVER_LASTS);
		_cleanup_(profile_freep) struct profile *ended =
			make_profile(operators[op].check, NULL, WAIVER_ENDED);
		const char *facts = operators[op].of[RESULT_FAIL].facts;
		_cleanup_free_ char *found =
			xasprintf("Found %s. Needed %s.", operators[op].of[RESULT_FAIL].found,
				  operators[op].needed);
		_cleanup_free_ char *waived = xasprintf(
			"It: no, but waived until 15 March 2027 (on order). %s By then: Mend it.",
			found);
		_cleanup_free_ char *failed = xasprintf(
			"It: no, and a waiver ended on 14 March 2027, before the day that is "
			"judged for. %s Mend it.",
			found);

		says(lasts, facts, ROLE_STUDENT, RESULT_WAIVED, waived);
		says(ended, facts, ROLE_STUDENT, RESULT_FAIL, failed);
	}
}

static void every_operator_is_unknown_whatever_is_waived(void **state)
{
	(void)state;
	for (size_t op = 0; op < CHECK_OP_MAX_; op++) {
		_cleanup_(profile_freep) struct profile *lasts =
			make_profile(operators[op].check, NULL, WAIVER_LASTS);
		_cleanup_(profile_freep) struct profile *ended =
			make_profile(operators[op].check, NULL, WAIVER_ENDED);
		const char *facts = operators[op].of[RESULT_UNKNOWN].facts;
		_cleanup_free_ char *found =
			xasprintf("It: not known. Found %s. Needed %s. Check by hand",
				  operators[op].of[RESULT_UNKNOWN].found, operators[op].needed);
		_cleanup_free_ char *waived = xasprintf("%s: the waiver until 15 March 2027 is for "
							"a no, not for what is not known.",
							found);
		_cleanup_free_ char *plain = xasprintf("%s.", found);

		says(lasts, facts, ROLE_STUDENT, RESULT_UNKNOWN, waived);
		says(ended, facts, ROLE_STUDENT, RESULT_UNKNOWN, plain);
	}
}

static void every_operator_may_not_apply(void **state)
{
	static const char sentence[] = "It: does not apply to this device.";

	(void)state;
	for (size_t op = 0; op < CHECK_OP_MAX_; op++) {
		const char *facts = operators[op].of[RESULT_FAIL].facts;
		_cleanup_(profile_freep) struct profile *profile =
			make_profile(operators[op].check, NULL, WAIVER_LASTS);
		/* it applies where it holds, so not where it fails */
		_cleanup_(profile_freep) struct profile *where_it_holds =
			make_profile(operators[op].check, operators[op].check, WAIVER_LASTS);

		says(profile, facts, ROLE_TA, RESULT_NOT_APPLICABLE, sentence);
		says(where_it_holds, facts, ROLE_STUDENT, RESULT_NOT_APPLICABLE, sentence);
	}
}

static void what_applies_where_something_is_not_known_says_what(void **state)
{
	_cleanup_(profile_freep) struct profile *profile =
		make_profile("{'fact': 'os.arch', 'is': 'x86_64'}",
			     "{'fact': 'os.id', 'is': 'ubuntu'}", WAIVER_LASTS);

	(void)state;
	says(profile, "{'os': {'id': {'unknown': 'why'}}}", ROLE_STUDENT, RESULT_UNKNOWN,
	     "It: not known whether this applies to the device. Found system unknown (why). It "
	     "applies "
	     "with system ubuntu. Check by hand.");
}

static void what_was_waived_once_and_is_not_any_more_is_told_so(void **state)
{
	_cleanup_(profile_freep) struct profile *profile =
		make_profile("{'fact': 'os.arch', 'is': 'x86_64'}", NULL, NULL);
	json_t *facts = make_facts("{'os': {'arch': 'i686'}}");
	struct explanation words;

	(void)state;
	explain(profile, 0, facts, today(), RESULT_WAIVED, &words);
	assert_string_equal(
		words.sentence,
		"It: no, but waived. Found architecture i686. Needed architecture x86_64. "
		"Mend it.");
	explanation_done(&words);
	json_decref(facts);
}

/* What a report was judged to be before somebody waived it. */
static void a_waiver_has_not_ended_on_its_last_day(void **state)
{
	_cleanup_(profile_freep) struct profile *profile =
		make_profile("{'fact': 'os.arch', 'is': 'x86_64'}", NULL, WAIVER_LASTS);
	json_t *facts = make_facts("{'os': {'arch': 'i686'}}");
	struct explanation words;

	(void)state;
	explain(profile, 0, facts, today(), RESULT_FAIL, &words);
	assert_string_equal(
		words.sentence,
		"It: no. Found architecture i686. Needed architecture x86_64. Mend it.");
	explanation_done(&words);
	json_decref(facts);
}

static void check_table_on(const char *day_text, const char *found, const char *needed)
{
	_cleanup_(profile_freep) struct profile *profile =
		make_profile("{'fact': 'os', 'in_table': 'os'}", NULL, NULL);
	json_t *facts = make_facts("{'os': {'id': 'ubuntu', 'version_id': '18.04'}}");
	struct explanation words;
	int32_t day;

	assert_int_equal(civil_parse(day_text, &day, NULL), 0);
	explain(profile, 0, facts, day, RESULT_FAIL, &words);
	assert_string_equal(words.observed, found);
	assert_string_equal(words.expected, needed);
	explanation_done(&words);
	json_decref(facts);
}

static void a_row_is_told_from_its_first_to_its_last_day(void **state)
{
	static const char found[] = "system ubuntu, version 18.04";
	static const char old[] =
		"system ubuntu 18.04 until 1 March 2027, or fedora 40 to 43 except 41";
	static const char both[] =
		"system ubuntu 18.04 until 1 March 2027, or ubuntu 20.04 or 22.04 from "
		"1 August 2026, or fedora 40 to 43 except 41";

	(void)state;
	check_table_on("2026-07-31", found, old);
	check_table_on("2026-08-01", found, both);
	check_table_on("2027-03-01", found, both);
	check_table_on(
		"2027-03-02",
		"system ubuntu, version 18.04, which leaves support on 1 March 2027, before 2 "
		"March 2027, the day that is judged for",
		"system ubuntu 20.04 or 22.04 from 1 August 2026, or fedora 40 to 43 except 41");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operator_passes_and_fails_and_is_unknown_in_words),
		cmocka_unit_test(every_operator_is_waived_in_words),
		cmocka_unit_test(every_operator_is_unknown_whatever_is_waived),
		cmocka_unit_test(every_operator_may_not_apply),
		cmocka_unit_test(what_applies_where_something_is_not_known_says_what),
		cmocka_unit_test(a_waiver_has_not_ended_on_its_last_day),
		cmocka_unit_test(a_row_is_told_from_its_first_to_its_last_day),
		cmocka_unit_test(what_was_waived_once_and_is_not_any_more_is_told_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
