/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The field of a request in which a proxy names whoever signed in there. PURE. */

#include "common/base/err.h"

#define PROXY_LOGIN_FIELD_MAX 64 /* bytes */

/*
 * Check that @field can be one: its name is a token (RFC 9110, 5.6.2) that begins with "X-" or
 * is "Remote-User". Most others mean something already, and a client's own would come through the
 * proxy. -EINVAL.
 */
int proxy_login_check_field(const char *field, struct err *err) _must_check_;
