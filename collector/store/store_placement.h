/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Placements of devices: planned, done and over. Nothing is ever deleted. */

#include "collector/domain/placement.h"
#include "collector/store/store.h"
#include "collector/store/store_device.h"

/* Fills in ->number. */
int store_placement_add(struct store *store, struct placement *placement,
			struct err *err) _must_check_;
/* Write what changes of one: what it came to, when, and its status. */
int store_placement_update(struct store *store, const struct placement *placement,
			   struct err *err) _must_check_;
/* It cannot be read, as ->damage says: end it, and leave all else as it is. */
int store_placement_give_up(struct store *store, const struct placement *placement, int64_t now_ms,
			    struct err *err) _must_check_;
/* -ENOENT: no such placement. -EUCLEAN: it is damaged. placement_done() *@ret_placement. */
int store_placement_get(struct store *store, const char *device_id, int64_t number,
			struct placement *ret_placement, struct err *err) _must_check_;
#define PLACEMENTS_SHOWN 100 /* of one device; older ones are in the store and the audit log */
/*
 * Of one device, the newest first. Those that cannot be read are there, with ->damage.
 * placement_list_done() *@ret_list.
 */
int store_placement_list(struct store *store, const char *device_id, size_t limit,
			 struct placement_list *ret_list, struct err *err) _must_check_;
/* Those planned that are due at @now_ms, the oldest first; the same of damaged ones. */
int store_placement_due(struct store *store, int64_t now_ms, size_t limit,
			struct placement_list *ret_list, struct err *err) _must_check_;

/* What a device's placements come to. */
struct placement_sum {
	int64_t n;           /* placements in all … */
	int64_t n_over;      /* … and those of them that do not hold any more */
	int64_t planned;     /* the number of the one that is planned; 0: none */
	int64_t newest_turn; /* of those that were done and hold; 0: none */
	int64_t last_turn;   /* of those that were done */
	bool is_retired;     /* it was retired last, and not restored */
};
int store_placement_sum(struct store *store, const char *device_id, struct placement_sum *ret_sum,
			struct err *err) _must_check_;

/*
 * An expected device of the site that @device is of that enrolled and has its serial number, other
 * than itself: 1 and its id, or 0. Only if it enrolled or was placed after @since_ms. An empty
 * serial number is nobody's.
 */
int store_placement_twin(struct store *store, const struct device *device, int64_t since_ms,
			 char ret_id[static ID_SIZE], struct err *err) _must_check_;

/*
 * What somebody who places a device has to have seen: its place and its placements, as 16
 * hexadecimal digits.
 */
#define PLACE_VERSION_SIZE 17
void placement_version(const struct device *device, const struct placement_sum *sum,
		       char ret_version[static PLACE_VERSION_SIZE]);

/* @device as placement_check_undo() looks at it; borrows from it. */
struct placement_scene placement_scene(const struct device *device, const struct placement_sum *sum,
				       int64_t now_ms);
