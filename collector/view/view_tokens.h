/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* API tokens, for people; never the tokens themselves. */

#include "collector/view/view.h"

/*
 * Those whose role lies where the viewer sees people; @state is "good", which is neither expired
 * nor revoked, or "all". -EINVAL: another word, or the cursor.
 */
int view_tokens(const struct view *view, const char *state, const struct page *page,
		json_t **ret_json, struct err *err) _must_check_;
/* One of them. */
int view_token(const struct view *view, const char *id, json_t **ret_json,
	       struct err *err) _must_check_;
