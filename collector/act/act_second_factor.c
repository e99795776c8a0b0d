/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "collector/act/act_account.h"
#include "collector/act/act_second_factor.h"
#include "collector/store/seal.h"
#include "collector/store/store_recovery.h"
#include "common/base/mem.h"

void second_factor_begun_done(struct second_factor_begun *begun)
{
	if (begun->uri)
		sodium_memzero(begun->uri, strlen(begun->uri));
	free(begun->uri);
	sodium_memzero(begun, sizeof(*begun));
}

static bool has_one(const struct account *account)
{
	return account->totp_secret && account->totp_secret[0];
}

/* The account of who asks. */
static int find_own(struct store *store, const struct actor *actor, struct account *ret_account,
		    struct err *err)
{
	int r;

	if (!actor->account_id[0])
		return err_set(err, -EPERM,
			       "This is of accounts, and a token is none: sign in with a login.");
	r = store_account_get(store, actor->account_id, ret_account, err);
	return r == -ENOENT ? err_set(err, -EPERM, "The account is not there any more.") : r;
}

static int find_without(struct store *store, const struct actor *actor, struct account *ret_account,
			struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int r = find_own(store, actor, &account, err);

	if (r < 0)
		return r;
	if (has_one(&account))
		return err_set(err, -EALREADY,
			       "There is a second factor already; take it away first to set up "
			       "another phone.");
	*ret_account = account;
	account = (struct account){ 0 };
	return 0;
}

/* --- the key ------------------------------------------------------------------------- */

#define READ_AT_ONCE 200

/* Add the logins of those of @list whose secret does not open. */
static int add_lost(struct store *store, const struct account_list *list, json_t *logins,
		    struct err *ret_why, struct err *err)
{
	unsigned char secret[TOTP_SECRET_SIZE];

	for (size_t i = 0; i < list->n_accounts; i++) {
		const struct account *account = &list->accounts[i];
		struct err why = { 0 };
		int r = seal_read(store, account->id, account->totp_secret, secret, sizeof(secret),
				  &why);

		sodium_memzero(secret, sizeof(secret));
		if (r < 0 && r != -EKEYREJECTED)
			return err_set(err, r, "%s", why.text);
		if (r < 0) {
			json_array_append_new(logins, json_string(account->login));
			*ret_why = why;
		}
	}
	return 0;
}

int act_second_factor_lost(struct store *store, json_t **ret_logins, struct err *ret_why,
			   struct err *err)
{
	_cleanup_(json_decrefp) json_t *logins = json_array();
	_cleanup_free_ char *after = xstrdup("");
	size_t n_read;
	int r;

	do {
		_cleanup_(account_list_done) struct account_list list = { 0 };
		const struct account_query query = { .after = after,
						     .has_second_factor = true,
						     .limit = READ_AT_ONCE };

		r = store_account_list(store, &query, &list, err);
		if (r >= 0)
			r = add_lost(store, &list, logins, ret_why, err);
		n_read = list.n_accounts;
		if (n_read > 0) {
			free(after);
			after = xstrdup(list.accounts[n_read - 1].login);
		}
	} while (r >= 0 && n_read == READ_AT_ONCE);
	if (r >= 0)
		*ret_logins = json_incref(logins);
	return r;
}

/* Whether what was sealed before opens: of one account, since all were sealed with one key. */
static int check_key(struct store *store, struct err *err)
{
	_cleanup_(account_list_done) struct account_list list = { 0 };
	_cleanup_(json_decrefp) json_t *lost = json_array();
	const struct account_query query = { .has_second_factor = true, .limit = 1 };
	struct err why = { 0 };
	int r = store_account_list(store, &query, &list, err);

	if (r >= 0)
		r = add_lost(store, &list, lost, &why, err);
	if (r >= 0 && json_array_size(lost) > 0)
		return err_set(err, -EKEYREJECTED, "%s", why.text);
	return r;
}

/* --- one's own ----------------------------------------------------------------------- */

/* Whether @password is still the hash of the password that @account has. */
static int check_password(const struct account *account, const char *password, struct err *err)
{
	if (!account->password || !account->password[0] || strcmp(account->password, password) != 0)
		return err_set(err, -ESTALE,
			       "The password was changed meanwhile; nothing else was.");
	return 0;
}

int act_second_factor_begin(struct store *store, const struct actor *actor, const char *password,
			    int64_t now_ms, struct second_factor_begun *ret_begun, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	unsigned char secret[TOTP_SECRET_SIZE];
	_cleanup_free_ char *sealed = NULL;
	int r = find_without(store, actor, &account, err);

	if (r >= 0)
		r = check_password(&account, password, err);
	if (r >= 0)
		r = check_key(store, err);
	if (r < 0)
		return r;
	randombytes_buf(secret, sizeof(secret));
	r = seal_text(store, account.id, secret, sizeof(secret), &sealed, err);
	if (r >= 0)
		r = store_second_factor_begun_put(store, account.id, sealed, now_ms, err);
	if (r >= 0) {
		totp_secret_text(secret, ret_begun->secret);
		ret_begun->uri = totp_uri(secret, account.login);
	}
	sodium_memzero(secret, sizeof(secret));
	return r;
}

/* New ones in the place of all before. */
static int make_codes(struct store *store, const char *account_id, struct recovery_codes *ret_codes,
		      struct err *err)
{
	unsigned char bytes[RECOVERY_BYTES];
	char hash[HASH_SIZE];
	int r = store_recovery_delete(store, account_id, err);

	for (size_t i = 0; i < RECOVERY_CODES && r >= 0; i++) {
		randombytes_buf(bytes, sizeof(bytes));
		recovery_code_text(bytes, ret_codes->texts[i]);
		hash_hex(ret_codes->texts[i], strlen(ret_codes->texts[i]), hash);
		r = store_recovery_put(store, account_id, hash, err);
	}
	return r;
}

static int note(struct store *store, const struct actor *actor, enum audit_act act,
		const struct account *account, int64_t now_ms, struct err *err)
{
	const struct account_entry entry = { act, account, NULL };

	return act_account_audit(store, actor, &entry, now_ms, err);
}

/* The step of whose code @code is; -EINVAL: of none. */
static int check_begun(const unsigned char secret[static TOTP_SECRET_SIZE], const char *code,
		       int64_t now_ms, int64_t *ret_step, struct err *err)
{
	int r = totp_check(secret, code, -1, now_ms, ret_step);

	if (r == -EACCES)
		return err_set(err, -EINVAL,
			       "This is not the code that the phone has to show now; see whether "
			       "its clock is right, and type the next one.");
	return r < 0 ? err_set(err, r, "A code is the six digits that the phone shows.") : r;
}

int act_second_factor_set(struct store *store, const struct actor *actor, const char *code,
			  int64_t now_ms, struct recovery_codes *ret_codes, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	unsigned char secret[TOTP_SECRET_SIZE] = { 0 };
	_cleanup_free_ char *sealed = NULL;
	int64_t step = -1;
	int r = find_without(store, actor, &account, err);

	if (r >= 0)
		r = store_second_factor_begun_get(store, account.id,
						  now_ms - SECOND_FACTOR_BEGUN_MS, &sealed, err);
	if (r >= 0)
		r = seal_read(store, account.id, sealed, secret, sizeof(secret), err);
	if (r >= 0)
		r = check_begun(secret, code, now_ms, &step, err);
	sodium_memzero(secret, sizeof(secret));
	if (r >= 0)
		r = store_account_set_totp(store, account.id, sealed, step, err);
	if (r >= 0)
		r = store_second_factor_begun_delete(store, account.id, err);
	if (r >= 0)
		r = make_codes(store, account.id, ret_codes, err);
	return r < 0 ? r : note(store, actor, AUDIT_SECOND_FACTOR_SET, &account, now_ms, err);
}

/* Of @account, by @actor. */
static int take_away(struct store *store, const struct actor *actor, const struct account *account,
		     int64_t now_ms, struct err *err)
{
	int r;

	if (!has_one(account))
		return err_set(err, -ENOENT, "%s has no second factor.", account->login);
	r = store_account_set_totp(store, account->id, "", 0, err);
	if (r >= 0)
		r = store_recovery_delete(store, account->id, err);
	if (r >= 0)
		r = store_second_factor_begun_delete(store, account->id, err);
	return r < 0 ? r : note(store, actor, AUDIT_SECOND_FACTOR_REMOVED, account, now_ms, err);
}

int act_second_factor_end(struct store *store, const struct actor *actor, const char *password,
			  int64_t now_ms, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int r = find_own(store, actor, &account, err);

	if (r >= 0)
		r = check_password(&account, password, err);
	return r < 0 ? r : take_away(store, actor, &account, now_ms, err);
}

int act_second_factor_remove(struct store *store, const struct actor *actor, const char *account_id,
			     int64_t now_ms, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int r = act_account_find(store, actor, account_id, &account, err);

	if (r >= 0 && strcmp(account.id, actor->account_id) == 0)
		return err_set(err, -EPERM,
			       "This is your own account: take its second factor away with your "
			       "password, under your account.");
	return r < 0 ? r : take_away(store, actor, &account, now_ms, err);
}

/* --- signing in ---------------------------------------------------------------------- */

/* -EINVAL: @text is no code of a phone. */
static int check_code(struct store *store, const struct account *account, const char *text,
		      int64_t now_ms, struct err *err)
{
	unsigned char secret[TOTP_SECRET_SIZE];
	int64_t step = -1;
	int r = seal_read(store, account->id, account->totp_secret, secret, sizeof(secret), err);

	if (r < 0)
		return r;
	r = totp_check(secret, text, account->totp_step, now_ms, &step);
	sodium_memzero(secret, sizeof(secret));
	return r < 0 ? r
		     : store_account_set_totp(store, account->id, account->totp_secret, step, err);
}

static int use_recovery(struct store *store, const struct account *account, const char *code,
			const char *network, int64_t now_ms, struct err *err)
{
	struct actor self = {
		.account_id = account->id,
		.network = network,
		.grants = &account->grants,
	};
	char who[ACCESS_WHO_SIZE], hash[HASH_SIZE];
	int r;

	hash_hex(code, strlen(code), hash);
	r = store_recovery_use(store, account->id, hash, now_ms, err);
	if (r == 0)
		return -EACCES;
	account_who(account, who);
	self.who = who;
	return r < 0 ? r : note(store, &self, AUDIT_RECOVERY_CODE_USED, account, now_ms, err);
}

int act_second_factor_check(struct store *store, const struct account *account, const char *text,
			    const char *network, int64_t now_ms, struct err *err)
{
	char code[RECOVERY_TEXT_SIZE];
	int r;

	if (!has_one(account))
		return 0;
	if (!text || !text[0])
		return err_set(err, -ENODATA, "A code of the second factor is needed as well.");
	/* A recovery code has to work even where the key that secrets are sealed with was lost. */
	if (recovery_code_read(text, code) >= 0)
		r = use_recovery(store, account, code, network, now_ms, err);
	else
		r = check_code(store, account, text, now_ms, err);
	if (r == -EACCES || r == -EINVAL)
		return err_set(err, -EACCES,
			       "This is not the code, or it was used before; wait for the next "
			       "one, or use a recovery code.");
	return r;
}
