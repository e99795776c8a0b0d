/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What signing in asks and tells of failures: the rules of collector/domain/lockout.h on what
 * the store remembers. @login in lower case, as it was typed, whether there is one or not; @network
 * an address as text, "" where it is not known.
 */

#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/err.h"

/* Failures and networks that are remembered; beyond, the oldest go. */
#define LOCKOUT_ROWS_MAX 65536

/* Milliseconds until they may try; 0: now. Reading. */
int act_lockout_wait(struct store *store, const char *login, const char *network, int64_t now_ms,
		     int64_t *ret_wait_ms, struct err *err) _must_check_;

/*
 * In a transaction: they had no right password, or no right code. 1: with this failure they
 * begin to have to wait; else 0.
 */
int act_lockout_failed(struct store *store, const char *login, const char *network, int64_t now_ms,
		       struct err *err) _must_check_;

/* The same besides, of the right password with a wrong code. */
int act_lockout_code_failed(struct store *store, const char *login, int64_t now_ms,
			    struct err *err) _must_check_;

/* In a transaction: they signed in, so the network is known from now on. */
int act_lockout_signed_in(struct store *store, const char *login, const char *network,
			  int64_t now_ms, struct err *err) _must_check_;
