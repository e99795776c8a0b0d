/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Signed tokens (RFC 7519) and the keys that they are signed with (RFC 7517), the only user of
 * cjose. PURE.
 *
 * Of all that these formats allow, what OpenID Connect needs is read: RS256 with keys of 2,048 to
 * 8,192 bits, and ES256. The key decides which of them it is for, never the token alone.
 */

#include <stddef.h>

#include <jansson.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define JWT_BYTES_MAX 16384
#define JWT_KEYS_BYTES_MAX 65536
#define JWT_KEYS_MAX 32 /* members of a set, whatever they are for */

struct jwt_keys;

/*
 * Read a set of keys; those for something else are left out. jwt_keys_free() *@ret_keys.
 * -E2BIG, -EINVAL: it is none. -ENOKEY: no key in it is one that could have signed a token.
 */
int jwt_keys_parse(const char *text, size_t len, struct jwt_keys **ret_keys,
		   struct err *err) _must_check_;
void jwt_keys_free(struct jwt_keys *keys);
DEFINE_CLEANUP(struct jwt_keys *, jwt_keys_free);

/*
 * What @token claims, once one of @keys was found to have signed it: the key with its kid, or
 * the only one for its algorithm where it has none. json_decref() *@ret_claims.
 *
 * -E2BIG, -EINVAL: it is no token. -EPROTONOSUPPORT: it is signed otherwise than RS256 or ES256,
 * or not at all, or wants something to be understood. -ENOKEY: its key is not there.
 * -EKEYREJECTED: the signature is not of that key. @err quotes nothing of the token but names of
 * algorithm and key.
 */
int jwt_verify(const char *token, const struct jwt_keys *keys, json_t **ret_claims,
	       struct err *err) _must_check_;
