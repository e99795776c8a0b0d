/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* When devices are to be heard of next. PURE. */

#include <stdint.h>

#include "collector/domain/window.h"

struct contact_next {
	int64_t period_s; /* between two contacts of a device */
	int64_t spread_s; /* over which devices that all come back at once spread */
};

/*
 * Once a day out of season; once an hour from three days before @window (NULL:
 * the site has none) to its last day. @n_devices of the whole collector: after
 * an outage about twenty-five of them come a second. A hundred thousand hourly
 * devices are 28 a second at all times; tests/bench/fleet shows what both make.
 */
struct contact_next contact_next(const struct window *window, int32_t today, int64_t n_devices);
