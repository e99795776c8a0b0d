/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Signing in, in two steps, since the hash of a password takes longer than a transaction may:
 *
 * 1. act_sign_in_begin(), reading: which hash the password is to be compared with. Lockout is
 *    asked here first, so that guesses cost nobody the time of a hash.
 * 2. The password is compared, on a thread of the pool.
 * 3. act_sign_in(), in the writer's transaction: lockout is asked again (many may have begun
 *    at once), then the account, then the second factor; what came of it is written.
 *
 * All that is refused is a success of the function, since failures are counted in the
 * store: `enum sign_in_outcome` tells.
 */

#include <stdbool.h>
#include <stdint.h>

#include "collector/act/password.h"
#include "collector/store/store_account.h"
#include "common/base/id.h"

enum sign_in_outcome {
	SIGN_IN_DONE,
	SIGN_IN_REFUSED,    /* no such login, or another password; nobody is told which */
	SIGN_IN_LOCKED,     /* too many tries; come back in wait_ms */
	SIGN_IN_NEEDS_CODE, /* the password is right, and a code is needed as well */
	SIGN_IN_WRONG_CODE, /* it is not the code, or was used before */
	SIGN_IN_NO_KEY,     /* the collector cannot check codes, but recovery codes */
	SIGN_IN_DISABLED,   /* the password is right */
	SIGN_IN_EXPIRED,    /* the same: the account waits for its renewal */
	SIGN_IN_MAX_,
};

/*
 * What is said to somebody who has the right password of @account, or for whom others vouch:
 * SIGN_IN_DONE, SIGN_IN_DISABLED or SIGN_IN_EXPIRED.
 */
enum sign_in_outcome sign_in_judge(const struct account *account, int64_t now_ms);

struct sign_in_begun {
	enum sign_in_outcome outcome; /* SIGN_IN_LOCKED, or SIGN_IN_DONE: go on */
	int64_t wait_ms;              /* of SIGN_IN_LOCKED */
	/* What to compare with. Where there is no such account, of a password that nobody has. */
	char password[PASSWORD_HASH_SIZE];
};
int act_sign_in_begin(struct store *store, const char *login, const char *network, int64_t now_ms,
		      struct sign_in_begun *ret_begun, struct err *err) _must_check_;

struct sign_in {
	const char *login;    /* as it was typed */
	const char *code;     /* of the second factor, or a recovery code; NULL: none */
	const char *network;  /* "": not known */
	const char *browser;  /* what it calls itself */
	const char *password; /* the hash that it was compared with */
	bool is_right;        /* it is the password of that */
};
struct signed_in {
	enum sign_in_outcome outcome;
	int64_t wait_ms;           /* of SIGN_IN_LOCKED */
	char session[SECRET_SIZE]; /* of SIGN_IN_DONE: a new one, for the cookie */
	char account_id[ID_SIZE];
};
int act_sign_in(struct store *store, const struct sign_in *sign_in, int64_t now_ms,
		struct signed_in *ret_signed_in, struct err *err) _must_check_;

/*
 * The same of somebody for whom others vouch (act_sign_on.h): of @sign_in only network and browser
 * count. Nothing is compared, and nobody waits for failures of others with a password: the outcome
 * is SIGN_IN_DONE, SIGN_IN_DISABLED or SIGN_IN_EXPIRED.
 */
int act_sign_in_vouched(struct store *store, const struct sign_in *sign_in,
			const struct account *account, int64_t now_ms,
			struct signed_in *ret_signed_in, struct err *err) _must_check_;
