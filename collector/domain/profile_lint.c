/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/profile_lint_part.h"
#include "common/base/mem.h"

void lint_list_add(struct lint_list *list, enum lint_level level, const char *text)
{
	struct lint_finding *finding;

	list->findings =
		xreallocarray(list->findings, list->n_findings + 1, sizeof(*list->findings));
	finding = &list->findings[list->n_findings++];
	finding->level = level;
	finding->text = xstrdup(text);
}

void lint_list_done(struct lint_list *list)
{
	for (size_t i = 0; i < list->n_findings; i++)
		free(list->findings[i].text);
	free(list->findings);
	*list = (struct lint_list){ 0 };
}

void lint_say(struct linter *linter, enum lint_level level, const struct node *node,
	      const char *fmt, ...)
{
	struct err err;
	char what[sizeof(err.text)];
	va_list ap;

	if (linter->list->n_findings >= LINT_FINDINGS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	(void)node_error(node, &err, "%s", what);
	linter->n_places++;
	lint_list_add(linter->list, level, err.text);
}

/* --- what is of the profile as a whole ----------------------------------------------- */

/* A waiver that was published would loosen without anybody who answers for it. */
static void lint_composed(struct linter *linter, const struct node *root)
{
	static const char *const composed[] = { "supplements", "waivers" };

	for (size_t i = 0; i < ARRAY_SIZE(composed); i++) {
		struct node node = node_member(root, composed[i]);

		if (node.value)
			lint_say(linter, LINT_ERROR, &node,
				 "only the collector adds %s, for a site: leave them out, and use "
				 "`testready-collector %s`",
				 composed[i], i == 0 ? "profile publish" : "waiver add");
	}
}

static void lint_whole(struct linter *linter, const struct node *root)
{
	struct node source = node_member(root, "source");
	struct node requirements = node_member(root, "requirements");

	if (!json_string_length(source.value))
		lint_say(linter, LINT_WARNING, &source,
			 "missing: say where these requirements come from");
	if (profile_find(linter->profile, REQUIREMENT_BROWSER) < 0)
		lint_say(linter, LINT_WARNING, &requirements,
			 "no requirement '%s', which a school's Browser number counts: give that "
			 "id to the one that asks for this year's secure browser",
			 REQUIREMENT_BROWSER);
}

/* A device of which nothing is required is unknown for ever. */
static void lint_roles(struct linter *linter, const struct node *root)
{
	static const enum device_role roles[] = { ROLE_STUDENT, ROLE_SHARED, ROLE_TA };
	struct node requirements = node_member(root, "requirements");
	unsigned required = 0;

	for (size_t i = 0; i < linter->profile->n_requirements; i++) {
		const struct requirement *requirement = &linter->profile->requirements[i];

		if (requirement->severity == SEVERITY_REQUIRED)
			required |= requirement->roles;
	}
	for (size_t i = 0; i < ARRAY_SIZE(roles); i++) {
		if (!(required & 1U << roles[i]))
			lint_say(linter, LINT_WARNING, &requirements,
				 "nothing is required of %s devices, so they stay unknown: require "
				 "something of them, if there are such",
				 device_role_words[roles[i]]);
	}
}

/* --- one requirement ------------------------------------------------------------------ */

static void lint_requirement(struct linter *linter, const struct requirement *requirement,
			     const struct node *node)
{
	static const unsigned testing = 1U << ROLE_STUDENT | 1U << ROLE_SHARED | 1U << ROLE_TA;
	struct node roles = node_member(node, "roles");
	struct node origin = node_member(node, "origin");

	if (requirement->severity == SEVERITY_REQUIRED && !(requirement->roles & testing))
		lint_say(linter, LINT_WARNING, &roles,
			 "required of spare devices alone: add student, shared or ta, or make it "
			 "recommended");
	if (origin.value && !linter->profile->n_supplements)
		lint_say(linter, LINT_ERROR, &origin,
			 "only the collector says whose a requirement is: leave it out");
	lint_requirement_checks(linter, requirement, node);
}

/* The line and column that @text begins with, behind the file's name. */
static void place_of(const char *text, unsigned long place[static 2])
{
	const char *at = strstr(text, ": ");
	char *end;

	/* Back from the blank to the name's end: it may have colons itself. */
	while (at && at > text && strchr("0123456789:", at[-1]))
		at--;
	at += at && *at == ':';
	place[0] = at ? strtoul(at, &end, 10) : 0;
	place[1] = at && *end == ':' ? strtoul(end + 1, NULL, 10) : 0;
}

static int compare_findings(const void *a, const void *b)
{
	const struct lint_finding *left = a, *right = b;
	unsigned long at[2], other[2];

	place_of(left->text, at);
	place_of(right->text, other);
	if (at[0] != other[0])
		return at[0] < other[0] ? -1 : 1;
	if (at[1] != other[1])
		return at[1] < other[1] ? -1 : 1;
	return strcmp(left->text, right->text);
}

void profile_lint(const struct profile *profile, const char *text, const char *file,
		  struct lint_list *ret_list)
{
	struct node root = { .value = profile->json, .key = "", .source = text, .file = file };
	struct node list = node_member(&root, "requirements");
	struct linter linter = { .profile = profile, .list = ret_list };

	*ret_list = (struct lint_list){ 0 };
	lint_composed(&linter, &root);
	lint_whole(&linter, &root);
	lint_roles(&linter, &root);
	lint_tables(&linter, &root);
	for (size_t i = 0; i < profile->n_requirements; i++) {
		struct node node = node_item(&list, i);

		lint_requirement(&linter, &profile->requirements[i], &node);
	}
	if (ret_list->n_findings > 0)
		qsort(ret_list->findings, ret_list->n_findings, sizeof(*ret_list->findings),
		      compare_findings);
}

void supplement_lint(const struct profile *base, const struct supplement *supplement,
		     struct lint_list *ret_list)
{
	_cleanup_(profile_freep) struct profile *document = NULL;
	_cleanup_(lint_list_done) struct lint_list all = { 0 };
	_cleanup_free_ char *body = NULL;
	struct err err = { 0 };
	int r = profile_compose(base, &supplement, 1, NULL, 0, &body, &err);

	*ret_list = (struct lint_list){ 0 };
	if (r >= 0)
		r = profile_parse(body, strlen(body), "document", &document, &err);
	if (r < 0) {
		lint_list_add(ret_list, LINT_ERROR, err.text);
		return;
	}
	profile_lint(document, body, "document", &all);
	for (size_t i = 0; i < all.n_findings; i++) {
		if (supplement_tell(supplement, document->json, all.findings[i].text, &err))
			lint_list_add(ret_list, all.findings[i].level, err.text);
	}
	if (ret_list->n_findings > 0)
		qsort(ret_list->findings, ret_list->n_findings, sizeof(*ret_list->findings),
		      compare_findings);
}
