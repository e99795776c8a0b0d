/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The devices of a site as an inventory is compared with them. */

#include "collector/domain/access.h"
#include "collector/store/store_device.h"
#include "collector/store/store_site.h"

/* Devices of one site that an inventory is compared with; some 150 bytes each. */
#define INVENTORY_SITE_DEVICES_MAX 200000

struct inventory_device {
	char id[ID_SIZE];
	bool has_key;
	bool is_enrolled;
	bool is_expected;
	enum device_state state;
	int64_t state_since_ms;
	enum device_role role;
	int64_t seen_ms;                     /* 0: no report yet */
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

/*
 * A device or line of another site that has the serial number of one of a site's. Retired ones
 * are of no site. Texts are owned by the list.
 */
struct inventory_twin {
	char here_id[ID_SIZE]; /* of the site's own */
	char id[ID_SIZE];
	char *site_code, *site_name;
	bool has_inventory; /* that site; without one all its devices are expected */
	bool is_expected;
	bool is_enrolled;
	int64_t seen_ms; /* 0: no report yet */
};
struct inventory_twin_list {
	struct inventory_twin *twins;
	size_t n_twins;
};
/* More of one site than this are not looked at: its serial numbers are no numbers. */
#define INVENTORY_TWINS_MAX 10000
/* Those at sites in @sight, by here_id and id. inventory_twin_list_done() *@ret_list. */
int store_inventory_twins(struct store *store, const char *site_code, const struct sight *sight,
			  struct inventory_twin_list *ret_list, struct err *err) _must_check_;
void inventory_twin_list_done(struct inventory_twin_list *list);
/*
 * The ids of what other sites' inventories list with the serial number of what @site_code's
 * does, at sites in @sight.
 */
int store_inventory_rivals(struct store *store, const char *site_code, const struct sight *sight,
			   struct code_list *ret_ids, struct err *err) _must_check_;
