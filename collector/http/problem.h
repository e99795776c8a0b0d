/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Problems (RFC 9457): what a client is told when it does not get what it asked
 * for. Programs decide by `type`, which never changes; people read `detail`.
 */

enum problem_id {
	PROBLEM_INVALID_REQUEST,
	PROBLEM_INVALID_QUERY,
	PROBLEM_INVALID_BODY,
	PROBLEM_UNAUTHORIZED,
	PROBLEM_SIGN_IN_REFUSED,
	PROBLEM_SECOND_FACTOR,
	PROBLEM_FORBIDDEN,
	PROBLEM_NOT_FOUND,
	PROBLEM_METHOD_NOT_ALLOWED,
	PROBLEM_TOO_SLOW,
	PROBLEM_CONFLICT,
	PROBLEM_LENGTH_REQUIRED,
	PROBLEM_CHANGED,
	PROBLEM_BODY_TOO_LARGE,
	PROBLEM_TARGET_TOO_LONG,
	PROBLEM_UNSUPPORTED_TYPE,
	PROBLEM_IDEMPOTENCY,
	PROBLEM_MATCH_REQUIRED,
	PROBLEM_TOO_MANY,
	PROBLEM_HEADER_TOO_LARGE,
	PROBLEM_INTERNAL,
	PROBLEM_UNAVAILABLE,
	PROBLEM_MAX_,
};

struct problem {
	const char *name; /* "urn:testready:problem:NAME" */
	int status;
	const char *title;
};

extern const struct problem problems[];
