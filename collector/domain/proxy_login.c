/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "collector/domain/proxy_login.h"
#include "common/base/base.h"

static bool begins(const char *text, const char *prefix)
{
	return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

int proxy_login_check_field(const char *field, struct err *err)
{
	/* No underscore: many programs in between make one of a hyphen, or the other way round. */
	static const char token[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
	/* Of those that begin so, what the collector itself reads. */
	static const char *const taken[] = { "X-Forwarded-", "X-CSRF-" };
	size_t len = strlen(field);

	if (len > PROXY_LOGIN_FIELD_MAX || strspn(field, token) != len ||
	    (strcasecmp(field, "Remote-User") != 0 && (!begins(field, "X-") || len < 3)))
		return err_set(err, -EINVAL,
			       "'%.64s' is no name for it; use one such as X-Remote-User, of "
			       "letters, digits and hyphens",
			       field);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		if (begins(field, taken[i]))
			return err_set(err, -EINVAL,
				       "%s means something else; use one such as X-Remote-User",
				       field);
	}
	return 0;
}
