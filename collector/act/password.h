/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Hashes of passwords: Argon2id with 64 MiB and three passes (RFC 9106, 4, the second recommended
 * option), which is about 0.15 s. Never on a thread that serves devices, and at most two at a
 * time: the pool has two threads.
 */

#include <stdbool.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define PASSWORD_HASH_SIZE 128

/* What a password is compared with where there is no account: nobody's, and as slow. */
extern const char password_nobodys[];

/* -EAGAIN: there is not enough memory for it now. */
int password_hash(const char *password, char ret_hash[static PASSWORD_HASH_SIZE],
		  struct err *err) _must_check_;
int password_compare(const char *hash, const char *password, bool *ret_is_right,
		     struct err *err) _must_check_;
