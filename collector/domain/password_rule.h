/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a password has to be like: long, and not one that is tried first. No rules about kinds of
 * characters, which make people write them down (NIST SP 800-63B, 5.1.1.2). PURE.
 */

#include "common/base/base.h"
#include "common/base/err.h"

#define PASSWORD_CHARACTERS_MIN 12
#define PASSWORD_CHARACTERS_MAX 128
#define PASSWORD_BYTES_MAX 512 /* four times that: UTF-8 */

/*
 * Whether somebody of @login may have @password, which is UTF-8. -EINVAL: says why not,
 * without the password.
 */
int password_rule_check(const char *password, const char *login, struct err *err) _must_check_;
