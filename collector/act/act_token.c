/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act_account.h"
#include "collector/act/act_audit.h"
#include "collector/act/act_token.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

static int clean_name(const char *text, char **ret_name, struct err *err)
{
	_cleanup_free_ char *name = text_clean(text, strlen(text), (size_t)TOKEN_NAME_MAX * 4);

	if (!name[0] || strlen(name) > TOKEN_NAME_MAX)
		return err_set(err, -EINVAL,
			       "Give the token a name of at most %d bytes that says which program "
			       "it is for.",
			       TOKEN_NAME_MAX);
	*ret_name = TAKE_PTR(name);
	return 0;
}

/* Write down that @act was done to @token. */
static int note(struct store *store, const struct actor *actor, enum audit_act act,
		const struct api_token *token, int64_t now_ms, struct err *err)
{
	const struct grant *grant = &token->grant;
	char until[CIVIL_TEXT_SIZE];
	json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", token->name, "role",
				 person_role_words[grant->role], "scope", scope_words[grant->scope],
				 "code", grant->code, "expires",
				 civil_text(civil_of_ms(token->life.expires_ms), until));
	const struct audit_note what = {
		.act = act,
		.object = token->id,
		.lea_code = grant->scope == SCOPE_LEA ? grant->code : grant->lea_code,
		.site_code = grant->scope == SCOPE_SITE ? grant->code : NULL,
		.before = act == AUDIT_TOKEN_REVOKED ? json : NULL,
		.after = act == AUDIT_TOKEN_MADE ? json : NULL,
	};
	int r = act_audit(store, actor, &what, now_ms, err);

	json_decref(json);
	return r;
}

static int check_number(struct store *store, const struct actor *actor, int64_t now_ms,
			struct err *err)
{
	int64_t n = 0;
	int r = store_token_count(store, actor->account_id, now_ms, &n, err);

	if (r >= 0 && n >= TOKENS_MAX)
		return err_set(err, -E2BIG,
			       "One account has at most %d tokens; revoke one that nobody needs.",
			       TOKENS_MAX);
	return r;
}

int act_token_add(struct store *store, const struct actor *actor,
		  const struct token_request *request, int64_t now_ms, struct token_made *ret_made,
		  struct err *err)
{
	_cleanup_(api_token_done) struct api_token token = {
		.created_ms = now_ms,
		.created_by = xstrdup(actor->who),
		.life = { .expires_ms = now_ms + request->days * DAY_MS },
	};
	struct grants grants = { 0 };
	char secret[SECRET_SIZE], hash[HASH_SIZE];
	int r = clean_name(request->name, &token.name, err);

	if (r >= 0 && (request->days < 1 || request->days > TOKEN_DAYS_MAX))
		return err_set(err, -EINVAL, "A token is good for 1 to %d days.", TOKEN_DAYS_MAX);
	if (r >= 0)
		r = grants_add(&grants, &request->grant, err);
	if (r >= 0)
		r = act_grants_check(store, actor, &grants, err);
	if (r >= 0)
		r = check_number(store, actor, now_ms, err);
	if (r < 0)
		return r;
	token.grant = grants.grants[0];
	id_new(token.id);
	snprintf(token.account_id, sizeof(token.account_id), "%s", actor->account_id);
	secret_new(SECRET_TOKEN, secret);
	hash_hex(secret, strlen(secret), hash);
	r = store_token_put(store, hash, &token, err);
	if (r >= 0)
		r = note(store, actor, AUDIT_TOKEN_MADE, &token, now_ms, err);
	memcpy(ret_made->id, token.id, ID_SIZE);
	memcpy(ret_made->token, secret, SECRET_SIZE);
	return r;
}

int act_token_revoke(struct store *store, const struct actor *actor, const char *id, int64_t now_ms,
		     struct err *err)
{
	_cleanup_(api_token_done) struct api_token token = { 0 };
	bool is_own;
	int r = store_token_get(store, id, &token, err);

	if (r < 0)
		return r;
	is_own = token.account_id[0] && strcmp(token.account_id, actor->account_id) == 0;
	if (!is_own && !access_sees_grant(actor->grants, &token.grant))
		return err_set(err, -ENOENT, "There is no such token.");
	if (!is_own && !access_may_give(actor->grants, &token.grant))
		return err_set(err, -EPERM,
			       "The token '%s' has a role that you could not give, so it is not "
			       "yours to revoke.",
			       token.name);
	if (token.life.revoked_ms)
		return err_set(err, -EALREADY, "The token '%s' was revoked already, by %s.",
			       token.name, token.revoked_by);
	r = store_token_revoke(store, id, actor->who, now_ms, err);
	return r < 0 ? r : note(store, actor, AUDIT_TOKEN_REVOKED, &token, now_ms, err);
}

/* --- using them ---------------------------------------------------------------------- */

/* What the owner leaves of it. */
static int narrow(struct store *store, const struct api_token *token, struct token_reach *reach,
		  char **ret_owner, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	char who[ACCESS_WHO_SIZE];
	int r = store_account_get(store, token->account_id, &account, err);

	if (r < 0)
		return r;
	account_who(&account, who);
	*ret_owner = xasprintf("%s, by ", who);
	grants_narrow(&account.grants, &token->grant, &reach->grants);
	return 0;
}

int act_token_reach(struct store *store, const struct api_token *token, int64_t now_ms,
		    struct token_reach *ret_reach, struct err *err)
{
	_cleanup_free_ char *owner = NULL, *who = NULL, *cut = NULL;
	int r = 0;

	*ret_reach = (struct token_reach){ .state = token_state_at(&token->life, now_ms) };
	if (ret_reach->state != TOKEN_GOOD)
		return 0;
	if (token->life.has_owner)
		r = narrow(store, token, ret_reach, &owner, err);
	else
		r = grants_add(&ret_reach->grants, &token->grant, err);
	if (r < 0)
		return r;
	who = xasprintf("%sthe token %s", owner ? owner : "", token->name);
	cut = text_clean(who, strlen(who), ACCESS_WHO_SIZE - 1);
	snprintf(ret_reach->who, ACCESS_WHO_SIZE, "%s", cut);
	return 0;
}

bool token_wants_note(const struct api_token *token, int64_t now_ms)
{
	return now_ms - token->used_ms >= HOUR_MS;
}
