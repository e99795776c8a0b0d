/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The key of the collector itself, which agents pin when they enrol. There is one. */

#include <stdint.h>

#include "collector/store/store.h"

#define COLLECTOR_PUBLIC_SIZE 44 /* Ed25519 in base64url without padding, and NUL */
#define COLLECTOR_SECRET_SIZE 88

struct collector_key {
	char public_key[COLLECTOR_PUBLIC_SIZE];
	char secret_key[COLLECTOR_SECRET_SIZE];
	int64_t created_ms;
};

/* -ENOENT: none was made yet. */
int store_collector_key_get(struct store *store, struct collector_key *ret_key,
			    struct err *err) _must_check_;
int store_collector_key_put(struct store *store, const struct collector_key *key,
			    struct err *err) _must_check_;
