/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Sessions of people in browsers. A cookie is never stored, only its hash. */

#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/id.h"

struct session {
	char token_hash[HASH_SIZE];
	char account_id[ID_SIZE];
	int64_t created_ms;
	int64_t seen_ms;     /* to the minute */
	const char *network; /* borrowed; NULL when it was read */
	const char *browser;
};

int store_session_put(struct store *store, const struct session *session,
		      struct err *err) _must_check_;
/* -ENOENT: there is none. */
int store_session_get(struct store *store, const char *token_hash, struct session *ret_session,
		      struct err *err) _must_check_;
/* It was used at @now_ms; time only moves forward. */
int store_session_note_use(struct store *store, const char *token_hash, int64_t now_ms,
			   struct err *err) _must_check_;
/* *@ret_n: 1, or 0 where there was none. */
int store_session_delete(struct store *store, const char *token_hash, int64_t *ret_n,
			 struct err *err) _must_check_;
/* All of an account but the one with the hash @but (may be ""); *@ret_n: how many. */
int store_session_delete_others(struct store *store, const char *account_id, const char *but,
				int64_t *ret_n, struct err *err) _must_check_;
/* All but the newest @max of an account. */
int store_session_keep(struct store *store, const char *account_id, int64_t max,
		       struct err *err) _must_check_;
/* Those that were begun before @created_ms or last used before @seen_ms. */
int store_session_forget(struct store *store, int64_t created_ms, int64_t seen_ms,
			 struct err *err) _must_check_;
