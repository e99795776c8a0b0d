/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Single sign-on: who is let in since somebody else vouches for them, a proxy in front or an
 * identity provider. docs/decisions/0028-single-sign-on.md says why it is as it is.
 *
 * No account is ever made here, and disabled or expired ones stay out. In a transaction of the
 * caller, who rolls back on failure. What is refused is a success of the functions, as in
 * act_sign_in.h: `enum sign_in_outcome` tells.
 */

#include <stdbool.h>

#include "collector/act/act_sign_in.h"
#include "collector/act/actor.h"

/* Where a sign-in comes from. */
struct sign_on_from {
	const char *network; /* "": not known */
	const char *browser; /* what it calls itself; NULL: nothing */
};

/* Whoever a trusted proxy calls @login. SIGN_IN_REFUSED: there is no such account. */
int act_sign_on_login(struct store *store, const struct sign_on_from *from, const char *login,
		      int64_t now_ms, struct signed_in *ret_signed_in,
		      struct err *err) _must_check_;

#define SIGN_ON_NAMES_MAX 2
/* How long a sign-in that came back is remembered: longer than one may take. */
#define SIGN_ON_REMEMBERED_MS INT64_C(3600000)

/* Whom the identity provider vouches for. */
struct sign_on_person {
	const char *issuer;
	const char *subject; /* which the issuer never gives to another */
	/* What else it calls them: names that change hands, so that they count once. NULL: none. */
	const char *names[SIGN_ON_NAMES_MAX];
	const char *state_hash; /* of the sign-in, so that it counts once */
	bool has_two_factors; /* shown there; else an account with a second factor is not let in */
};
/*
 * The account that is bound to issuer and subject; if none is, the one that awaits one of the
 * names, which is bound now if it can be used, and whose open invitation ends.
 * SIGN_IN_REFUSED: neither; or the names are awaited by two accounts. SIGN_IN_NEEDS_CODE: the
 * account has a second factor, and none was shown there; nothing is bound.
 * -EALREADY: the sign-in came back before.
 */
int act_sign_on_person(struct store *store, const struct sign_on_from *from,
		       const struct sign_on_person *person, int64_t now_ms,
		       struct signed_in *ret_signed_in, struct err *err) _must_check_;

#define SIGN_ON_NAME_MAX 254 /* bytes: an address of mail has no more */
/*
 * Let whoever the identity provider calls @name next be the account @id; "" lets nobody. What
 * it was bound to before it is no more, and its sessions end. For those who may change the
 * account, but not for itself. -EINVAL: the name. -EALREADY: another account awaits it.
 * -ENOENT, -EPERM: see act_account.h.
 */
int act_sign_on_allow(struct store *store, const struct actor *actor, const char *id,
		      const char *name, int64_t now_ms, struct err *err) _must_check_;
