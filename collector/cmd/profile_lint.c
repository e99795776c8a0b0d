/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile lint: look for what is wrong with profiles and supplements before they are published.
 */
#include <errno.h>
#include <string.h>

#include "collector/cmd/admin.h"
#include "collector/cmd/profile_file.h"
#include "collector/domain/profile_lint.h"
#include "common/base/mem.h"

struct tally {
	size_t n_errors, n_warnings;
	bool is_unread; /* a file could not be read */
};

/* "FILE:3:7: warning: PLACE: what is wrong", with the level where compilers have it. */
static void print_finding(const struct profile_file *file, const struct lint_finding *finding)
{
	static const char *const words[] = { [LINT_ERROR] = "error", [LINT_WARNING] = "warning" };
	size_t name = strlen(file->name);
	size_t place = strncmp(finding->text, file->name, name) == 0
			       ? name + strspn(finding->text + name, ":0123456789")
			       : 0;

	printf("%.*s%s%s:%s%s\n", (int)place, finding->text, place ? " " : "",
	       words[finding->level], finding->text[place] == ' ' ? "" : " ",
	       finding->text + place);
}

/* The profile that @file supplements: @base, or one of the files; NULL: it is not there. */
static const struct profile *find_base(const struct profile_file *file,
				       const struct profile_file *base,
				       const struct profile_file *files, size_t n)
{
	if (base->profile)
		return base->profile;
	for (size_t i = 0; i < n; i++) {
		if (files[i].profile &&
		    strcmp(files[i].profile->id, file->supplement->profile_id) == 0)
			return files[i].profile;
	}
	return NULL;
}

static void lint_supplement(const struct profile_file *file, const struct profile *base,
			    struct lint_list *ret_list)
{
	_cleanup_free_ char *text = NULL;

	if (base) {
		supplement_lint(base, file->supplement, ret_list);
		return;
	}
	text = xasprintf("%s:1:1: supplement_to: not looked at together with '%s': name that "
			 "profile's file by --base",
			 file->name, file->supplement->profile_id);
	lint_list_add(ret_list, LINT_WARNING, text);
}

static void print_fine(const struct profile_file *file)
{
	if (file->profile)
		printf("%s: profile %s, version %.8s, %zu requirements: nothing to mend.\n",
		       file->name, file->profile->id, file->profile->version,
		       file->profile->n_requirements);
	else if (file->supplement)
		printf("%s: supplement of %s %s to %s, version %.8s: nothing to mend.\n",
		       file->name, scope_words[file->supplement->scope],
		       file->supplement->scope_code, file->supplement->profile_id,
		       file->supplement->version);
}

static void look_at(const struct profile_file *file, const struct profile *base,
		    struct tally *tally)
{
	_cleanup_(lint_list_done) struct lint_list list = { 0 };

	if (file->profile)
		profile_lint(file->profile, file->text, file->name, &list);
	else if (file->supplement)
		lint_supplement(file, base, &list);
	else
		lint_list_add(&list, LINT_ERROR, file->refusal.text);
	for (size_t i = 0; i < list.n_findings; i++) {
		tally->n_errors += list.findings[i].level == LINT_ERROR;
		tally->n_warnings += list.findings[i].level == LINT_WARNING;
		print_finding(file, &list.findings[i]);
	}
	if (list.n_findings == 0)
		print_fine(file);
}

static void look_at_all(struct profile_file *files, size_t n, const struct profile_file *base,
			struct tally *tally)
{
	for (size_t i = 0; i < n; i++) {
		if (!files[i].text) {
			(void)admin_fail(&cmd_profile_lint, &files[i].refusal);
			tally->is_unread = true;
			continue;
		}
		look_at(&files[i],
			files[i].supplement ? find_base(&files[i], base, files, n) : NULL, tally);
	}
	if (n > 1)
		printf("%zu files, %zu error%s, %zu warning%s\n", n, tally->n_errors,
		       tally->n_errors == 1 ? "" : "s", tally->n_warnings,
		       tally->n_warnings == 1 ? "" : "s");
}

static int run(int argc, char *argv[])
{
	const char *base_name = NULL;
	bool is_strict = false;
	const struct cli_option options[] = {
		{ "base", "FILE", "the profile that supplements are looked at with", &base_name,
		  NULL },
		{ "strict", NULL, "warnings are errors", NULL, &is_strict },
		{ 0 },
	};
	_cleanup_(profile_file_done) struct profile_file base = { 0 };
	struct profile_file *files;
	struct tally tally = { 0 };
	size_t n;
	int r = cli_parse(&cmd_profile_lint, options, (size_t)argc, argc, argv, &n);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n == 0)
		return admin_usage(&cmd_profile_lint, "name the files, or - for standard input");
	if (base_name && profile_file_open(base_name, &base) < 0)
		return admin_fail(&cmd_profile_lint, &base.refusal);
	if (base_name && !base.profile)
		return admin_usage(&cmd_profile_lint, "--base: '%s' is a supplement itself",
				   base_name);
	files = xcalloc(n, sizeof(*files));
	for (size_t i = 0; i < n; i++)
		(void)profile_file_open(argv[i + 1], &files[i]);
	look_at_all(files, n, &base, &tally);
	for (size_t i = 0; i < n; i++)
		profile_file_done(&files[i]);
	free(files);
	if (tally.is_unread)
		return CLI_USAGE;
	return admin_end(&cmd_profile_lint,
			 tally.n_errors > 0 || (is_strict && tally.n_warnings > 0) ? ADMIN_REFUSED
										   : CLI_OK);
}

const struct cli_command cmd_profile_lint = {
	.name = "profile lint",
	.args = "FILE...",
	.summary = "look for what is wrong with profiles and supplements",
	.run = run,
};
