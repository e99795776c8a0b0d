/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Accounts: made, changed, renewed. As with all of collector/act: in a transaction of the
 * caller, who rolls back on failure; each writes its entry into the audit log.
 *
 * What they all may fail with: -EPERM: the actor's roles do not let it, @err says why.
 * -ENOENT: no such account, or none that the actor may know of.
 */

#include <stdint.h>

#include <jansson.h>

#include "collector/act/act_audit.h"
#include "collector/act/actor.h"
#include "collector/store/store_account.h"

#define ACCOUNT_NAME_MAX 120 /* bytes */
/* "Ada Kim (akim)": fits into ACCESS_WHO_SIZE, cut where it has to be. */
void account_who(const struct account *account, char ret_who[static ACCESS_WHO_SIZE]);

/* The LEA that all of @grants are of, whose audit log shows the account; NULL: several, or the
 * state. */
const char *account_lea(const struct grants *grants);

/*
 * Check that the actor may give all of @grants, and fill in where their sites are.
 * -EINVAL: no such LEA or site, which only those are told who may know.
 */
int act_grants_check(struct store *store, const struct actor *actor, struct grants *grants,
		     struct err *err) _must_check_;

/* The account @id, which the actor may change. account_done() *@ret_account. */
int act_account_find(struct store *store, const struct actor *actor, const char *id,
		     struct account *ret_account, struct err *err) _must_check_;

/*
 * The login of the account @id, to compare its password; owned by the caller. Asks nobody.
 * -EALREADY: it has no password.
 */
int act_account_login(struct store *store, const char *id, char **ret_login,
		      struct err *err) _must_check_;

/*
 * Write down that @act was done to @account, which @was that before, or NULL. The entry is of an
 * LEA only where both are of it: else one would read what somebody has, or had, in another.
 */
struct account_entry {
	enum audit_act act;
	const struct account *account;
	const struct account *was;
};
int act_account_audit(struct store *store, const struct actor *actor,
		      const struct account_entry *entry, int64_t now_ms,
		      struct err *err) _must_check_;

struct account_request {
	const char *login; /* as it was typed */
	const char *name;
	const struct grants *grants;
};
struct account_made {
	char id[ID_SIZE];
	char invitation[SECRET_SIZE]; /* see act_invite.h */
};
/*
 * A new account, good until the next renewal, with an invitation. -EINVAL: login, name or no
 * grant. -EALREADY: the login is taken.
 */
int act_account_add(struct store *store, const struct actor *actor,
		    const struct account_request *request, int64_t now_ms,
		    struct account_made *ret_made, struct err *err) _must_check_;

struct account_change {
	const char *id;
	const char *version;         /* that it must have; NULL: any */
	const char *name;            /* NULL: as it is */
	const struct grants *grants; /* all it is to have; NULL: as they are */
	int is_disabled;             /* -1: as it is */
};
/*
 * Effective at once: open sessions have the new grants with their next request, and end where the
 * account is disabled; a link or a name at the identity provider that was not used yet ends with
 * a role more. -EINVAL: the name.
 * -ESTALE: it was changed since @version. -EALREADY: it is the last that has everything, and
 * somebody has to.
 */
int act_account_change(struct store *store, const struct actor *actor,
		       const struct account_change *change, int64_t now_ms,
		       struct err *err) _must_check_;

/* Good until the next renewal. */
int act_account_renew(struct store *store, const struct actor *actor, const char *id,
		      int64_t now_ms, struct err *err) _must_check_;
/*
 * The same of all accounts that the actor may change and that have a grant of the LEA or of a
 * site there and are not disabled; *@ret_n: how many.
 */
int act_account_renew_lea(struct store *store, const struct actor *actor, const char *lea_code,
			  int64_t now_ms, int64_t *ret_n, struct err *err) _must_check_;
