/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_account.h"
#include "collector/act/act_invite.h"
#include "collector/store/store_session.h"
#include "common/base/mem.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

/* --- invitations --------------------------------------------------------------------- */

/*
 * Put @invitation, which has no hash yet, in the place of those that its account has; *@ret_secret
 * is its secret.
 */
static int replace(struct store *store, struct invitation *invitation,
		   char ret_secret[static SECRET_SIZE], struct err *err)
{
	int r = store_invitation_delete(store, invitation->account_id, err);

	if (r < 0)
		return r;
	secret_new(SECRET_INVITATION, ret_secret);
	hash_hex(ret_secret, strlen(ret_secret), invitation->token_hash);
	return store_invitation_put(store, invitation, err);
}

int act_invite_new(struct store *store, const struct actor *actor, const char *id, int64_t now_ms,
		   char ret_invitation[static SECRET_SIZE], struct err *err)
{
	struct invitation invitation = { .created_ms = now_ms,
					 .created_by = actor->who,
					 .expires_ms = now_ms + INVITATION_DAYS * DAY_MS };

	memcpy(invitation.account_id, id, ID_SIZE);
	return replace(store, &invitation, ret_invitation, err);
}

int act_invite(struct store *store, const struct actor *actor, const char *id, int64_t now_ms,
	       char ret_invitation[static SECRET_SIZE], struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int r = act_account_find(store, actor, id, &account, err);

	if (r < 0)
		return r;
	/* Or whoever finds a session open, or has a token, needs no password to have one. */
	if (strcmp(account.id, actor->account_id) == 0)
		return err_set(
			err, -EPERM,
			"This is your own account: change its password with the old one, under "
			"your account, or ask another admin for an invitation.");
	if (account.is_disabled)
		return err_set(err, -EALREADY,
			       "The account %s is disabled; enable it before it is invited.",
			       account.login);
	r = act_invite_new(store, actor, account.id, now_ms, ret_invitation, err);
	if (r < 0)
		return r;
	return act_account_audit(store, actor,
				 &(struct account_entry){ AUDIT_INVITED, &account, NULL }, now_ms,
				 err);
}

static int refuse(struct err *err)
{
	return err_set(err, -EACCES,
		       "This link was used, is over or was replaced by another; ask whoever sent "
		       "it for a new one.");
}

/* The account that may get a password with @secret. */
static int find(struct store *store, const char *secret, int64_t now_ms,
		struct account *ret_account, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	struct invitation invitation;
	char hash[HASH_SIZE];
	int r;

	if (!secret_is_valid(SECRET_INVITATION, secret))
		return refuse(err);
	hash_hex(secret, strlen(secret), hash);
	r = store_invitation_get(store, hash, &invitation, err);
	if (r < 0)
		return r == -ENOENT ? refuse(err) : r;
	if (!invitation.account_id[0] || now_ms >= invitation.expires_ms)
		return refuse(err);
	r = store_account_get(store, invitation.account_id, &account, err);
	if (r < 0)
		return r;
	if (account.is_disabled)
		return refuse(err);
	*ret_account = account;
	account = (struct account){ 0 };
	return 0;
}

int act_invitation_look(struct store *store, const char *secret, int64_t now_ms, char **ret_login,
			struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int r = find(store, secret, now_ms, &account, err);

	if (r >= 0)
		*ret_login = xstrdup(account.login);
	return r;
}

int act_invitation_use(struct store *store, const struct invitation_answer *answer, int64_t now_ms,
		       struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	struct actor self = { .network = answer->network };
	char who[ACCESS_WHO_SIZE];
	int64_t n;
	int r = find(store, answer->secret, now_ms, &account, err);

	if (r >= 0)
		r = store_account_set_password(store, account.id, answer->password, now_ms, err);
	if (r >= 0)
		r = store_invitation_delete(store, account.id, err);
	if (r >= 0)
		r = store_session_delete_others(store, account.id, "", &n, err);
	if (r < 0)
		return r;
	account_who(&account, who);
	self.who = who;
	self.account_id = account.id;
	self.grants = &account.grants;
	return act_account_audit(store, &self,
				 &(struct account_entry){ AUDIT_PASSWORD_SET, &account, NULL },
				 now_ms, err);
}

/* --- the first admin ----------------------------------------------------------------- */

int act_setup_begin(struct store *store, int64_t now_ms, char ret_code[static SECRET_SIZE],
		    struct err *err)
{
	struct invitation invitation = { .created_ms = now_ms,
					 .created_by = "serve",
					 .expires_ms = now_ms + SETUP_HOURS * HOUR_MS };
	int64_t n = 0;
	int r = store_account_count(store, &n, err);

	if (r < 0 || n > 0)
		return r < 0 ? r : 0;
	r = replace(store, &invitation, ret_code, err);
	return r < 0 ? r : 1;
}

int act_setup_look(struct store *store, const char *code, int64_t now_ms, struct err *err)
{
	struct invitation invitation = { 0 };
	char hash[HASH_SIZE];
	int64_t n = 0;
	int r = store_account_count(store, &n, err);

	if (r < 0)
		return r;
	if (n > 0)
		return err_set(err, -EACCES,
			       "The collector has accounts already; ask an admin for an "
			       "invitation.");
	hash_hex(code, strlen(code), hash);
	r = secret_is_valid(SECRET_INVITATION, code)
		    ? store_invitation_get(store, hash, &invitation, err)
		    : -ENOENT;
	if (r == -ENOENT ||
	    (r >= 0 && (invitation.account_id[0] || now_ms >= invitation.expires_ms)))
		return err_set(err, -EACCES,
			       "The code is not the one that the collector printed when it was "
			       "started last, or it is older than %d hours; restart the collector "
			       "for another.",
			       SETUP_HOURS);
	return r;
}

int act_setup(struct store *store, const struct setup_request *request, int64_t now_ms,
	      struct err *err)
{
	const struct actor actor = { "the first setup", "", request->network, &access_everything };
	const struct account_request account = { request->login, request->name,
						 &access_everything };
	struct account_made made;
	int r = act_setup_look(store, request->code, now_ms, err);

	if (r >= 0)
		r = store_invitation_delete(store, "", err);
	if (r >= 0)
		r = act_account_add(store, &actor, &account, now_ms, &made, err);
	if (r < 0)
		return r;
	return act_invitation_use(
		store,
		&(struct invitation_answer){ made.invitation, request->password, request->network },
		now_ms, err);
}
