/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_account.h"
#include "collector/act/act_sign_on.h"
#include "collector/domain/login_name.h"
#include "collector/store/store_session.h"
#include "collector/store/store_sign_on.h"
#include "common/base/mem.h"
#include "common/base/text.h"

static int begin(struct store *store, const struct sign_on_from *from,
		 const struct account *account, int64_t now_ms, struct signed_in *ret_signed_in,
		 struct err *err)
{
	const struct sign_in sign_in = { .network = from->network, .browser = from->browser };

	return act_sign_in_vouched(store, &sign_in, account, now_ms, ret_signed_in, err);
}

int act_sign_on_login(struct store *store, const struct sign_on_from *from, const char *text,
		      int64_t now_ms, struct signed_in *ret_signed_in, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	char login[LOGIN_NAME_SIZE];
	int r = login_name_read(text, login, NULL) < 0
			? -ENOENT
			: store_account_by_login(store, login, &account, err);

	if (r == -ENOENT) {
		*ret_signed_in = (struct signed_in){ .outcome = SIGN_IN_REFUSED };
		return 0;
	}
	return r < 0 ? r : begin(store, from, &account, now_ms, ret_signed_in, err);
}

/* --- names ----------------------------------------------------------------------------- */

/* As names are compared: nobody is another by the case. Only of ASCII, as in logins. */
static char *lower_case(const char *text)
{
	char *lower = xstrdup(text);

	for (char *c = lower; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	return lower;
}

/* @text as it is kept; owned by the caller. */
static int read_name(const char *text, char **ret_name, struct err *err)
{
	size_t len = strlen(text);
	_cleanup_free_ char *clean = text_clean(text, len, SIGN_ON_NAME_MAX + 1);

	if (len > SIGN_ON_NAME_MAX || strcmp(clean, text) != 0 || strpbrk(text, " \t"))
		return err_set(err, -EINVAL,
			       "Give the name as the identity provider has it, such as "
			       "akim@example.org: at most %d bytes, without spaces.",
			       SIGN_ON_NAME_MAX);
	*ret_name = lower_case(text);
	return 0;
}

/* --- what is written down -------------------------------------------------------------- */

/* What was done to which account; @name: whom it awaits or awaited, "" for nobody. */
struct entry {
	enum audit_act act;
	const struct account *account;
	const char *name;
};

static int note(struct store *store, const struct actor *actor, const struct entry *what,
		int64_t now_ms, struct err *err)
{
	_cleanup_(json_decrefp) json_t *after =
		json_pack("{s:s, s:s?}", "login", what->account->login, "name",
			  what->name && what->name[0] ? what->name : NULL);
	const struct audit_note entry = {
		.act = what->act,
		.object = what->account->id,
		.lea_code = account_lea(&what->account->grants),
		.after = after,
	};

	return act_audit(store, actor, &entry, now_ms, err);
}

/* --- an identity provider -------------------------------------------------------------- */

/* The account that awaits one of the names. -ENOENT: none does. -ENOTUNIQ: two do. */
static int find_awaited(struct store *store, const struct sign_on_person *person,
			struct account *account, char **name, struct err *err)
{
	for (size_t i = 0; i < SIGN_ON_NAMES_MAX; i++) {
		_cleanup_(account_done) struct account found = { 0 };
		_cleanup_free_ char *lower = NULL;
		int r;

		if (!person->names[i])
			continue;
		lower = lower_case(person->names[i]);
		r = store_sign_on_by_name(store, lower, &found, err);
		if (r == -ENOENT)
			continue;
		if (r < 0)
			return r;
		if (account->login && strcmp(account->id, found.id) != 0)
			return err_set(err, -ENOTUNIQ, "two accounts await this person");
		account_done(account);
		*account = found;
		found = (struct account){ 0 };
		free(*name);
		*name = TAKE_PTR(lower);
	}
	return account->login ? 0 : -ENOENT;
}

/* As the store has it; owned by the caller. An issuer is an address, which has no space in it. */
static char *subject_of(const struct sign_on_person *person)
{
	return xasprintf("%s %s", person->issuer, person->subject);
}

/* Whoever wants two factors for an account is not let in with one by another door. */
static bool lacks_factor(const struct account *account, const struct sign_on_person *person)
{
	return account->totp_secret[0] && !person->has_two_factors;
}

/*
 * The account that awaits @person, which is theirs from now on. One that cannot be used is bound
 * to nobody: whoever enables or renews it decides anew. An invitation that is still open ends:
 * they are here, and whoever else has the link would get in without the provider.
 */
static int find_and_bind(struct store *store, const struct sign_on_from *from,
			 const struct sign_on_person *person, int64_t now_ms,
			 struct account *account, struct err *err)
{
	_cleanup_free_ char *subject = subject_of(person);
	_cleanup_free_ char *name = NULL;
	char who[ACCESS_WHO_SIZE];
	struct actor self = { .who = who, .network = from->network };
	int r = find_awaited(store, person, account, &name, err);

	if (r < 0 || sign_in_judge(account, now_ms) != SIGN_IN_DONE ||
	    lacks_factor(account, person))
		return r;
	account_who(account, who);
	self.account_id = account->id;
	self.grants = &account->grants;
	r = store_sign_on_bind(store, account->id, subject, err);
	if (r >= 0)
		r = store_invitation_delete(store, account->id, err);
	return r < 0 ? r
		     : note(store, &self, &(struct entry){ AUDIT_SIGN_ON_BOUND, account, name },
			    now_ms, err);
}

/* A code of the provider's works once there; whatever came of it, here as well. */
static int use_up(struct store *store, const char *state_hash, int64_t now_ms, struct err *err)
{
	int r = store_sign_on_forget(store, now_ms - SIGN_ON_REMEMBERED_MS, err);

	if (r >= 0)
		r = store_sign_on_use(store, state_hash, now_ms, err);
	if (r == -EEXIST)
		return err_set(err, -EALREADY, "This sign-in was used before; begin again.");
	return r;
}

int act_sign_on_person(struct store *store, const struct sign_on_from *from,
		       const struct sign_on_person *person, int64_t now_ms,
		       struct signed_in *ret_signed_in, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	_cleanup_free_ char *subject = subject_of(person);
	int r = use_up(store, person->state_hash, now_ms, err);

	if (r < 0)
		return r;
	r = store_sign_on_by_subject(store, subject, &account, err);
	if (r == -ENOENT)
		r = find_and_bind(store, from, person, now_ms, &account, err);
	if (r == -ENOENT || r == -ENOTUNIQ) {
		*ret_signed_in = (struct signed_in){ .outcome = SIGN_IN_REFUSED };
		return 0;
	}
	if (r >= 0 && lacks_factor(&account, person)) {
		*ret_signed_in = (struct signed_in){ .outcome = SIGN_IN_NEEDS_CODE };
		return 0;
	}
	return r < 0 ? r : begin(store, from, &account, now_ms, ret_signed_in, err);
}

/* --- who may be awaited ---------------------------------------------------------------- */

static int check_free(struct store *store, const char *id, const char *name, struct err *err)
{
	_cleanup_(account_done) struct account other = { 0 };
	int r = store_sign_on_by_name(store, name, &other, err);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	/* Whose it is, is not told: it may be an account that is not the actor's to know of. */
	if (strcmp(other.id, id) != 0)
		return err_set(err, -EALREADY,
			       "Another account awaits '%s' already; take the name from that one "
			       "first.",
			       name);
	return 0;
}

int act_sign_on_allow(struct store *store, const struct actor *actor, const char *id,
		      const char *text, int64_t now_ms, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	_cleanup_free_ char *name = NULL;
	int64_t n;
	int r = act_account_find(store, actor, id, &account, err);

	/* Or whoever finds a session open, or has a token, needs no password to come again. */
	if (r >= 0 && strcmp(account.id, actor->account_id) == 0)
		return err_set(err, -EPERM,
			       "This is your own account: ask another who could give your roles, "
			       "or use person sign-on on the collector's machine.");
	if (r >= 0)
		r = read_name(text, &name, err);
	if (r >= 0)
		r = check_free(store, id, name, err);
	if (r >= 0)
		r = store_sign_on_await(store, id, name, err);
	/* Whoever it was bound to is it no more, also where they are signed in. */
	if (r >= 0 && account.subject)
		r = store_session_delete_others(store, id, "", &n, err);
	return r < 0 ? r
		     : note(store, actor, &(struct entry){ AUDIT_SIGN_ON_ALLOWED, &account, name },
			    now_ms, err);
}
