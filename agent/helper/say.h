/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How a helper program answers the agent: one JSON object a line on stdout, and
 * a last line that says that this was all (see agent/helper.h). A helper says
 * what it was told and leaves the judging to the agent.
 */

#include <jansson.h>

#include "common/base/base.h"

/* Write @object (taken) as one line. Texts that are not UTF-8 must be cleaned by say_text() before.
 */
void say(json_t *object);

/* @text as JSON, made valid UTF-8 and cut to 1 KiB; NULL is "". */
json_t *say_text(const char *text) _must_check_;

/* Write the last line and end the program. */
_Noreturn void say_end(void);

/* Write that nothing could be seen, and why for a person, and end the program. */
_Noreturn void say_error(const char *fmt, ...) _printf_(1, 2);
