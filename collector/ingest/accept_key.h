/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* An enrolment key that a person asks for, checked wholly before it is made. PURE. */

#include <stddef.h>
#include <stdint.h>

#include "collector/domain/access.h"
#include "common/base/base.h"
#include "common/base/err.h"

struct accepted_key {
	char site_code[ACCESS_CODE_SIZE];
	int64_t days;
	int64_t uses; /* -1: for any number of devices */
};

/*
 * Read {"site", "days", "uses"}; 30 days and any number of uses where they are left out.
 * -EINVAL, -E2BIG: @err has the place and what is wrong, *@ret_pointer the JSON pointer of
 * the place (owned by the caller; NULL where the body is not JSON).
 */
int accept_key(const char *body, size_t len, struct accepted_key *ret_key, char **ret_pointer,
	       struct err *err) _must_check_;
