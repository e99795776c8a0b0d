/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Links with which people choose a password: no server for mail is needed, and nobody ever
 * knows the password of another. In a transaction of the caller.
 */

#include <stdint.h>

#include "collector/act/actor.h"
#include "collector/act/password.h"
#include "collector/store/store.h"
#include "common/base/id.h"

#define INVITATION_DAYS 7
#define SETUP_HOURS 24

/*
 * Make an invitation of the account @id, also for a password that was forgotten; the one before
 * is good for nothing any more. The secret is shown once and stored as a hash.
 * -ENOENT, -EPERM: as in act_account.h. -EALREADY: the account is disabled.
 */
int act_invite(struct store *store, const struct actor *actor, const char *id, int64_t now_ms,
	       char ret_invitation[static SECRET_SIZE], struct err *err) _must_check_;

/*
 * The same of an account that is made in this transaction: nobody has to be asked, and that it was
 * made is its entry in the audit log.
 */
int act_invite_new(struct store *store, const struct actor *actor, const char *id, int64_t now_ms,
		   char ret_invitation[static SECRET_SIZE], struct err *err) _must_check_;

/*
 * Whose invitation @secret is. *@ret_login is owned by the caller. -EACCES: it is of nobody,
 * over, or was used.
 */
int act_invitation_look(struct store *store, const char *secret, int64_t now_ms, char **ret_login,
			struct err *err) _must_check_;

struct invitation_answer {
	const char *secret;
	const char *password; /* its hash */
	const char *network;
};
/* Set the password; sessions that are open end. -EACCES as above. */
int act_invitation_use(struct store *store, const struct invitation_answer *answer, int64_t now_ms,
		       struct err *err) _must_check_;

/*
 * Where there is no account at all: a new code with which the first admin makes one. The one
 * before is good for nothing any more. 1: it was made; 0: there are accounts.
 */
int act_setup_begin(struct store *store, int64_t now_ms, char ret_code[static SECRET_SIZE],
		    struct err *err) _must_check_;

/* -EACCES: the code is not good, or there is an account already. */
int act_setup_look(struct store *store, const char *code, int64_t now_ms,
		   struct err *err) _must_check_;

struct setup_request {
	const char *code;
	const char *login, *name;
	const char *password; /* its hash */
	const char *network;
};
/* Make the first admin. -EACCES as above. -EINVAL: login or name. */
int act_setup(struct store *store, const struct setup_request *request, int64_t now_ms,
	      struct err *err) _must_check_;
