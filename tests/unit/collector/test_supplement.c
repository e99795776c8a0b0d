/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Supplements and what is composed of them: they tighten or are refused, and every refusal says
 * where in the supplement. At the end random ones, which never make a device better.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/supplement.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/eval/evaluate.h"
#include "common/model/document.h"
#include "tests/unit/collector/random_check.h"
#include "tests/unit/unit.h"

#define FIX "\"fix\": {\"id\": \"mend\", \"text\": \"Mend it.\", \"minutes\": 5}, \"source\": \"s\""

static const char base_text[] =
	"{\"profile\": \"p\", \"year\": \"2027\", \"title\": \"P\","
	" \"freshness_hours\": {\"default\": 300, \"last_week\": 72},"
	" \"certification\": {\"coverage_percent\": 90, \"latest_last_day\": \"2027-06-30\"},"
	" \"endpoints\": [\"a.example\"],"
	" \"tables\": {\"os\": [{\"id\": \"ubuntu\", \"version\": \"22.04..\"}]},"
	" \"requirements\": ["
	"{\"id\": \"memory\", \"severity\": \"required\", \"roles\": [\"student\"], \"title\": "
	"\"M\","
	" \"check\": {\"fact\": \"memory.total_mib\", \"at_least\": 2}, " FIX "},"
	"{\"id\": \"audio\", \"severity\": \"recommended\", \"roles\": [\"student\", \"shared\"],"
	" \"title\": \"A\", \"when\": {\"fact\": \"audio.muted\", \"is\": false},"
	" \"check\": {\"fact\": \"audio.headphones\", \"is\": \"present\"}, " FIX "},"
	"{\"id\": \"os\", \"severity\": \"required\", \"roles\": [\"student\", \"ta\"], \"title\": "
	"\"O\","
	" \"check\": {\"all_of\": [{\"fact\": \"os\", \"in_table\": \"os\"},"
	" {\"fact\": \"os.arch\", \"is\": \"x86_64\"}]}, " FIX "}]}";

#define HEAD(scope) "{\"supplement_to\": \"p-2027\", \"scope\": {" scope "}, \"title\": \"T\""
#define LEA HEAD("\"lea\": \"LUSD\"")
#define SITE HEAD("\"site\": \"LUSD-1\"")
#define OWN(id, check)                                                                \
	"{\"id\": \"" id "\", \"severity\": \"required\", \"roles\": [\"student\"], " \
	"\"title\": \"Own\", \"check\": " check ", " FIX "}"
#define TWO_CORES "{\"fact\": \"cpu.cores\", \"at_least\": 2}"

static struct profile *base;

static int setup(void **state)
{
	(void)state;
	return profile_parse(base_text, strlen(base_text), "base", &base, NULL);
}

static int teardown(void **state)
{
	(void)state;
	profile_free(base);
	return 0;
}

static struct supplement *parsed(const char *text)
{
	struct supplement *supplement = NULL;
	struct err err = { 0 };

	if (supplement_parse(text, strlen(text), "s.json", &supplement, &err) < 0)
		fail_msg("%s", err.text);
	return supplement;
}

/* Compose with @lea and @site, either may be NULL; what comes out is owned by the caller. */
static struct profile *composed(const char *lea, const char *site)
{
	_cleanup_(supplement_freep) struct supplement *first = lea ? parsed(lea) : NULL;
	_cleanup_(supplement_freep) struct supplement *second = site ? parsed(site) : NULL;
	const struct supplement *both[2] = { first ? first : second, second };
	_cleanup_free_ char *body = NULL;
	struct profile *profile = NULL;
	struct err err = { 0 };

	if (profile_compose(base, both, (size_t)(lea != NULL) + (site != NULL), NULL, 0, &body,
			    &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(profile_parse(body, strlen(body), "composed", &profile, NULL), 0);
	return profile;
}

/* What is wrong with the one supplement, with the profile if it can be read without. */
static void expect_refused(const char *text, const char *message)
{
	_cleanup_(supplement_freep) struct supplement *supplement = NULL;
	_cleanup_free_ char *body = NULL;
	struct err err = { 0 };
	int r = supplement_parse(text, strlen(text), "s.json", &supplement, &err);

	if (r >= 0)
		r = profile_compose(base, (const struct supplement *const *)&supplement, 1, NULL, 0,
				    &body, &err);
	assert_true(r < 0);
	assert_null(body);
	/* How the message goes on where it is the parser's is its own tests' to say. */
	if (!text_starts(err.text, message))
		fail_msg("wanted '%s', got '%s'", message, err.text);
}

/* What the requirement has as @member; "" where it has none. */
static void expect_member(const struct profile *profile, const char *id, const char *member,
			  const char *json)
{
	int index = profile_find(profile, id);
	const json_t *list = json_object_get(profile->json, "requirements"), *value;
	_cleanup_free_ char *text = NULL;

	assert_true(index >= 0);
	value = json_object_get(json_array_get(list, (size_t)index), member);
	text = value ? document_canonical(value) : xstrdup("");
	assert_string_equal(text, json);
}

/* --- what a supplement does ---------------------------------------------------------- */

static void with_nothing_to_add_a_document_has_the_version_of_the_profile(void **state)
{
	_cleanup_free_ char *body = NULL, *canonical = document_canonical(base->json);
	const struct profile_waiver_text elsewhere = { "w", SCOPE_LEA, "no-such", "r", 1 };

	(void)state;
	assert_int_equal(profile_compose(base, NULL, 0, &elsewhere, 1, &body, NULL), 0);
	assert_string_equal(body, canonical);
}

static void a_check_that_is_added_must_hold_besides(void **state)
{
	_cleanup_(profile_freep) struct profile *profile = composed(
		LEA ", \"requirements\": [{\"tightens\": \"os\", \"check\": " TWO_CORES "}]}",
		SITE ", \"requirements\": [{\"tightens\": \"os\", \"check\": "
		     "{\"fact\": \"cpu.mhz\", \"at_least\": 3}}]}");

	(void)state;
	expect_member(profile, "os", "check",
		      "{\"all_of\":[{\"all_of\":[{\"fact\":\"os\",\"in_table\":\"os\"},"
		      "{\"fact\":\"os.arch\",\"is\":\"x86_64\"}]},"
		      "{\"at_least\":2,\"fact\":\"cpu.cores\"},"
		      "{\"at_least\":3,\"fact\":\"cpu.mhz\"}]}");
	expect_member(profile, "os", "origin", "\"site LUSD-1\"");
	expect_member(profile, "memory", "origin", "");
}

static void severity_and_roles_only_grow(void **state)
{
	_cleanup_(profile_freep) struct profile *profile = composed(
		LEA ", \"requirements\": [{\"tightens\": \"audio\", \"severity\": "
		    "\"required\", \"roles\": [\"shared\", \"ta\"], \"source\": \"Board\"},"
		    "{\"tightens\": \"memory\", \"severity\": \"required\"}]}",
		NULL);

	(void)state;
	expect_member(profile, "audio", "severity", "\"required\"");
	expect_member(profile, "audio", "roles", "[\"student\",\"shared\",\"ta\"]");
	expect_member(profile, "audio", "source", "\"s; Board\"");
	expect_member(profile, "audio", "origin", "\"lea LUSD\"");
	/* It was required before: nobody tightened it. */
	expect_member(profile, "memory", "origin", "");
}

static void a_site_tightens_what_its_lea_added_and_the_supplements_stay_as_they_are(void **state)
{
	_cleanup_(supplement_freep) struct supplement *lea =
		parsed(LEA ", \"tables\": {\"more\": [{\"cores\": 4}]}, \"requirements\": [" OWN(
			"own", "{\"all_of\": [{\"fact\": \"cpu\", \"in_table\": \"more\"}]}") "]}");
	_cleanup_(supplement_freep) struct supplement *site =
		parsed(SITE ", \"requirements\": [{\"tightens\": \"own\", \"roles\": [\"ta\"], "
			    "\"check\": " TWO_CORES "}]}");
	const struct supplement *both[] = { lea, site };
	_cleanup_free_ char *before = document_canonical(lea->json);
	_cleanup_free_ char *body = NULL, *after = NULL;
	_cleanup_(profile_freep) struct profile *profile = NULL;

	(void)state;
	assert_int_equal(profile_compose(base, both, 2, NULL, 0, &body, NULL), 0);
	assert_int_equal(profile_parse(body, strlen(body), "c", &profile, NULL), 0);
	after = document_canonical(lea->json);
	assert_string_equal(after, before);
	expect_member(profile, "own", "roles", "[\"student\",\"ta\"]");
	expect_member(profile, "own", "check",
		      "{\"all_of\":[{\"fact\":\"cpu\",\"in_table\":\"more\"},"
		      "{\"at_least\":2,\"fact\":\"cpu.cores\"}]}");
	expect_member(profile, "own", "origin", "\"site LUSD-1\"");
}

static void freshness_gets_shorter_and_never_longer_near_the_window(void **state)
{
	_cleanup_(profile_freep) struct profile *profile =
		composed(LEA ", \"freshness_hours\": {\"default\": 48}}",
			 SITE ", \"freshness_hours\": {\"last_day\": 12}}");

	(void)state;
	assert_int_equal(profile->freshness.default_hours, 48);
	/* It was 72, which is more than what holds before the last week now. */
	assert_int_equal(profile->freshness.last_week_hours, 48);
	assert_int_equal(profile->freshness.last_day_hours, 12);
}

static void certification_asks_more(void **state)
{
	_cleanup_(profile_freep) struct profile *profile =
		composed(LEA ", \"certification\": {\"coverage_percent\": 90, "
			     "\"devices_percent\": 99, \"latest_last_day\": \"2027-06-29\", "
			     "\"minimum_weekdays\": 30}}",
			 NULL);

	(void)state;
	assert_int_equal(profile->rules.coverage_percent, 90);
	assert_int_equal(profile->rules.devices_percent, 99);
	assert_int_equal(profile->rules.browser_percent, 100);
	assert_int_equal(profile->rules.latest_last_day, base->rules.latest_last_day - 1);
	assert_int_equal(profile->rules.minimum_weekdays, 30);
}

static void a_document_names_what_it_was_composed_of(void **state)
{
	_cleanup_(supplement_freep) struct supplement *lea =
		parsed(LEA ", \"freshness_hours\": {\"default\": 48}}");
	const struct profile_waiver_text waivers[] = {
		{ "w2", SCOPE_SITE, "audio", "they come in May", 20818 },
		{ "w3", SCOPE_LEA, "not-there", "r", 20818 },
		{ "w1", SCOPE_LEA, "memory", "new ones are ordered", 20819 },
	};
	_cleanup_free_ char *body = NULL, *other = NULL, *wanted = NULL;
	const struct profile_waiver_text turned[] = { waivers[2], waivers[0] };

	(void)state;
	assert_int_equal(profile_compose(base, (const struct supplement *const *)&lea, 1, waivers,
					 3, &body, NULL),
			 0);
	wanted = xasprintf("\"supplements\":[{\"code\":\"LUSD\",\"scope\":\"lea\",\"title\":\"T\","
			   "\"version\":\"%s\"}]",
			   lea->version);
	assert_non_null(strstr(body, wanted));
	assert_non_null(strstr(body,
			       "\"waivers\":["
			       "{\"id\":\"w1\",\"reason\":\"new ones are ordered\",\"requirement\":"
			       "\"memory\",\"scope\":\"lea\",\"until\":\"2027-01-01\"},"
			       "{\"id\":\"w2\",\"reason\":\"they come in May\",\"requirement\":"
			       "\"audio\",\"scope\":\"site\",\"until\":\"2026-12-31\"}]"));
	assert_int_equal(profile_compose(base, (const struct supplement *const *)&lea, 1, turned, 2,
					 &other, NULL),
			 0);
	assert_string_equal(other, body);
}

static void a_document_is_not_composed_of_a_composed_one(void **state)
{
	_cleanup_(profile_freep) struct profile *profile =
		composed(LEA ", \"freshness_hours\": {\"default\": 48}}", NULL);
	_cleanup_free_ char *body = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(profile_compose(profile, NULL, 0, NULL, 0, &body, &err), -EINVAL);
	assert_non_null(strstr(err.text, "added to the published profile"));
}

/* --- what is refused ------------------------------------------------------------------ */

static const struct {
	const char *text, *message;
} refused[] = {
	/* clang-format off */
	{ "{\"supplement_to\": \"p-2027\"}",
	  "s.json:1:1: scope: missing: {\"lea\": CODE} or {\"site\": CODE}" },
	{ "{\"supplement_to\": \"p-2027\", \"scope\": {\"state\": \"CA\"}}",
	  "s.json:1:48: scope.state: unknown member: a scope is {\"lea\": CODE} or {\"site\": CODE}" },
	{ HEAD("\"lea\": \"1\", \"site\": \"2\"") "}",
	  "s.json:1:38: scope: one of {\"lea\": CODE} or {\"site\": CODE}" },
	{ HEAD("\"lea\": \"a b\"") "}",
	  "s.json:1:46: scope.lea: 'a b' may have only letters, digits and . _ -" },
	{ LEA "}", "s.json:1:1: asks nothing: add requirements, freshness_hours or certification" },
	{ LEA ", \"colour\": 1}", "s.json:1:79: colour: unknown member" },
	{ LEA ", \"endpoints\": []}",
	  "s.json:1:82: endpoints: only the programme names servers, since every device that has "
	  "the profile connects to them: leave them out" },
	{ "{\"supplement_to\": \"q\", \"scope\": {\"lea\": \"L\"}, \"title\": \"T\", "
	  "\"freshness_hours\": {\"default\": 1}}",
	  "s.json:1:19: supplement_to: 'q' is another profile than 'p-2027'" },
	{ LEA ", \"freshness_hours\": {\"last_week\": 73}}",
	  "s.json:1:102: freshness_hours.last_week: 73 would loosen, it is 72: a supplement can only tighten" },
	{ LEA ", \"freshness_hours\": {\"default\": 0}}",
	  "s.json:1:100: freshness_hours.default: 0 is not within 1 to 8784" },
	{ LEA ", \"certification\": {\"coverage_percent\": 89}}",
	  "s.json:1:107: certification.coverage_percent: 89 would loosen, it is 90: a supplement can only tighten" },
	{ LEA ", \"certification\": {\"latest_last_day\": \"2027-07-01\"}}",
	  "s.json:1:106: certification.latest_last_day: 2027-07-01 would loosen, it is 2027-06-30: "
	  "a supplement can only tighten" },
	{ LEA ", \"certification\": {\"latest_last_day\": \"2027-06-31\"}}",
	  "s.json:1:106: certification.latest_last_day: '2027-06-31' is not a date" },
	{ LEA ", \"tables\": {\"os\": []}, \"requirements\": [" OWN("own", TWO_CORES) "]}",
	  "s.json:1:86: tables.os: there is a table 'os' already, and a supplement cannot change it: "
	  "choose another name" },
	{ LEA ", \"requirements\": [" OWN("memory", TWO_CORES) "]}",
	  "s.json:1:93: requirements[0].id: there is a requirement 'memory' already: tighten it, or "
	  "choose another id" },
	{ LEA ", \"requirements\": [" OWN("browser.version", TWO_CORES) "]}",
	  "s.json:1:93: requirements[0].id: 'browser.version' is what a school's Browser number counts, "
	  "so only the programme can have it: choose another id" },
	{ LEA ", \"requirements\": [" OWN("a", TWO_CORES) "," OWN("a", TWO_CORES) "]}",
	  "s.json:1:286: requirements[1].id: 'a' is there twice: join checks by all_of" },
	{ LEA ", \"requirements\": [{\"severity\": \"required\"}]}",
	  "s.json:1:86: requirements[0]: neither id nor tightens: an id for a requirement of its own, "
	  "tightens for one of the profile's" },
	{ LEA ", \"requirements\": [{\"tightens\": \"sound\", \"severity\": \"required\"}]}",
	  "s.json:1:99: requirements[0].tightens: p-2027 has no requirement 'sound' to tighten: one of "
	  "its own has an id" },
	{ LEA ", \"requirements\": [{\"tightens\": \"memory\"}]}",
	  "s.json:1:86: requirements[0]: tightens nothing: add severity, roles or a check that must "
	  "hold besides" },
	{ LEA ", \"requirements\": [{\"tightens\": \"memory\", \"severity\": \"recommended\"}]}",
	  "s.json:1:121: requirements[0].severity: a supplement can only tighten, to required; to loosen, "
	  "waive the requirement" },
	{ LEA ", \"requirements\": [{\"tightens\": \"memory\", \"roles\": [\"student\", \"cook\"]}]}",
	  "s.json:1:130: requirements[0].roles[1]: 'cook' is not one of student, ta, shared, spare" },
	{ LEA ", \"requirements\": [{\"tightens\": \"memory\", \"when\": " TWO_CORES "}]}",
	  "s.json:1:117: requirements[0].when: unknown member: what tightens has severity, roles, check "
	  "and source; anything else of a requirement is the programme's" },
	/* What the profile's parser finds is told with its place in the supplement. */
	{ LEA ", \"requirements\": [\n{\"tightens\": \"memory\", \"check\":\n {\"all_of\": [" TWO_CORES
	  ",\n  {\"fact\": \"cpu.core\", \"at_least\": 1}]}}]}",
	  "s.json:4:12: requirements[0].check.all_of[1].fact: no fact 'cpu.core'; see `testready-agent "
	  "facts --list`" },
	{ LEA ", \"requirements\": [{\"tightens\": \"memory\", \"severity\": \"required\"},\n"
	  "{\"id\": \"own\", \"severity\": \"required\", \"roles\": [\"ta\"], \"title\": \"T\", \"check\": "
	  TWO_CORES ", \"source\": \"s\"}]}",
	  "s.json:2:1: requirements[1].fix: missing: every requirement says how to mend it" },
	{ LEA ", \"tables\": {\"o.s\": [{\"id\": \"x\"},\n {\"id\": \"y\", \"tier\": \"half\"}]}, \"requirements\": ["
	  OWN("own", "{\"fact\": \"os\", \"in_table\": \"o.s\"}") "]}",
	  "s.json:2:22: tables.o.s[1].tier: 'half' is not one of full, limited, unsupported" },
	{ LEA ", \"requirements\": [" OWN("own", "{\"fact\": \"cpu\", \"in_table\": \"os\"}") "]}",
	  "s.json:1:1: together with p-2027: tables.os[0].id: 'cpu' has no fact 'id'" },
	/* clang-format on */
};

static void what_does_not_fit_is_refused_with_its_place_in_the_supplement(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		expect_refused(refused[i].text, refused[i].message);
}

static void what_is_over_a_limit_is_refused(void **state)
{
	struct profile_waiver_text waivers[PROFILE_WAIVERS_MAX + 1];
	char ids[PROFILE_WAIVERS_MAX + 1][ID_SIZE];
	_cleanup_free_ char *large = xcalloc(1, SUPPLEMENT_BYTES_MAX + 2), *body = NULL;
	struct supplement *supplement = NULL;
	struct err err = { 0 };

	(void)state;
	memset(large, ' ', SUPPLEMENT_BYTES_MAX + 1);
	assert_int_equal(
		supplement_parse(large, SUPPLEMENT_BYTES_MAX + 1, "s.json", &supplement, &err),
		-E2BIG);
	assert_non_null(strstr(err.text, "at most 65536"));

	for (size_t i = 0; i < ARRAY_SIZE(waivers); i++) {
		snprintf(ids[i], sizeof(ids[i]), "%032zx", i);
		waivers[i] =
			(struct profile_waiver_text){ ids[i], SCOPE_LEA, "memory", "r", 20000 };
	}
	assert_int_equal(
		profile_compose(base, NULL, 0, waivers, PROFILE_WAIVERS_MAX + 1, &body, &err),
		-E2BIG);
	assert_non_null(strstr(err.text, "at most 64"));
	assert_int_equal(profile_compose(base, NULL, 0, waivers, PROFILE_WAIVERS_MAX, &body, &err),
			 0);
}

static void a_supplement_is_told_from_a_profile(void **state)
{
	(void)state;
	assert_true(supplement_is_one(LEA "}", strlen(LEA "}")));
	assert_false(supplement_is_one(base_text, strlen(base_text)));
	assert_false(supplement_is_one("{", 1));
	assert_false(supplement_is_one("[]", 2));
}

/* --- no device gets better ------------------------------------------------------------- */

static char *random_supplement(const char *head)
{
	static const char *const ids[] = { "memory", "audio", "os" };
	static const char *const roles[] = { "student", "ta", "shared", "spare" };
	_cleanup_free_ char *more = random_check(2), *own = random_check(2);
	bool is_severe = random_below(2) == 0;

	return xasprintf("%s, \"requirements\": [{\"tightens\": \"%s\", \"roles\": [\"%s\"], %s "
			 "\"check\": %s}, {\"id\": \"own-%c\", \"severity\": \"%s\", \"roles\": "
			 "[\"%s\"], \"title\": \"Own\", \"check\": %s, " FIX "}]}",
			 head, PICK(ids), PICK(roles),
			 is_severe ? "\"severity\": \"required\"," : "", more,
			 strstr(head, "site") ? 's' : 'l', is_severe ? "recommended" : "required",
			 PICK(roles), own);
}

static bool is_judged(const struct profile *profile, const enum result *results)
{
	for (size_t i = 0; i < profile->n_requirements; i++) {
		if (profile->requirements[i].severity == SEVERITY_REQUIRED &&
		    results[i] != RESULT_NOT_APPLICABLE)
			return true;
	}
	return false;
}

static void expect_no_better(const struct profile *profile, const json_t *facts,
			     enum device_role role)
{
	/* Of what a device is judged by: fail is worse than unknown, and that than pass. */
	static const int rank[] = { [RESULT_FAIL] = 0, [RESULT_UNKNOWN] = 1, [RESULT_PASS] = 2 };
	enum result before[8], after[8];

	assert_true(profile->n_requirements <= ARRAY_SIZE(after));
	evaluate(base, facts, role, 20000, before);
	evaluate(profile, facts, role, 20000, after);
	for (size_t i = 0; i < base->n_requirements; i++) {
		if (before[i] == RESULT_NOT_APPLICABLE)
			continue;
		assert_int_not_equal(after[i], RESULT_NOT_APPLICABLE);
		assert_true(rank[after[i]] <= rank[before[i]]);
	}
	/* Where the programme requires nothing, what a supplement requires makes it judged. */
	if (is_judged(base, before))
		assert_true(evaluate_state(profile, after) <= evaluate_state(base, before));
}

static void no_supplement_makes_a_device_better(void **state)
{
	(void)state;
	for (int i = 0; i < 300; i++) {
		_cleanup_free_ char *lea = random_supplement(LEA), *site = random_supplement(SITE);
		_cleanup_(profile_freep) struct profile *profile =
			composed(lea, random_below(2) ? site : NULL);

		for (int j = 0; j < 20; j++) {
			json_t *facts = random_facts();

			assert_non_null(facts);
			for (unsigned role = 0; role < ROLE_MAX_; role++)
				expect_no_better(profile, facts, (enum device_role)role);
			json_decref(facts);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_nothing_to_add_a_document_has_the_version_of_the_profile),
		cmocka_unit_test(a_check_that_is_added_must_hold_besides),
		cmocka_unit_test(severity_and_roles_only_grow),
		cmocka_unit_test(
			a_site_tightens_what_its_lea_added_and_the_supplements_stay_as_they_are),
		cmocka_unit_test(freshness_gets_shorter_and_never_longer_near_the_window),
		cmocka_unit_test(certification_asks_more),
		cmocka_unit_test(a_document_names_what_it_was_composed_of),
		cmocka_unit_test(a_document_is_not_composed_of_a_composed_one),
		cmocka_unit_test(what_does_not_fit_is_refused_with_its_place_in_the_supplement),
		cmocka_unit_test(what_is_over_a_limit_is_refused),
		cmocka_unit_test(a_supplement_is_told_from_a_profile),
		cmocka_unit_test(no_supplement_makes_a_device_better),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
