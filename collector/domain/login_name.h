/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What people are called where they sign in. PURE. */

#include "common/base/base.h"
#include "common/base/err.h"

#define LOGIN_NAME_MIN 2
#define LOGIN_NAME_MAX 64
#define LOGIN_NAME_SIZE (LOGIN_NAME_MAX + 1)

/*
 * Read a login: a letter or digit, then letters, digits and . _ - @ +, so that an address of
 * mail is one. Kept in lower case: nobody can be taken for another by the case.
 * -EINVAL: says what is wrong.
 */
int login_name_read(const char *text, char ret_login[static LOGIN_NAME_SIZE],
		    struct err *err) _must_check_;
