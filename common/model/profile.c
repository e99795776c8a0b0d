/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles: the file as a whole. Its checks are read in profile_check.c.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/model/endpoint.h"
#include "common/model/profile_check.h"

#define TITLE_MAX 200
#define TEXT_MAX 1000
#define HOURS_MAX INT64_C(8784)       /* a leap year */
#define FIX_MINUTES_MAX INT64_C(1440) /* a day */

const char *const table_tier_words[] = {
	[TIER_FULL] = "full",
	[TIER_LIMITED] = "limited",
	[TIER_UNSUPPORTED] = "unsupported",
	[TIER_MAX_] = NULL,
};

/* The text of the member @key; @fallback where it may be left out and is. */
static int member_text(const struct node *node, const char *key, const char *fallback, size_t max,
		       const char **ret_text, struct err *err)
{
	struct node member = node_member(node, key);
	int r;

	if (!member.value && fallback) {
		*ret_text = fallback;
		return 0;
	}
	r = node_text(&member, max, ret_text, err);
	if (r >= 0 && !fallback && (*ret_text)[0] == '\0')
		return node_error(&member, err, "empty");
	return r;
}

static int member_int(const struct node *node, const char *key, int64_t fallback, int64_t max,
		      int64_t *ret_value, struct err *err)
{
	struct node member = node_member(node, key);

	if (!member.value) {
		*ret_value = fallback;
		return 0;
	}
	return node_int(&member, 0, max, ret_value, err);
}

static int member_day(const struct node *node, const char *key, int32_t fallback, int32_t *ret_day,
		      struct err *err)
{
	struct node member = node_member(node, key);
	struct err why = { 0 };
	const char *text;
	int r;

	if (!member.value) {
		*ret_day = fallback;
		return 0;
	}
	r = node_text(&member, CIVIL_TEXT_SIZE, &text, err);
	if (r >= 0 && civil_parse(text, ret_day, &why) < 0)
		return node_error(&member, err, "%s", why.text);
	return r;
}

/* Ids are used in URLs, CSV and file names: "os.supported", "ca-caaspp". */
static int check_id(const struct node *node, const char *id, struct err *err)
{
	for (const char *c = id; *c; c++) {
		if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) &&
		    (c == id || !strchr("._-", *c)))
			return node_error(node, err,
					  "'%.60s': ids are lower-case letters, digits, . _ -", id);
	}
	return 0;
}

static int member_id(const struct node *node, const char *key, const char *fallback,
		     const char **ret_id, struct err *err)
{
	struct node member = node_member(node, key);
	int r = member_text(node, key, fallback, PROFILE_ID_MAX / 2, ret_id, err);

	return r < 0 ? r : check_id(&member, *ret_id, err);
}

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

static int read_row(const struct node *node, struct profile_row *row, struct err *err)
{
	struct node tier = node_member(node, "tier");
	unsigned word = TIER_FULL;
	int r;

	if (!json_is_object(node->value))
		return node_error(node, err, "expected object: a row of a table");
	row->keys = node->value;
	r = tier.value ? node_word(&tier, table_tier_words, &word, err) : 0;
	row->tier = (enum table_tier)word;
	if (r >= 0)
		r = member_day(node, "from", INT32_MIN, &row->from, err);
	if (r >= 0)
		r = member_day(node, "until", INT32_MAX, &row->until, err);
	if (r >= 0 && row->from > row->until)
		return node_error(node, err, "until is before from: this row never holds");
	if (r >= 0)
		r = member_text(node, "note", "", TEXT_MAX, &row->note, err);
	return r;
}

static int read_tables(const struct node *root, struct profile *profile, struct err *err)
{
	struct node tables = node_member(root, "tables");
	const char *name;
	json_t *value;

	if (!tables.value)
		return 0;
	if (!json_is_object(tables.value))
		return node_error(&tables, err, "expected object: tables by their name");
	profile->tables = xcalloc(json_object_size(tables.value), sizeof(*profile->tables));
	json_object_foreach ((json_t *)tables.value, name, value) {
		struct node node = node_member(&tables, name);
		struct profile_table *table = &profile->tables[profile->n_tables];
		size_t n;
		int r = node_list(&node, PROFILE_ROWS_MAX, &n, err);

		if (r < 0)
			return r;
		table->name = name;
		table->rows = xcalloc(n, sizeof(*table->rows));
		profile->n_tables++;
		for (; table->n_rows < n; table->n_rows++) {
			struct node row = node_item(&node, table->n_rows);

			r = read_row(&row, &table->rows[table->n_rows], err);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

static int read_fix(const struct node *node, struct fix *fix, struct err *err)
{
	static const char *const members[] = { "id", "text", "minutes", NULL };
	struct node minutes = node_member(node, "minutes");
	int r;

	if (!node->value)
		return node_error(node, err, "missing: every requirement says how to mend it");
	r = node_object(node, members, err);
	if (r >= 0)
		r = member_id(node, "id", NULL, &fix->id, err);
	if (r >= 0)
		r = member_text(node, "text", NULL, TEXT_MAX, &fix->text, err);
	if (r >= 0)
		r = node_int(&minutes, 0, FIX_MINUTES_MAX, &fix->minutes, err);
	return r;
}

static int read_roles(const struct node *node, unsigned *ret_roles, struct err *err)
{
	size_t n;
	int r = node_list(node, ROLE_MAX_, &n, err);

	*ret_roles = 0;
	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(node, i);
		unsigned role;

		r = node_word(&item, device_role_words, &role, err);
		if (r >= 0)
			*ret_roles |= 1U << role;
	}
	if (r >= 0 && *ret_roles == 0)
		return node_error(node, err, "empty: this requirement is for nobody");
	return r;
}

static int read_requirement(const struct node *node, struct profile *profile,
			    struct requirement *requirement, struct err *err)
{
	static const char *const members[] = { "id",   "severity", "roles",  "title", "check",
					       "when", "fix",      "source", NULL };
	struct node severity = node_member(node, "severity");
	struct node roles = node_member(node, "roles");
	struct node check = node_member(node, "check");
	struct node when = node_member(node, "when");
	struct node fix = node_member(node, "fix");
	unsigned word = 0;
	int r;

	r = node_object(node, members, err);
	if (r >= 0)
		r = member_id(node, "id", NULL, &requirement->id, err);
	if (r >= 0)
		r = node_word(&severity, severity_words, &word, err);
	requirement->severity = (enum severity)word;
	if (r >= 0)
		r = read_roles(&roles, &requirement->roles, err);
	if (r >= 0)
		r = member_text(node, "title", NULL, TITLE_MAX, &requirement->title, err);
	if (r >= 0)
		r = member_text(node, "source", NULL, TEXT_MAX, &requirement->source, err);
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

static int read_freshness(const struct node *root, struct freshness *freshness, struct err *err)
{
	static const char *const members[] = { "default", "last_week", "last_day", NULL };
	struct node node = node_member(root, "freshness_hours");
	int r;

	if (!node.value)
		return node_error(
			&node, err,
			"missing: {\"default\": 336, \"last_week\": 72, \"last_day\": 24}");
	r = node_object(&node, members, err);
	if (r >= 0)
		r = member_int(&node, "default", 336, HOURS_MAX, &freshness->default_hours, err);
	if (r >= 0)
		r = member_int(&node, "last_week", freshness->default_hours, HOURS_MAX,
			       &freshness->last_week_hours, err);
	if (r >= 0)
		r = member_int(&node, "last_day", freshness->last_week_hours, HOURS_MAX,
			       &freshness->last_day_hours, err);
	return r;
}

static int read_rules(const struct node *root, struct certification_rules *rules, struct err *err)
{
	static const char *const members[] = { "coverage_percent", "devices_percent",
					       "browser_percent",  "latest_last_day",
					       "minimum_weekdays", NULL };
	struct node node = node_member(root, "certification");
	int r = node.value ? node_object(&node, members, err) : 0;

	if (r >= 0)
		r = member_int(&node, "coverage_percent", 95, 100, &rules->coverage_percent, err);
	if (r >= 0)
		r = member_int(&node, "devices_percent", 95, 100, &rules->devices_percent, err);
	if (r >= 0)
		r = member_int(&node, "browser_percent", 100, 100, &rules->browser_percent, err);
	if (r >= 0)
		r = member_day(&node, "latest_last_day", INT32_MAX, &rules->latest_last_day, err);
	if (r >= 0)
		r = member_int(&node, "minimum_weekdays", 0, 366, &rules->minimum_weekdays, err);
	return r;
}

static int read_profile(const struct node *root, struct profile *profile, struct err *err)
{
	static const char *const members[] = {
		"profile",         "year",         "title",         "source",    "tables",
		"freshness_hours", "requirements", "certification", "endpoints", NULL
	};
	const char *name, *year, *source;
	int r;

	r = node_object(root, members, err);
	if (r >= 0)
		r = member_id(root, "profile", NULL, &name, err);
	if (r >= 0)
		r = member_id(root, "year", "", &year, err);
	if (r >= 0)
		r = member_text(root, "title", NULL, TITLE_MAX, &profile->title, err);
	if (r >= 0)
		r = member_text(root, "source", "", TEXT_MAX, &source, err);
	if (r >= 0)
		r = read_freshness(root, &profile->freshness, err);
	if (r >= 0)
		r = read_rules(root, &profile->rules, err);
	if (r >= 0)
		r = read_endpoints(root, profile, err);
	if (r >= 0)
		r = read_tables(root, profile, err);
	if (r >= 0)
		r = read_requirements(root, profile, err);
	if (r >= 0)
		snprintf(profile->id, sizeof(profile->id), "%.32s%s%.31s", name, year[0] ? "-" : "",
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

int64_t profile_fresh_hours(const struct profile *profile, bool has_window, int32_t days)
{
	if (!has_window || days > 7)
		return profile->freshness.default_hours;
	return days == 0 || days == 1 ? profile->freshness.last_day_hours
				      : profile->freshness.last_week_hours;
}
