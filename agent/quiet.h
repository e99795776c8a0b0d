/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Quiet hours, in which the service does nothing by itself. PURE.
 */

#include "agent/config.h"

#define QUIET_DAY_MIN 1440

/*
 * How many minutes it stays quiet from the local @minute of the day (0 to
 * 1439) on; 0: it is not quiet. Hours that follow each other count as one;
 * QUIET_DAY_MIN: they fill the day, so that it never ends.
 */
int quiet_left_min(const struct quiet_hours *hours, size_t n, int minute);
