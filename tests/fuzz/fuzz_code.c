/* SPDX-License-Identifier: Apache-2.0 */
/* What is typed where a code of the second factor is asked for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/totp.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char secret[TOTP_SECRET_SIZE] = { 1 };
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	_cleanup_free_ char *uri = totp_uri(secret, text);
	char code[RECOVERY_TEXT_SIZE], again[RECOVERY_TEXT_SIZE];
	int64_t step = -1;

	/* A link has nothing in it that a page or a shell would take for more. */
	must(strspn(uri, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			 "-._~:/?=&%") == strlen(uri));
	if (totp_check(secret, text, -1, 5 * TOTP_STEP_MS, &step) == 0)
		must(step >= 4 && step <= 6);
	if (recovery_code_read(text, code) == 0) {
		must(strlen(code) == RECOVERY_TEXT_SIZE - 1);
		must(recovery_code_read(code, again) == 0 && strcmp(code, again) == 0);
	}
	return 0;
}
