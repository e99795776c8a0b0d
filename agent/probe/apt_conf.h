/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The configuration language of APT, as apt.conf(5) has it: names divided by
 * "::", scopes in braces, values with or without quotes, comments of three kinds.
 */

#include "common/base/base.h"
#include "common/base/err.h"

#define APT_CONF_MAX ((size_t)64 * 1024)
#define APT_CONF_NAME_MAX 256 /* bytes of a whole name, "A::B::C" */
#define APT_CONF_DEPTH_MAX 32 /* scopes in one another */

/*
 * One setting; @value is NULL where "#clear" takes back @name and all below
 * it. Names are as they are written: APT compares them without case.
 */
typedef void apt_conf_fn(void *user, const char *name, const char *value);

/*
 * Hand each setting of @text to @take, in its order.
 *
 * -EINVAL: it is not whole; APT is milder with some of that. -ENOTSUP: it includes another file.
 * -E2BIG: over the limits above. What came before was handed on.
 */
int apt_conf_parse(const char *text, apt_conf_fn *take, void *user, struct err *err) _must_check_;
