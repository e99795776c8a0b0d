/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "collector/domain/contact_person.h"

const char *const contact_text_words[] = {
	[CONTACT_NAME] = "name",
	[CONTACT_EMAIL] = "email",
	[CONTACT_PHONE] = "phone",
	[CONTACT_TEXT_MAX_] = NULL,
};

static const size_t bytes_max[] = {
	[CONTACT_NAME] = 100,
	[CONTACT_EMAIL] = CONTACT_BYTES_MAX, /* RFC 5321, 4.5.3.1.3, without the brackets */
	[CONTACT_PHONE] = 40,
};
static_assert(ARRAY_SIZE(bytes_max) == CONTACT_TEXT_MAX_, "every text has a length");

/* Only what is surely no address: what else one may be, only its server knows. */
static bool is_email(const char *text)
{
	const char *at = strchr(text, '@');

	for (const char *c = text; *c; c++) {
		if (*c <= ' ' || *c == 0x7f || strchr("<>(),;:\\\"", *c))
			return false;
	}
	return at && at > text && at[1] && !strchr(at + 1, '@') && strchr(at + 1, '.') &&
	       at[1] != '.' && text[strlen(text) - 1] != '.';
}

static bool is_phone(const char *text)
{
	static const char characters[] = "0123456789 +-.()/#*,extEXT";

	return text[strspn(text, characters)] == '\0' && strpbrk(text, "0123456789");
}

int contact_text_check(enum contact_text kind, const char *text, struct err *err)
{
	if (strlen(text) > bytes_max[kind])
		return err_set(err, -EINVAL, "%zu bytes, at most %zu", strlen(text),
			       bytes_max[kind]);
	if (kind == CONTACT_EMAIL && !is_email(text))
		return err_set(err, -EINVAL,
			       "'%.60s' is no e-mail address, such as akim@example.org", text);
	if (kind == CONTACT_PHONE && !is_phone(text))
		return err_set(err, -EINVAL,
			       "'%.60s' is no telephone number, such as +1 510 555 0100 ext. 7",
			       text);
	return 0;
}
