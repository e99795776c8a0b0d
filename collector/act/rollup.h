/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The one place that changes site_count and site_pattern. */

#include "collector/store/store_device.h"

/*
 * A device was @before and is @after; either is NULL where there was or is none.
 * In the transaction that changes the device.
 */
int rollup_change(struct store *store, const struct device *before, const struct device *after,
		  struct err *err) _must_check_;
/* @n devices like @device are new; the same as rollup_change() with each of them. */
int rollup_add(struct store *store, const struct device *device, int n,
	       struct err *err) _must_check_;
