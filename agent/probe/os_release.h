/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * /etc/os-release, as os-release(5) defines it: KEY=VALUE lines with the
 * quoting of a shell and nothing else of it.
 */

#include "common/base/base.h"

/*
 * The value of @key in @text, unquoted; the last line wins, as it would in a
 * shell. NULL if there is none. Owned by the caller.
 */
char *os_release_value(const char *text, const char *key) _must_check_;
