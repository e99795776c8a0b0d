/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/http/guard.h"
#include "collector/http/limits.h"
#include "common/base/log.h"
#include "common/base/mem.h"

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

/* Of a hash that nobody can choose any part is as good as another hash of it. */
static uint64_t number_of(const char *key_hash)
{
	char digits[17];
	uint64_t number;

	snprintf(digits, sizeof(digits), "%.16s", key_hash);
	number = strtoull(digits, NULL, 16);
	return number ? number : 1;
}

/* Whose token has the hash that @caller has. -ENOENT: nobody's. */
static int find_staff(const struct guard *guard, struct caller *caller, struct err *err)
{
	struct staff *staff = xcalloc(1, sizeof(*staff));

	caller->staff = staff;
	if (!secret_equal(caller->key_hash, guard->token_hash))
		return guard->find_token ? guard->find_token(guard->arg, caller, err) : -ENOENT;
	snprintf(staff->who, sizeof(staff->who), "the admin token");
	staff->grants = access_everything;
	return 0;
}

/* Whether roles have what the route is for, wherever that is. */
static bool may(const struct route *route, const struct caller *caller, struct response *res)
{
	if (caller->access != ACCESS_STAFF ||
	    access_allows_somewhere(&caller->staff->grants, route->may))
		return true;
	response_problem(res, PROBLEM_FORBIDDEN,
			 "Your roles do not let you %s; ask whoever gave them to you.",
			 action_texts[route->may]);
	return false;
}

void caller_done(struct caller *caller)
{
	free(caller->staff);
	caller->staff = NULL;
}

bool guard_admits(const struct guard *guard, const struct route *route, const char *authorization,
		  struct caller *ret_caller, struct response *res)
{
	enum access needs = route->needs;
	_cleanup_(caller_done) struct caller caller = { .access = needs };
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
	caller.key_number = number_of(caller.key_hash);
	if (needs == ACCESS_DEVICE)
		r = guard->find_device(guard->arg, &caller, &err);
	else if (needs == ACCESS_STAFF)
		r = find_staff(guard, &caller, &err);
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
	if (!may(route, &caller, res))
		return false;
	*ret_caller = caller;
	caller.staff = NULL;
	return true;
}

/* Who has no key that is known gets no bucket: made-up keys would push out the real ones. */
static const struct rate rates[ACCESS_MAX_] = {
	[ACCESS_DEVICE] = { LIMIT_DEVICE_BURST, LIMIT_DEVICE_MS },
	[ACCESS_STAFF] = { LIMIT_STAFF_BURST, LIMIT_STAFF_MS },
};

bool guard_allows(const struct guard *guard, const struct caller *caller, int64_t now_ms,
		  struct response *res)
{
	static struct log_seldom seldom;
	const struct rate *rate = &rates[caller->access];
	int64_t wait_ms;

	if (rate->burst == 0 || !guard->buckets)
		return true;
	wait_ms = buckets_take(guard->buckets, caller->key_number, rate, now_ms);
	if (wait_ms <= 0)
		return true;
	log_seldom(&seldom, LOG_WARNING, "requests refused: one key asks too often%s%s",
		   caller->device_id[0] ? " device=" : "", caller->device_id);
	response_come_back(res, PROBLEM_TOO_MANY, wait_ms,
			   "Too many requests came with this key; come back after the time that "
			   "the field Retry-After gives.");
	return false;
}
