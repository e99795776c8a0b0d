/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which device of a site a row of its inventory means. PURE. */

#include "collector/domain/import_row.h"
#include "collector/store/store_inventory.h"

struct inventory_name;

struct inventory_match {
	const struct inventory_device_list *devices;
	bool *is_found;                                 /* of each device */
	struct inventory_name *names[DEVICE_NAME_MAX_]; /* sorted */
	size_t n_names[DEVICE_NAME_MAX_];
};

/* @devices must outlive it. inventory_match_done() it. */
void inventory_match_init(struct inventory_match *match,
			  const struct inventory_device_list *devices);
/*
 * The place in the list of the device that @row means and no row before it: by asset tag,
 * serial, then host name (without case); of several one with a key, then the first id. One that
 * is retired is not meant. -1: none.
 */
ptrdiff_t inventory_match_find(struct inventory_match *match, const struct inventory_row *row);
void inventory_match_done(struct inventory_match *match);
