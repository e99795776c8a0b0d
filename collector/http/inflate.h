/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A body that was sent with Content-Encoding: gzip (RFC 1952). PURE. */

#include <stddef.h>

#include "common/base/base.h"
#include "common/base/err.h"

/*
 * Inflate @body, which has to be one member and nothing behind it, to at most
 * LIMIT_INFLATED_BYTES and LIMIT_INFLATION times its own size. *@ret_text has a NUL
 * behind it and is owned by the caller.
 * -E2BIG: over one of these. -EINVAL: it is damaged, cut short, or no gzip.
 */
int inflate_body(const char *body, size_t len, char **ret_text, size_t *ret_len,
		 struct err *err) _must_check_;
