/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/http/cookie.h"
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

/*
 * Whose token has the hash that @caller has. -ENOENT: nobody's. Limits are of the account that
 * made it, as for a session: whoever makes ten tokens has no ten times of what one may.
 */
static int find_token(const struct guard *guard, struct caller *caller, struct err *err)
{
	struct staff *staff = caller->staff;

	if (!secret_equal(caller->key_hash, guard->token_hash)) {
		int r = guard->find_token ? guard->find_token(guard->arg, caller, err) : -ENOENT;

		if (r >= 0 && staff->account_id[0])
			caller->key_number = number_of(staff->account_id);
		return r;
	}
	snprintf(staff->who, sizeof(staff->who), "the admin token");
	staff->grants = access_everything;
	return 0;
}

/* Whose session it is. The rate is an account's: signing in again gives no other bucket. */
static int find_session(const struct guard *guard, struct caller *caller, struct err *err)
{
	int r = guard->find_session ? guard->find_session(guard->arg, caller, err) : -ENOENT;

	if (r < 0)
		return r;
	memcpy(caller->staff->session, caller->key_hash, HASH_SIZE);
	caller->key_number = number_of(caller->staff->account_id);
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

void guard_csrf_token(const char *secret, char ret_token[static HASH_SIZE])
{
	static const char what[] = "testready csrf";
	unsigned char key[crypto_auth_hmacsha256_KEYBYTES], mac[crypto_auth_hmacsha256_BYTES];

	static_assert(sizeof(mac) * 2 + 1 == HASH_SIZE, "in hexadecimal");
	/* Of the secret, which is longer than a key: as HMAC itself would make one of it. */
	crypto_hash_sha256(key, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256(mac, (const unsigned char *)what, sizeof(what) - 1, key);
	sodium_bin2hex(ret_token, HASH_SIZE, mac, sizeof(mac));
	sodium_memzero(key, sizeof(key));
}

/* Whether the page that asks is of this host; one that is of nowhere ("null") is not. */
static bool is_own_origin(const struct headers *headers)
{
	const char *origin = headers->origin;
	const char *authority = origin ? strstr(origin, "://") : NULL;

	if (!origin)
		return true;
	return authority && headers->host && strcasecmp(authority + 3, headers->host) == 0;
}

/* Whether a change that came with a cookie was asked for by one of our pages. */
static bool is_meant(const struct request *req, const struct staff *staff, struct response *res)
{
	const char *token = req->headers.csrf_token;

	if (request_is_read(req))
		return true;
	if (!is_own_origin(&req->headers)) {
		response_problem(res, PROBLEM_FORBIDDEN,
				 "The field Origin names another site than this one; open the "
				 "pages at the collector's own address.");
		return false;
	}
	if (staff && (!token || !secret_equal(token, staff->csrf_token))) {
		response_problem(res, PROBLEM_FORBIDDEN,
				 "Send the field X-CSRF-Token with the csrf_token that GET "
				 "/v1/session gives.");
		return false;
	}
	return true;
}

static void refuse_stranger(const struct credential *credential, struct response *res)
{
	response_problem(res, PROBLEM_UNAUTHORIZED,
			 "The collector does not know this key; it was mistyped, replaced "
			 "or belongs to another collector. Send %s.",
			 credential->name);
}

/* Whoever came with the bearer's @secret, which looks as it should. */
static bool admit_bearer(const struct guard *guard, const char *secret, struct caller *caller,
			 struct response *res)
{
	struct err err = { 0 };
	int r = 0;

	hash_hex(secret, strlen(secret), caller->key_hash);
	caller->key_number = number_of(caller->key_hash);
	if (caller->access == ACCESS_DEVICE)
		r = guard->find_device(guard->arg, caller, &err);
	else if (caller->access == ACCESS_STAFF)
		r = find_token(guard, caller, &err);
	if (r == -ENOENT)
		refuse_stranger(&credentials[caller->access], res);
	else if (r < 0)
		response_failure(res, r, &err);
	return r >= 0;
}

/* Whoever came with the cookie of a session. */
static bool admit_cookie(const struct guard *guard, const struct request *req, const char *secret,
			 struct caller *caller, struct response *res)
{
	struct err err = { 0 };
	int r;

	hash_hex(secret, strlen(secret), caller->key_hash);
	r = find_session(guard, caller, &err);
	if (r == -ENOENT) {
		response_problem(res, PROBLEM_UNAUTHORIZED, "The session is over; sign in again.");
		return false;
	}
	if (r < 0) {
		response_failure(res, r, &err);
		return false;
	}
	guard_csrf_token(secret, caller->staff->csrf_token);
	return is_meant(req, caller->staff, res);
}

static bool admit(const struct guard *guard, const struct request *req, struct caller *caller,
		  struct response *res)
{
	const struct headers *headers = &req->headers;
	const struct credential *credential = &credentials[caller->access];
	const char *secret = bearer(headers->authorization, credential->prefix);
	char cookie[SECRET_SIZE];

	if (caller->access == ACCESS_STAFF)
		caller->staff = xcalloc(1, sizeof(*caller->staff));
	if (secret)
		return admit_bearer(guard, secret, caller, res);
	if (caller->access == ACCESS_STAFF && !headers->authorization &&
	    cookie_session(headers->cookie, cookie))
		return admit_cookie(guard, req, cookie, caller, res);
	response_problem(res, PROBLEM_UNAUTHORIZED, "%s the field Authorization: Bearer with %s.",
			 caller->access == ACCESS_STAFF ? "Sign in, or send" : "Send",
			 credential->name);
	return false;
}

bool guard_admits(const struct guard *guard, const struct request *req, struct caller *ret_caller,
		  struct response *res)
{
	const struct route *route = req->route;
	_cleanup_(caller_done) struct caller caller = { .access = route->needs,
							.now_ms = req->now_ms };

	if (route->needs == ACCESS_ANYBODY) {
		*ret_caller = caller;
		return is_meant(req, NULL, res);
	}
	if (!admit(guard, req, &caller, res) || !may(route, &caller, res))
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
