/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "collector/http/guard.h"

/* What each kind of caller has to show. */
static const struct credential {
	const char *prefix;
	const char *name;
} credentials[ACCESS_MAX_] = {
	[ACCESS_ENROLLMENT] = { SECRET_ENROLLMENT, "an enrolment key of the site (tre_…)" },
	[ACCESS_DEVICE] = { SECRET_DEVICE, "the device's key (trd_…)" },
	[ACCESS_STAFF] = { SECRET_TOKEN, "an API token (trt_…)" },
};

/* The secret of "Bearer SECRET"; NULL if there is none of that kind. */
static const char *bearer(const char *authorization, const char *prefix)
{
	static const char scheme[] = "Bearer ";

	if (!authorization || strncasecmp(authorization, scheme, sizeof(scheme) - 1) != 0)
		return NULL;
	authorization += sizeof(scheme) - 1;
	while (*authorization == ' ')
		authorization++;
	return secret_is_valid(prefix, authorization) ? authorization : NULL;
}

bool guard_admits(const struct guard *guard, enum access needs, const char *authorization,
		  struct caller *ret_caller, struct response *res)
{
	struct caller caller = { .access = needs };
	const char *secret;
	struct err err = { 0 };
	int r = 0;

	if (needs == ACCESS_ANYBODY) {
		*ret_caller = caller;
		return true;
	}
	secret = bearer(authorization, credentials[needs].prefix);
	if (!secret) {
		response_problem(res, PROBLEM_UNAUTHORIZED,
				 "Send the field Authorization: Bearer with %s.",
				 credentials[needs].name);
		return false;
	}
	hash_hex(secret, strlen(secret), caller.key_hash);
	if (needs == ACCESS_DEVICE)
		r = guard->find_device(guard->arg, &caller, &err);
	else if (needs == ACCESS_STAFF && !secret_equal(caller.key_hash, guard->token_hash))
		r = -ENOENT;
	if (r == -ENOENT) {
		response_problem(res, PROBLEM_UNAUTHORIZED,
				 "The collector does not know this key; it was mistyped, replaced "
				 "or belongs to another collector. Send %s.",
				 credentials[needs].name);
		return false;
	}
	if (r < 0) {
		response_failure(res, r, &err);
		return false;
	}
	*ret_caller = caller;
	return true;
}
