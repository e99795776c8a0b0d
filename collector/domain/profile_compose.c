/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The document that a site is judged by: the published profile, then the LEA's supplement,
 * the site's, and the waivers.
 *
 * Supplements are put into the JSON one after the other, and the document is parsed after each.
 * So whatever the parser refuses then is that supplement's, and is told with its place there.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/supplement.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/document.h"

struct composer {
	const struct profile *base; /* as it was published */
	struct profile *profile;    /* what came of it so far, owned; NULL: nothing yet */
	json_t *json;               /* the same, to be added to; owned */
	const struct supplement *supplement;
};

static void composer_done(struct composer *composer)
{
	profile_free(composer->profile);
	json_decref(composer->json);
}

static const struct profile *profile_now(const struct composer *composer)
{
	return composer->profile ? composer->profile : composer->base;
}

/* The object or list @key of @parent, made if it is not there; borrowed. */
static json_t *member_made(json_t *parent, const char *key, json_t *(*make)(void))
{
	json_t *member = json_object_get(parent, key);

	if (!member) {
		member = make();
		json_object_set_new(parent, key, member);
	}
	return member;
}

/* What the parser says of the document is of the supplement that was added last. */
static int tell_of_supplement(const struct composer *composer, int code, const char *said,
			      struct err *err)
{
	const char *text = said + strcspn(said, ":") + 1;

	if (supplement_tell(composer->supplement, composer->json, said, err))
		return code;
	text += strspn(text, "0123456789: ");
	return err_set(err, code, "%s:1:1: together with %s: %s", composer->supplement->file,
		       composer->base->id, text);
}

/* --- what a supplement asks ----------------------------------------------------------- */

/* A number that may only go one way. */
struct threshold {
	const char *name;
	int64_t now;
	bool is_upward;
};

/* Set the member of @ret_json that @node has, unless that would loosen. */
static int raise(const struct node *node, const struct threshold *threshold, json_t *ret_json,
		 struct err *err)
{
	int64_t value = json_integer_value(node->value);

	if (!node->value)
		return 0;
	if (threshold->is_upward ? value < threshold->now : value > threshold->now)
		return node_error(node, err,
				  "%" PRId64 " would loosen, it is %" PRId64
				  ": a supplement can only tighten",
				  value, threshold->now);
	json_object_set_new(ret_json, threshold->name, json_integer(value));
	return 0;
}

static int shorten_freshness(const struct composer *composer, const struct node *root,
			     struct err *err)
{
	const struct freshness *now = &profile_now(composer)->freshness;
	struct threshold hours[] = {
		{ "default", now->default_hours, false },
		{ "last_week", now->last_week_hours, false },
		{ "last_day", now->last_day_hours, false },
	};
	struct node node = node_member(root, "freshness_hours");
	json_t *json;
	int r = 0;

	if (!node.value)
		return 0;
	json = json_object();
	json_object_set_new(composer->json, "freshness_hours", json);
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(hours); i++) {
		struct node member = node_member(&node, hours[i].name);

		r = raise(&member, &hours[i], json, err);
		if (member.value)
			hours[i].now = json_integer_value(member.value);
		/* Nearer to the window no report may be older than before it. */
		if (i > 0 && hours[i].now > hours[i - 1].now)
			hours[i].now = hours[i - 1].now;
		json_object_set_new(json, hours[i].name, json_integer(hours[i].now));
	}
	return r;
}

static int raise_last_day(const struct composer *composer, const struct node *node, json_t *json,
			  struct err *err)
{
	int32_t now = profile_now(composer)->rules.latest_last_day, day = 0;
	const char *text = json_string_value(node->value);
	char was[CIVIL_TEXT_SIZE];
	int r = node->value ? civil_parse(text, &day, err) : 0;

	if (!node->value || r < 0)
		return r;
	if (day > now)
		return node_error(node, err,
				  "%s would loosen, it is %s: a supplement can only tighten", text,
				  civil_text(now, was));
	json_object_set(json, node->key, (json_t *)node->value);
	return 0;
}

static int raise_certification(const struct composer *composer, const struct node *root,
			       struct err *err)
{
	const struct certification_rules *now = &profile_now(composer)->rules;
	const struct threshold thresholds[] = {
		{ "coverage_percent", now->coverage_percent, true },
		{ "devices_percent", now->devices_percent, true },
		{ "browser_percent", now->browser_percent, true },
		{ "minimum_weekdays", now->minimum_weekdays, true },
	};
	struct node node = node_member(root, "certification");
	struct node last_day = node_member(&node, "latest_last_day");
	json_t *json;
	int r = 0;

	if (!node.value)
		return 0;
	json = member_made(composer->json, "certification", json_object);
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(thresholds); i++) {
		struct node member = node_member(&node, thresholds[i].name);

		r = raise(&member, &thresholds[i], json, err);
	}
	return r < 0 ? r : raise_last_day(composer, &last_day, json, err);
}

static int add_tables(const struct composer *composer, const struct node *root, struct err *err)
{
	struct node tables = node_member(root, "tables");
	const char *name;
	json_t *rows;

	json_object_foreach ((json_t *)tables.value, name, rows) {
		struct node table = node_member(&tables, name);
		json_t *all = member_made(composer->json, "tables", json_object);

		if (json_object_get(all, name))
			return node_error(&table, err,
					  "there is a table '%s' already, and a supplement cannot "
					  "change it: choose another name",
					  name);
		json_object_set(all, name, rows);
	}
	return 0;
}

static json_t *origin_of(const struct supplement *supplement)
{
	return json_sprintf("%s %s", scope_words[supplement->scope], supplement->scope_code);
}

static int add_own(const struct composer *composer, const struct node *node, struct err *err)
{
	json_t *list = json_object_get(composer->json, "requirements");
	struct node id = node_member(node, "id");
	const char *text = json_string_value(id.value);
	json_t *own;

	if (profile_find(profile_now(composer), text) >= 0)
		return node_error(&id, err,
				  "there is a requirement '%s' already: tighten it, or choose "
				  "another id",
				  text);
	if (json_array_size(list) >= PROFILE_REQUIREMENTS_MAX) {
		(void)node_error(node, err,
				 "a requirement too many: with those of the profile at most %d",
				 PROFILE_REQUIREMENTS_MAX);
		return -E2BIG;
	}
	/* A copy of all of it: the site's supplement may tighten what the LEA's adds. */
	own = json_deep_copy(node->value);
	json_object_set_new(own, "origin", origin_of(composer->supplement));
	json_array_append_new(list, own);
	return 0;
}

/* Add to the list @all what of @more it has not. */
static bool unite(json_t *all, const json_t *more)
{
	size_t n_before = json_array_size(all), i;
	json_t *item;

	json_array_foreach ((json_t *)more, i, item) {
		bool is_there = false;

		for (size_t j = 0; j < json_array_size(all); j++)
			is_there |= json_equal(json_array_get(all, j), item);
		if (!is_there)
			json_array_append(all, item);
	}
	return json_array_size(all) > n_before;
}

/* Both must hold. Where there is a list of those that must already, it becomes longer. */
static void add_check(json_t *requirement, const json_t *check)
{
	json_t *was = json_object_get(requirement, "check");
	json_t *list = json_object_get(was, "all_of");
	bool is_tightened = json_object_get(requirement, "origin") != NULL;

	if (!is_tightened || !list || json_array_size(list) >= PROFILE_CHILDREN_MAX) {
		list = json_array();
		json_array_append(list, was);
		json_object_set_new(requirement, "check", json_pack("{s:o}", "all_of", list));
	}
	json_array_append(list, (json_t *)check);
}

static int add_source(const struct node *node, json_t *requirement, struct err *err)
{
	struct node source = node_member(node, "source");
	const char *was = json_string_value(json_object_get(requirement, "source"));
	_cleanup_free_ char *both = NULL;

	if (!source.value)
		return 0;
	both = xasprintf("%s; %s", was, json_string_value(source.value));
	if (strlen(both) > PROFILE_TEXT_MAX)
		return node_error(&source, err,
				  "%zu bytes after the profile's own source, at most %d in all",
				  strlen(both), PROFILE_TEXT_MAX);
	json_object_set_new(requirement, "source", json_string(both));
	return 0;
}

static int tighten(const struct composer *composer, const struct node *node, struct err *err)
{
	json_t *list = json_object_get(composer->json, "requirements");
	struct node id = node_member(node, "tightens");
	const json_t *severity = json_object_get(node->value, "severity");
	const json_t *check = json_object_get(node->value, "check");
	int index = profile_find(profile_now(composer), json_string_value(id.value));
	json_t *requirement;
	bool is_changed;
	int r;

	if (index < 0)
		return node_error(&id, err,
				  "%s has no requirement '%s' to tighten: one of its own has an id",
				  composer->base->id, json_string_value(id.value));
	requirement = json_array_get(list, (size_t)index);
	is_changed = severity &&
		     !json_equal((json_t *)severity, json_object_get(requirement, "severity"));
	if (severity)
		json_object_set(requirement, "severity", (json_t *)severity);
	is_changed |=
		unite(json_object_get(requirement, "roles"), json_object_get(node->value, "roles"));
	if (check)
		add_check(requirement, check);
	if (!is_changed && !check)
		return 0;
	r = add_source(node, requirement, err);
	json_object_set_new(requirement, "origin", origin_of(composer->supplement));
	return r;
}

static int add_requirements(const struct composer *composer, const struct node *root,
			    struct err *err)
{
	struct node list = node_member(root, "requirements");
	int r = 0;

	for (size_t i = 0; r >= 0 && i < json_array_size(list.value); i++) {
		struct node item = node_item(&list, i);

		r = json_object_get(item.value, "tightens") ? tighten(composer, &item, err)
							    : add_own(composer, &item, err);
	}
	return r;
}

/* --- the document ------------------------------------------------------------------- */

/* Parse what there is now; *@ret_body is its canonical JSON, owned by the caller. */
static int parse_now(struct composer *composer, char **ret_body, struct err *err)
{
	_cleanup_free_ char *body = document_canonical(composer->json);
	struct profile *profile;
	int r = profile_parse(body, strlen(body), "document", &profile, err);

	if (r < 0)
		return r;
	profile_free(composer->profile);
	composer->profile = profile;
	*ret_body = TAKE_PTR(body);
	return 0;
}

static int add_supplement(struct composer *composer, const struct supplement *supplement,
			  struct err *err)
{
	struct node root = supplement_node(supplement);
	struct node to = node_member(&root, "supplement_to");
	_cleanup_free_ char *body = NULL;
	struct err why = { 0 };
	json_t *list;
	int r;

	composer->supplement = supplement;
	if (strcmp(supplement->profile_id, composer->base->id) != 0)
		return node_error(&to, err, "'%s' is another profile than '%s'",
				  supplement->profile_id, composer->base->id);
	r = shorten_freshness(composer, &root, err);
	if (r >= 0)
		r = raise_certification(composer, &root, err);
	if (r >= 0)
		r = add_tables(composer, &root, err);
	if (r >= 0)
		r = add_requirements(composer, &root, err);
	if (r < 0)
		return r;
	list = member_made(composer->json, "supplements", json_array);
	json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "scope",
					      scope_words[supplement->scope], "code",
					      supplement->scope_code, "title", supplement->title,
					      "version", supplement->version));
	r = parse_now(composer, &body, &why);
	return r < 0 ? tell_of_supplement(composer, r, why.text, err) : 0;
}

static int compare_waivers(const void *a, const void *b)
{
	const struct profile_waiver_text *left = a, *right = b;

	return strcmp(left->id, right->id);
}

/* By id, so that the same waivers in another order make the same version. */
static int add_waivers(const struct composer *composer, const struct profile_waiver_text *waivers,
		       size_t n_waivers, struct err *err)
{
	_cleanup_free_ struct profile_waiver_text *sorted = NULL;
	size_t n = 0;
	json_t *list;

	sorted = xcalloc(n_waivers, sizeof(*sorted));
	for (size_t i = 0; i < n_waivers; i++) {
		if (profile_find(profile_now(composer), waivers[i].requirement) >= 0)
			sorted[n++] = waivers[i];
	}
	if (n == 0)
		return 0;
	if (n > PROFILE_WAIVERS_MAX)
		return err_set(err, -E2BIG,
			       "%zu waivers of %s for one site, at most %d: revoke those that are "
			       "not needed",
			       n, composer->base->id, PROFILE_WAIVERS_MAX);
	qsort(sorted, n, sizeof(*sorted), compare_waivers);
	list = member_made(composer->json, "waivers", json_array);
	for (size_t i = 0; i < n; i++) {
		char until[CIVIL_TEXT_SIZE];

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", sorted[i].id, "scope",
					scope_words[sorted[i].scope], "requirement",
					sorted[i].requirement, "reason", sorted[i].reason, "until",
					civil_text(sorted[i].until, until)));
	}
	return 0;
}

/* NOLINTNEXTLINE(readability-function-size): see supplement.h */
int profile_compose(const struct profile *base, const struct supplement *const *supplements,
		    size_t n_supplements, const struct profile_waiver_text *waivers,
		    size_t n_waivers, char **ret_body, struct err *err)
{
	_cleanup_(composer_done) struct composer composer = { .base = base };
	struct err why = { 0 };
	int r = 0;

	assert(n_supplements <= PROFILE_SUPPLEMENTS_MAX);
	if (json_object_get(base->json, "supplements") || json_object_get(base->json, "waivers"))
		return err_set(err, -EINVAL,
			       "%s, version %.8s, is what a site is judged by: supplements and "
			       "waivers are added to the published profile",
			       base->id, base->version);
	composer.json = json_deep_copy(base->json);
	for (size_t i = 0; r >= 0 && i < n_supplements; i++) {
		assert(i == 0 || supplements[i - 1]->scope <= supplements[i]->scope);
		r = add_supplement(&composer, supplements[i], err);
	}
	if (r >= 0)
		r = add_waivers(&composer, waivers, n_waivers, err);
	if (r < 0)
		return r;
	r = parse_now(&composer, ret_body, &why);
	return r < 0 ? err_set(err, r, "%s with its waivers: %s", base->id, why.text) : 0;
}
