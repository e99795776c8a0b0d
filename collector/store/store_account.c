/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_account.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/model/document.h"

#define HOUR_MS INT64_C(3600000)

#define ACCOUNT_ROW                                                                             \
	"id, login, name, subject, password, password_ms, totp_secret, totp_step, good_until, " \
	"is_disabled, created_ms, created_by, used_ms, awaited_name"

void account_done(struct account *account)
{
	free(account->login);
	free(account->name);
	free(account->subject);
	free(account->awaited_name);
	free(account->password);
	free(account->totp_secret);
	free(account->created_by);
	*account = (struct account){ 0 };
}

void account_list_done(struct account_list *list)
{
	for (size_t i = 0; i < list->n_accounts; i++)
		account_done(&list->accounts[i]);
	free(list->accounts);
	*list = (struct account_list){ 0 };
}

json_t *account_json(const struct account *account)
{
	json_t *grants = json_array();
	char day[CIVIL_TEXT_SIZE];

	for (size_t i = 0; i < account->grants.n_grants; i++) {
		const struct grant *grant = &account->grants.grants[i];

		json_array_append_new(
			grants, json_pack("{s:s, s:s, s:s}", "role", person_role_words[grant->role],
					  "scope", scope_words[grant->scope], "code", grant->code));
	}
	return json_pack("{s:s, s:s, s:s, s:b, s:o}", "login", account->login, "name",
			 account->name, "good_until", civil_text(account->good_until, day),
			 "is_disabled", account->is_disabled, "grants", grants);
}

void account_version(const struct account *account, char ret_version[static ACCOUNT_VERSION_SIZE])
{
	json_t *json = account_json(account);
	_cleanup_free_ char *text = document_canonical(json);
	char hash[HASH_SIZE];

	json_decref(json);
	hash_hex(text, strlen(text), hash);
	snprintf(ret_version, ACCOUNT_VERSION_SIZE, "%.16s", hash);
}

/* --- reading ------------------------------------------------------------------------ */

/* The place of @text among @words; their number where it is not there. */
static unsigned find_word(const char *const *words, const char *text)
{
	unsigned i = 0;

	while (words[i] && strcmp(words[i], text) != 0)
		i++;
	return i;
}

static int read_grant(struct db_rows *rows, struct grants *grants, struct err *err)
{
	unsigned role = find_word(person_role_words, db_text(rows, 0));
	unsigned scope = find_word(scope_words, db_text(rows, 1));
	struct grant grant = { .role = (enum person_role)role, .scope = (enum scope)scope };

	if (role == PERSON_MAX_ || scope == SCOPE_MAX_)
		return err_set(err, -EUCLEAN, "no role '%s' at '%s'", db_text(rows, 0),
			       db_text(rows, 1));
	snprintf(grant.code, sizeof(grant.code), "%s", db_text(rows, 2));
	snprintf(grant.lea_code, sizeof(grant.lea_code), "%s", db_text(rows, 3));
	return grants_add(grants, &grant, err) < 0 ? -EUCLEAN : 0;
}

static int read_grants(struct store *store, struct account *account, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT g.role, g.scope, g.scope_code, COALESCE(s.lea_code, '') "
			 "FROM account_grant g LEFT JOIN site s "
			 "ON g.scope = 'site' AND s.code = g.scope_code "
			 "WHERE g.account_id = $1 ORDER BY g.role, g.scope, g.scope_code",
			 &rows, err, "t", account->id);

	if (r < 0)
		return r;
	while ((r = db_next(rows, err)) > 0) {
		r = read_grant(rows, &account->grants, err);
		if (r < 0)
			return err_prefix(err, r, "account %s", account->login);
	}
	return r;
}

static int read_row(struct db_rows *rows, struct account *ret_account, struct err *err)
{
	struct account account = { 0 };
	int r = civil_parse(db_text(rows, 8), &account.good_until, err);

	if (r < 0)
		return err_prefix(err, -EUCLEAN, "account %s", db_text(rows, 1));
	snprintf(account.id, ID_SIZE, "%s", db_text(rows, 0));
	account.login = xstrdup(db_text(rows, 1));
	account.name = xstrdup(db_text(rows, 2));
	account.subject = db_is_null(rows, 3) ? NULL : xstrdup(db_text(rows, 3));
	account.password = xstrdup(db_text(rows, 4));
	account.password_ms = db_int(rows, 5);
	account.totp_secret = xstrdup(db_text(rows, 6));
	account.totp_step = db_int(rows, 7);
	account.is_disabled = db_int(rows, 9) != 0;
	account.created_ms = db_int(rows, 10);
	account.created_by = xstrdup(db_text(rows, 11));
	account.used_ms = db_int(rows, 12);
	account.awaited_name = xstrdup(db_text(rows, 13));
	*ret_account = account;
	return 0;
}

/* The account that @rows, which it closes, are of. */
static int read_one(struct store *store, struct db_rows *rows, const char *name,
		    struct account *ret_account, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int r = db_next(rows, err);

	if (r == 0)
		r = err_set(err, -ENOENT, "There is no account '%.64s'.", name);
	if (r > 0)
		r = read_row(rows, &account, err);
	db_rows_close(rows);
	if (r >= 0)
		r = read_grants(store, &account, err);
	if (r < 0)
		return r;
	*ret_account = account;
	account = (struct account){ 0 };
	return 0;
}

int store_account_get(struct store *store, const char *id, struct account *ret_account,
		      struct err *err)
{
	struct db_rows *rows;
	int r = db_query(store->db, "SELECT " ACCOUNT_ROW " FROM account WHERE id = $1", &rows, err,
			 "t", id);

	return r < 0 ? r : read_one(store, rows, id, ret_account, err);
}

int store_account_by_login(struct store *store, const char *login, struct account *ret_account,
			   struct err *err)
{
	struct db_rows *rows;
	int r = db_query(store->db, "SELECT " ACCOUNT_ROW " FROM account WHERE login = $1", &rows,
			 err, "t", login);

	return r < 0 ? r : read_one(store, rows, login, ret_account, err);
}

/* All rows that are left, without their grants. */
static int read_list(struct db_rows *rows, size_t limit, struct account_list *list, struct err *err)
{
	size_t room = 0;
	int r;

	while ((r = db_next(rows, err)) > 0 && list->n_accounts < limit) {
		list->accounts =
			xgrow(list->accounts, list->n_accounts, &room, sizeof(*list->accounts));
		r = read_row(rows, &list->accounts[list->n_accounts], err);
		if (r < 0)
			return r;
		list->n_accounts++;
	}
	return r;
}

int store_account_list(struct store *store, const struct account_query *query,
		       struct account_list *ret_list, struct err *err)
{
	_cleanup_(account_list_done) struct account_list list = { 0 };
	struct db_rows *rows;
	int r;

	/*
	 * No code has a comma in it, so one between two of them is a whole one. A role that is
	 * asked for is one in these LEAs: of others of that account nothing is told.
	 */
	r = db_query(store->db,
		     "SELECT " ACCOUNT_ROW " FROM account a WHERE ($1 IS NULL OR login > $1) "
		     "AND (($2 IS NULL AND $3 IS NULL AND $4 IS NULL AND $5 IS NULL) OR EXISTS "
		     "(SELECT 1 FROM account_grant g LEFT JOIN site s "
		     "ON g.scope = 'site' AND s.code = g.scope_code WHERE g.account_id = a.id "
		     "AND ($2 IS NULL OR replace($2, ',' || (CASE g.scope WHEN 'lea' THEN "
		     "g.scope_code ELSE COALESCE(s.lea_code, ',') END) || ',', '') <> $2) "
		     "AND ($3 IS NULL OR g.role = $3) AND ($4 IS NULL OR g.scope = $4) "
		     "AND ($5 IS NULL OR g.scope_code = $5))) "
		     "AND ($6 = 0 OR totp_secret <> '') ORDER BY login LIMIT $7",
		     &rows, err, "tttttii", query->after, query->leas, query->role, query->scope,
		     query->code, (int64_t)query->has_second_factor, (int64_t)query->limit);
	if (r < 0)
		return r;
	r = read_list(rows, query->limit, &list, err);
	db_rows_close(rows);
	for (size_t i = 0; r >= 0 && i < list.n_accounts; i++)
		r = read_grants(store, &list.accounts[i], err);
	if (r < 0)
		return r;
	*ret_list = list;
	list = (struct account_list){ 0 };
	return 0;
}

static int read_number(struct db_rows *rows, int64_t *ret_n, struct err *err)
{
	int r = db_next(rows, err);

	if (r > 0)
		*ret_n = db_int(rows, 0);
	db_rows_close(rows);
	return r < 0 ? r : 0;
}

int store_account_count(struct store *store, int64_t *ret_n, struct err *err)
{
	struct db_rows *rows;
	int r = db_query(store->db, "SELECT COUNT(*) FROM account", &rows, err, "");

	return r < 0 ? r : read_number(rows, ret_n, err);
}

int store_account_others(struct store *store, const char *id, enum person_role role, int32_t today,
			 int64_t *ret_n, struct err *err)
{
	char day[CIVIL_TEXT_SIZE];
	struct db_rows *rows;
	int r = db_query(store->db,
			 "SELECT COUNT(*) FROM account a WHERE id <> $1 AND is_disabled = 0 "
			 "AND good_until >= $2 AND password <> '' AND EXISTS (SELECT 1 FROM "
			 "account_grant g WHERE g.account_id = a.id AND g.role = $3)",
			 &rows, err, "ttt", id, civil_text(today, day), person_role_words[role]);

	return r < 0 ? r : read_number(rows, ret_n, err);
}

/* --- writing ------------------------------------------------------------------------ */

static int put_grants(struct store *store, const struct account *account, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < account->grants.n_grants; i++) {
		const struct grant *grant = &account->grants.grants[i];

		r = db_exec(store->db,
			    "INSERT INTO account_grant (account_id, role, scope, scope_code) "
			    "VALUES ($1, $2, $3, $4)",
			    NULL, err, "tttt", account->id, person_role_words[grant->role],
			    scope_words[grant->scope], grant->code);
	}
	return r;
}

int store_account_put(struct store *store, const struct account *account, struct err *err)
{
	char day[CIVIL_TEXT_SIZE];
	int r = db_exec(store->db,
			"INSERT INTO account (" ACCOUNT_ROW ") VALUES ($1, $2, $3, $4, $5, $6, $7, "
			"$8, $9, $10, $11, $12, NULLIF($13, 0), $14)",
			NULL, err, "tttttititiitit", account->id, account->login, account->name,
			account->subject, account->password ? account->password : "",
			account->password_ms, account->totp_secret ? account->totp_secret : "",
			account->totp_step, civil_text(account->good_until, day),
			(int64_t)account->is_disabled, account->created_ms,
			account->created_by ? account->created_by : "", account->used_ms,
			account->awaited_name ? account->awaited_name : "");

	return r < 0 ? r : put_grants(store, account, err);
}

/* One that concerns one row of @id. */
static int changed_one(int r, int64_t n, const char *id, struct err *err)
{
	if (r >= 0 && n == 0)
		return err_set(err, -ENOENT, "There is no account '%.64s'.", id);
	return r;
}

int store_account_change(struct store *store, const struct account *account, struct err *err)
{
	char day[CIVIL_TEXT_SIZE];
	int64_t n = 0;
	int r = db_exec(store->db,
			"UPDATE account SET name = $2, good_until = $3, is_disabled = $4 "
			"WHERE id = $1",
			&n, err, "ttti", account->id, account->name,
			civil_text(account->good_until, day), (int64_t)account->is_disabled);

	r = changed_one(r, n, account->id, err);
	if (r >= 0)
		r = db_exec(store->db, "DELETE FROM account_grant WHERE account_id = $1", NULL, err,
			    "t", account->id);
	return r < 0 ? r : put_grants(store, account, err);
}

int store_account_set_password(struct store *store, const char *id, const char *password,
			       int64_t now_ms, struct err *err)
{
	int64_t n = 0;
	int r = db_exec(store->db,
			"UPDATE account SET password = $2, password_ms = $3 WHERE id = $1", &n, err,
			"tti", id, password, now_ms);

	return changed_one(r, n, id, err);
}

int store_account_set_totp(struct store *store, const char *id, const char *secret, int64_t step,
			   struct err *err)
{
	int64_t n = 0;
	int r = db_exec(store->db,
			"UPDATE account SET totp_secret = $2, totp_step = $3 WHERE id = $1", &n,
			err, "tti", id, secret, step);

	return changed_one(r, n, id, err);
}

int store_account_note_use(struct store *store, const char *id, int64_t now_ms, struct err *err)
{
	return db_exec(store->db,
		       "UPDATE account SET used_ms = $2 WHERE id = $1 "
		       "AND (used_ms IS NULL OR used_ms < $2)",
		       NULL, err, "ti", id, now_ms - now_ms % HOUR_MS);
}

/* --- invitations -------------------------------------------------------------------- */

int store_invitation_put(struct store *store, const struct invitation *invitation, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO invitation (token_hash, account_id, created_ms, created_by, "
		       "expires_ms) VALUES ($1, NULLIF($2, ''), $3, $4, $5)",
		       NULL, err, "ttiti", invitation->token_hash, invitation->account_id,
		       invitation->created_ms, invitation->created_by ? invitation->created_by : "",
		       invitation->expires_ms);
}

int store_invitation_get(struct store *store, const char *token_hash,
			 struct invitation *ret_invitation, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct invitation invitation = { 0 };
	int r = db_query(store->db,
			 "SELECT COALESCE(account_id, ''), created_ms, expires_ms FROM invitation "
			 "WHERE token_hash = $1",
			 &rows, err, "t", token_hash);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "There is no such invitation.");
	if (r < 0)
		return r;
	snprintf(invitation.token_hash, HASH_SIZE, "%s", token_hash);
	snprintf(invitation.account_id, ID_SIZE, "%s", db_text(rows, 0));
	invitation.created_ms = db_int(rows, 1);
	invitation.expires_ms = db_int(rows, 2);
	*ret_invitation = invitation;
	return 0;
}

int store_invitation_delete(struct store *store, const char *account_id, struct err *err)
{
	/* Two statements, each of which the index answers: an import asks once for each person. */
	if (!account_id[0])
		return db_exec(store->db, "DELETE FROM invitation WHERE account_id IS NULL", NULL,
			       err, "");
	return db_exec(store->db, "DELETE FROM invitation WHERE account_id = $1", NULL, err, "t",
		       account_id);
}

int store_invitation_forget(struct store *store, int64_t now_ms, struct err *err)
{
	return db_exec(store->db, "DELETE FROM invitation WHERE expires_ms <= $1", NULL, err, "i",
		       now_ms);
}
