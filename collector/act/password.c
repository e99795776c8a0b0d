/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "collector/act/password.h"

#define PASSES 3
#define MEMORY_BYTES ((size_t)64 * 1024 * 1024)

static_assert(PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES, "what libsodium writes");

/* Of 32 random bytes that were thrown away; the same passes and memory as above. */
const char password_nobodys[] = "$argon2id$v=19$m=65536,t=3,p=1$WbJoZJH1I76aaIKhSHuyZQ$"
				"6A0Y0JktJ56PqtaNSdlyDw6dBCHnOVZn+nasIaj1rJM";

static int no_memory(struct err *err)
{
	return err_set(err, -EAGAIN, "there is no memory for the hash of a password");
}

int password_hash(const char *password, char ret_hash[static PASSWORD_HASH_SIZE], struct err *err)
{
	/* Not an abort as elsewhere: whoever is not known yet could cause it. */
	if (crypto_pwhash_str(ret_hash, password, strlen(password), PASSES, MEMORY_BYTES) < 0)
		return no_memory(err);
	return 0;
}

int password_compare(const char *hash, const char *password, bool *ret_is_right, struct err *err)
{
	errno = 0;
	if (crypto_pwhash_str_verify(hash, password, strlen(password)) == 0) {
		*ret_is_right = true;
		return 0;
	}
	/* It says EINVAL where it compared, and found another. */
	if (errno == ENOMEM)
		return no_memory(err);
	*ret_is_right = false;
	return 0;
}
