/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act_account.h"
#include "collector/act/act_session.h"
#include "collector/act/act_sign_in.h"
#include "collector/domain/login_name.h"
#include "collector/domain/renewal.h"
#include "common/base/civil.h"

/* The account that @login is of. -ENOENT: of none, or it has no password. */
static int find(struct store *store, const char *text, struct account *ret_account, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	char login[LOGIN_NAME_SIZE];
	int r;

	if (login_name_read(text, login, NULL) < 0)
		return -ENOENT;
	r = store_account_by_login(store, login, &account, err);
	if (r < 0)
		return r;
	if (!account.password[0])
		return -ENOENT;
	*ret_account = account;
	account = (struct account){ 0 };
	return 0;
}

int act_sign_in_begin(struct store *store, const char *login, const char *network, int64_t now_ms,
		      struct sign_in_begun *ret_begun, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	struct sign_in_begun begun = { .outcome = SIGN_IN_DONE };
	int r = find(store, login, &account, err);

	(void)network;
	(void)now_ms;
	if (r < 0 && r != -ENOENT)
		return r;
	snprintf(begun.password, sizeof(begun.password), "%s",
		 r < 0 ? password_nobodys : account.password);
	*ret_begun = begun;
	return 0;
}

/* What is said to somebody who has the right password of @account. */
static enum sign_in_outcome judge(const struct account *account, int64_t now_ms)
{
	if (account->is_disabled)
		return SIGN_IN_DISABLED;
	return renewal_is_due(account->good_until, civil_of_ms(now_ms)) ? SIGN_IN_EXPIRED
									: SIGN_IN_DONE;
}

static int begin_session(struct store *store, const struct sign_in *sign_in,
			 const struct account *account, int64_t now_ms,
			 struct signed_in *ret_signed_in, struct err *err)
{
	const struct session_request request = { account->id, sign_in->network, sign_in->browser };
	struct actor self = { .account_id = account->id,
			      .network = sign_in->network,
			      .grants = &account->grants };
	char who[ACCESS_WHO_SIZE];
	int r = act_session_begin(store, &request, now_ms, ret_signed_in->session, err);

	if (r < 0)
		return r;
	account_who(account, who);
	self.who = who;
	memcpy(ret_signed_in->account_id, account->id, ID_SIZE);
	return act_account_audit(store, &self,
				 &(struct account_entry){ AUDIT_SIGNED_IN, account, NULL }, now_ms,
				 err);
}

int act_sign_in(struct store *store, const struct sign_in *sign_in, int64_t now_ms,
		struct signed_in *ret_signed_in, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	struct signed_in signed_in = { .outcome = SIGN_IN_REFUSED };
	int r = find(store, sign_in->login, &account, err);

	if (r < 0 && r != -ENOENT)
		return r;
	/* A password that was changed since it was compared is not the password any more. */
	if (r >= 0 && sign_in->is_right && strcmp(account.password, sign_in->password) == 0)
		signed_in.outcome = judge(&account, now_ms);
	if (signed_in.outcome == SIGN_IN_DONE)
		r = begin_session(store, sign_in, &account, now_ms, &signed_in, err);
	if (signed_in.outcome == SIGN_IN_DONE && r < 0)
		return r;
	*ret_signed_in = signed_in;
	return 0;
}
