/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile show: the requirements in the words of those who have to meet them.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "collector/cmd/admin.h"
#include "collector/cmd/profile_ref.h"
#include "collector/cmd/wrap.h"
#include "collector/domain/row_words.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/eval/show.h"

/* What is shown of a profile, and to whom it matters. */
struct view {
	const struct profile *profile;
	unsigned roles;
	int32_t as_of; /* the day that a site is judged for; INT32_MIN: no site was asked for */
};

/* One line, made of what is printed into it. */
struct line {
	FILE *out;
	char *text;
	size_t size;
};

static void line_open(struct line *line)
{
	line->out = open_memstream(&line->text, &line->size);
	if (!line->out)
		abort();
}

static void line_print(struct line *line, const char *label)
{
	fclose(line->out);
	wrap_print(label, line->text);
	free(line->text);
}

static void print_check(const char *label, const struct check *check)
{
	struct line line;

	line_open(&line);
	show_expected(line.out, check);
	line_print(&line, label);
}

static void print_fix(const struct fix *fix)
{
	struct line line;

	line_open(&line);
	fprintf(line.out, "%s (%" PRId64 " minute%s)", fix->text, fix->minutes,
		fix->minutes == 1 ? "" : "s");
	line_print(&line, "fix");
}

static void print_waiver(const struct profile_waiver *waiver, int32_t as_of)
{
	char until[CIVIL_TEXT_SIZE], last[CIVIL_TEXT_SIZE];
	struct line line;

	line_open(&line);
	fprintf(line.out, "for the %s until %s: %s", waiver->scope,
		civil_text(waiver->until, until), waiver->reason);
	if (as_of > waiver->until)
		fprintf(line.out, " (does not count here: the window ends on %s)",
			civil_text(as_of, last));
	line_print(&line, "waived");
}

static void print_requirement(const struct requirement *requirement, int32_t as_of)
{
	printf("\n%s  [%s]\n", requirement->title, requirement->id);
	print_check("needs", &requirement->check);
	if (requirement->when)
		print_check("only with", requirement->when);
	print_fix(&requirement->fix);
	wrap_print("source", requirement->source);
	if (requirement->origin[0])
		wrap_print("asked by", requirement->origin);
	if (requirement->waiver)
		print_waiver(requirement->waiver, as_of);
}

/* --- in groups -------------------------------------------------------------------------- */

static void print_heading(enum severity severity, unsigned roles)
{
	unsigned n = 0, n_roles = 0;

	for (unsigned role = 0; role < ROLE_MAX_; role++)
		n_roles += (roles >> role) & 1;
	printf("\n%s of ", severity == SEVERITY_REQUIRED ? "REQUIRED" : "RECOMMENDED");
	for (unsigned role = 0; role < ROLE_MAX_; role++) {
		if (roles & 1U << role)
			printf("%s%s",
			       n++ == 0       ? ""
			       : n == n_roles ? " and "
					      : ", ",
			       device_role_words[role]);
	}
	printf(" devices\n");
}

/* The roles of a requirement as they matter: of one role only, if one was asked for. */
static unsigned roles_of(const struct requirement *requirement, const struct view *view)
{
	return requirement->roles & view->roles;
}

/* Whether a requirement before the one at @index has the same heading. */
static bool had_heading(const struct view *view, size_t index)
{
	const struct requirement *requirement = &view->profile->requirements[index];

	for (size_t i = 0; i < index; i++) {
		if (view->profile->requirements[i].severity == requirement->severity &&
		    roles_of(&view->profile->requirements[i], view) == roles_of(requirement, view))
			return true;
	}
	return false;
}

static void print_group(const struct view *view, size_t first)
{
	enum severity severity = view->profile->requirements[first].severity;
	unsigned roles = roles_of(&view->profile->requirements[first], view);

	print_heading(severity, roles);
	for (size_t i = first; i < view->profile->n_requirements; i++) {
		const struct requirement *requirement = &view->profile->requirements[i];

		if (requirement->severity == severity && roles_of(requirement, view) == roles)
			print_requirement(requirement, view->as_of);
	}
}

static void print_requirements(const struct view *view)
{
	for (unsigned severity = 0; severity < SEVERITY_MAX_; severity++) {
		for (size_t i = 0; i < view->profile->n_requirements; i++) {
			const struct requirement *requirement = &view->profile->requirements[i];

			if (requirement->severity == (enum severity)severity &&
			    roles_of(requirement, view) && !had_heading(view, i))
				print_group(view, i);
		}
	}
}

/* --- tables ----------------------------------------------------------------------------- */

static void print_row(const struct profile_row *row)
{
	static const char *const tiers[] = {
		[TIER_FULL] = "yes", [TIER_LIMITED] = "limited", [TIER_UNSUPPORTED] = "no"
	};
	_cleanup_free_ char *words = row_words(row);

	wrap_print(tiers[row->tier], words);
}

static void print_tables(const struct profile *profile)
{
	for (size_t i = 0; i < profile->n_tables; i++) {
		printf("\nTABLE %s\n\n", profile->tables[i].name);
		for (size_t j = 0; j < profile->tables[i].n_rows; j++)
			print_row(&profile->tables[i].rows[j]);
	}
}

/* --- the head --------------------------------------------------------------------------- */

static void print_fresh(const struct profile *profile)
{
	const struct freshness *hours = &profile->freshness;
	struct line line;

	line_open(&line);
	fprintf(line.out,
		"a report counts for %" PRId64 " hours, in the week before the window and while it "
		"is open for %" PRId64 ", on its first day and the day before for %" PRId64,
		hours->default_hours, hours->last_week_hours, hours->last_day_hours);
	line_print(&line, "fresh");
}

static void print_rules(const struct profile *profile)
{
	const struct certification_rules *rules = &profile->rules;
	char day[CIVIL_TEXT_SIZE];
	struct line line;

	line_open(&line);
	fprintf(line.out,
		"%" PRId64 " %% of the devices reported, %" PRId64 " %% ready, %" PRId64
		" %% with the secure browser",
		rules->coverage_percent, rules->devices_percent, rules->browser_percent);
	if (rules->minimum_weekdays > 0)
		fprintf(line.out, "; a window has at least %" PRId64 " Mondays to Fridays",
			rules->minimum_weekdays);
	if (rules->latest_last_day != INT32_MAX)
		fprintf(line.out, "; it ends on %s at the latest",
			civil_text(rules->latest_last_day, day));
	line_print(&line, "certify");
}

static void print_head(const struct profile *profile)
{
	const char *source = json_string_value(json_object_get(profile->json, "source"));
	struct line line;

	printf("%s\n%s, version %.8s\n\n", profile->title, profile->id, profile->version);
	if (source)
		wrap_print("source", source);
	for (size_t i = 0; i < profile->n_supplements; i++) {
		const struct profile_supplement *supplement = &profile->supplements[i];

		line_open(&line);
		fprintf(line.out, "%s (%s %s, version %.8s)", supplement->title, supplement->scope,
			supplement->code, supplement->version);
		line_print(&line, "with");
	}
	print_fresh(profile);
	print_rules(profile);
	for (const char *const *endpoint = profile->endpoints; *endpoint; endpoint++)
		wrap_print(endpoint == profile->endpoints ? "servers" : "", *endpoint);
}

static int run(int argc, char *argv[])
{
	const char *store_url = NULL, *role_word = NULL, *site = NULL;
	const struct cli_option options[] = {
		{ "role", "ROLE", "only what is asked of student, ta, shared or spare devices",
		  &role_word, NULL },
		{ "site", "CODE", "what this site is judged by", &site, NULL },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	_cleanup_(profile_freep) struct profile *profile = NULL;
	struct view view = { .roles = ~0U, .as_of = INT32_MIN };
	enum device_role role = ROLE_STUDENT;
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_profile_show, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if ((n_args == 1) == (site != NULL))
		return admin_usage(&cmd_profile_show,
				   "name one file, profile's id or version, or a site by --site");
	if (role_word && device_role_parse(role_word, &role) < 0)
		return admin_usage(&cmd_profile_show,
				   "--role '%s' is not one of student, ta, shared, spare",
				   role_word);
	r = site ? profile_ref_of_site(site, store_url, &profile, &view.as_of, &err)
		 : profile_ref_open(argv[1], store_url, &profile, &err);
	if (r < 0)
		return admin_fail(&cmd_profile_show, &err);
	print_head(profile);
	view.profile = profile;
	if (role_word)
		view.roles = 1U << role;
	print_requirements(&view);
	print_tables(profile);
	return admin_end(&cmd_profile_show, CLI_OK);
}

const struct cli_command cmd_profile_show = {
	.name = "profile show",
	.args = "[FILE|ID|VERSION]",
	.summary = "the requirements of a profile, or of a site, in words",
	.run = run,
};
