/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/view/view.h"

/*
 * The document that the site of @device_id is judged by; owned by the caller. -ENOENT: the site has
 * no window, or its profile is not published.
 */
int view_profile_body(const struct view *view, const char *device_id, char **ret_body,
		      char ret_version[static HASH_SIZE], struct err *err) _must_check_;
