/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a request that makes something was answered with, remembered in the transaction that made
 * it: when the same is sent again, since its answer was lost, nothing is made twice.
 *
 * An answer is kept for MADE_BEFORE_MS, the newest MADE_BEFORE_MAX of each sender and of those
 * MADE_BEFORE_BYTES; a secret is in none.
 */

#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/id.h"

#define MADE_BEFORE_MS (INT64_C(24) * 60 * 60 * 1000)
#define MADE_BEFORE_MAX 256
#define MADE_BEFORE_BYTES 4194304

struct made_request {
	char who[HASH_SIZE];       /* whoever sends it: whose share it takes */
	char key_hash[HASH_SIZE];  /* of who, the route and the key that they gave it */
	char body_hash[HASH_SIZE]; /* of all that it asks for */
};

/*
 * 1: it was made at most MADE_BEFORE_MS ago; *@ret_answer is owned by the caller. 0: it was not.
 * -ENOTUNIQ: with that key something else was asked for.
 */
int act_made_before(struct store *store, const struct made_request *request, int64_t now_ms,
		    char **ret_answer, struct err *err) _must_check_;

/* It was made at @now_ms. -EFBIG: @answer alone is over MADE_BEFORE_BYTES. */
int act_made_note(struct store *store, const struct made_request *request, const char *answer,
		  int64_t now_ms, struct err *err) _must_check_;

/* Forget some of what is too old; *@ret_n: how many. */
int act_made_forget(struct store *store, int64_t now_ms, int64_t *ret_n,
		    struct err *err) _must_check_;
