/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The parameters that say which devices are wanted, for lists and files of them. */

#include "collector/http/request.h"
#include "collector/view/device_walk.h"

/* Of one site, whose code is in the path, and of all. Each ended by NULL; without limit and cursor.
 */
#define DEVICES_SITE_QUERY                                                                      \
	"state", "fix", "requirement", "result", "passes", "room", "role", "model", "expected", \
		"waived", "waives", "sort"
#define DEVICES_QUERY DEVICES_SITE_QUERY, "site", "lea", "profile"

/*
 * Read what @req asks for; *@ret_asked borrows from it and from *@ret_filter. -EINVAL: a
 * parameter makes no sense.
 */
int devices_read(const struct request *req, struct device_filter *ret_filter,
		 struct device_asked *ret_asked, struct err *err) _must_check_;
