/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the collector has to read again and whoever has a copy of the store must not: sealed
 * with a key that is in a file of its own beside the store, STORE.key, mode 0600. Copies of
 * the store that `backup` writes do not have it. Without the file what was sealed is lost.
 */

#include <stddef.h>

#include "collector/store/store.h"

#define SEAL_BYTES_MAX 64

/* Where the key is: owned by the caller. */
char *seal_key_path(struct store *store);

/*
 * Seal @len bytes (at most SEAL_BYTES_MAX) of @owner, an id that seal_read() has to name as well,
 * so that nothing works in the place of another's. In a transaction that writes, so that
 * the key is made by one alone, at its first use: where something was sealed before, the caller has
 * seen that it opens, since a new key opens none of it. *@ret_text is owned by the caller.
 * -EKEYREJECTED: others may read the key's file, or it is no key.
 */
int seal_text(struct store *store, const char *owner, const void *data, size_t len, char **ret_text,
	      struct err *err) _must_check_;

/* The same back: exactly @len bytes. -EKEYREJECTED too: there is no key, or not this one sealed it.
 */
int seal_read(struct store *store, const char *owner, const char *text, void *ret_data, size_t len,
	      struct err *err) _must_check_;
