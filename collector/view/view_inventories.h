/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/view/view.h"

/*
 * How many devices of sites are looked at for one answer: past it a part has fewer sites than
 * its limit, but always one.
 */
#define INVENTORIES_DEVICES_MAX 50000

struct inventories_asked {
	const char *lea; /* only sites of this LEA; NULL: all */
	int64_t days;    /* as of struct inventory_asked */
};

/*
 * Of each site, by code, how its inventory and what was seen there fit together: only the numbers
 * that view_inventory() has, which has the rows.
 */
int view_inventories(const struct view *view, const struct inventories_asked *asked,
		     const struct page *page, json_t **ret_json, struct err *err) _must_check_;
