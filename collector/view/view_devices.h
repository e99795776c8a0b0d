/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/view/view.h"

/* What the devices of a site are narrowed to: the rows behind its numbers. */
struct device_filter {
	unsigned states;         /* bits 1 << enum device_state; 0: all but retired */
	const char *fix;         /* fresh, and a requirement with this fix fails; or NULL */
	const char *requirement; /* not those that @passes gives for it; or NULL */
	const char *passes;      /* fresh, and this requirement passes; or NULL */
	const char *room;        /* "": without a room; NULL: any */
	const char *waives;      /* this requirement is waived; or NULL */
	int is_expected;         /* 0, 1, or -1 for both */
	int is_waived;           /* whether any requirement is: 0, 1, or -1 for both */
};

/* A part of the devices of the site @code, in the order of room, host name, id. */
int view_devices(const struct view *view, const char *code, const struct device_filter *filter,
		 const struct page *page, json_t **ret_json, struct err *err) _must_check_;
