/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/login_name.h"
#include "collector/domain/password_rule.h"
#include "collector/ingest/accept_person.h"
#include "common/base/mem.h"
#include "common/model/profile_member.h"

#define NAME_BYTES 480 /* before it is made fit to be shown */
#define CODE_BYTES 64
#define BYTES_MAX ((size_t)16 * 1024)

static const struct document_limits limits = { .bytes = BYTES_MAX, .depth = 5 };

static int parse(const char *body, size_t len, json_t **ret_json, struct err *err)
{
	return document_parse(body, len, &limits, ret_json, err);
}

/* Forget a secret with its text. */
static void forget(char **text)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

/* --- credentials --------------------------------------------------------------------- */

struct credential_rule {
	const char *key; /* NULL: no more */
	size_t max;      /* bytes */
	size_t offset;   /* in struct credentials */
	bool is_optional;
};
#define MEMBER(member) offsetof(struct credentials, member)
#define RULES_MAX 5

static const struct credential_rule rules[][RULES_MAX] = {
	[CREDENTIALS_SIGN_IN] = { { "login", LOGIN_NAME_MAX, MEMBER(login), false },
				  { "password", PASSWORD_BYTES_MAX, MEMBER(password), false },
				  { "code", CODE_BYTES, MEMBER(code), true } },
	[CREDENTIALS_SETUP] = { { "code", CODE_BYTES, MEMBER(code), false },
				{ "login", LOGIN_NAME_MAX, MEMBER(login), false },
				{ "name", NAME_BYTES, MEMBER(name), false },
				{ "password", PASSWORD_BYTES_MAX, MEMBER(password), false } },
	[CREDENTIALS_INVITATION] = { { "code", CODE_BYTES, MEMBER(code), false },
				     { "password", PASSWORD_BYTES_MAX, MEMBER(password), false } },
	[CREDENTIALS_PASSWORD] = { { "old", PASSWORD_BYTES_MAX, MEMBER(password), false },
				   { "new", PASSWORD_BYTES_MAX, MEMBER(new_password), false } },
	[CREDENTIALS_CODE] = { { "code", CODE_BYTES, MEMBER(code), false } },
	[CREDENTIALS_OWN_PASSWORD] = { { "password", PASSWORD_BYTES_MAX, MEMBER(password),
					 false } },
};
static_assert(ARRAY_SIZE(rules) == CREDENTIALS_MAX_, "every body has its members");

void credentials_done(struct credentials *credentials)
{
	forget(&credentials->login);
	forget(&credentials->name);
	forget(&credentials->code);
	forget(&credentials->password);
	forget(&credentials->new_password);
}

static int read_credentials(const struct node *root, const struct credential_rule *rule,
			    struct credentials *credentials, char **pointer, struct err *err)
{
	const char *names[RULES_MAX + 1] = { NULL };
	int r;

	for (size_t i = 0; rule[i].key; i++)
		names[i] = rule[i].key;
	r = node_at(root, node_object(root, names, err), pointer);
	for (; r >= 0 && rule->key; rule++) {
		struct node member = node_member(root, rule->key);
		const char *text;

		if (!member.value && rule->is_optional)
			continue;
		r = node_at(&member, node_text(&member, rule->max, &text, err), pointer);
		if (r >= 0)
			*(char **)((char *)credentials + rule->offset) = xstrdup(text);
	}
	return r;
}

int accept_credentials(enum credentials_kind kind, const char *body, size_t len,
		       struct credentials *ret_credentials, char **ret_pointer, struct err *err)
{
	struct credentials credentials = { 0 };
	json_t *json;
	int r = parse(body, len, &json, err);

	if (r < 0)
		return r;
	r = read_credentials(&(struct node){ .value = json, .key = "" }, rules[kind], &credentials,
			     ret_pointer, err);
	json_decref(json);
	if (r < 0)
		credentials_done(&credentials);
	else
		*ret_credentials = credentials;
	return r;
}

/* --- accounts ------------------------------------------------------------------------ */

void accepted_person_done(struct accepted_person *person)
{
	free(person->login);
	free(person->name);
	person->login = person->name = NULL;
}

/* Codes as import allows them; the whole state has none. */
static int read_code(const struct node *node, struct grant *grant, char **pointer, struct err *err)
{
	static const char characters[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-";
	struct node member = node_member(node, "code");
	const char *code = "";
	int r = 0;

	if (grant->scope == SCOPE_STATE) {
		if (member.value && !json_is_null(member.value))
			r = node_error(&member, err, "the whole state has no code; leave it out");
		return node_at(&member, r, pointer);
	}
	r = node_text(&member, sizeof(grant->code) - 1, &code, err);
	if (r >= 0 && (!code[0] || code[strspn(code, characters)]))
		r = node_error(&member, err, "expected the code of an LEA or a site");
	if (r >= 0)
		snprintf(grant->code, sizeof(grant->code), "%s", code);
	return node_at(&member, r, pointer);
}

static int read_grant(const struct node *node, struct grants *grants, char **pointer,
		      struct err *err)
{
	static const char *const names[] = { "role", "scope", "code", NULL };
	struct node role_node = node_member(node, "role");
	struct node scope_node = node_member(node, "scope");
	struct grant grant = { 0 };
	unsigned role = 0, scope = 0;
	int r = node_at(node, node_object(node, names, err), pointer);

	if (r >= 0)
		r = node_at(&role_node, node_word(&role_node, person_role_words, &role, err),
			    pointer);
	if (r >= 0)
		r = node_at(&scope_node, node_word(&scope_node, scope_words, &scope, err), pointer);
	if (r < 0)
		return r;
	grant.role = (enum person_role)role;
	grant.scope = (enum scope)scope;
	r = read_code(node, &grant, pointer, err);
	return r < 0 ? r : node_at(node, grants_add(grants, &grant, err), pointer);
}

static int read_grants(const struct node *root, struct accepted_person *person, char **pointer,
		       struct err *err)
{
	struct node list = node_member(root, "grants");
	size_t n = 0;
	int r = node_at(&list, node_list(&list, ACCESS_GRANTS_MAX, &n, err), pointer);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(&list, i);

		r = read_grant(&item, &person->grants, pointer, err);
	}
	person->has_grants = true;
	return r;
}

static int read_text(const struct node *root, const char *key, size_t max, char **ret_text,
		     char **pointer, struct err *err)
{
	struct node member = node_member(root, key);
	const char *text;
	int r = node_at(&member, node_text(&member, max, &text, err), pointer);

	if (r >= 0)
		*ret_text = xstrdup(text);
	return r;
}

static int read_new(const struct node *root, struct accepted_person *person, char **pointer,
		    struct err *err)
{
	static const char *const names[] = { "login", "name", "grants", NULL };
	int r = node_at(root, node_object(root, names, err), pointer);

	if (r >= 0)
		r = read_text(root, "login", LOGIN_NAME_MAX, &person->login, pointer, err);
	if (r >= 0)
		r = read_text(root, "name", NAME_BYTES, &person->name, pointer, err);
	return r < 0 ? r : read_grants(root, person, pointer, err);
}

static int read_change(const struct node *root, struct accepted_person *person, char **pointer,
		       struct err *err)
{
	static const char *const names[] = { "name", "grants", "is_disabled", NULL };
	struct node disabled = node_member(root, "is_disabled");
	bool is_disabled = false;
	int r = node_at(root, node_object(root, names, err), pointer);

	if (r >= 0 && node_member(root, "name").value)
		r = read_text(root, "name", NAME_BYTES, &person->name, pointer, err);
	if (r >= 0 && disabled.value) {
		r = node_at(&disabled, node_bool(&disabled, &is_disabled, err), pointer);
		person->is_disabled = is_disabled;
	}
	if (r >= 0 && node_member(root, "grants").value)
		r = read_grants(root, person, pointer, err);
	return r;
}

int accept_person(bool is_change, const char *body, size_t len, struct accepted_person *ret_person,
		  char **ret_pointer, struct err *err)
{
	struct accepted_person person = { .is_disabled = -1 };
	struct node root = { .key = "" };
	json_t *json;
	int r = parse(body, len, &json, err);

	if (r < 0)
		return r;
	root.value = json;
	r = is_change ? read_change(&root, &person, ret_pointer, err)
		      : read_new(&root, &person, ret_pointer, err);
	json_decref(json);
	if (r < 0)
		accepted_person_done(&person);
	else
		*ret_person = person;
	return r;
}

static int read_renewal(const struct node *root, char ret_lea_code[static ACCESS_CODE_SIZE],
			char **ret_pointer, struct err *err)
{
	static const char *const members[] = { "lea", NULL };
	static const struct member_rule rule = { "lea", ACCESS_CODE_SIZE - 1,
						 "the code of the LEA whose people are renewed" };
	const char *code = "";
	int r = node_at(root, node_object(root, members, err), ret_pointer);

	if (r >= 0)
		r = member_at(root, "lea", member_text(root, &rule, &code, err), ret_pointer);
	if (r < 0)
		return r;
	snprintf(ret_lea_code, ACCESS_CODE_SIZE, "%s", code);
	return 0;
}

int accept_renewal(const char *body, size_t len, char ret_lea_code[static ACCESS_CODE_SIZE],
		   char **ret_pointer, struct err *err)
{
	struct node root = { .key = "" };
	json_t *json;
	int r = parse(body, len, &json, err);

	if (r < 0)
		return r;
	root.value = json;
	r = read_renewal(&root, ret_lea_code, ret_pointer, err);
	json_decref(json);
	return r;
}
