/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The second factor: a code of a phone's app beside the password, and ten recovery codes for
 * who lost the phone. In a transaction of the caller, who rolls back on failure.
 *
 * The phone's secret is stored sealed (collector/store/seal.h), so a copy of the store alone
 * gives neither codes nor, since only hashes of them are stored, recovery codes.
 */

#include <stdint.h>

#include <jansson.h>

#include "collector/act/actor.h"
#include "collector/domain/totp.h"
#include "collector/store/store_account.h"

#define RECOVERY_CODES 10
/* One that was begun waits so long for its first code. */
#define SECOND_FACTOR_BEGUN_MS (INT64_C(60) * 60 * 1000)

struct second_factor_begun {
	char secret[TOTP_SECRET_TEXT_SIZE];
	char *uri; /* owned */
};
void second_factor_begun_done(struct second_factor_begun *begun);

/*
 * A new secret for the actor's own account; it counts once act_second_factor_set() was given a
 * code of it. The caller has compared the password with the hash @password: a session that was
 * left open is not enough to lock its owner out. -EALREADY: there is one. -EPERM: the actor is no
 * account. -ESTALE: the password is another one meanwhile. -EKEYREJECTED: those that there are do
 * not open with the key that is there, so none is added that would be sealed with another.
 */
int act_second_factor_begin(struct store *store, const struct actor *actor, const char *password,
			    int64_t now_ms, struct second_factor_begun *ret_begun,
			    struct err *err) _must_check_;

/*
 * Whose second factor cannot be checked, since the key that its secret was sealed with is not there
 * or is another one now. *@ret_logins is an array of their logins, owned by the caller, and
 * @ret_why says of the last what is wrong with the key. An error is one of the store or of reading
 * the key.
 */
int act_second_factor_lost(struct store *store, json_t **ret_logins, struct err *ret_why,
			   struct err *err) _must_check_;

struct recovery_codes {
	char texts[RECOVERY_CODES][RECOVERY_TEXT_SIZE];
};
/*
 * From now on signing in needs a code. The recovery codes are shown once.
 * -ENOENT: none was begun. -EINVAL: @code is none, or not the one that is due. -EALREADY, -EPERM:
 * as above.
 */
int act_second_factor_set(struct store *store, const struct actor *actor, const char *code,
			  int64_t now_ms, struct recovery_codes *ret_codes,
			  struct err *err) _must_check_;

/*
 * Take away the actor's own; the caller has compared the password with the hash @password.
 * -ENOENT: there is none. -EPERM: as above. -ESTALE: the password is another one meanwhile.
 */
int act_second_factor_end(struct store *store, const struct actor *actor, const char *password,
			  int64_t now_ms, struct err *err) _must_check_;

/*
 * Take away another's, as for a phone that was lost with the recovery codes. -ENOENT: no such
 * account, or it has none. -EPERM: the account is not the actor's to change, or is the
 * actor's own, for which the password is asked.
 */
int act_second_factor_remove(struct store *store, const struct actor *actor, const char *account_id,
			     int64_t now_ms, struct err *err) _must_check_;

/*
 * Whether @text (may be NULL), of somebody from @network, is what @account has to show
 * beside the password: a code that was not used, or a recovery code, which is used up.
 * -ENODATA: a code is needed. -EACCES: it is none of these. -EKEYREJECTED: the code of a phone
 * cannot be checked, see act_second_factor_lost(); a recovery code could.
 */
int act_second_factor_check(struct store *store, const struct account *account, const char *text,
			    const char *network, int64_t now_ms, struct err *err) _must_check_;
