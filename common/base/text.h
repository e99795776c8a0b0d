/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Text from outside: a USB string, a file, a host name.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/base.h"

/*
 * Make @len bytes of @bytes fit to be shown, stored and sent: valid UTF-8 of at
 * most @max_bytes (cut at a character and marked with "…"), invalid bytes and
 * control characters as U+FFFD, bidirectional controls and the zero-width
 * no-break space removed, white space at both ends removed. NULL bytes end it.
 * The result is owned by the caller: free() it. Never NULL.
 */
char *text_clean(const void *bytes, size_t len, size_t max_bytes) _must_check_;

/* Whether all @len bytes are valid UTF-8 (RFC 3629), NUL excluded. */
bool text_is_utf8(const char *text, size_t len);

/*
 * Shell-like pattern of `*` and `?`, case-sensitive, without slash or dot rules. A `?` is one
 * character of UTF-8, however many bytes that has.
 */
bool text_like(const char *text, const char *pattern);

bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

/* What stands behind a noun that is counted: "" of one, "s" of any other number. */
const char *text_plural(int64_t n);
