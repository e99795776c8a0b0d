/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include <nettle/base16.h>
#include <nettle/sha2.h>

#include "collector/ingest/facts_hash.h"

void facts_hash(const char *text, size_t len, char hash[static HASH_SIZE])
{
	struct sha256_ctx sha256;
	uint8_t digest[SHA256_DIGEST_SIZE];

	static_assert(BASE16_ENCODE_LENGTH(sizeof(digest)) + 1 == HASH_SIZE, "in hexadecimal");
	sha256_init(&sha256);
	sha256_update(&sha256, len, (const uint8_t *)text);
	sha256_digest(&sha256, sizeof(digest), digest);
	base16_encode_update(hash, sizeof(digest), digest);
	hash[HASH_SIZE - 1] = '\0';
}
