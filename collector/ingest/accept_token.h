/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* An API token that a person asks for, checked wholly before anything is done with it. PURE. */

#include <stddef.h>
#include <stdint.h>

#include "collector/domain/access.h"
#include "common/base/err.h"
#include "common/model/document.h"

struct accepted_token {
	char *name; /* owned */
	struct grant grant;
	int64_t days;
};
void accepted_token_done(struct accepted_token *token);

/*
 * Read {"name", "role", "scope", "code", "days"}; the state has no code. On success
 * accepted_token_done() *@ret_token.
 * -EINVAL, -E2BIG: @err has the place and what is wrong, *@ret_pointer the JSON pointer of
 * the place (owned by the caller; NULL where the body is not JSON).
 */
int accept_token(const char *body, size_t len, struct accepted_token *ret_token, char **ret_pointer,
		 struct err *err) _must_check_;
