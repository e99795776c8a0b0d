/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The target of a request: its path and its query, decoded strictly. PURE.
 */

#include <stdbool.h>
#include <stddef.h>

#include "collector/http/limits.h"
#include "common/base/base.h"
#include "common/base/err.h"

struct parameter {
	const char *name;
	const char *value;
};

struct target {
	const char *segments[LIMIT_PATH_SEGMENTS]; /* "/v1/sites" has two, "/" has none */
	size_t n_segments;
	bool is_folder; /* ends in a slash after a segment */
	struct parameter parameters[LIMIT_QUERY_PARAMETERS];
	size_t n_parameters;
	char *text; /* owns every text above */
};

/*
 * Read "/path?query" (RFC 3986). Texts are UTF-8 without control characters; a
 * segment is neither empty nor "." nor ".." and has no slash in it however it was
 * written, so that a path means the same to a proxy, to us and to a person.
 * Parameters come once each; "+" is a space in them.
 *
 * -EINVAL: says what is wrong. -E2BIG: over a limit. target_done() *@ret_target.
 */
int target_parse(const char *text, struct target *ret_target, struct err *err) _must_check_;
void target_done(struct target *target);

/* The value of the parameter @name; NULL: it is not there. */
const char *target_parameter(const struct target *target, const char *name);
