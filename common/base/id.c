/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "common/base/id.h"

#define SECRET_BYTES 32
#define SECRET_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#define SECRET_DIGITS_MIN 16 /* of which a part is taken for a secret */
#define BASE64_VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

void id_new(char id[static ID_SIZE])
{
	unsigned char bytes[(ID_SIZE - 1) / 2];

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2hex(id, ID_SIZE, bytes, sizeof(bytes));
}

void id_series_begin(struct id_series *series)
{
	randombytes_buf(series->bytes, sizeof(series->bytes));
	series->n = 0;
}

void id_series_next(struct id_series *series, char id[static ID_SIZE])
{
	unsigned char *counter = series->bytes + sizeof(series->bytes) - sizeof(series->n);

	for (size_t i = 0; i < sizeof(series->n); i++)
		counter[i] = (unsigned char)(series->n >> (8 * (sizeof(series->n) - 1 - i)));
	series->n++;
	sodium_bin2hex(id, ID_SIZE, series->bytes, sizeof(series->bytes));
}

bool id_is_valid(const char *id)
{
	return strlen(id) == ID_SIZE - 1 && strspn(id, "0123456789abcdef") == ID_SIZE - 1;
}

void secret_new(const char *prefix, char secret[static SECRET_SIZE])
{
	unsigned char bytes[SECRET_BYTES];
	char text[sodium_base64_ENCODED_LEN(SECRET_BYTES, BASE64_VARIANT)];

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2base64(text, sizeof(text), bytes, sizeof(bytes), BASE64_VARIANT);
	snprintf(secret, SECRET_SIZE, "%s%s", prefix, text);
	sodium_memzero(bytes, sizeof(bytes));
	sodium_memzero(text, sizeof(text));
}

bool secret_is_valid(const char *prefix, const char *secret)
{
	size_t n = strlen(prefix);

	return strncmp(secret, prefix, n) == 0 && strlen(secret) == SECRET_SIZE - 1 &&
	       strspn(secret + n, SECRET_DIGITS) == SECRET_SIZE - 1 - n;
}

bool secret_is_in(const char *text)
{
	static const char *const prefixes[] = {
		SECRET_ENROLLMENT, SECRET_DEVICE,     SECRET_TOKEN,
		SECRET_SESSION,    SECRET_INVITATION, SECRET_SIGN_ON
	};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		const char *at = text;

		while ((at = strstr(at, prefixes[i]))) {
			at += strlen(prefixes[i]);
			/* "centre_keys" is a name, and this is more than names have. */
			if (strspn(at, SECRET_DIGITS) >= SECRET_DIGITS_MIN)
				return true;
		}
	}
	return false;
}

bool secret_equal(const char *a, const char *b)
{
	size_t n = strlen(a);

	return n == strlen(b) && sodium_memcmp(a, b, n) == 0;
}

void hash_hex(const void *data, size_t len, char hash[static HASH_SIZE])
{
	unsigned char bytes[crypto_hash_sha256_BYTES];

	static_assert(sizeof(bytes) * 2 + 1 == HASH_SIZE, "a SHA-256 in hexadecimal");
	crypto_hash_sha256(bytes, data, len);
	sodium_bin2hex(hash, HASH_SIZE, bytes, sizeof(bytes));
}
