/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A waiver that a person asks for, checked wholly before anything is done with it. PURE. */

#include <stddef.h>

#include "collector/store/store_waiver.h"

/*
 * Read {"profile", "requirement", "scope", "code", "reason", "who", "until"}. On success
 * waiver_done() *@ret_waiver, which has no id yet.
 * -EINVAL, -E2BIG: @err has the place and what is wrong, *@ret_pointer the JSON pointer of
 * the place (owned by the caller; NULL where the body is not JSON).
 */
int accept_waiver(const char *body, size_t len, struct waiver *ret_waiver, char **ret_pointer,
		  struct err *err) _must_check_;
