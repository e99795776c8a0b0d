/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "collector/act/act.h"
#include "collector/store/store_collector_key.h"
#include "collector/store/store_profile.h"
#include "common/base/mem.h"

#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

int act_collector_key_make(struct store *store, int64_t now_ms, struct err *err)
{
	unsigned char public_key[crypto_sign_PUBLICKEYBYTES];
	unsigned char secret_key[crypto_sign_SECRETKEYBYTES];
	struct collector_key key;
	int r = store_collector_key_get(store, &key, err);

	if (r != -ENOENT)
		return r;
	crypto_sign_keypair(public_key, secret_key);
	sodium_bin2base64(key.public_key, sizeof(key.public_key), public_key, sizeof(public_key),
			  VARIANT);
	sodium_bin2base64(key.secret_key, sizeof(key.secret_key), secret_key, sizeof(secret_key),
			  VARIANT);
	key.created_ms = now_ms;
	r = store_collector_key_put(store, &key, err);
	sodium_memzero(secret_key, sizeof(secret_key));
	sodium_memzero(&key, sizeof(key));
	return r < 0 ? r : 1;
}

/* The signature of the collector under exactly @said. */
static int sign(struct store *store, const char *said, char ret_signature[static SIGNATURE_SIZE],
		struct err *err)
{
	unsigned char secret_key[crypto_sign_SECRETKEYBYTES];
	unsigned char signature[crypto_sign_BYTES];
	struct collector_key key;
	int r = store_collector_key_get(store, &key, err);

	if (r < 0)
		return r;
	if (sodium_base642bin(secret_key, sizeof(secret_key), key.secret_key,
			      strlen(key.secret_key), NULL, NULL, NULL, VARIANT) < 0)
		return err_set(err, -EUCLEAN, "the stored key of the collector cannot be read");
	crypto_sign_detached(signature, NULL, (const unsigned char *)said, strlen(said),
			     secret_key);
	sodium_memzero(secret_key, sizeof(secret_key));
	sodium_memzero(&key, sizeof(key));
	sodium_bin2base64(ret_signature, SIGNATURE_SIZE, signature, sizeof(signature), VARIANT);
	return 0;
}

int act_move_sign(struct store *store, const char *url, char ret_signature[static SIGNATURE_SIZE],
		  struct err *err)
{
	_cleanup_free_ char *said = xasprintf("testready moved-to %s", url);

	return sign(store, said, ret_signature, err);
}

int act_profile_sign(struct store *store, struct signatures *kept,
		     const struct profile_text *document, const char **ret_signature,
		     struct err *err)
{
	_cleanup_free_ char *said = NULL;
	struct profile_signature *signature;
	int r;

	for (size_t i = 0; i < SIGNATURES_KEPT; i++) {
		signature = &kept->signatures[i];
		if (strcmp(signature->version, document->version) == 0) {
			*ret_signature = signature->text;
			return 0;
		}
	}
	signature = &kept->signatures[kept->next % SIGNATURES_KEPT];
	signature->version[0] = '\0';
	said = xasprintf("testready profile %s %s", document->profile_id, document->version);
	r = sign(store, said, signature->text, err);
	if (r < 0)
		return r;
	snprintf(signature->version, sizeof(signature->version), "%s", document->version);
	kept->next++;
	*ret_signature = signature->text;
	return 0;
}
