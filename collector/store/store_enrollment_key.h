/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

#include "collector/store/store.h"

#define SITE_CODE_SIZE 33

struct enrollment_key {
	char site_code[SITE_CODE_SIZE];
	int64_t created_ms;
	int64_t expires_ms;
	int64_t uses_left; /* negative: not limited in number */
};

/* -ENOENT: no such key. */
int store_enrollment_key_get(struct store *store, const char *key_hash,
			     struct enrollment_key *ret_key, struct err *err) _must_check_;
int store_enrollment_key_put(struct store *store, const char *key_hash,
			     const struct enrollment_key *key, struct err *err) _must_check_;
/* One use less. Returns 1, or 0: none was left. */
int store_enrollment_key_use(struct store *store, const char *key_hash,
			     struct err *err) _must_check_;
