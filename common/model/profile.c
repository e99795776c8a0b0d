/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles: the file as a whole. Its checks are read in profile_check.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/version.h"
#include "common/model/endpoint.h"
#include "common/model/profile_check.h"
#include "common/model/profile_composed.h"
#include "common/model/profile_member.h"

const char *const table_tier_words[] = {
	[TIER_FULL] = "full",
	[TIER_LIMITED] = "limited",
	[TIER_UNSUPPORTED] = "unsupported",
	[TIER_MAX_] = NULL,
};

static int read_endpoint(const struct node *node, struct endpoint *endpoint, const char **ret_text,
			 struct err *err)
{
	struct err why = { 0 };
	int r = node_text(node, ENDPOINT_MAX, ret_text, err);

	if (r >= 0 && endpoint_parse(*ret_text, endpoint, &why) < 0)
		return node_error(node, err, "%s", why.text);
	return r;
}

static int read_endpoints(const struct node *root, struct profile *profile, struct err *err)
{
	struct node list = node_member(root, "endpoints");
	struct endpoint seen[PROFILE_ENDPOINTS_MAX];
	size_t n = 0;
	int r = list.value ? node_list(&list, PROFILE_ENDPOINTS_MAX, &n, err) : 0;

	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(&list, i);

		r = read_endpoint(&item, &seen[i], &profile->endpoints[i], err);
		for (size_t j = 0; r >= 0 && j < i; j++) {
			if (seen[j].port == seen[i].port && strcmp(seen[j].host, seen[i].host) == 0)
				return node_error(&item, err,
						  "'%s' is there twice: every server is tried once",
						  profile->endpoints[i]);
		}
	}
	return r;
}

static int check_version_set(const struct node *node, struct err *err)
{
	struct err why = { 0 };
	const char *set;
	int r = node_text(node, VERSION_SET_MAX, &set, err);

	if (r >= 0 && version_set_check(set, &why) < 0)
		return node_error(node, err, "%s", why.text);
	return r;
}

static int check_except(const struct node *node, struct err *err)
{
	size_t n;
	int r = node_list(node, FACTS_LIST_MAX, &n, err);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(node, i);

		r = check_version_set(&item, err);
	}
	return r;
}

/*
 * What a row has whatever fact it is for; whether its keys suit a fact is seen where a check names
 * both. What is no key says how long and how well a row holds, and not what for.
 */
static int check_keys(const struct node *row, struct err *err)
{
	bool has_key = false;
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)row->value, key, value) {
		struct node node = node_member(row, key);
		int r = 0;

		if (strcmp(key, "except") == 0)
			r = check_except(&node, err);
		if (profile_row_key_is_reserved(key) && r >= 0)
			continue;
		has_key = true;
		if (r >= 0 && (strcmp(key, "version") == 0 || strcmp(key, "version_id") == 0))
			r = check_version_set(&node, err);
		else if (r >= 0 && !json_is_string(value) && !json_is_integer(value) &&
			 !json_is_boolean(value))
			r = node_error(&node, err,
				       "expected a text, a whole number, true or false");
		if (r < 0)
			return r;
	}
	return has_key ? 0 : node_error(row, err, "matches everything: name what it is for");
}

static int read_row(const struct node *node, struct profile_row *row, struct err *err)
{
	static const struct member_rule note = { "note", PROFILE_TEXT_MAX, NULL };
	struct node tier = node_member(node, "tier");
	unsigned word = TIER_FULL;
	int r;

	if (!json_is_object(node->value))
		return node_error(node, err, "expected object: a row of a table");
	row->keys = node->value;
	r = check_keys(node, err);
	if (r >= 0 && tier.value)
		r = node_word(&tier, table_tier_words, &word, err);
	row->tier = (enum table_tier)word;
	if (r >= 0)
		r = member_day(node, "from", INT32_MIN, &row->from, err);
	if (r >= 0)
		r = member_day(node, "until", INT32_MAX, &row->until, err);
	if (r >= 0 && row->from > row->until)
		return node_error(node, err, "until is before from: this row never holds");
	if (r >= 0)
		r = member_text(node, &note, &row->note, err);
	return r;
}

static int read_table(const struct node *node, struct profile_table *table, struct err *err)
{
	size_t n;
	int r = node_list(node, PROFILE_ROWS_MAX, &n, err);

	if (r < 0)
		return r;
	if (n == 0)
		return node_error(node, err, "empty: nothing can ever match, add a row");
	table->name = node->key;
	table->rows = xcalloc(n, sizeof(*table->rows));
	for (; r >= 0 && table->n_rows < n; table->n_rows++) {
		struct node row = node_item(node, table->n_rows);

		r = read_row(&row, &table->rows[table->n_rows], err);
	}
	return r;
}

static int read_tables(const struct node *root, struct profile *profile, struct err *err)
{
	struct node tables = node_member(root, "tables");
	const char *name;
	json_t *value;
	int r;

	if (!tables.value)
		return 0;
	if (!json_is_object(tables.value))
		return node_error(&tables, err, "expected object: tables by their name");
	if (json_object_size(tables.value) > PROFILE_TABLES_MAX)
		return node_error(&tables, err, "%zu tables, at most %d",
				  json_object_size(tables.value), PROFILE_TABLES_MAX);
	profile->tables = xcalloc(json_object_size(tables.value), sizeof(*profile->tables));
	json_object_foreach ((json_t *)tables.value, name, value) {
		struct node node = node_member(&tables, name);

		r = id_check(&node, name, err);
		if (r >= 0)
			r = read_table(&node, &profile->tables[profile->n_tables++], err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_fix(const struct node *node, struct fix *fix, struct err *err)
{
	static const char *const members[] = { "id", "text", "minutes", NULL };
	static const struct member_rule id = {
		"id", PROFILE_NAME_MAX, "requirements with the same fix share it, replace-device"
	};
	static const struct member_rule text = { "text", PROFILE_TEXT_MAX,
						 "what a person has to do" };
	struct node minutes = node_member(node, "minutes");
	int r;

	if (!node->value)
		return node_error(node, err,
				  "missing: every requirement says how to mend it, as in {\"id\": "
				  "\"plug-in-headphones\", \"text\": \"Plug in headphones.\", "
				  "\"minutes\": 2}");
	r = node_object(node, members, err);
	if (r >= 0)
		r = member_id(node, &id, &fix->id, err);
	if (r >= 0)
		r = member_text(node, &text, &fix->text, err);
	if (r >= 0 && !minutes.value)
		return node_error(&minutes, err, "missing: how long it takes, 0 to %d",
				  PROFILE_FIX_MINUTES_MAX);
	if (r >= 0)
		r = node_int(&minutes, 0, PROFILE_FIX_MINUTES_MAX, &fix->minutes, err);
	return r;
}

static int read_roles(const struct node *node, unsigned *ret_roles, struct err *err)
{
	size_t n;
	int r;

	if (!node->value)
		return node_error(node, err,
				  "missing: the roles that it is for, as in [\"student\"]");
	r = node_list(node, ROLE_MAX_, &n, err);
	*ret_roles = 0;
	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(node, i);
		unsigned role;

		r = node_word(&item, device_role_words, &role, err);
		if (r >= 0 && *ret_roles & 1U << role)
			return node_error(&item, err, "'%s' is there twice: name it once",
					  device_role_words[role]);
		if (r >= 0)
			*ret_roles |= 1U << role;
	}
	if (r >= 0 && *ret_roles == 0)
		return node_error(node, err,
				  "empty: this requirement is for nobody, name the roles");
	return r;
}

static int read_requirement(const struct node *node, struct profile *profile,
			    struct requirement *requirement, struct err *err)
{
	static const char *const members[] = { "id",   "severity", "roles",  "title",  "check",
					       "when", "fix",      "source", "origin", NULL };
	static const struct member_rule id = { "id", PROFILE_NAME_MAX,
					       "its name for good, as in \"memory.size\"" };
	static const struct member_rule title = {
		"title", PROFILE_TITLE_MAX, "what holds where it is met: Memory is 2 GB or more"
	};
	static const struct member_rule source = { "source", PROFILE_TEXT_MAX,
						   "the document that asks it" };
	struct node severity = node_member(node, "severity");
	struct node roles = node_member(node, "roles");
	struct node check = node_member(node, "check");
	struct node when = node_member(node, "when");
	struct node fix = node_member(node, "fix");
	unsigned word = 0;
	int r;

	r = node_object(node, members, err);
	if (r >= 0)
		r = member_id(node, &id, &requirement->id, err);
	if (r >= 0)
		r = node_word(&severity, severity_words, &word, err);
	requirement->severity = (enum severity)word;
	if (r >= 0)
		r = read_roles(&roles, &requirement->roles, err);
	if (r >= 0)
		r = member_text(node, &title, &requirement->title, err);
	if (r >= 0)
		r = member_text(node, &source, &requirement->source, err);
	if (r >= 0)
		r = profile_origin_read(node, profile, &requirement->origin, err);
	if (r >= 0)
		r = read_fix(&fix, &requirement->fix, err);
	if (r >= 0)
		r = profile_check_read(&check, profile, &requirement->check, err);
	if (r >= 0 && when.value) {
		requirement->when = xcalloc(1, sizeof(*requirement->when));
		r = profile_check_read(&when, profile, requirement->when, err);
	}
	return r;
}

/* A fix that two requirements share must be the same fix. */
static int check_requirement(const struct node *node, const struct profile *profile,
			     const struct requirement *requirement, struct err *err)
{
	for (const struct requirement *other = profile->requirements; other < requirement;
	     other++) {
		struct node id = node_member(node, "id");
		struct node fix = node_member(node, "fix");

		if (strcmp(other->id, requirement->id) == 0)
			return node_error(&id, err, "'%s' is there twice: ids are unique",
					  requirement->id);
		if (strcmp(other->fix.id, requirement->fix.id) == 0 &&
		    (strcmp(other->fix.text, requirement->fix.text) != 0 ||
		     other->fix.minutes != requirement->fix.minutes))
			return node_error(&fix, err,
					  "'%s' has another text or minutes in requirement '%s'",
					  requirement->fix.id, other->id);
	}
	return 0;
}

static int read_requirements(const struct node *root, struct profile *profile, struct err *err)
{
	struct node list = node_member(root, "requirements");
	size_t n;
	int r = node_list(&list, PROFILE_REQUIREMENTS_MAX, &n, err);

	if (r < 0)
		return r;
	if (n == 0)
		return node_error(&list, err, "empty: a profile without requirements says nothing");
	profile->requirements = xcalloc(n, sizeof(*profile->requirements));
	for (size_t i = 0; i < n; i++) {
		struct node item = node_item(&list, i);
		struct requirement *requirement = &profile->requirements[i];

		profile->n_requirements++;
		r = read_requirement(&item, profile, requirement, err);
		if (r >= 0)
			r = check_requirement(&item, profile, requirement, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* A report that is fresh enough on the last day must not be stale in the week before. */
static int check_freshness(const struct node *node, const struct freshness *freshness,
			   struct err *err)
{
	struct node last_week = node_member(node, "last_week");
	struct node last_day = node_member(node, "last_day");

	if (freshness->last_week_hours > freshness->default_hours)
		return node_error(&last_week, err,
				  "%lld is more than default, %lld: nearer the test a report must "
				  "be newer",
				  (long long)freshness->last_week_hours,
				  (long long)freshness->default_hours);
	if (freshness->last_day_hours > freshness->last_week_hours)
		return node_error(&last_day, err,
				  "%lld is more than last_week, %lld: nearer the test a report "
				  "must be newer",
				  (long long)freshness->last_day_hours,
				  (long long)freshness->last_week_hours);
	return 0;
}

static int read_freshness(const struct node *root, struct freshness *freshness, struct err *err)
{
	static const char *const members[] = { "default", "last_week", "last_day", NULL };
	static const struct number_rule rules[] = {
		{ "default", 1, PROFILE_HOURS_MAX },
		{ "last_week", 1, PROFILE_HOURS_MAX },
		{ "last_day", 1, PROFILE_HOURS_MAX },
	};
	struct node node = node_member(root, "freshness_hours");
	int r;

	if (!node.value)
		return node_error(
			&node, err,
			"missing: {\"default\": 336, \"last_week\": 72, \"last_day\": 24}");
	r = node_object(&node, members, err);
	if (r >= 0)
		r = member_int(&node, &rules[0], 336, &freshness->default_hours, err);
	if (r >= 0)
		r = member_int(&node, &rules[1], freshness->default_hours,
			       &freshness->last_week_hours, err);
	if (r >= 0)
		r = member_int(&node, &rules[2], freshness->last_week_hours,
			       &freshness->last_day_hours, err);
	return r < 0 ? r : check_freshness(&node, freshness, err);
}

static int read_rules(const struct node *root, struct certification_rules *rules, struct err *err)
{
	static const char *const members[] = { "coverage_percent", "devices_percent",
					       "browser_percent",  "latest_last_day",
					       "minimum_weekdays", NULL };
	static const struct number_rule coverage = { "coverage_percent", 0, 100 };
	static const struct number_rule devices = { "devices_percent", 0, 100 };
	static const struct number_rule browser = { "browser_percent", 0, 100 };
	static const struct number_rule weekdays = { "minimum_weekdays", 0, 366 };
	struct node node = node_member(root, "certification");
	int r = node.value ? node_object(&node, members, err) : 0;

	if (r >= 0)
		r = member_int(&node, &coverage, 95, &rules->coverage_percent, err);
	if (r >= 0)
		r = member_int(&node, &devices, 95, &rules->devices_percent, err);
	if (r >= 0)
		r = member_int(&node, &browser, 100, &rules->browser_percent, err);
	if (r >= 0)
		r = member_day(&node, "latest_last_day", INT32_MAX, &rules->latest_last_day, err);
	if (r >= 0)
		r = member_int(&node, &weekdays, 0, &rules->minimum_weekdays, err);
	return r;
}

static int read_profile(const struct node *root, struct profile *profile, struct err *err)
{
	static const char *const members[] = { "profile",      "year",          "title",
					       "source",       "tables",        "freshness_hours",
					       "requirements", "certification", "endpoints",
					       "supplements",  "waivers",       NULL };
	static const struct member_rule names[] = {
		{ "profile", PROFILE_NAME_MAX, "name the programme, as in \"ca-caaspp\"" },
		{ "year", PROFILE_YEAR_MAX, NULL },
	};
	static const struct member_rule title_rule = { "title", PROFILE_TITLE_MAX,
						       "what people read" };
	static const struct member_rule source_rule = { "source", PROFILE_TEXT_MAX, NULL };
	struct node supplement = node_member(root, "supplement_to");
	const char *name, *year, *source;
	int r;

	if (supplement.value)
		return node_error(
			&supplement, err,
			"this is a supplement, and nothing is judged by one alone: once it "
			"is published, `testready-collector profile export ID --site CODE` "
			"prints what a site is judged by");
	r = node_object(root, members, err);
	if (r >= 0)
		r = member_id(root, &names[0], &name, err);
	if (r >= 0)
		r = member_id(root, &names[1], &year, err);
	if (r >= 0)
		r = member_text(root, &title_rule, &profile->title, err);
	if (r >= 0)
		r = member_text(root, &source_rule, &source, err);
	if (r >= 0)
		r = read_freshness(root, &profile->freshness, err);
	if (r >= 0)
		r = read_rules(root, &profile->rules, err);
	if (r >= 0)
		r = read_endpoints(root, profile, err);
	if (r >= 0)
		r = read_tables(root, profile, err);
	if (r >= 0)
		r = profile_supplements_read(root, profile, err);
	if (r >= 0)
		r = read_requirements(root, profile, err);
	if (r >= 0)
		r = profile_waivers_read(root, profile, err);
	if (r >= 0)
		snprintf(profile->id, sizeof(profile->id), "%s%s%s", name, year[0] ? "-" : "",
			 year);
	return r;
}

int profile_parse(const char *text, size_t len, const char *file, struct profile **ret_profile,
		  struct err *err)
{
	static const struct document_limits limits = { PROFILE_BYTES_MAX, PROFILE_DEPTH_MAX };
	_cleanup_(profile_freep) struct profile *profile = xcalloc(1, sizeof(*profile));
	/* A copy that ends in a NUL, for finding the places of errors. */
	_cleanup_free_ char *source = NULL;
	_cleanup_free_ char *canonical = NULL;
	struct node root = { .key = "", .file = file };
	struct err why = { 0 };
	int r;

	r = document_parse(text, len, &limits, &profile->json, &why);
	if (r < 0)
		return err_set(err, r, "%s:%s", file, why.text);
	source = xstrndup(text, len);
	root.value = profile->json;
	root.source = source;
	r = read_profile(&root, profile, err);
	if (r < 0)
		return r;

	canonical = document_canonical(profile->json);
	hash_hex(canonical, strlen(canonical), profile->version);
	*ret_profile = TAKE_PTR(profile);
	return 0;
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	for (size_t i = 0; i < profile->n_requirements; i++) {
		struct requirement *requirement = &profile->requirements[i];

		profile_check_done(&requirement->check);
		if (requirement->when)
			profile_check_done(requirement->when);
		free(requirement->when);
	}
	for (size_t i = 0; i < profile->n_tables; i++)
		free(profile->tables[i].rows);
	free(profile->waivers);
	free(profile->requirements);
	free(profile->tables);
	json_decref(profile->json);
	free(profile);
}

int profile_find(const struct profile *profile, const char *id)
{
	for (size_t i = 0; i < profile->n_requirements; i++) {
		if (strcmp(profile->requirements[i].id, id) == 0)
			return (int)i;
	}
	return -1;
}

int64_t freshness_hours(const struct freshness *freshness, bool has_window, int32_t days)
{
	if (!has_window || days > 7)
		return freshness->default_hours;
	return days == 0 || days == 1 ? freshness->last_day_hours : freshness->last_week_hours;
}
