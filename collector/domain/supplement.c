/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Supplements: the file as such. What only shows together with the profile, a fact that
 * does not exist as much as a threshold that is lower, is found in profile_compose.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/supplement.h"
#include "common/base/mem.h"
#include "common/model/document.h"
#include "common/model/profile_member.h"

/* Where a text may be left out. */
static const struct member_rule source_rule = { "source", PROFILE_TEXT_MAX, NULL };

static const struct document_limits limits = { SUPPLEMENT_BYTES_MAX, PROFILE_DEPTH_MAX };

/* As node_object(); what is too much is told with @hint, which says what to do about it. */
static int read_object(const struct node *node, const char *const *names, const char *hint,
		       struct err *err)
{
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)node->value, key, value) {
		const char *const *name = names;

		while (*name && strcmp(*name, key) != 0)
			name++;
		if (!*name) {
			struct node stray = node_member(node, key);

			return node_error(&stray, err, "unknown member: %s", hint);
		}
	}
	return node_object(node, names, err);
}

static int read_scope(const struct node *root, struct supplement *supplement, struct err *err)
{
	static const char *const members[] = { "lea", "site", NULL };
	static const char allowed[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-";
	struct member_rule rule = { .max = PROFILE_CODE_MAX,
				    .hint = "the code of the LEA or the site" };
	struct node node = node_member(root, "scope");
	struct node code;
	int r;

	if (!node.value)
		return node_error(&node, err, "missing: {\"lea\": CODE} or {\"site\": CODE}");
	r = read_object(&node, members, "a scope is {\"lea\": CODE} or {\"site\": CODE}", err);
	if (r < 0)
		return r;
	if (json_object_size(node.value) != 1)
		return node_error(&node, err, "one of {\"lea\": CODE} or {\"site\": CODE}");
	supplement->scope = json_object_get(node.value, "lea") ? SCOPE_LEA : SCOPE_SITE;
	rule.key = scope_words[supplement->scope];
	code = node_member(&node, rule.key);
	r = member_text(&node, &rule, &supplement->scope_code, err);
	if (r >= 0 && supplement->scope_code[strspn(supplement->scope_code, allowed)])
		return node_error(&code, err, "'%s' may have only letters, digits and . _ -",
				  supplement->scope_code);
	return r;
}

static int check_freshness(const struct node *root, struct err *err)
{
	static const char *const members[] = { "default", "last_week", "last_day", NULL };
	struct node node = node_member(root, "freshness_hours");
	int64_t hours;
	int r = node.value ? node_object(&node, members, err) : 0;

	for (const char *const *name = members; r >= 0 && *name; name++) {
		const struct number_rule rule = { *name, 1, PROFILE_HOURS_MAX };

		r = member_int(&node, &rule, 1, &hours, err);
	}
	return r;
}

static int check_certification(const struct node *root, struct err *err)
{
	static const struct number_rule numbers[] = {
		{ "coverage_percent", 0, 100 },
		{ "devices_percent", 0, 100 },
		{ "browser_percent", 0, 100 },
		{ "minimum_weekdays", 0, 366 },
	};
	static const char *const members[] = { "coverage_percent", "devices_percent",
					       "browser_percent",  "minimum_weekdays",
					       "latest_last_day",  NULL };
	struct node node = node_member(root, "certification");
	int64_t number;
	int32_t day;
	int r = node.value ? node_object(&node, members, err) : 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(numbers); i++)
		r = member_int(&node, &numbers[i], 0, &number, err);
	return r < 0 ? r : member_day(&node, "latest_last_day", 0, &day, err);
}

/* Rows are read with the check that uses them. */
static int check_tables(const struct node *root, struct err *err)
{
	struct node tables = node_member(root, "tables");
	const char *name;
	json_t *value;

	if (!tables.value)
		return 0;
	if (!json_is_object(tables.value))
		return node_error(&tables, err, "expected object: tables by their name");
	json_object_foreach ((json_t *)tables.value, name, value) {
		struct node table = node_member(&tables, name);
		size_t n;
		int r = node_list(&table, PROFILE_ROWS_MAX, &n, err);

		if (r >= 0)
			r = id_check(&table, name, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_roles(const struct node *node, struct err *err)
{
	size_t n;
	int r = node_list(node, ROLE_MAX_, &n, err);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(node, i);
		unsigned role;

		r = node_word(&item, device_role_words, &role, err);
	}
	return r >= 0 && n == 0 ? node_error(node, err, "empty: name the roles to add") : r;
}

static int check_tightening(const struct node *node, const char **ret_id, struct err *err)
{
	static const struct member_rule id = { "tightens", PROFILE_NAME_MAX,
					       "the id of a requirement of the profile" };
	static const char *const members[] = { "tightens", "severity", "roles",
					       "check",    "source",   NULL };
	struct node severity = node_member(node, "severity");
	struct node roles = node_member(node, "roles");
	struct node check = node_member(node, "check");
	unsigned word = SEVERITY_REQUIRED;
	const char *source;
	int r;

	r = read_object(node, members,
			"what tightens has severity, roles, check and source; anything else of a "
			"requirement is the programme's",
			err);
	if (r >= 0)
		r = member_id(node, &id, ret_id, err);
	if (r >= 0 && severity.value)
		r = node_word(&severity, severity_words, &word, err);
	if (r >= 0 && word != SEVERITY_REQUIRED)
		return node_error(
			&severity, err,
			"a supplement can only tighten, to required; to loosen, waive the "
			"requirement");
	if (r >= 0 && roles.value)
		r = check_roles(&roles, err);
	if (r >= 0 && check.value && !json_is_object(check.value))
		return node_error(&check, err, "expected object: a check");
	if (r >= 0)
		r = member_text(node, &source_rule, &source, err);
	if (r >= 0 && !severity.value && !roles.value && !check.value)
		return node_error(node, err,
				  "tightens nothing: add severity, roles or a check that must hold "
				  "besides");
	return r;
}

static int check_own(const struct node *node, const char **ret_id, struct err *err)
{
	static const char *const members[] = { "id",   "severity", "roles",  "title", "check",
					       "when", "fix",      "source", NULL };
	static const struct member_rule rule = { "id", PROFILE_NAME_MAX, "as in own.headphones" };
	struct node id = node_member(node, "id");
	int r = read_object(node, members,
			    "a requirement has id, severity, roles, title, check, when, fix and "
			    "source",
			    err);

	if (r >= 0 && json_is_object(node->value) && !id.value)
		return node_error(node, err,
				  "neither id nor tightens: an id for a requirement of its own, "
				  "tightens for one of the profile's");
	if (r >= 0)
		r = member_id(node, &rule, ret_id, err);
	if (r >= 0 && strcmp(*ret_id, REQUIREMENT_BROWSER) == 0)
		return node_error(&id, err,
				  "'%s' is what a school's Browser number counts, so only the "
				  "programme can have it: choose another id",
				  *ret_id);
	return r;
}

static int check_requirements(const struct node *root, struct err *err)
{
	struct node list = node_member(root, "requirements");
	const char *ids[PROFILE_REQUIREMENTS_MAX];
	size_t n = 0;
	int r = list.value ? node_list(&list, PROFILE_REQUIREMENTS_MAX, &n, err) : 0;

	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(&list, i);
		bool tightens = json_object_get(item.value, "tightens") != NULL;
		struct node id = node_member(&item, tightens ? "tightens" : "id");

		ids[i] = "";
		r = tightens ? check_tightening(&item, &ids[i], err)
			     : check_own(&item, &ids[i], err);
		for (size_t j = 0; r >= 0 && j < i; j++) {
			if (strcmp(ids[j], ids[i]) == 0)
				return node_error(&id, err,
						  "'%s' is there twice: join checks by all_of",
						  ids[i]);
		}
	}
	return r;
}

static bool asks_something(const json_t *json)
{
	return json_array_size(json_object_get(json, "requirements")) > 0 ||
	       json_object_size(json_object_get(json, "freshness_hours")) > 0 ||
	       json_object_size(json_object_get(json, "certification")) > 0;
}

static int read_supplement(const struct node *root, struct supplement *supplement, struct err *err)
{
	static const char *const members[] = { "supplement_to",   "scope",         "title",
					       "source",          "tables",        "requirements",
					       "freshness_hours", "certification", NULL };
	static const struct member_rule to = {
		"supplement_to", PROFILE_ID_MAX,
		"the profile's id and year, as in ca-caaspp-2022-23"
	};
	static const struct member_rule title = { "title", PROFILE_TITLE_MAX, "what people read" };
	struct node endpoints = node_member(root, "endpoints");
	const char *profile_id, *source;
	int r;

	if (endpoints.value)
		return node_error(&endpoints, err,
				  "only the programme names servers, since every device that has "
				  "the profile connects to them: leave them out");
	r = node_object(root, members, err);
	if (r >= 0)
		r = member_text(root, &to, &profile_id, err);
	if (r >= 0)
		snprintf(supplement->profile_id, sizeof(supplement->profile_id), "%s", profile_id);
	if (r >= 0)
		r = read_scope(root, supplement, err);
	if (r >= 0)
		r = member_text(root, &title, &supplement->title, err);
	if (r >= 0)
		r = member_text(root, &source_rule, &source, err);
	if (r >= 0)
		r = check_freshness(root, err);
	if (r >= 0)
		r = check_certification(root, err);
	if (r >= 0)
		r = check_tables(root, err);
	if (r >= 0)
		r = check_requirements(root, err);
	if (r >= 0 && !asks_something(root->value))
		return node_error(root, err,
				  "asks nothing: add requirements, freshness_hours or "
				  "certification");
	return r;
}

bool supplement_is_one(const char *text, size_t len)
{
	/* By the profile's limit: one that is too large is to be called a supplement all the same.
	 */
	static const struct document_limits any = { PROFILE_BYTES_MAX, PROFILE_DEPTH_MAX };
	json_t *json = NULL;
	bool is_one = document_parse(text, len, &any, &json, NULL) >= 0 &&
		      json_object_get(json, "supplement_to");

	json_decref(json);
	return is_one;
}

int supplement_parse(const char *text, size_t len, const char *file,
		     struct supplement **ret_supplement, struct err *err)
{
	_cleanup_(supplement_freep) struct supplement *supplement = xcalloc(1, sizeof(*supplement));
	_cleanup_free_ char *canonical = NULL;
	struct node root = { .key = "", .file = file };
	struct err why = { 0 };
	int r;

	r = document_parse(text, len, &limits, &supplement->json, &why);
	if (r < 0)
		return err_set(err, r, "%s:%s", file, why.text);
	supplement->text = xstrndup(text, len);
	supplement->file = xstrdup(file);
	root.value = supplement->json;
	root.source = supplement->text;
	r = read_supplement(&root, supplement, err);
	if (r < 0)
		return r;

	canonical = document_canonical(supplement->json);
	hash_hex(canonical, strlen(canonical), supplement->version);
	*ret_supplement = TAKE_PTR(supplement);
	return 0;
}

void supplement_free(struct supplement *supplement)
{
	if (!supplement)
		return;
	json_decref(supplement->json);
	free(supplement->text);
	free(supplement->file);
	free(supplement);
}
