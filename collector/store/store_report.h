/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is remembered of the reports of a device; see collector/domain/past.h. */

#include <stdint.h>

#include "collector/domain/past.h"
#include "collector/store/store.h"

/* Nothing is remembered where none came. -ENOENT: no such device. */
int store_past_get(struct store *store, const char *device_id, struct past *ret_past,
		   struct err *err) _must_check_;
int store_past_put(struct store *store, const char *device_id, const struct past *past,
		   struct err *err) _must_check_;

/* No boot of @device_id has reported. */
int store_boot_forget(struct store *store, const char *device_id, struct err *err) _must_check_;
/* The highest number of a report of @device_id; 0: none. */
int store_report_newest(struct store *store, const char *device_id, int64_t *ret_sequence,
			struct err *err) _must_check_;
/* The numbers of @device_id begin anew: none that comes is taken for one that came. */
int store_report_set_aside(struct store *store, const char *device_id,
			   struct err *err) _must_check_;
