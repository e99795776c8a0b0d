/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/placeholder.h"

static const struct {
	const char *kind, *pattern;
} placeholders[] = {
#include "placeholders.inc"
};

bool placeholder_is(const char *kind, const char *text)
{
	_cleanup_free_ char *lower = xstrdup(text);

	for (char *c = lower; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	/* "0", "00000000", "........", "FFFF": one character and nothing else. */
	if (strspn(lower, (char[]){ lower[0], '\0' }) == strlen(lower) &&
	    (strlen(lower) > 3 || !strchr("123456789", lower[0])))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(placeholders); i++) {
		if (text_like(kind, placeholders[i].kind) &&
		    text_like(lower, placeholders[i].pattern))
			return true;
	}
	return false;
}

const char *serial_of_one(const char *serial)
{
	return placeholder_is("product_serial", serial) ? "" : serial;
}
