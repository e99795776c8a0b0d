/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One line to stderr with the level in front as sd-daemon(3) reads it ("<4>").
 * Only a program's top functions log, once, with ids and the reason; never a
 * secret, never the name of a person.
 */

#include <stdbool.h>
#include <syslog.h>

#include "common/base/base.h"

/* @level is LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO or LOG_DEBUG. */
void log_line(int level, const char *fmt, ...) _printf_(2, 3);

/* Leave the level away, for a person at a terminal. Default: by isatty(2). */
void log_set_plain(bool is_plain);
