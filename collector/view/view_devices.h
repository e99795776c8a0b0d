/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/view/device_walk.h"
#include "collector/view/view.h"

/* A part of the devices of the site @code, in the order of room, host name, id. */
int view_devices(const struct view *view, const char *code, const struct device_filter *filter,
		 const struct page *page, json_t **ret_json, struct err *err) _must_check_;

/*
 * A part of the devices that are @asked for. Where many are looked at in vain a part has fewer
 * rows than page->limit, and a next_cursor all the same. "total" is how many there are in
 * all parts, or null where the counts do not tell.
 */
int view_device_list(const struct view *view, const struct device_asked *asked,
		     const struct page *page, json_t **ret_json, struct err *err) _must_check_;
