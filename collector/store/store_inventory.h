/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What an import of inventories keeps beside the tables while it runs: which
 * device each line found, in a temporary table, so that its memory does not
 * grow with the file.
 */

#include "collector/store/store_device.h"
#include "collector/store/store_site.h"

int store_inventory_begin(struct store *store, struct err *err) _must_check_;
int store_inventory_end(struct store *store, struct err *err) _must_check_;

/* The device @id of @site_code is in the inventory. */
int store_inventory_mark(struct store *store, const char *site_code, const char *id,
			 struct err *err) _must_check_;

/*
 * A device of @site_code whose @name is @value and that no line has found yet;
 * one that enrolled before one that did not. Returns 1 and its id, or 0.
 */
int store_inventory_find(struct store *store, const char *site_code, enum device_name name,
			 const char *value, char ret_id[static ID_SIZE],
			 struct err *err) _must_check_;

/* The sites of which a device was found. */
int store_inventory_sites(struct store *store, struct code_list *ret_list,
			  struct err *err) _must_check_;

/* Up to @limit expected devices of @site_code that were not found; without facts. */
int store_inventory_missing(struct store *store, const char *site_code, size_t limit,
			    struct device_list *ret_list, struct err *err) _must_check_;
