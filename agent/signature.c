/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "agent/signature.h"

#define BASE64_VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* Exactly @size bytes of base64url. */
static bool decode(const char *text, unsigned char *bytes, size_t size)
{
	size_t len = 0;

	return sodium_base642bin(bytes, size, text, strlen(text), NULL, &len, NULL,
				 BASE64_VARIANT) == 0 &&
	       len == size;
}

int signature_check(const struct identity *identity, const char *text, const char *signature)
{
	unsigned char key[crypto_sign_PUBLICKEYBYTES], signed_by[crypto_sign_BYTES];

	if (!identity->collector_key[0])
		return -ENOKEY;
	if (!decode(identity->collector_key, key, sizeof(key)) ||
	    !decode(signature, signed_by, sizeof(signed_by)) ||
	    crypto_sign_verify_detached(signed_by, (const unsigned char *)text, strlen(text),
					key) != 0)
		return -EBADMSG;
	return 0;
}
