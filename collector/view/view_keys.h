/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Enrolment keys, for people; never the keys themselves. */

#include "collector/view/view.h"

struct key_filter {
	const char *site_code; /* NULL: of any site */
	const char *state;     /* "good": those that can be used; "all" */
};
/* Of the sites whose keys the viewer may see, the newest first. -EINVAL: the state or cursor. */
int view_keys(const struct view *view, const struct key_filter *filter, const struct page *page,
	      json_t **ret_json, struct err *err) _must_check_;
/* The one whose hash begins with @hash_prefix. */
int view_key(const struct view *view, const char *hash_prefix, json_t **ret_json,
	     struct err *err) _must_check_;
