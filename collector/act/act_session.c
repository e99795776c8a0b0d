/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_account.h"
#include "collector/act/act_session.h"
#include "collector/domain/renewal.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define BROWSER_BYTES 200

int act_session_find(struct store *store, const char *token_hash, int64_t now_ms,
		     struct session *ret_session, struct account *ret_account, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	struct session session;
	int r = store_session_get(store, token_hash, &session, err);

	if (r < 0)
		return r;
	if (!session_time_is_good(session.created_ms, session.seen_ms, now_ms))
		return err_set(err, -ENOENT, "The session is over.");
	r = store_account_get(store, session.account_id, &account, err);
	if (r < 0)
		return r;
	if (account.is_disabled || renewal_is_due(account.good_until, renewal_day(now_ms)))
		return err_set(err, -ENOENT, "The account cannot be used.");
	*ret_session = session;
	*ret_account = account;
	account = (struct account){ 0 };
	return 0;
}

int act_session_begin(struct store *store, const struct session_request *request, int64_t now_ms,
		      char ret_secret[static SECRET_SIZE], struct err *err)
{
	const char *called = request->browser ? request->browser : "";
	_cleanup_free_ char *browser = text_clean(called, strlen(called), BROWSER_BYTES);
	struct session session = {
		.created_ms = now_ms,
		.seen_ms = now_ms,
		.network = request->network,
		.browser = browser,
	};
	char secret[SECRET_SIZE];
	int r = store_session_forget(store, now_ms - SESSION_HOURS * SESSION_HOUR_MS,
				     now_ms - SESSION_IDLE_HOURS * SESSION_HOUR_MS, err);

	if (r < 0)
		return r;
	secret_new(SECRET_SESSION, secret);
	hash_hex(secret, strlen(secret), session.token_hash);
	memcpy(session.account_id, request->account_id, ID_SIZE);
	r = store_session_put(store, &session, err);
	if (r >= 0)
		r = store_session_keep(store, session.account_id, SESSIONS_MAX, err);
	if (r >= 0)
		r = store_account_note_use(store, session.account_id, now_ms, err);
	if (r >= 0)
		memcpy(ret_secret, secret, SECRET_SIZE);
	return r;
}

int act_session_note(struct store *store, const char *token_hash, const char *account_id,
		     int64_t now_ms, struct err *err)
{
	int r = store_session_note_use(store, token_hash, now_ms, err);

	return r < 0 ? r : store_account_note_use(store, account_id, now_ms, err);
}

int act_session_end(struct store *store, const char *token_hash, int64_t *ret_n, struct err *err)
{
	return store_session_delete(store, token_hash, ret_n, err);
}

/* Write down what the actor did to the account that is its own. */
static int audit_self(struct store *store, const struct actor *actor, enum audit_act act,
		      int64_t now_ms, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int r = store_account_get(store, actor->account_id, &account, err);

	if (r < 0)
		return r;
	return act_account_audit(store, actor, &(struct account_entry){ act, &account, NULL },
				 now_ms, err);
}

int act_session_end_all(struct store *store, const struct actor *actor, int64_t now_ms,
			int64_t *ret_n, struct err *err)
{
	int r = store_session_delete_others(store, actor->account_id, "", ret_n, err);

	return r < 0 ? r : audit_self(store, actor, AUDIT_SIGNED_OUT_EVERYWHERE, now_ms, err);
}

int act_password_change(struct store *store, const struct actor *actor,
			const struct password_change *change, int64_t now_ms, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int64_t n;
	int r = store_account_get(store, actor->account_id, &account, err);

	if (r < 0)
		return r;
	if (strcmp(account.password, change->old_password) != 0)
		return err_set(err, -ESTALE, "The password was changed meanwhile; sign in anew.");
	r = store_account_set_password(store, account.id, change->password, now_ms, err);
	if (r >= 0)
		r = store_session_delete_others(store, account.id, change->session, &n, err);
	/* Whoever asked for a new password by an old link would set it again. */
	if (r >= 0)
		r = store_invitation_delete(store, account.id, err);
	return r < 0 ? r : audit_self(store, actor, AUDIT_PASSWORD_SET, now_ms, err);
}
