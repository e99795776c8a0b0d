/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/domain/placement.h"
#include "collector/view/view.h"

/*
 * Add to @json, a device: "placements", the newest first; "place_version", for `If-Match`; and
 * "heard_since_retired", when it was seen last although it is retired, null where it was not.
 */
int view_placements_add(const struct view *view, const struct device *device, json_t *json,
			struct err *err) _must_check_;

/* One placement of a device. -ENOENT: there is none, or none that may be seen. */
int view_placement(const struct view *view, const char *device_id, int64_t number,
		   json_t **ret_json, struct err *err) _must_check_;
