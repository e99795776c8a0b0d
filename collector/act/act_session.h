/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sessions of people in browsers: found, kept alive, ended. In a transaction of the caller, but
 * act_session_find(), which only reads.
 */

#include <stdint.h>

#include "collector/act/actor.h"
#include "collector/act/password.h"
#include "collector/domain/session_time.h"
#include "collector/store/store_account.h"
#include "collector/store/store_session.h"

/*
 * The session with the hash @token_hash and its account, which can be used now.
 * account_done() *@ret_account. -ENOENT: there is none, it is over, or so is its account.
 */
int act_session_find(struct store *store, const char *token_hash, int64_t now_ms,
		     struct session *ret_session, struct account *ret_account,
		     struct err *err) _must_check_;

/* A new session of the account; its secret is for the cookie. */
struct session_request {
	const char *account_id;
	const char *network;
	const char *browser; /* what it calls itself; cut where it is long */
};
int act_session_begin(struct store *store, const struct session_request *request, int64_t now_ms,
		      char ret_secret[static SECRET_SIZE], struct err *err) _must_check_;

/* It and its account were used at @now_ms. */
int act_session_note(struct store *store, const char *token_hash, const char *account_id,
		     int64_t now_ms, struct err *err) _must_check_;

/* End one; *@ret_n: 1, or 0 where it was over. */
int act_session_end(struct store *store, const char *token_hash, int64_t *ret_n,
		    struct err *err) _must_check_;
/* End all of the actor's account; *@ret_n: how many. */
int act_session_end_all(struct store *store, const struct actor *actor, int64_t now_ms,
			int64_t *ret_n, struct err *err) _must_check_;

struct password_change {
	const char *old_password; /* the hash that the old one was compared with, and is of */
	const char *password;     /* the new one's */
	const char *session;      /* that goes on, by its hash; all others end */
};
/* The actor's own password. -ESTALE: it was changed meanwhile. */
int act_password_change(struct store *store, const struct actor *actor,
			const struct password_change *change, int64_t now_ms,
			struct err *err) _must_check_;
