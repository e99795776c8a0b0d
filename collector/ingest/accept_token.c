/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "collector/act/act_token.h"
#include "collector/ingest/accept_token.h"
#include "common/base/mem.h"
#include "common/model/profile_member.h"

#define BYTES_MAX ((size_t)4 * 1024)

void accepted_token_done(struct accepted_token *token)
{
	free(token->name);
	*token = (struct accepted_token){ 0 };
}

static int read_grant(const struct node *root, struct grant *ret_grant, char **ret_pointer,
		      struct err *err)
{
	static const struct member_rule rule = { "code", ACCESS_CODE_SIZE - 1,
						 "the code of the LEA or the site" };
	struct node role_node = node_member(root, "role"), scope_node = node_member(root, "scope");
	struct node code_node = node_member(root, "code");
	unsigned role = 0, scope = 0;
	const char *code = "";
	int r = member_at(root, "role", node_word(&role_node, person_role_words, &role, err),
			  ret_pointer);

	if (r >= 0)
		r = member_at(root, "scope", node_word(&scope_node, scope_words, &scope, err),
			      ret_pointer);
	if (r < 0)
		return r;
	if (scope != SCOPE_STATE)
		r = member_text(root, &rule, &code, err);
	else if (code_node.value && !json_is_null(code_node.value))
		r = node_error(&code_node, err, "the whole state has no code; leave it out");
	if (member_at(root, "code", r, ret_pointer) < 0)
		return r;
	*ret_grant = (struct grant){ .role = (enum person_role)role, .scope = (enum scope)scope };
	snprintf(ret_grant->code, sizeof(ret_grant->code), "%s", code);
	return 0;
}

static int read_token(const struct node *root, struct accepted_token *token, char **ret_pointer,
		      struct err *err)
{
	static const char *const members[] = { "name", "role", "scope", "code", "days", NULL };
	static const struct member_rule rule = { "name", TOKEN_NAME_MAX,
						 "say which program it is for" };
	struct node days = node_member(root, "days");
	const char *name = "";
	int r = node_at(root, node_object(root, members, err), ret_pointer);

	if (r >= 0)
		r = member_at(root, "name", member_text(root, &rule, &name, err), ret_pointer);
	if (r >= 0)
		r = read_grant(root, &token->grant, ret_pointer, err);
	if (r >= 0)
		r = member_at(root, "days", node_int(&days, 1, TOKEN_DAYS_MAX, &token->days, err),
			      ret_pointer);
	if (r >= 0)
		token->name = xstrdup(name);
	return r;
}

int accept_token(const char *body, size_t len, struct accepted_token *ret_token, char **ret_pointer,
		 struct err *err)
{
	static const struct document_limits limits = { .bytes = BYTES_MAX, .depth = 4 };
	struct accepted_token token = { 0 };
	char *pointer = NULL;
	json_t *json;
	int r = document_parse(body, len, &limits, &json, err);

	if (r < 0)
		return r;
	r = read_token(&(struct node){ .value = json, .key = "" }, &token, &pointer, err);
	json_decref(json);
	if (r < 0) {
		*ret_pointer = pointer;
		return r;
	}
	*ret_token = token;
	return 0;
}
