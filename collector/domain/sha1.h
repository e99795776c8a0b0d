/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SHA-1 (FIPS 180-4) and HMAC with it (RFC 2104). PURE.
 *
 * Only for one-time codes (totp.h), where every app for phones has nothing else; HMAC does not
 * lean on what SHA-1 is broken in. libsodium leaves it out, and a library for this one page
 * would be larger than everything else that the collector needs of it.
 */

#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE 20
#define SHA1_BLOCK_SIZE 64

/* A message in parts. */
struct sha1 {
	uint32_t state[5];
	uint64_t n_bytes;
	unsigned char block[SHA1_BLOCK_SIZE];
};

void sha1_begin(struct sha1 *sha1);
void sha1_add(struct sha1 *sha1, const void *data, size_t len);
void sha1_end(struct sha1 *sha1, unsigned char ret_digest[static SHA1_SIZE]);

/* @key_len: at most SHA1_BLOCK_SIZE. */
void sha1_hmac(const void *key, size_t key_len, const void *data, size_t len,
	       unsigned char ret_digest[static SHA1_SIZE]);
