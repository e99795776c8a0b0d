/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "common/base/mem.h"
#include "common/model/profile_composed.h"
#include "common/model/profile_member.h"

static const char code_characters[] =
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-";

/* What can stand in a URL as it is: the code of an LEA or a site, the id of a waiver. */
static int member_code(const struct node *node, const struct member_rule *rule,
		       const char **ret_code, struct err *err)
{
	struct node member = node_member(node, rule->key);
	int r = member_text(node, rule, ret_code, err);

	if (r >= 0 && (*ret_code)[strspn(*ret_code, code_characters)])
		return node_error(&member, err, "'%.64s' may have only letters, digits and . _ -",
				  *ret_code);
	return r;
}

static int member_scope(const struct node *node, const char *const *words, const char **ret_scope,
			struct err *err)
{
	struct node member = node_member(node, "scope");
	unsigned word;
	int r = node_word(&member, words, &word, err);

	if (r >= 0)
		*ret_scope = words[word];
	return r;
}

static int member_version(const struct node *node, const char **ret_version, struct err *err)
{
	static const struct member_rule rule = { "version", HASH_SIZE - 1,
						 "the supplement's version, 64 hex digits" };
	struct node member = node_member(node, rule.key);
	int r = member_text(node, &rule, ret_version, err);

	if (r >= 0 && strspn(*ret_version, "0123456789abcdef") != HASH_SIZE - 1)
		return node_error(&member, err, "'%s' is not 64 hex digits in lower case",
				  *ret_version);
	return r;
}

static int read_supplement(const struct node *node, struct profile_supplement *supplement,
			   struct err *err)
{
	static const char *const members[] = { "scope", "code", "title", "version", NULL };
	static const char *const scopes[] = { "lea", "site", NULL };
	static const struct member_rule code = { "code", PROFILE_CODE_MAX,
						 "the code of the LEA or the site" };
	static const struct member_rule title = { "title", PROFILE_TITLE_MAX, "what people read" };
	int r = node_object(node, members, err);

	if (r >= 0)
		r = member_scope(node, scopes, &supplement->scope, err);
	if (r >= 0)
		r = member_code(node, &code, &supplement->code, err);
	if (r >= 0)
		r = member_text(node, &title, &supplement->title, err);
	if (r >= 0)
		r = member_version(node, &supplement->version, err);
	return r;
}

int profile_supplements_read(const struct node *root, struct profile *profile, struct err *err)
{
	struct node list = node_member(root, "supplements");
	size_t n = 0;
	int r = list.value ? node_list(&list, PROFILE_SUPPLEMENTS_MAX, &n, err) : 0;

	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(&list, i);
		struct profile_supplement *supplement = &profile->supplements[i];

		r = read_supplement(&item, supplement, err);
		for (size_t j = 0; r >= 0 && j < i; j++) {
			if (strcmp(profile->supplements[j].scope, supplement->scope) == 0)
				return node_error(&item, err,
						  "a second one of the scope '%s': a site has one "
						  "of its LEA and one of its own",
						  supplement->scope);
		}
	}
	if (r >= 0)
		profile->n_supplements = n;
	return r;
}

int profile_origin_read(const struct node *node, const struct profile *profile,
			const char **ret_origin, struct err *err)
{
	static const struct member_rule rule = { "origin", PROFILE_CODE_MAX + 5, NULL };
	struct node member = node_member(node, rule.key);
	int r = member_text(node, &rule, ret_origin, err);

	if (r < 0 || !member.value)
		return r;
	for (size_t i = 0; i < profile->n_supplements; i++) {
		const struct profile_supplement *supplement = &profile->supplements[i];
		_cleanup_free_ char *name = xasprintf("%s %s", supplement->scope, supplement->code);

		if (strcmp(name, *ret_origin) == 0)
			return 0;
	}
	return node_error(&member, err,
			  "'%s' is none of this document's supplements, which are named as in "
			  "\"lea LUSD\"",
			  *ret_origin);
}

/* The requirement must be there: a waiver of what nobody asks is a slip of the pen. */
static int read_waived(const struct node *node, const struct profile *profile,
		       const char **ret_requirement, struct err *err)
{
	static const struct member_rule rule = { "requirement", PROFILE_ID_MAX,
						 "the id of what is waived" };
	struct node member = node_member(node, rule.key);
	int r = member_text(node, &rule, ret_requirement, err);

	if (r >= 0 && profile_find(profile, *ret_requirement) < 0)
		return node_error(&member, err, "no requirement '%s' in this profile",
				  *ret_requirement);
	return r;
}

static int read_waiver(const struct node *node, const struct profile *profile,
		       struct profile_waiver *waiver, struct err *err)
{
	static const char *const members[] = {
		"id", "scope", "requirement", "reason", "until", NULL
	};
	static const char *const scopes[] = { "state", "lea", "site", NULL };
	static const struct member_rule id = { "id", PROFILE_ID_MAX, "what it is revoked by" };
	static const struct member_rule reason = { "reason", PROFILE_REASON_MAX,
						   "say why a device that fails may be used" };
	struct node until = node_member(node, "until");
	int r = node_object(node, members, err);

	if (r >= 0)
		r = member_code(node, &id, &waiver->id, err);
	if (r >= 0)
		r = member_scope(node, scopes, &waiver->scope, err);
	if (r >= 0)
		r = read_waived(node, profile, &waiver->requirement, err);
	if (r >= 0)
		r = member_text(node, &reason, &waiver->reason, err);
	if (r >= 0 && !until.value)
		return node_error(&until, err, "missing: the last day, as in \"2027-05-31\"");
	if (r >= 0)
		r = member_day(node, "until", 0, &waiver->until, err);
	return r;
}

/* Waivers are in no order: of several of one requirement, the one that lasts longest. */
static void waive(struct profile *profile, const struct profile_waiver *waiver)
{
	struct requirement *requirement =
		&profile->requirements[profile_find(profile, waiver->requirement)];

	if (!requirement->waiver || requirement->waiver->until < waiver->until)
		requirement->waiver = waiver;
}

int profile_waivers_read(const struct node *root, struct profile *profile, struct err *err)
{
	struct node list = node_member(root, "waivers");
	size_t n = 0;
	int r = list.value ? node_list(&list, PROFILE_WAIVERS_MAX, &n, err) : 0;

	if (r < 0)
		return r;
	profile->waivers = xcalloc(n, sizeof(*profile->waivers));
	for (size_t i = 0; i < n; i++) {
		struct node item = node_item(&list, i);
		struct node id = node_member(&item, "id");
		struct profile_waiver *waiver = &profile->waivers[i];

		r = read_waiver(&item, profile, waiver, err);
		if (r < 0)
			return r;
		for (size_t j = 0; j < i; j++) {
			if (strcmp(profile->waivers[j].id, waiver->id) == 0)
				return node_error(&id, err, "'%s' is there twice: ids are unique",
						  waiver->id);
		}
		waive(profile, waiver);
		profile->n_waivers++;
	}
	return 0;
}
