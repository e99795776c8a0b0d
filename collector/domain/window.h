/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The days on which a site tests. PURE: today is a parameter. */

#include <stdint.h>

enum window_phase {
	WINDOW_BEFORE,
	WINDOW_OPEN,
	WINDOW_OVER,
	WINDOW_PHASE_MAX_,
};
extern const char *const window_phase_words[]; /* before, open, over; ended by NULL */

/* A window of one site; both days belong to it. */
struct window {
	const char *id;
	const char *programme;
	const char *track; /* "" where the site has one track */
	const char *profile_id;
	const char *profile_version; /* of the document that judges; "": none is published */
	int32_t first;
	int32_t last;
};

enum window_phase window_phase(const struct window *window, int32_t today);
int32_t window_days_left(const struct window *window,
			 int32_t today); /* until the first day; 0 after */
int32_t window_weekdays_left(const struct window *window,
			     int32_t today); /* Mondays to Fridays of those */
