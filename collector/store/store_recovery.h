/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Recovery codes, of which only hashes are stored, and second factors that were begun. */

#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/id.h"

int store_recovery_put(struct store *store, const char *account_id, const char *code_hash,
		       struct err *err) _must_check_;
/* All of an account. */
int store_recovery_delete(struct store *store, const char *account_id,
			  struct err *err) _must_check_;
/* Use it up; 1, or 0: the account has no such code that was not used. */
int store_recovery_use(struct store *store, const char *account_id, const char *code_hash,
		       int64_t now_ms, struct err *err) _must_check_;
/* How many of an account were not used yet. */
int store_recovery_left(struct store *store, const char *account_id, int64_t *ret_n,
			struct err *err) _must_check_;

/* In the place of one that was begun before. */
int store_second_factor_begun_put(struct store *store, const char *account_id, const char *secret,
				  int64_t now_ms, struct err *err) _must_check_;
/* *@ret_secret, sealed, is owned by the caller. -ENOENT: none was begun since @since_ms. */
int store_second_factor_begun_get(struct store *store, const char *account_id, int64_t since_ms,
				  char **ret_secret, struct err *err) _must_check_;
/* Those that were begun before @before_ms, of anybody. */
int store_second_factor_begun_forget(struct store *store, int64_t before_ms,
				     struct err *err) _must_check_;
int store_second_factor_begun_delete(struct store *store, const char *account_id,
				     struct err *err) _must_check_;
