/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Failed attempts to sign in, and from which networks logins signed in lately. A subject is a
 * hash: what was typed as a login may be a password.
 */

#include <stdbool.h>
#include <stdint.h>

#include "collector/domain/lockout.h"
#include "collector/store/store.h"
#include "common/base/id.h"

/* What was counted of @subject; zero where nothing was. */
int store_sign_in_failure_get(struct store *store, enum lockout_kind kind, const char *subject,
			      struct lockout_count *ret_count, struct err *err) _must_check_;
int store_sign_in_failure_put(struct store *store, enum lockout_kind kind, const char *subject,
			      const struct lockout_count *count, struct err *err) _must_check_;
int store_sign_in_failure_delete(struct store *store, enum lockout_kind kind, const char *subject,
				 struct err *err) _must_check_;

/* When a pair signed in last; 0: it never did. */
int store_known_network_get(struct store *store, const char *subject, int64_t *ret_last_ms,
			    struct err *err) _must_check_;
int store_known_network_put(struct store *store, const char *subject, int64_t now_ms,
			    struct err *err) _must_check_;

/* What may be forgotten, and how many rows of each table are kept at most. */
struct sign_in_bounds {
	int64_t failures_before_ms;
	int64_t networks_before_ms;
	int64_t max_rows;
};
/* The oldest go. */
int store_sign_in_forget(struct store *store, const struct sign_in_bounds *bounds,
			 struct err *err) _must_check_;
