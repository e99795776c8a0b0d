/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What ships in packaging/profiles: that every requirement has text cases in which it holds, fails
 * and is not known (tests/cases/profile/shipped*.case; test_cases.c runs them), and its source.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/profile.h"
#include "tests/unit/unit.h"

#define CASES "tests/cases/profile"
#define PROFILES "packaging/profiles"
#define FILE_BYTES_MAX ((size_t)1024 * 1024)

static char *read_file(const char *folder, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", folder, name);
	char *text;

	if (file_read_at(AT_FDCWD, path, FILE_BYTES_MAX, &text, NULL, NULL) < 0)
		fail_msg("%s cannot be read", path);
	return text;
}

static void for_each(const char *folder, const char *prefix, const char *suffix,
		     void (*look)(const char *name, void *user), void *user)
{
	struct dirent *entry;
	DIR *dir = opendir(folder);
	size_t n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (!text_starts(entry->d_name, prefix) || !text_ends(entry->d_name, suffix))
			continue;
		look(entry->d_name, user);
		n++;
	}
	closedir(dir);
	if (n == 0)
		fail_msg("%s has no %s*%s", folder, prefix, suffix);
}

/* What the cases of one profile give, as " id=result id=result". */
struct given {
	const char *profile; /* path of its file */
	char *text;
};

static void collect(const char *name, void *user)
{
	_cleanup_free_ char *text = read_file(CASES, name);
	struct given *given = user;
	bool is_of_it = false;
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (text_starts(line, "profile "))
			is_of_it = strcmp(line + strlen("profile "), given->profile) == 0;
		if (is_of_it && text_starts(line, "gives ")) {
			char *more = xasprintf("%s %s ", given->text, line + strlen("gives "));

			free(given->text);
			given->text = more;
		}
	}
}

/* No system that the agent runs on is supported in that year. */
static bool is_impossible(const char *profile, const char *word)
{
	return strcmp(profile, "ca-caaspp-2024-25.json") == 0 &&
	       strcmp(word, " os.supported=pass ") == 0;
}

static void check_cases(const char *name, void *user)
{
	static const enum result wanted[] = { RESULT_PASS, RESULT_FAIL, RESULT_UNKNOWN };
	_cleanup_free_ char *text = read_file(PROFILES, name);
	_cleanup_free_ char *path = xasprintf("%s/%s", PROFILES, name);
	struct given given = { .profile = path, .text = xstrdup("") };
	_cleanup_(profile_freep) struct profile *profile = NULL;

	(void)user;
	assert_int_equal(profile_parse(text, strlen(text), name, &profile, NULL), 0);
	for_each(CASES, "shipped", ".case", collect, &given);
	for (size_t i = 0; i < profile->n_requirements; i++) {
		for (size_t j = 0; j < ARRAY_SIZE(wanted); j++) {
			const char *id = profile->requirements[i].id;
			_cleanup_free_ char *word =
				xasprintf(" %s=%s ", id, result_words[wanted[j]]);

			if (!strstr(given.text, word) && !is_impossible(name, word))
				fail_msg("%s: no case in " CASES "/shipped*.case gives%s", path,
					 word);
		}
	}
	free(given.text);
}

static void every_requirement_that_ships_has_cases(void **state)
{
	(void)state;
	for_each(PROFILES, "", ".json", check_cases, NULL);
}

static void check_words(const char *name, void *user)
{
	_cleanup_free_ char *text = read_file(PROFILES, name);
	_cleanup_(profile_freep) struct profile *profile = NULL;

	(void)user;
	assert_int_equal(profile_parse(text, strlen(text), name, &profile, NULL), 0);
	if (strncmp(profile->id, name, strlen(profile->id)) != 0)
		fail_msg("%s: windows name it %s", name, profile->id);
	for (size_t i = 0; i < profile->n_requirements; i++) {
		const struct requirement *requirement = &profile->requirements[i];
		size_t len = strlen(requirement->title);

		if (len < 8 || requirement->title[len - 1] == '.')
			fail_msg("%s: %s: a title is a statement without a full stop", name,
				 requirement->id);
		if (!text_ends(requirement->fix.text, "."))
			fail_msg("%s: %s: what to do is a sentence", name, requirement->id);
		if (strlen(requirement->source) < 20)
			fail_msg("%s: %s: its source is not told", name, requirement->id);
	}
}

static void every_requirement_that_ships_has_a_source_and_whole_sentences(void **state)
{
	(void)state;
	for_each(PROFILES, "", ".json", check_words, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_requirement_that_ships_has_cases),
		cmocka_unit_test(every_requirement_that_ships_has_a_source_and_whole_sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
