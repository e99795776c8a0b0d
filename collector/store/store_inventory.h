/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The devices of a site as an inventory is compared with them. */

#include "collector/store/store_device.h"

/* Devices of one site that an inventory is compared with; some 150 bytes each. */
#define INVENTORY_SITE_DEVICES_MAX 200000

struct inventory_device {
	char id[ID_SIZE];
	bool has_key;
	bool is_enrolled;
	bool is_expected;
	bool is_retired;
	enum device_role role;
	const char *names[DEVICE_NAME_MAX_]; /* borrowed, as is the room, from … */
	const char *room;
	char *texts; /* … one piece of memory */
};

struct inventory_device_list {
	struct inventory_device *devices;
	size_t n_devices;
};

/* All devices of @site_code, in no order. -E2BIG: more than INVENTORY_SITE_DEVICES_MAX. */
int store_inventory_devices(struct store *store, const char *site_code,
			    struct inventory_device_list *ret_list, struct err *err) _must_check_;
void inventory_device_list_done(struct inventory_device_list *list);
