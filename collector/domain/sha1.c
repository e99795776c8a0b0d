/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "collector/domain/sha1.h"
#include "common/base/base.h"

#define ROUNDS 80
#define INNER_PAD 0x36
#define OUTER_PAD 0x5c

static uint32_t rotate(uint32_t value, unsigned bits)
{
	return value << bits | value >> (32 - bits);
}

static uint32_t mix(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round / 20) {
	case 0:
		return ((b & c) | (~b & d)) + 0x5a827999;
	case 1:
		return (b ^ c ^ d) + 0x6ed9eba1;
	case 2:
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	default:
		return (b ^ c ^ d) + 0xca62c1d6;
	}
}

static void take_block(struct sha1 *sha1)
{
	const unsigned char *p = sha1->block;
	uint32_t words[ROUNDS], v[5];

	for (size_t i = 0; i < 16; i++, p += 4)
		words[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	for (size_t i = 16; i < ROUNDS; i++)
		words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
	memcpy(v, sha1->state, sizeof(v));
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint32_t next = rotate(v[0], 5) + mix(i, v[1], v[2], v[3]) + v[4] + words[i];

		v[4] = v[3];
		v[3] = v[2];
		v[2] = rotate(v[1], 30);
		v[1] = v[0];
		v[0] = next;
	}
	for (size_t i = 0; i < ARRAY_SIZE(v); i++)
		sha1->state[i] += v[i];
}

void sha1_begin(struct sha1 *sha1)
{
	*sha1 = (struct sha1){ .state = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
					  0xc3d2e1f0 } };
}

void sha1_add(struct sha1 *sha1, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++) {
		sha1->block[sha1->n_bytes++ % SHA1_BLOCK_SIZE] = p[i];
		if (sha1->n_bytes % SHA1_BLOCK_SIZE == 0)
			take_block(sha1);
	}
}

void sha1_end(struct sha1 *sha1, unsigned char ret_digest[static SHA1_SIZE])
{
	uint64_t n_bits = sha1->n_bytes * 8;
	unsigned char length[8];

	for (size_t i = 0; i < sizeof(length); i++)
		length[i] = (unsigned char)(n_bits >> (56 - 8 * i));
	sha1_add(sha1, "\x80", 1);
	while (sha1->n_bytes % SHA1_BLOCK_SIZE != SHA1_BLOCK_SIZE - sizeof(length))
		sha1_add(sha1, "", 1);
	sha1_add(sha1, length, sizeof(length));
	for (size_t i = 0; i < SHA1_SIZE; i++)
		ret_digest[i] = (unsigned char)(sha1->state[i / 4] >> (24 - 8 * (i % 4)));
}

/* What the key is mixed with, and then the message. */
static void digest_with(const unsigned char *key, unsigned char pad, const void *data, size_t len,
			unsigned char ret_digest[static SHA1_SIZE])
{
	unsigned char block[SHA1_BLOCK_SIZE];
	struct sha1 sha1;

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = key[i] ^ pad;
	sha1_begin(&sha1);
	sha1_add(&sha1, block, sizeof(block));
	sha1_add(&sha1, data, len);
	sha1_end(&sha1, ret_digest);
}

void sha1_hmac(const void *key, size_t key_len, const void *data, size_t len,
	       unsigned char ret_digest[static SHA1_SIZE])
{
	unsigned char block[SHA1_BLOCK_SIZE] = { 0 }, inner[SHA1_SIZE];

	assert(key_len <= sizeof(block));
	memcpy(block, key, key_len);
	digest_with(block, INNER_PAD, data, len, inner);
	digest_with(block, OUTER_PAD, inner, sizeof(inner), ret_digest);
}
