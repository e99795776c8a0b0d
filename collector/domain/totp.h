/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One-time codes of apps for phones (RFC 6238: SHA-1, 30 seconds, 6 digits), and the recovery
 * codes for whoever lost the phone. PURE: secrets and the clock are parameters.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTP_STEP_MS INT64_C(30000)
#define TOTP_DIGITS 6
/* A phone's clock may be off by as many steps. */
#define TOTP_DRIFT 1

#define TOTP_SECRET_SIZE 20      /* bytes, as RFC 4226 wants for SHA-1 */
#define TOTP_SECRET_TEXT_SIZE 33 /* in base32, and NUL */

/* The code of @secret (TOTP_SECRET_SIZE bytes) in the step @step, from 0 to 999999. */
uint32_t totp_code(const unsigned char secret[static TOTP_SECRET_SIZE], int64_t step);

/*
 * The step of whose code @text is, among those around @now_ms and after @last_step, which was
 * used last (-1: none was). -EINVAL: @text is no code of six digits; blanks between them
 * are none of its digits. -EACCES: it is not the code, or was used.
 */
int totp_check(const unsigned char secret[static TOTP_SECRET_SIZE], const char *text,
	       int64_t last_step, int64_t now_ms, int64_t *ret_step);

/* @secret as people type it into a phone: base32 (RFC 4648) without padding. */
void totp_secret_text(const unsigned char secret[static TOTP_SECRET_SIZE],
		      char ret_text[static TOTP_SECRET_TEXT_SIZE]);

/* What a phone makes an account of, as a picture or a link; owned by the caller. */
char *totp_uri(const unsigned char secret[static TOTP_SECRET_SIZE], const char *login);

#define RECOVERY_BYTES 10
#define RECOVERY_TEXT_SIZE 20 /* "abcd-efgh-ijkl-mnop" and NUL */

/* RECOVERY_BYTES random bytes as people write them down. */
void recovery_code_text(const unsigned char bytes[static RECOVERY_BYTES],
			char ret_text[static RECOVERY_TEXT_SIZE]);

/*
 * What somebody typed as recovery_code_text() would have written it, whatever its case, blanks
 * and dashes, and with 0 and 1 for the letters o and l. -EINVAL: it is none.
 */
int recovery_code_read(const char *text, char ret_text[static RECOVERY_TEXT_SIZE]);
