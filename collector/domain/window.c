/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "collector/domain/window.h"
#include "common/base/civil.h"

const char *const window_phase_words[] = {
	[WINDOW_BEFORE] = "before",
	[WINDOW_OPEN] = "open",
	[WINDOW_OVER] = "over",
	[WINDOW_PHASE_MAX_] = NULL,
};

enum window_phase window_phase(const struct window *window, int32_t today)
{
	if (today < window->first)
		return WINDOW_BEFORE;
	return today <= window->last ? WINDOW_OPEN : WINDOW_OVER;
}

int32_t window_days_left(const struct window *window, int32_t today)
{
	return today < window->first ? window->first - today : 0;
}

int32_t window_weekdays_left(const struct window *window, int32_t today)
{
	return civil_weekdays(today, window->first);
}
