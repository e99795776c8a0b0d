/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/http/cookie.h"

bool cookie_session(const char *field, char ret_secret[static SECRET_SIZE])
{
	static const char name[] = COOKIE_NAME "=";
	char secret[SECRET_SIZE];
	unsigned n = 0;

	while (field && *field) {
		size_t len = strcspn(field, ";");

		if (len >= sizeof(name) - 1 && memcmp(field, name, sizeof(name) - 1) == 0) {
			size_t value_len = len - (sizeof(name) - 1);

			if (value_len != SECRET_SIZE - 1)
				return false;
			n++;
			memcpy(secret, field + sizeof(name) - 1, value_len);
			secret[value_len] = '\0';
		}
		field += len;
		field += strspn(field, "; \t");
	}
	if (n != 1 || !secret_is_valid(SECRET_SESSION, secret))
		return false;
	memcpy(ret_secret, secret, SECRET_SIZE);
	return true;
}
