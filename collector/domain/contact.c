/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "collector/domain/contact.h"

enum {
	HOUR_S = 3600,
	DAY_S = 24 * HOUR_S,
	SEASON_BEGINS_DAYS = 3, /* before the window */
	DEVICES_A_SECOND = 25,
	SPREAD_LEAST_S = 60,
};

struct contact_next contact_next(const struct window *window, int32_t today, int64_t n_devices)
{
	struct contact_next next = { DAY_S, n_devices / DEVICES_A_SECOND };

	if (window && today >= window->first - SEASON_BEGINS_DAYS && today <= window->last)
		next.period_s = HOUR_S;
	if (next.spread_s < SPREAD_LEAST_S)
		next.spread_s = SPREAD_LEAST_S;
	return next;
}
