/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Allocation that cannot fail: running out of memory aborts, and the service
 * manager starts us again. So no size that comes from outside may reach these
 * functions before it was checked against a limit.
 */

#include <stdlib.h>

#include "common/base/base.h"

void *xcalloc(size_t n, size_t size) _must_check_;
/* Grow or shrink @p to @n items of @size bytes; new bytes are not cleared. */
void *xreallocarray(void *p, size_t n, size_t size) _must_check_;
/*
 * @p with room for one item of @size bytes more than the @n that it has. @room
 * says for how many there is room, 0 and @p NULL at first; it doubles where they
 * fill it.
 */
void *xgrow(void *p, size_t n, size_t *room, size_t size) _must_check_;
char *xstrdup(const char *s) _must_check_;
char *xstrndup(const char *s, size_t n) _must_check_;
char *xasprintf(const char *fmt, ...) _printf_(1, 2) _must_check_;

static inline void freep(void *p)
{
	free(*(void **)p);
}
#define _cleanup_free_ _cleanup_(freep)
