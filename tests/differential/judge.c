/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judge for programs that compare it with another: a line in, a line out.
 *
 *   profile JSON             → ok, or error TEXT
 *   supplement JSON          → the same; what follows is judged by both together
 *   facts ROLE AS_OF JSON    → the result of each requirement, and the state
 *   words                    → every word and number of the language, as in docs/profiles.md
 *
 * The answers to many lines come at once, at the line `flush`.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/supplement.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/base/version.h"
#include "common/eval/evaluate.h"
#include "common/model/profile_check.h"

/* By the names that docs/profiles.md has for them, with underscores. */
static const struct {
	const char *name;
	size_t value;
} limits[] = {
	{ "the_file", PROFILE_BYTES_MAX },
	{ "a_supplement's_file", SUPPLEMENT_BYTES_MAX },
	{ "requirements", PROFILE_REQUIREMENTS_MAX },
	{ "tables", PROFILE_TABLES_MAX },
	{ "rows_of_a_table", PROFILE_ROWS_MAX },
	{ "checks_inside_checks", PROFILE_DEPTH_MAX },
	{ "checks_in_one", PROFILE_CHILDREN_MAX },
	{ "values_of_an", FACTS_LIST_MAX },
	{ "an_id", PROFILE_NAME_MAX },
	{ "a_year", PROFILE_YEAR_MAX },
	{ "a_title", PROFILE_TITLE_MAX },
	{ "the_text_of_a_fix", PROFILE_TEXT_MAX },
	{ "the_reason_of_a_waiver", PROFILE_REASON_MAX },
	{ "the_minutes_of_a_fix", PROFILE_FIX_MINUTES_MAX },
	{ "hours_of", PROFILE_HOURS_MAX },
	{ "a_version", VERSION_TEXT_MAX },
	{ "a_set_of_versions", VERSION_SET_MAX },
	{ "a_pattern", PROFILE_PATTERN_MAX },
	{ "servers", PROFILE_ENDPOINTS_MAX },
	{ "supplements_of", PROFILE_SUPPLEMENTS_MAX },
	{ "waivers_of", PROFILE_WAIVERS_MAX },
};

static void print_words(const char *of, const char *const *words)
{
	for (; *words; words++)
		printf("%s=%s ", of, *words);
}

static void print_language(void)
{
	for (unsigned op = 0; op < CHECK_OP_MAX_; op++)
		printf("operator=%s ", check_op_word((enum check_op)op));
	print_words("role", device_role_words);
	print_words("severity", severity_words);
	print_words("result", result_words);
	print_words("state", device_state_words);
	print_words("tier", table_tier_words);
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		printf("limit=%s=%zu ", limits[i].name, limits[i].value);
	printf("\n");
}

static void read_profile(const char *text, struct profile **profile)
{
	struct err err = { 0 };

	profile_free(*profile);
	*profile = NULL;
	if (profile_parse(text, strlen(text), "profile", profile, &err) < 0)
		printf("error %s\n", err.text);
	else
		printf("ok\n");
}

static int compose(const char *text, struct profile **profile, struct err *err)
{
	_cleanup_(supplement_freep) struct supplement *supplement = NULL;
	const struct supplement *all[1];
	struct profile *composed = NULL;
	_cleanup_free_ char *body = NULL;
	int r;

	if (!*profile)
		return err_set(err, -EINVAL, "no profile");
	r = supplement_parse(text, strlen(text), "supplement", &supplement, err);
	all[0] = supplement;
	if (r >= 0)
		r = profile_compose(*profile, all, 1, NULL, 0, &body, err);
	if (r >= 0)
		r = profile_parse(body, strlen(body), "composed", &composed, err);
	if (r >= 0) {
		profile_free(*profile);
		*profile = composed;
	}
	return r;
}

static void read_supplement(const char *text, struct profile **profile)
{
	struct err err = { 0 };

	if (compose(text, profile, &err) < 0)
		printf("error %s\n", err.text);
	else
		printf("ok\n");
}

/* "ROLE AS_OF JSON" */
static void judge(char *line, const struct profile *profile)
{
	const char *role_text = strsep(&line, " ");
	const char *day_text = line ? strsep(&line, " ") : "";
	_cleanup_free_ enum result *results = NULL;
	enum device_role role;
	json_t *facts;
	int32_t as_of;

	facts = line ? json_loads(line, JSON_DECODE_ANY, NULL) : NULL;
	if (!profile || !facts || device_role_parse(role_text, &role) < 0 ||
	    civil_parse(day_text, &as_of, NULL) < 0) {
		printf("error no profile, or not ROLE AS_OF FACTS\n");
		json_decref(facts);
		return;
	}
	results = xcalloc(profile->n_requirements, sizeof(*results));
	evaluate(profile, facts, role, as_of, results);
	for (size_t i = 0; i < profile->n_requirements; i++)
		printf("%s ", result_words[results[i]]);
	printf("%s\n", device_state_words[evaluate_state(profile, results)]);
	json_decref(facts);
}

int main(void)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while ((len = getline(&line, &size, stdin)) > 0) {
		char *rest = line;
		const char *word;

		line[strcspn(line, "\n")] = '\0';
		word = strsep(&rest, " ");
		if (strcmp(word, "profile") == 0 && rest)
			read_profile(rest, &profile);
		else if (strcmp(word, "supplement") == 0 && rest)
			read_supplement(rest, &profile);
		else if (strcmp(word, "facts") == 0 && rest)
			judge(rest, profile);
		else if (strcmp(word, "words") == 0)
			print_language();
		else if (strcmp(word, "flush") == 0)
			fflush(stdout);
		else
			printf("error no such line: %s\n", word);
	}
	return ferror(stdin) ? 1 : 0;
}
