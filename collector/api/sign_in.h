/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What all ways to sign in end with. */

#include "collector/act/act_sign_in.h"
#include "collector/http/request.h"
#include "collector/http/response.h"

/* The session that the browser had before ends: nothing that came stays good. */
int sign_in_end_before(struct store *store, const struct request *req,
		       struct err *err) _must_check_;

/* Answer with the session's cookie, or say why there is none. */
void sign_in_answer(struct response *res, const struct signed_in *signed_in);
