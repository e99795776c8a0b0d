/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Cookie field as somebody sends it. What is found is a whole secret of a session, stands in the
 * field with its name before it, and only there.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http/cookie.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int is_true)
{
	if (!is_true)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *field = xstrndup((const char *)data, size);
	_cleanup_free_ char *whole = NULL;
	char secret[SECRET_SIZE] = "before";
	const char *at;

	if (!cookie_session(field, secret)) {
		check(strcmp(secret, "before") == 0);
		return 0;
	}
	check(secret_is_valid(SECRET_SESSION, secret));
	whole = xasprintf(COOKIE_NAME "=%s", secret);
	/* In the value of another cookie it means nothing. */
	at = strstr(field, whole);
	while (at && at[strlen(whole)] != ';' && at[strlen(whole)] != '\0')
		at = strstr(at + 1, whole);
	check(at != NULL);
	return 0;
}
