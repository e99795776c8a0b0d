/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text cases of tests/cases: what a check says of facts, and how a broken
 * profile is refused. A case is a block of lines "WORD TEXT"; its comment is
 * its name. tests/cases/README.md shows the words.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/eval/explain.h"
#include "common/model/profile_check.h"
#include "tests/unit/unit.h"

#define CASES_MAX 1000
#define CASE_BYTES_MAX (1024 * 1024)

struct test_case {
	char *name;
	/* The text after each word; NULL where the case has no such line. */
	char *check, *when, *severity, *tables, *freshness, *supplements, *waivers, *requirement,
		*profile, *facts, *role, *as_of, *gives, *found, *needed, *says, *error;
};

static struct test_case cases[CASES_MAX];
static size_t n_cases;

static char **field_of(struct test_case *c, const char *word)
{
	struct {
		const char *word;
		char **field;
	} fields[] = {
		{ "check", &c->check },         { "when", &c->when },
		{ "severity", &c->severity },   { "tables", &c->tables },
		{ "freshness", &c->freshness }, { "supplements", &c->supplements },
		{ "waivers", &c->waivers },     { "requirement", &c->requirement },
		{ "profile", &c->profile },     { "facts", &c->facts },
		{ "role", &c->role },           { "as_of", &c->as_of },
		{ "gives", &c->gives },         { "found", &c->found },
		{ "needed", &c->needed },       { "says", &c->says },
		{ "error", &c->error },
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (strcmp(fields[i].word, word) == 0)
			return fields[i].field;
	}
	return NULL;
}

static void read_line(const char *file, struct test_case *c, char *line)
{
	char *text = strchr(line, ' ');
	char **field;

	if (!text) {
		fprintf(stderr, "%s: '%s' is not WORD TEXT\n", file, line);
		abort();
	}
	*text++ = '\0';
	field = field_of(c, line);
	if (!field) {
		fprintf(stderr, "%s: no word '%s' in a case\n", file, line);
		abort();
	}
	*field = xstrdup(text);
}

static void read_file(const char *path)
{
	struct err err = { 0 };
	struct test_case *c = NULL;
	char *text, *rest;

	if (file_read_at(AT_FDCWD, path, CASE_BYTES_MAX, &text, NULL, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	rest = text;
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		if (line[0] == '#') {
			/* The first comment after a blank line names the case. */
			if (!c && strlen(line) > 2) {
				assert_true(n_cases < CASES_MAX);
				c = &cases[n_cases++];
				c->name = xasprintf("%s: %s", strrchr(path, '/') + 1, line + 2);
			}
		} else if (line[0] == '\0') {
			c = NULL;
		} else {
			if (!c) {
				fprintf(stderr, "%s: a case without a comment: %s\n", path, line);
				abort();
			}
			read_line(path, c, line);
		}
	}
	free(text);
}

static int is_case(const struct dirent *entry)
{
	return text_ends(entry->d_name, ".case");
}

static void read_folder(const char *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_case, alphasort);

	if (n <= 0) {
		fprintf(stderr, "%s: no cases\n", folder);
		abort();
	}
	for (int i = 0; i < n; i++) {
		_cleanup_free_ char *path = xasprintf("%s/%s", folder, entries[i]->d_name);

		read_file(path);
		free(entries[i]);
	}
	free(entries);
}

/* The one requirement of a case that has no profile: its own, or one made around its check. */
static char *requirement_text(const struct test_case *c)
{
	if (c->requirement)
		return xstrdup(c->requirement);
	return xasprintf("{\"id\": \"it\", \"severity\": \"%s\", \"roles\": [\"student\", "
			 "\"shared\"], \"title\": \"It\", \"check\": %s, %s%s%s \"fix\": {\"id\": "
			 "\"mend\", \"text\": \"Mend it.\", \"minutes\": 1}, \"source\": \"s\"}",
			 c->severity ? c->severity : "required",
			 c->check ? c->check : "{\"fact\": \"cpu.cores\", \"at_least\": 2}",
			 c->when ? "\"when\": " : "", c->when ? c->when : "", c->when ? "," : "");
}

/* The profile of a case: a file, or one made around its requirement. */
static char *profile_text(const struct test_case *c)
{
	_cleanup_free_ char *requirement = requirement_text(c);
	char *text;

	if (c->profile && c->profile[0] == '{')
		return xstrdup(c->profile);
	if (c->profile) {
		assert_int_equal(
			file_read_at(AT_FDCWD, c->profile, PROFILE_BYTES_MAX, &text, NULL, NULL),
			0);
		return text;
	}
	return xasprintf("{\"profile\": \"case\", \"title\": \"t\", \"freshness_hours\": %s, "
			 "\"tables\": %s, \"supplements\": %s, \"waivers\": %s, "
			 "\"requirements\": [%s]}",
			 c->freshness ? c->freshness : "{}", c->tables ? c->tables : "{}",
			 c->supplements ? c->supplements : "[]", c->waivers ? c->waivers : "[]",
			 requirement);
}

static void expect_result(const struct profile *profile, const enum result *results,
			  const char *wanted)
{
	const char *equals = strchr(wanted, '=');
	_cleanup_free_ char *id = equals ? xstrndup(wanted, (size_t)(equals - wanted))
					 : xstrdup(profile->requirements[0].id);
	const char *word = equals ? equals + 1 : wanted;
	int index = profile_find(profile, id);
	enum device_state state;

	if (strcmp(id, "state") == 0) {
		state = evaluate_state(profile, results);
		assert_string_equal(device_state_words[state], word);
		return;
	}
	if (index < 0)
		fail_msg("no requirement '%s'", id);
	if (strcmp(result_words[results[index]], word) != 0)
		fail_msg("%s: wanted %s, got %s", id, word, result_words[results[index]]);
}

static void expect_results(const struct test_case *c, const struct profile *profile)
{
	_cleanup_free_ char *wanted = xstrdup(c->gives);
	_cleanup_free_ enum result *results = xcalloc(profile->n_requirements, sizeof(*results));
	json_t *facts = json_loads(c->facts, 0, NULL);
	enum device_role role = ROLE_STUDENT;
	struct explanation words;
	char *rest = wanted;
	int32_t as_of;

	assert_non_null(facts);
	assert_int_equal(civil_parse(c->as_of ? c->as_of : "2027-03-15", &as_of, NULL), 0);
	if (c->role)
		assert_int_equal(device_role_parse(c->role, &role), 0);
	evaluate(profile, facts, role, as_of, results);
	for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " "))
		expect_result(profile, results, word);

	explain(profile, 0, facts, as_of, results[0], &words);
	if (c->found)
		assert_string_equal(words.observed, c->found);
	if (c->needed)
		assert_string_equal(words.expected, c->needed);
	if (c->says)
		assert_string_equal(words.sentence, c->says);
	explanation_done(&words);
	json_decref(facts);
}

static void case_holds(void **state)
{
	const struct test_case *c = *state;
	_cleanup_free_ char *text = profile_text(c);
	_cleanup_(profile_freep) struct profile *profile = NULL;
	struct err err = { 0 };
	int r = profile_parse(text, strlen(text), "p", &profile, &err);

	if (c->error) {
		assert_true(r < 0);
		if (!strstr(err.text, c->error))
			fail_msg("wanted '%s', got '%s'", c->error, err.text);
		return;
	}
	if (r < 0)
		fail_msg("%s", err.text);
	expect_results(c, profile);
}

/* The operator of a case with a check of its own, CHECK_OP_MAX_ for others. */
static enum check_op op_of(const struct test_case *c)
{
	json_t *check = c->check ? json_loads(c->check, 0, NULL) : NULL;
	unsigned op = 0;

	/* Comparisons come last, so that the bound of a count is not taken for one. */
	while (op < CHECK_OP_MAX_ && !json_object_get(check, check_op_word((enum check_op)op)))
		op++;
	json_decref(check);
	return (enum check_op)op;
}

static void every_operator_has_a_case_that_passes_fails_and_is_unknown(void **state)
{
	bool has[CHECK_OP_MAX_ + 1][RESULT_MAX_] = { { false } };
	enum result result;

	(void)state;
	for (size_t i = 0; i < n_cases; i++) {
		if (cases[i].gives && result_parse(cases[i].gives, &result) == 0)
			has[op_of(&cases[i])][result] = true;
	}
	for (unsigned op = 0; op < CHECK_OP_MAX_; op++) {
		if (!has[op][RESULT_PASS] || !has[op][RESULT_FAIL] || !has[op][RESULT_UNKNOWN])
			fail_msg("%s: not all of pass, fail and unknown",
				 check_op_word((enum check_op)op));
	}
}

int main(void)
{
	static struct CMUnitTest tests[CASES_MAX + 1] = {
		cmocka_unit_test(every_operator_has_a_case_that_passes_fails_and_is_unknown),
	};

	read_folder("tests/cases/eval");
	read_folder("tests/cases/profile");
	read_folder("tests/cases/differential");
	for (size_t i = 0; i < n_cases; i++)
		tests[i + 1] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = case_holds,
						    .initial_state = &cases[i] };
	return _cmocka_run_group_tests("cases", tests, n_cases + 1, NULL, NULL);
}
