/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/sha1.h"
#include "collector/domain/totp.h"
#include "common/base/mem.h"

#define ISSUER "Testready"
#define CODES 1000000 /* ten to the power of TOTP_DIGITS */
#define GROUP 4       /* characters of a recovery code between two dashes */
#define RECOVERY_CHARACTERS 16

static_assert(TOTP_SECRET_SIZE * 8 / 5 + 1 == TOTP_SECRET_TEXT_SIZE, "five bits a character");
static_assert(RECOVERY_BYTES * 8 / 5 == RECOVERY_CHARACTERS, "five bits a character");

static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";

uint32_t totp_code(const unsigned char secret[static TOTP_SECRET_SIZE], int64_t step)
{
	unsigned char counter[8], digest[SHA1_SIZE];
	const unsigned char *p;

	for (size_t i = 0; i < sizeof(counter); i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	sha1_hmac(secret, TOTP_SECRET_SIZE, counter, sizeof(counter), digest);
	p = &digest[digest[SHA1_SIZE - 1] & 0xf];
	return ((uint32_t)(p[0] & 0x7f) << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]) %
	       CODES;
}

static int read_code(const char *text, uint32_t *ret_code)
{
	uint32_t code = 0;
	int n = 0;

	for (; *text; text++) {
		if (*text == ' ')
			continue;
		if (*text < '0' || *text > '9' || ++n > TOTP_DIGITS)
			return -EINVAL;
		code = code * 10 + (uint32_t)(*text - '0');
	}
	*ret_code = code;
	return n == TOTP_DIGITS ? 0 : -EINVAL;
}

int totp_check(const unsigned char secret[static TOTP_SECRET_SIZE], const char *text,
	       int64_t last_step, int64_t now_ms, int64_t *ret_step)
{
	int64_t now = now_ms / TOTP_STEP_MS;
	uint32_t code = 0;

	if (read_code(text, &code) < 0)
		return -EINVAL;
	for (int64_t step = now - TOTP_DRIFT; step <= now + TOTP_DRIFT; step++) {
		if (step > last_step && totp_code(secret, step) == code) {
			*ret_step = step;
			return 0;
		}
	}
	return -EACCES;
}

/* @n characters for five bits each of @bytes, most significant first. */
static void base32(const unsigned char *bytes, size_t n, char *ret_text)
{
	for (size_t i = 0; i < n; i++) {
		size_t bit = i * 5;
		unsigned two = (unsigned)bytes[bit / 8] << 8;

		/* The last character's bits end in the last byte. */
		if (bit % 8 > 3)
			two |= bytes[bit / 8 + 1];
		ret_text[i] = letters[two >> (11 - bit % 8) & 31];
	}
	ret_text[n] = '\0';
}

void totp_secret_text(const unsigned char secret[static TOTP_SECRET_SIZE],
		      char ret_text[static TOTP_SECRET_TEXT_SIZE])
{
	base32(secret, TOTP_SECRET_TEXT_SIZE - 1, ret_text);
	for (char *p = ret_text; *p; p++) {
		if (*p >= 'a')
			*p = (char)(*p - 'a' + 'A');
	}
}

char *totp_uri(const unsigned char secret[static TOTP_SECRET_SIZE], const char *login)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "-._~";
	_cleanup_free_ char *name = xcalloc(strlen(login) * 3 + 1, 1);
	char text[TOTP_SECRET_TEXT_SIZE];
	char *end = name;

	for (; *login; login++) {
		if (strchr(plain, *login))
			*end++ = *login;
		else
			end += snprintf(end, 4, "%%%02X", (unsigned char)*login);
	}
	totp_secret_text(secret, text);
	return xasprintf("otpauth://totp/" ISSUER ":%s?secret=%s&issuer=" ISSUER
			 "&algorithm=SHA1&digits=%d&period=%d",
			 name, text, TOTP_DIGITS, (int)(TOTP_STEP_MS / 1000));
}

/* The characters of a recovery code with their dashes. */
static void group(const char *characters, char ret_text[static RECOVERY_TEXT_SIZE])
{
	size_t n = 0;

	for (size_t i = 0; i < RECOVERY_CHARACTERS; i++) {
		if (i > 0 && i % GROUP == 0)
			ret_text[n++] = '-';
		ret_text[n++] = characters[i];
	}
	ret_text[n] = '\0';
}

void recovery_code_text(const unsigned char bytes[static RECOVERY_BYTES],
			char ret_text[static RECOVERY_TEXT_SIZE])
{
	char characters[RECOVERY_CHARACTERS + 1];

	base32(bytes, RECOVERY_CHARACTERS, characters);
	group(characters, ret_text);
}

static char read_letter(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if (c == '0')
		return 'o';
	if (c == '1')
		return 'l';
	return c;
}

int recovery_code_read(const char *text, char ret_text[static RECOVERY_TEXT_SIZE])
{
	char characters[RECOVERY_CHARACTERS];
	size_t n = 0;

	for (; *text; text++) {
		char c = read_letter(*text);

		if (c == ' ' || c == '-')
			continue;
		if (n == sizeof(characters) || !strchr(letters, c))
			return -EINVAL;
		characters[n++] = c;
	}
	if (n != sizeof(characters))
		return -EINVAL;
	group(characters, ret_text);
	return 0;
}
