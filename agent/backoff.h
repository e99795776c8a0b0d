/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Back-off: when to try again after a failure. PURE.
 */

#include <stdint.h>

#define BACKOFF_BASE_MS INT64_C(5000)
#define BACKOFF_CAP_MS INT64_C(900000)

struct backoff {
	unsigned n_failed;      /* in a row, the last one included: 1 or more */
	int64_t retry_after_ms; /* what the collector asked for; 0: nothing */
	int64_t spread_ms;      /* over which it wants the fleet spread; 0: it never said */
};

/*
 * How long to wait: what the collector asked for, and then "full jitter", any
 * time up to min(15 min, 5 s · 2ⁿ), or up to the collector's spread where that
 * is longer: it knows how many devices have found it gone. The cap comes before
 * the jitter, or all would come together once they have reached it.
 */
int64_t backoff_ms(const struct backoff *backoff, uint64_t random);
