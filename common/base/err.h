/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Errors
 *
 * A function that can fail returns 0, or a negative errno. Code acts on the
 * number; a person reads `struct err`. It is always the last parameter, it is
 * written only on failure, and a caller with nobody to tell passes NULL.
 */

#include "common/base/base.h"

struct err {
	char text[512];
};

/* Fill @err and return @code, so that failing is one statement. */
int err_set(struct err *err, int code, const char *fmt, ...) _printf_(3, 4);

/* The same, ending in what the errno -@code means: "/var/spool: Permission denied". */
int err_errno(struct err *err, int code, const char *fmt, ...) _printf_(3, 4);

/* Put "@fmt: " before what is already in @err; returns @code. */
int err_prefix(struct err *err, int code, const char *fmt, ...) _printf_(3, 4);
