/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_token.h"
#include "common/base/civil.h"
#include "common/base/mem.h"

#define HOUR_MS INT64_C(3600000)

#define SELECT_TOKEN                                                                         \
	"SELECT t.id, t.name, t.account_id, t.role, t.scope, t.scope_code, t.created_ms, "   \
	"t.created_by, t.expires_ms, t.used_ms, t.revoked_ms, t.revoked_by, "                \
	"COALESCE(s.lea_code, ''), COALESCE(a.login, ''), a.is_disabled, a.good_until FROM " \
	"api_token t LEFT JOIN site s "                                                      \
	"ON t.scope = 'site' AND s.code = t.scope_code LEFT JOIN account a ON a.id = "       \
	"t.account_id "

void api_token_done(struct api_token *token)
{
	free(token->name);
	free(token->owner);
	free(token->created_by);
	free(token->revoked_by);
	*token = (struct api_token){ 0 };
}

void api_token_list_done(struct api_token_list *list)
{
	for (size_t i = 0; i < list->n_tokens; i++)
		api_token_done(&list->tokens[i]);
	free(list->tokens);
	*list = (struct api_token_list){ 0 };
}

static int read_grant(struct db_rows *rows, struct grant *ret_grant, struct err *err)
{
	struct grant grant = { 0 };

	while (grant.role < PERSON_MAX_ &&
	       strcmp(person_role_words[grant.role], db_text(rows, 3)) != 0)
		grant.role++;
	while (grant.scope < SCOPE_MAX_ && strcmp(scope_words[grant.scope], db_text(rows, 4)) != 0)
		grant.scope++;
	if (grant.role == PERSON_MAX_ || grant.scope == SCOPE_MAX_)
		return err_set(err, -EUCLEAN, "token %s: no role '%s' at '%s'", db_text(rows, 0),
			       db_text(rows, 3), db_text(rows, 4));
	snprintf(grant.code, sizeof(grant.code), "%s", db_text(rows, 5));
	snprintf(grant.lea_code, sizeof(grant.lea_code), "%s", db_text(rows, 12));
	*ret_grant = grant;
	return 0;
}

static int read_life(struct db_rows *rows, struct token_life *ret_life, struct err *err)
{
	struct token_life life = {
		.expires_ms = db_int(rows, 8),
		.revoked_ms = db_int(rows, 10),
		.has_owner = db_text(rows, 2)[0] != '\0',
		.is_owner_disabled = db_int(rows, 14) != 0,
		.owner_good_until = INT32_MIN,
	};
	int r = db_is_null(rows, 15) ? 0
				     : civil_parse(db_text(rows, 15), &life.owner_good_until, err);

	if (r < 0)
		return err_prefix(err, -EUCLEAN, "account of token %s", db_text(rows, 0));
	*ret_life = life;
	return 0;
}

static int read_row(struct db_rows *rows, struct api_token *ret_token, struct err *err)
{
	struct api_token token = { 0 };
	int r = read_grant(rows, &token.grant, err);

	if (r >= 0)
		r = read_life(rows, &token.life, err);
	if (r < 0)
		return r;
	snprintf(token.id, sizeof(token.id), "%s", db_text(rows, 0));
	snprintf(token.account_id, sizeof(token.account_id), "%s", db_text(rows, 2));
	token.name = xstrdup(db_text(rows, 1));
	token.created_ms = db_int(rows, 6);
	token.created_by = xstrdup(db_text(rows, 7));
	token.used_ms = db_int(rows, 9);
	token.revoked_by = xstrdup(db_text(rows, 11));
	token.owner = xstrdup(db_text(rows, 13));
	*ret_token = token;
	return 0;
}

int store_token_put(struct store *store, const char *token_hash, const struct api_token *token,
		    struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO api_token (id, token_hash, name, account_id, role, scope, "
		       "scope_code, created_ms, created_by, expires_ms, revoked_by) VALUES "
		       "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')",
		       NULL, err, "tttttttiti", token->id, token_hash, token->name,
		       token->account_id, person_role_words[token->grant.role],
		       scope_words[token->grant.scope], token->grant.code, token->created_ms,
		       token->created_by, token->life.expires_ms);
}

static int get(struct store *store, const char *sql, const char *key, struct api_token *ret_token,
	       struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, sql, &rows, err, "t", key);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "There is no such token.");
	return r < 0 ? r : read_row(rows, ret_token, err);
}

int store_token_get(struct store *store, const char *id, struct api_token *ret_token,
		    struct err *err)
{
	return get(store, SELECT_TOKEN "WHERE t.id = $1", id, ret_token, err);
}

int store_token_by_hash(struct store *store, const char *token_hash, struct api_token *ret_token,
			struct err *err)
{
	return get(store, SELECT_TOKEN "WHERE t.token_hash = $1", token_hash, ret_token, err);
}

int store_token_revoke(struct store *store, const char *id, const char *who, int64_t now_ms,
		       struct err *err)
{
	return db_exec(store->db,
		       "UPDATE api_token SET revoked_ms = $2, revoked_by = $3 WHERE id = $1", NULL,
		       err, "tit", id, now_ms, who);
}

int store_token_note_use(struct store *store, const char *token_hash, int64_t now_ms,
			 struct err *err)
{
	return db_exec(store->db,
		       "UPDATE api_token SET used_ms = $2 WHERE token_hash = $1 AND "
		       "COALESCE(used_ms, 0) < $2",
		       NULL, err, "ti", token_hash, now_ms - now_ms % HOUR_MS);
}

int store_token_count(struct store *store, const char *account_id, int64_t now_ms, int64_t *ret_n,
		      struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT count(*) FROM api_token WHERE account_id = $1 AND revoked_ms IS "
			 "NULL AND expires_ms > $2",
			 &rows, err, "ti", account_id, now_ms);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_n = db_int(rows, 0);
	return r < 0 ? r : 0;
}

int store_token_list(struct store *store, const struct api_token_query *query,
		     struct api_token_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct api_token_list list = { 0 };
	int r = db_query(store->db,
			 SELECT_TOKEN
			 "WHERE (t.created_ms, t.id) > ($1, $2) AND ($3 = 0 OR (t.revoked_ms IS "
			 "NULL AND t.expires_ms > $3)) ORDER BY t.created_ms, t.id LIMIT $4",
			 &rows, err, "itii", query->after_id ? query->after_ms : INT64_MIN,
			 query->after_id ? query->after_id : "", query->good_at_ms,
			 (int64_t)query->limit);

	list.tokens = xreallocarray(NULL, query->limit + 1, sizeof(*list.tokens));
	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		r = read_row(rows, &list.tokens[list.n_tokens], err);
		if (r >= 0)
			list.n_tokens++;
	}
	if (r < 0) {
		api_token_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}
