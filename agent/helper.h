/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Helper programs
 *
 * What talks to another daemon, or needs a library that is heavy or may hang,
 * is a program of its own in agent/helper/. It is started without a shell,
 * with nothing open but its output, with limits of its own (struct
 * helper_limits) and a deadline; it writes one JSON object a line, and
 * {"end":true} as the last. Without that line nothing that it said counts.
 */

#include <stddef.h>

#include <jansson.h>

#include "common/base/base.h"
#include "common/base/err.h"

struct env;

#define HELPER_TIMEOUT_MS 1000
#define HELPER_LINES_MAX 1024
#define HELPER_BYTES_MAX ((size_t)128 * 1024)
#define HELPER_ARGS_MAX 32

/*
 * Run the helper @name ("cups") of @env with @args, which end in NULL, and
 * wait for it for at most @timeout_ms.
 *
 * On success *@ret_lines is an array of objects, without the last, owned by the
 * caller. A line {"error": "why"} makes it fail with that reason.
 *
 * -ENOENT: it is not installed. -ETIMEDOUT, -E2BIG: it was ended by force.
 * -EPROTO: it crashed, or what it wrote is not what it should. -EIO: it
 * says itself why it could not look. @err is a reason that people see.
 */
int helper_run(const struct env *env, const char *name, const char *const *args, int timeout_ms,
	       json_t **ret_lines, struct err *err) _must_check_;
