/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "collector/http/problem.h"
#include "common/base/base.h"

/* clang-format off */
const struct problem problems[] = {
	[PROBLEM_INVALID_REQUEST]    = { "invalid-request", 400, "The request cannot be read" },
	[PROBLEM_INVALID_QUERY]      = { "invalid-query", 400, "The query is not valid" },
	[PROBLEM_INVALID_BODY]       = { "invalid-body", 400, "The body is not valid" },
	[PROBLEM_UNAUTHORIZED]       = { "unauthorized", 401, "A valid key or token is needed" },
	[PROBLEM_SIGN_IN_REFUSED]    = { "sign-in-refused", 401, "Login or password is wrong" },
	[PROBLEM_SECOND_FACTOR]      = { "second-factor-needed", 401, "A code is needed as well" },
	[PROBLEM_FORBIDDEN]          = { "forbidden", 403, "This is not for you to do" },
	[PROBLEM_NOT_FOUND]          = { "not-found", 404, "There is no such thing" },
	[PROBLEM_METHOD_NOT_ALLOWED] = { "method-not-allowed", 405, "This cannot be done here" },
	[PROBLEM_TOO_SLOW]           = { "too-slow", 408, "The request came too slowly" },
	[PROBLEM_CONFLICT]           = { "conflict", 409, "It is not in a state for that" },
	[PROBLEM_LENGTH_REQUIRED]    = { "length-required", 411, "The length must be told" },
	[PROBLEM_CHANGED]            = { "changed-meanwhile", 412, "It was changed meanwhile" },
	[PROBLEM_BODY_TOO_LARGE]     = { "body-too-large", 413, "The body is too large" },
	[PROBLEM_TARGET_TOO_LONG]    = { "target-too-long", 414, "The address is too long" },
	[PROBLEM_UNSUPPORTED_TYPE]   = { "unsupported-type", 415, "The body is of another type" },
	[PROBLEM_IDEMPOTENCY]        = { "idempotency-mismatch", 422, "The key is of another request" },
	[PROBLEM_MATCH_REQUIRED]     = { "match-required", 428, "The version must be told" },
	[PROBLEM_TOO_MANY]           = { "too-many-requests", 429, "Too many requests of one key" },
	[PROBLEM_HEADER_TOO_LARGE]   = { "header-too-large", 431, "The header is too large" },
	[PROBLEM_INTERNAL]           = { "internal", 500, "The collector failed" },
	[PROBLEM_UNAVAILABLE]        = { "unavailable", 503, "The collector cannot do this now" },
};
/* clang-format on */
static_assert(ARRAY_SIZE(problems) == PROBLEM_MAX_, "every problem has a row");
