/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "collector/domain/password_rule.h"

static_assert(PASSWORD_BYTES_MAX == 4 * PASSWORD_CHARACTERS_MAX, "the longest there is");

/* Of the lists of leaked passwords, the commonest that are long enough; and this place's own. */
static const char *const common[] = {
	"123456789012",       "1234567890123",    "12345678901234",   "123456789012345",
	"1234567890123456",   "123456789101112",  "1q2w3e4r5t6y7u8i", "1q2w3e4r5t6y",
	"1qaz2wsx3edc",       "1qaz2wsx3edc4rfv", "abcdefghijkl",     "abcd12345678",
	"administrator",      "administrator1",   "administrator123", "changemeplease",
	"changeme1234",       "computer1234",     "football1234",     "iloveyou1234",
	"iloveyouforever",    "letmeinplease",    "letmein12345",     "newpassword1",
	"passw0rd1234",       "password1234",     "password12345",    "password123456",
	"password2024",       "password2025",     "password2026",     "password2027",
	"passwordpassword",   "qwerty123456",     "qwerty1234567",    "qwertyqwerty",
	"qwertyuiop12",       "qwertyuiop123",    "qwertyuiopasdfgh", "secretpassword",
	"supersecret1",       "sunshine1234",     "testready123",     "testready1234",
	"testreadytestready", "trustno1trustno1", "welcome12345",     "welcome123456",
	"whatever1234",       "zaq12wsxcde3",
};

static size_t characters(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* "aaaaaaaaaaaa", "abababababab" and the like: one that is a part of itself over and over. */
static bool is_repeated(const char *text)
{
	size_t len = strlen(text);

	for (size_t period = 1; period <= 4 && period < len; period++) {
		if (memcmp(text, text + period, len - period) == 0)
			return true;
	}
	return false;
}

static bool is_common(const char *password)
{
	for (size_t i = 0; i < ARRAY_SIZE(common); i++) {
		if (strcasecmp(common[i], password) == 0)
			return true;
	}
	return is_repeated(password);
}

int password_rule_check(const char *password, const char *login, struct err *err)
{
	size_t n = characters(password);

	if (n < PASSWORD_CHARACTERS_MIN || n > PASSWORD_CHARACTERS_MAX)
		return err_set(err, -EINVAL,
			       "A password has %d to %d characters, this one has %zu; a few words "
			       "are easy to keep in mind.",
			       PASSWORD_CHARACTERS_MIN, PASSWORD_CHARACTERS_MAX, n);
	if (strcasecmp(password, login) == 0)
		return err_set(err, -EINVAL,
			       "The password is the login, which others know; choose another.");
	if (is_common(password))
		return err_set(
			err, -EINVAL,
			"This is one of the passwords that are tried first; choose another.");
	return 0;
}
