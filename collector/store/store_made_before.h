/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Answers to requests that made something. In a transaction of the caller. */

#include <stddef.h>
#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/base.h"
#include "common/base/id.h"

struct made_before {
	char key_hash[HASH_SIZE];  /* of who asked, the route and the Idempotency-Key */
	char body_hash[HASH_SIZE]; /* of what was asked */
	char owner[HASH_SIZE];     /* whose share it takes */
	int64_t at_ms;
	int status; /* of HTTP */
	char *answer;
};
void made_before_done(struct made_before *made);

/* -ENOENT: there is none. made_before_done() *@ret_made; its owner is not read. */
int store_made_before_get(struct store *store, const char *key_hash, struct made_before *ret_made,
			  struct err *err) _must_check_;
/* In the place of one with its key, if there is one. */
int store_made_before_put(struct store *store, const struct made_before *made,
			  struct err *err) _must_check_;
/*
 * Of those with the owner of @made, which was put, keep that and the newest: @n of them, and of
 * these as many as have @bytes together.
 */
int store_made_before_keep(struct store *store, const struct made_before *made, int64_t n,
			   int64_t bytes, struct err *err) _must_check_;
/* Delete at most @limit that are of @until_ms or before; *@ret_n: how many. */
int store_made_before_forget(struct store *store, int64_t until_ms, int64_t limit, int64_t *ret_n,
			     struct err *err) _must_check_;
