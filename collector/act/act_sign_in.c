/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act_account.h"
#include "collector/act/act_lockout.h"
#include "collector/act/act_second_factor.h"
#include "collector/act/act_session.h"
#include "collector/act/act_sign_in.h"
#include "collector/domain/login_name.h"
#include "collector/domain/renewal.h"

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

/* What is no login is counted as one, since no account can have it. */
static void counted_login(const char *text, char login[static LOGIN_NAME_SIZE])
{
	if (login_name_read(text, login, NULL) < 0)
		login[0] = '\0';
}

static int lockout_wait(struct store *store, const char *text, const char *network, int64_t now_ms,
			int64_t *ret_wait_ms, struct err *err)
{
	char login[LOGIN_NAME_SIZE];

	counted_login(text, login);
	return act_lockout_wait(store, login, network, now_ms, ret_wait_ms, err);
}

int act_sign_in_begin(struct store *store, const char *login, const char *network, int64_t now_ms,
		      struct sign_in_begun *ret_begun, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	struct sign_in_begun begun = { .outcome = SIGN_IN_DONE };
	int r = lockout_wait(store, login, network, now_ms, &begun.wait_ms, err);

	if (r < 0)
		return r;
	if (begun.wait_ms > 0) {
		begun.outcome = SIGN_IN_LOCKED;
		*ret_begun = begun;
		return 0;
	}
	r = find(store, login, &account, err);
	if (r < 0 && r != -ENOENT)
		return r;
	snprintf(begun.password, sizeof(begun.password), "%s",
		 r < 0 ? password_nobodys : account.password);
	*ret_begun = begun;
	return 0;
}

enum sign_in_outcome sign_in_judge(const struct account *account, int64_t now_ms)
{
	if (account->is_disabled)
		return SIGN_IN_DISABLED;
	return renewal_is_due(account->good_until, renewal_day(now_ms)) ? SIGN_IN_EXPIRED
									: SIGN_IN_DONE;
}

/* Write down what @account did, or what was tried with it. */
static int note(struct store *store, const struct sign_in *sign_in, enum audit_act act,
		const struct account *account, int64_t now_ms, struct err *err)
{
	const struct account_entry entry = { act, account, NULL };
	struct actor self = { .account_id = account->id,
			      .network = sign_in->network,
			      .grants = &account->grants };
	char who[ACCESS_WHO_SIZE];

	account_who(account, who);
	self.who = who;
	return act_account_audit(store, &self, &entry, now_ms, err);
}

static int begin_session(struct store *store, const struct sign_in *sign_in,
			 const struct account *account, int64_t now_ms,
			 struct signed_in *ret_signed_in, struct err *err)
{
	const struct session_request request = { account->id, sign_in->network, sign_in->browser };
	int r = act_session_begin(store, &request, now_ms, ret_signed_in->session, err);

	if (r >= 0)
		r = act_lockout_signed_in(store, account->login, sign_in->network, now_ms, err);
	if (r < 0)
		return r;
	memcpy(ret_signed_in->account_id, account->id, ID_SIZE);
	return note(store, sign_in, AUDIT_SIGNED_IN, account, now_ms, err);
}

/* What comes of @account, which has no login where there is none. */
static int decide(struct store *store, const struct sign_in *sign_in, const struct account *account,
		  int64_t now_ms, struct signed_in *ret_signed_in, struct err *err)
{
	int r;

	/* A password that was changed since it was compared is not the password any more. */
	if (!account->login || !sign_in->is_right ||
	    strcmp(account->password, sign_in->password) != 0)
		return 0;
	ret_signed_in->outcome = sign_in_judge(account, now_ms);
	if (ret_signed_in->outcome != SIGN_IN_DONE)
		return 0;
	r = act_second_factor_check(store, account, sign_in->code, sign_in->network, now_ms, err);
	if (r == -ENODATA || r == -EACCES || r == -EKEYREJECTED) {
		ret_signed_in->outcome = r == -ENODATA  ? SIGN_IN_NEEDS_CODE
					 : r == -EACCES ? SIGN_IN_WRONG_CODE
							: SIGN_IN_NO_KEY;
		return 0;
	}
	return r < 0 ? r : begin_session(store, sign_in, account, now_ms, ret_signed_in, err);
}

/* Count a failure, and write down of an account that somebody guesses at it. */
static int count_failure(struct store *store, const struct sign_in *sign_in,
			 const struct account *account, bool is_code, int64_t now_ms,
			 struct err *err)
{
	char login[LOGIN_NAME_SIZE];
	bool begins_to_wait;
	int r;

	counted_login(sign_in->login, login);
	r = act_lockout_failed(store, login, sign_in->network, now_ms, err);
	begins_to_wait = r > 0;
	if (r >= 0 && is_code)
		r = act_lockout_code_failed(store, login, now_ms, err);
	if (r < 0 || (r == 0 && !begins_to_wait) || !account->login)
		return r;
	return note(store, sign_in, AUDIT_SIGN_IN_LOCKED, account, now_ms, err);
}

int act_sign_in(struct store *store, const struct sign_in *sign_in, int64_t now_ms,
		struct signed_in *ret_signed_in, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	struct signed_in signed_in = { .outcome = SIGN_IN_REFUSED };
	int r = lockout_wait(store, sign_in->login, sign_in->network, now_ms, &signed_in.wait_ms,
			     err);

	if (r >= 0 && signed_in.wait_ms > 0) {
		signed_in.outcome = SIGN_IN_LOCKED;
		*ret_signed_in = signed_in;
		return 0;
	}
	if (r >= 0)
		r = find(store, sign_in->login, &account, err);
	if (r >= 0 || r == -ENOENT)
		r = decide(store, sign_in, &account, now_ms, &signed_in, err);
	if (r >= 0 &&
	    (signed_in.outcome == SIGN_IN_REFUSED || signed_in.outcome == SIGN_IN_WRONG_CODE))
		r = count_failure(store, sign_in, &account, signed_in.outcome == SIGN_IN_WRONG_CODE,
				  now_ms, err);
	if (r < 0)
		return r;
	*ret_signed_in = signed_in;
	return 0;
}

int act_sign_in_vouched(struct store *store, const struct sign_in *sign_in,
			const struct account *account, int64_t now_ms,
			struct signed_in *ret_signed_in, struct err *err)
{
	struct signed_in signed_in = { .outcome = sign_in_judge(account, now_ms) };
	int r = 0;

	if (signed_in.outcome == SIGN_IN_DONE)
		r = begin_session(store, sign_in, account, now_ms, &signed_in, err);
	if (r >= 0)
		*ret_signed_in = signed_in;
	return r;
}
