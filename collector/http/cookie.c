/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/http/cookie.h"

/* The secret with @prefix that the cookie with @name, which ends in "=", is. */
static bool find(const char *field, const char *name, const char *prefix,
		 char ret_secret[static SECRET_SIZE])
{
	const size_t name_len = strlen(name);
	char secret[SECRET_SIZE];
	unsigned n = 0;

	while (field && *field) {
		size_t len = strcspn(field, ";");

		if (len >= name_len && memcmp(field, name, name_len) == 0) {
			size_t value_len = len - name_len;

			if (value_len != SECRET_SIZE - 1)
				return false;
			n++;
			memcpy(secret, field + name_len, value_len);
			secret[value_len] = '\0';
		}
		field += len;
		field += strspn(field, "; \t");
	}
	if (n != 1 || !secret_is_valid(prefix, secret))
		return false;
	memcpy(ret_secret, secret, SECRET_SIZE);
	return true;
}

bool cookie_session(const char *field, char ret_secret[static SECRET_SIZE])
{
	return find(field, COOKIE_NAME "=", SECRET_SESSION, ret_secret);
}

bool cookie_sign_on(const char *field, char ret_secret[static SECRET_SIZE])
{
	return find(field, COOKIE_SIGN_ON_NAME "=", SECRET_SIGN_ON, ret_secret);
}
