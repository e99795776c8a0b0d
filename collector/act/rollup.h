/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The one place that changes site_count and site_pattern. */

#include "collector/store/store_device.h"
#include "common/base/base.h"

/*
 * A device was @before and is @after; either is NULL where there was or is none.
 * In the transaction that changes the device.
 */
int rollup_change(struct store *store, const struct device *before, const struct device *after,
		  struct err *err) _must_check_;
/* @n devices like @device are new; the same as rollup_change() with each of them. */
int rollup_add(struct store *store, const struct device *device, int n,
	       struct err *err) _must_check_;

/*
 * Changes of many devices of one site, summed up and written once: where all devices of a
 * room leave one pattern for another, that is two rows and not two for each. Owned by the
 * caller: rollup_sum_free() it.
 */
struct rollup_sum;
struct rollup_sum *rollup_sum_new(void) _must_check_;
void rollup_sum_free(struct rollup_sum *sum);
DEFINE_CLEANUP(struct rollup_sum *, rollup_sum_free);
/*
 * The same as rollup_change(), written with rollup_sum_write() at the latest. Both devices
 * are of the site of those before. On failure what was summed up is not to be written.
 */
int rollup_sum_change(struct rollup_sum *sum, struct store *store, const struct device *before,
		      const struct device *after, struct err *err) _must_check_;
/* Write what was summed up, in the transaction of the changes; then the next site may come. */
int rollup_sum_write(struct rollup_sum *sum, struct store *store, struct err *err) _must_check_;
