/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act_account.h"
#include "collector/act/act_invite.h"
#include "collector/act/audience.h"
#include "collector/domain/login_name.h"
#include "collector/domain/renewal.h"
#include "collector/store/store_session.h"
#include "collector/store/store_sign_on.h"
#include "collector/store/store_site.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define RENEWED_AT_ONCE 500

void account_who(const struct account *account, char ret_who[static ACCESS_WHO_SIZE])
{
	/* Of a long name the end goes, and not of the login, by which alone people are told apart.
	 */
	size_t room = ACCESS_WHO_SIZE - 1 - strlen(" ()") - strlen(account->login);
	_cleanup_free_ char *name = text_clean(account->name, strlen(account->name), room);

	snprintf(ret_who, ACCESS_WHO_SIZE, "%s (%s)", name, account->login);
}

/* --- what is written down ------------------------------------------------------------ */

const char *account_lea(const struct grants *grants)
{
	const char *only = NULL;

	for (size_t i = 0; i < grants->n_grants; i++) {
		const struct grant *grant = &grants->grants[i];
		const char *lea = grant->scope == SCOPE_LEA ? grant->code : grant->lea_code;

		if (grant->scope == SCOPE_STATE || !lea[0] || (only && strcmp(only, lea) != 0))
			return NULL;
		only = lea;
	}
	return only;
}

/* The LEA that all is in which an account has, and had; NULL: none. */
static const char *entry_lea(const struct account_entry *entry)
{
	const char *lea = account_lea(&entry->account->grants);
	const char *before = entry->was ? account_lea(&entry->was->grants) : lea;

	return lea && before && strcmp(lea, before) == 0 ? lea : NULL;
}

int act_account_audit(struct store *store, const struct actor *actor,
		      const struct account_entry *entry, int64_t now_ms, struct err *err)
{
	_cleanup_(json_decrefp) json_t *before = entry->was ? account_json(entry->was) : NULL;
	_cleanup_(json_decrefp) json_t *after = account_json(entry->account);
	const struct audit_note note = {
		.act = entry->act,
		.object = entry->account->id,
		.lea_code = entry_lea(entry),
		.before = before,
		.after = after,
	};

	return act_audit(store, actor, &note, now_ms, err);
}

/* --- who may ------------------------------------------------------------------------- */

/* Whether there is such a place, and of which LEA; 1: there is none. */
static int place_grant(struct store *store, struct grant *grant, struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	struct audience audience = { grant->scope, grant->code };
	int r;

	if (grant->scope != SCOPE_SITE) {
		r = audience_check(store, &audience, err);
		return r == -ENOENT ? 1 : r;
	}
	r = store_site_get(store, grant->code, &site, err);
	if (r < 0)
		return r == -ENOENT ? 1 : r;
	snprintf(grant->lea_code, sizeof(grant->lea_code), "%s", site.lea_code);
	return 0;
}

int act_grants_check(struct store *store, const struct actor *actor, struct grants *grants,
		     struct err *err)
{
	bool is_told = access_allows_everywhere(actor->grants, MAY_GIVE_ROLES);

	for (size_t i = 0; i < grants->n_grants; i++) {
		struct grant *grant = &grants->grants[i];
		int r = place_grant(store, grant, err);

		if (r < 0)
			return r;
		if (r > 0 && is_told)
			return err_set(err, -EINVAL, "There is no %s with the code '%s'.",
				       grant->scope == SCOPE_LEA ? "LEA" : "site", grant->code);
		if (r > 0 || !access_may_give(actor->grants, grant))
			return err_set(err, -EPERM,
				       "You cannot give the role %s for %s %s: it is above your "
				       "own roles, or outside of what they cover.",
				       person_role_words[grant->role], scope_words[grant->scope],
				       grant->code);
	}
	return 0;
}

int act_account_find(struct store *store, const struct actor *actor, const char *id,
		     struct account *ret_account, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int r = store_account_get(store, id, &account, err);

	if (r < 0)
		return r;
	if (!access_sees_person(actor->grants, &account.grants))
		return err_set(err, -ENOENT, "There is no account '%.64s'.", id);
	if (!access_may_manage(actor->grants, &account.grants))
		return err_set(err, -EPERM,
			       "%s has roles that you could not give, so the account is not yours "
			       "to change.",
			       account.login);
	*ret_account = account;
	account = (struct account){ 0 };
	return 0;
}

int act_account_login(struct store *store, const char *id, char **ret_login, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int r = store_account_get(store, id, &account, err);

	if (r < 0)
		return r;
	if (!account.password[0])
		return err_set(err, -EALREADY,
			       "This account has no password of its own: you sign in elsewhere. "
			       "Whoever gave you the account can send an invitation, with which "
			       "you choose one.");
	*ret_login = TAKE_PTR(account.login);
	return 0;
}

/* --- making -------------------------------------------------------------------------- */

/* @text as it can be shown; owned by the caller. */
static int clean_name(const char *text, char **ret_name, struct err *err)
{
	_cleanup_free_ char *name = text_clean(text, strlen(text), (size_t)ACCOUNT_NAME_MAX * 4);

	if (!name[0] || strlen(name) > ACCOUNT_NAME_MAX)
		return err_set(err, -EINVAL,
			       "Give the person's name, of at most %d bytes: others know the "
			       "account by it.",
			       ACCOUNT_NAME_MAX);
	*ret_name = TAKE_PTR(name);
	return 0;
}

static int check_login(struct store *store, const char *text, char login[static LOGIN_NAME_SIZE],
		       struct err *err)
{
	_cleanup_(account_done) struct account other = { 0 };
	int r = login_name_read(text, login, err);

	if (r < 0)
		return r;
	r = store_account_by_login(store, login, &other, err);
	if (r >= 0)
		return err_set(err, -EALREADY, "There is an account '%s' already.", login);
	return r == -ENOENT ? 0 : r;
}

int act_account_add(struct store *store, const struct actor *actor,
		    const struct account_request *request, int64_t now_ms,
		    struct account_made *ret_made, struct err *err)
{
	_cleanup_(account_done) struct account account = {
		.good_until = renewal_good_until(renewal_day(now_ms)),
		.created_ms = now_ms,
		.created_by = xstrdup(actor->who),
		.grants = *request->grants,
	};
	char login[LOGIN_NAME_SIZE];
	int r = clean_name(request->name, &account.name, err);

	if (r >= 0 && account.grants.n_grants == 0)
		return err_set(err, -EINVAL,
			       "Give at least one role: an account without one sees nothing.");
	if (r >= 0)
		r = act_grants_check(store, actor, &account.grants, err);
	if (r >= 0)
		r = check_login(store, request->login, login, err);
	if (r < 0)
		return r;
	account.login = xstrdup(login);
	id_new(account.id);
	r = store_account_put(store, &account, err);
	if (r >= 0)
		r = act_account_audit(store, actor,
				      &(struct account_entry){ AUDIT_ACCOUNT_MADE, &account, NULL },
				      now_ms, err);
	if (r >= 0)
		r = act_invite_new(store, actor, account.id, now_ms, ret_made->invitation, err);
	memcpy(ret_made->id, account.id, ID_SIZE);
	return r;
}

/* --- changing ------------------------------------------------------------------------ */

static bool is_admin(const struct account *account)
{
	for (size_t i = 0; i < account->grants.n_grants; i++) {
		if (account->grants.grants[i].role == PERSON_ADMIN)
			return !account->is_disabled;
	}
	return false;
}

/* Somebody has to be left who can give everything back. */
static int check_last_admin(struct store *store, const struct account *was,
			    const struct account *account, int64_t now_ms, struct err *err)
{
	int64_t n = 0;
	int r;

	if (!is_admin(was) || is_admin(account))
		return 0;
	r = store_account_others(store, account->id, PERSON_ADMIN, renewal_day(now_ms), &n, err);
	if (r >= 0 && n == 0)
		return err_set(err, -EALREADY,
			       "%s is the last admin who can sign in; make another one first.",
			       account->login);
	return r;
}

/* Fill in what is to be changed. */
static int apply(struct store *store, const struct actor *actor,
		 const struct account_change *change, struct account *account, struct err *err)
{
	char *name = NULL;
	int r = 0;

	if (change->name) {
		r = clean_name(change->name, &name, err);
		if (r < 0)
			return r;
		free(account->name);
		account->name = name;
	}
	if (change->is_disabled >= 0)
		account->is_disabled = change->is_disabled != 0;
	if (change->grants) {
		account->grants = *change->grants;
		r = act_grants_check(store, actor, &account->grants, err);
	}
	return r;
}

/*
 * What an account that is disabled has open ends. So do the link and the awaited name of one that
 * may more than before: whoever made or named them could not have given that, and would still
 * choose who gets it.
 */
static int end_what_is_open(struct store *store, const struct account *was,
			    const struct account *account, struct err *err)
{
	int64_t n;
	int r = 0;

	if (account->is_disabled)
		r = store_session_delete_others(store, account->id, "", &n, err);
	if (!account->is_disabled && grants_are_among(&account->grants, &was->grants))
		return r;
	if (r >= 0)
		r = store_invitation_delete(store, account->id, err);
	return r < 0 ? r : store_sign_on_await_nobody(store, account->id, err);
}

static enum audit_act act_of(const struct account *was, const struct account *account)
{
	if (was->is_disabled == account->is_disabled)
		return AUDIT_ACCOUNT_CHANGED;
	return account->is_disabled ? AUDIT_ACCOUNT_DISABLED : AUDIT_ACCOUNT_ENABLED;
}

/* Store @account where it is another than it @was, and write that down. */
static int save(struct store *store, const struct actor *actor, const struct account *was,
		const struct account_entry *entry, int64_t now_ms, struct err *err)
{
	const struct account_entry with_before = { entry->act, entry->account, was };
	char old[ACCOUNT_VERSION_SIZE], new[ACCOUNT_VERSION_SIZE];
	int r;

	account_version(was, old);
	account_version(entry->account, new);
	if (strcmp(old, new) == 0)
		return 0;
	r = store_account_change(store, entry->account, err);
	return r < 0 ? r : act_account_audit(store, actor, &with_before, now_ms, err);
}

int act_account_change(struct store *store, const struct actor *actor,
		       const struct account_change *change, int64_t now_ms, struct err *err)
{
	_cleanup_(account_done) struct account was = { 0 };
	_cleanup_(account_done) struct account account = { 0 };
	char version[ACCOUNT_VERSION_SIZE];
	int r = act_account_find(store, actor, change->id, &was, err);

	if (r < 0)
		return r;
	account_version(&was, version);
	if (change->version && strcmp(change->version, version) != 0)
		return err_set(err, -ESTALE,
			       "Somebody changed this account meanwhile; look at it again.");
	r = store_account_get(store, change->id, &account, err);
	if (r >= 0)
		r = apply(store, actor, change, &account, err);
	if (r >= 0)
		r = check_last_admin(store, &was, &account, now_ms, err);
	if (r >= 0)
		r = save(store, actor, &was,
			 &(struct account_entry){ act_of(&was, &account), &account, NULL }, now_ms,
			 err);
	return r < 0 ? r : end_what_is_open(store, &was, &account, err);
}

/* --- renewal ------------------------------------------------------------------------- */

static int renew(struct store *store, const struct actor *actor, const struct account *was,
		 int64_t now_ms, struct err *err)
{
	struct account account = *was; /* borrows its texts */

	account.good_until = renewal_good_until(renewal_day(now_ms));
	return save(store, actor, was,
		    &(struct account_entry){ AUDIT_ACCOUNT_RENEWED, &account, NULL }, now_ms, err);
}

int act_account_renew(struct store *store, const struct actor *actor, const char *id,
		      int64_t now_ms, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int r = act_account_find(store, actor, id, &account, err);

	return r < 0 ? r : renew(store, actor, &account, now_ms, err);
}

/* Those of one part of the list that the actor may change. */
static int renew_all(struct store *store, const struct actor *actor,
		     const struct account_list *list, int64_t now_ms, int64_t *n, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < list->n_accounts; i++) {
		const struct account *account = &list->accounts[i];

		if (account->is_disabled || !access_may_manage(actor->grants, &account->grants))
			continue;
		r = renew(store, actor, account, now_ms, err);
		*n += r >= 0;
	}
	return r;
}

int act_account_renew_lea(struct store *store, const struct actor *actor, const char *lea_code,
			  int64_t now_ms, int64_t *ret_n, struct err *err)
{
	const struct place place = { .scope = SCOPE_LEA, .lea_code = lea_code };
	_cleanup_free_ char *leas = xasprintf(",%s,", lea_code);
	struct account_query query = { .leas = leas, .limit = RENEWED_AT_ONCE };
	char after[LOGIN_NAME_SIZE] = "";
	int64_t n = 0;
	size_t n_read;
	int r = access_check(actor->grants, MAY_GIVE_ROLES, &place, err);

	if (r >= 0)
		r = audience_check(store, &(struct audience){ SCOPE_LEA, lea_code }, err);
	if (r < 0)
		return r;
	do {
		_cleanup_(account_list_done) struct account_list list = { 0 };

		query.after = after;
		r = store_account_list(store, &query, &list, err);
		if (r >= 0)
			r = renew_all(store, actor, &list, now_ms, &n, err);
		n_read = list.n_accounts;
		if (n_read > 0)
			snprintf(after, sizeof(after), "%s", list.accounts[n_read - 1].login);
	} while (r >= 0 && n_read == query.limit);
	if (r >= 0)
		*ret_n = n;
	return r;
}
