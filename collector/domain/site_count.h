/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The numbers of a site. PURE.
 *
 * Counts are of expected devices: the inventory's, or, where a site has none,
 * every device that enrolled. A retired device counts nowhere. Unexpected
 * devices count only as that.
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/model/result.h"

struct site_count {
	int64_t states[STATE_MAX_]; /* states[STATE_RETIRED] stays 0 */
	int64_t browser_exempt;     /* browser.version does not apply: a test administrator's */
	int64_t browser_current;    /* fresh, and passes browser.version */
	int64_t unexpected;
};

int64_t site_count_expected(const struct site_count *count); /* the sum of the states */
int64_t site_count_ready(const struct site_count *count);    /* ready and ready_with_warnings */
int64_t site_count_fresh(const struct site_count *count);    /* ready (both), not_ready, unknown */
int64_t site_count_browser(const struct site_count *count);  /* expected, less the exempt */
void site_count_add(struct site_count *total, const struct site_count *count);

/* Hundredths of a percent, rounded down and at most 99900; -1 where @whole is 0. */
int64_t percent_hundredths(int64_t part, int64_t whole);
/* Whether @part is at least @percent % of @whole, exactly; false where @whole is 0. */
bool percent_reaches(int64_t part, int64_t whole, int64_t percent);
