/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "collector/domain/sha1.h"
#include "common/base/base.h"
#include "tests/unit/unit.h"

static void is_digest(const unsigned char digest[static SHA1_SIZE], const char *expected)
{
	char text[2 * SHA1_SIZE + 1];

	for (size_t i = 0; i < SHA1_SIZE; i++)
		snprintf(&text[2 * i], 3, "%02x", digest[i]);
	assert_string_equal(text, expected);
}

/* Of NIST's examples, and lengths around the end of a block (by sha1sum). */
static void the_standards_messages_have_their_digests(void **state)
{
	static const struct {
		const char *message;
		size_t times;
		const char *digest;
	} rows[] = {
		{ "", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
		{ "abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
		  "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
		{ "a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f" },
		{ "a", 55, "c1c8bbdc22796e28c0e15163d20899b65621d65a" },
		{ "a", 56, "c2db330f6083854c99d4b5bfb6e8f29f201be699" },
		{ "a", 63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5" },
		{ "a", 64, "0098ba824b5c16427bd7a1122a5a442a25ec644d" },
		{ "a", 65, "11655326c708d70319be2610e8a57d9a5b959d3b" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned char digest[SHA1_SIZE];
		struct sha1 sha1;

		sha1_begin(&sha1);
		for (size_t n = 0; n < rows[i].times; n++)
			sha1_add(&sha1, rows[i].message, strlen(rows[i].message));
		sha1_end(&sha1, digest);
		is_digest(digest, rows[i].digest);
	}
}

/* RFC 2202; the keys of its other cases are longer than any of ours. */
static void hmac_is_that_of_the_rfc(void **state)
{
	unsigned char key[SHA1_SIZE], data[50], digest[SHA1_SIZE];

	(void)state;
	memset(key, 0x0b, sizeof(key));
	sha1_hmac(key, sizeof(key), "Hi There", 8, digest);
	is_digest(digest, "b617318655057264e28bc0b6fb378c8ef146be00");
	sha1_hmac("Jefe", 4, "what do ya want for nothing?", 28, digest);
	is_digest(digest, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	memset(key, 0xaa, sizeof(key));
	memset(data, 0xdd, sizeof(data));
	sha1_hmac(key, sizeof(key), data, sizeof(data), digest);
	is_digest(digest, "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_standards_messages_have_their_digests),
		cmocka_unit_test(hmac_is_that_of_the_rfc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
