/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/quiet.h"

/* Minutes from @minute to the end of @hours; 0: it is outside. */
static int left_in(const struct quiet_hours *hours, int minute)
{
	int length = hours->end_min - hours->start_min;
	int since = minute - hours->start_min;

	/* Past midnight. */
	length += length <= 0 ? QUIET_DAY_MIN : 0;
	since += since < 0 ? QUIET_DAY_MIN : 0;
	return since < length ? length - since : 0;
}

int quiet_left_min(const struct quiet_hours *hours, size_t n, int minute)
{
	int left = 0, before = -1;

	while (left != before && left < QUIET_DAY_MIN) {
		before = left;
		for (size_t i = 0; i < n; i++) {
			int more = left_in(&hours[i], (minute + before) % QUIET_DAY_MIN);

			if (before + more > left)
				left = before + more;
		}
	}
	return left < QUIET_DAY_MIN ? left : QUIET_DAY_MIN;
}
