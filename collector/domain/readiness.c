/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/readiness.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define FIX_TEXT_SHOWN 400 /* bytes; the sentence goes on after it */

#define HOUR_MS INT64_C(3600000)

double readiness_risk(const struct site_count *count, const struct window *window, int32_t today)
{
	int64_t expected = site_count_expected(count);

	if (!window || expected == 0 || window_phase(window, today) == WINDOW_OVER)
		return 0;
	return (double)(expected - site_count_ready(count)) / (double)expected /
	       (window_weekdays_left(window, today) + 1);
}

/* ", 71 weekdays before the window." and its like. */
static void when_text(const struct window *window, int32_t today, char *text, size_t size)
{
	char last[CIVIL_TEXT_SIZE];
	int32_t left;

	if (!window) {
		snprintf(text, size, "; the site has no window yet.");
		return;
	}
	left = window_weekdays_left(window, today);
	switch (window_phase(window, today)) {
	case WINDOW_BEFORE:
		snprintf(text, size, ", %d weekday%s before the window.", left, text_plural(left));
		break;
	case WINDOW_OPEN:
		snprintf(text, size, "; the window is open until %s.",
			 civil_text(window->last, last));
		break;
	default:
		snprintf(text, size, "; the window was over on %s.",
			 civil_text(window->last, last));
		break;
	}
}

void readiness_sentence(const struct site_count *count, const struct window *window,
			bool is_certifiable, int32_t today, char text[static READINESS_TEXT_SIZE])
{
	int64_t expected = site_count_expected(count), ready = site_count_ready(count);
	char when[96];

	when_text(window, today, when, sizeof(when));
	if (expected == 0)
		snprintf(text, READINESS_TEXT_SIZE, "No devices yet%s", when);
	else
		snprintf(text, READINESS_TEXT_SIZE,
			 "%s: %" PRId64 " of %" PRId64 " device%s %s ready%s",
			 is_certifiable ? "Ready to certify" : "Not ready to certify", ready,
			 expected, text_plural(expected), expected == 1 ? "is" : "are", when);
}

/* What to do about devices that nobody can judge, in the order of how many they are. */
static void silent_action(const struct site_count *count, bool is_certifiable,
			  char text[static READINESS_TEXT_SIZE])
{
	/* clang-format off */
	static const struct {
		enum device_state state;
		const char *todo;
	} rows[] = {
		{ STATE_NEVER_SEEN, "never reported: switch on, connect and enrol, or strike off the inventory." },
		{ STATE_STALE, "reported too long ago: switch on and connect." },
		{ STATE_CONFLICT, "share one identity: decide which is which." },
		{ STATE_UNKNOWN, "could not be judged: look at what is unknown." },
	};
	/* clang-format on */
	size_t most = ARRAY_SIZE(rows);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (count->states[rows[i].state] > 0 &&
		    (most == ARRAY_SIZE(rows) ||
		     count->states[rows[i].state] > count->states[rows[most].state]))
			most = i;
	}
	if (most == ARRAY_SIZE(rows)) {
		snprintf(text, READINESS_TEXT_SIZE, "%s",
			 is_certifiable
				 ? "Nothing to do: every device is ready."
				 : "Every device is ready; see which rule of certification is "
				   "not met.");
		return;
	}
	snprintf(text, READINESS_TEXT_SIZE, "%" PRId64 " device%s %s",
		 count->states[rows[most].state], text_plural(count->states[rows[most].state]),
		 rows[most].todo);
}

void readiness_next_action(const struct site_count *count, const struct window *window,
			   bool is_certifiable, const struct fix_list *fixes,
			   char text[static READINESS_TEXT_SIZE])
{
	const struct fix_work *first = fixes->n_works > 0 ? &fixes->works[0] : NULL;
	int64_t expected = site_count_expected(count);
	_cleanup_free_ char *todo = NULL;

	if (expected == 0) {
		snprintf(text, READINESS_TEXT_SIZE,
			 "Import the inventory, or enrol the first device.");
	} else if (!window) {
		snprintf(text, READINESS_TEXT_SIZE,
			 "Give the site a window: import a file of schools that has one.");
	} else if (!window->profile_version[0]) {
		snprintf(text, READINESS_TEXT_SIZE,
			 "Publish the profile '%.64s' that its window names: until then no device "
			 "can be judged.",
			 window->profile_id);
	} else if (first && first->severity == SEVERITY_REQUIRED) {
		todo = text_clean(first->fix->text, strlen(first->fix->text), FIX_TEXT_SHOWN);
		snprintf(text, READINESS_TEXT_SIZE,
			 "%s %" PRId64 " device%s, about %" PRId64 " min.", todo, first->devices,
			 text_plural(first->devices), first->minutes);
	} else {
		silent_action(count, is_certifiable, text);
	}
}

void readiness_overview_sentence(int64_t sites, int64_t certifiable,
				 char text[static READINESS_TEXT_SIZE])
{
	int64_t missing = sites - certifiable;

	if (sites == 0)
		snprintf(text, READINESS_TEXT_SIZE, "No schools yet.");
	else if (missing == 0)
		snprintf(text, READINESS_TEXT_SIZE, "%s ready for %s window.",
			 sites == 1 ? "The school is" : "All schools are",
			 sites == 1 ? "its" : "their");
	else
		snprintf(text, READINESS_TEXT_SIZE,
			 "%" PRId64 " of %" PRId64 " school%s %s not ready for %s window yet.",
			 missing, sites, text_plural(sites), missing == 1 ? "is" : "are",
			 missing == 1 ? "its" : "their");
}

int64_t readiness_fresh_since(const struct freshness *freshness, const struct window *window,
			      int64_t now_ms)
{
	int32_t days = window ? window->first - civil_of_ms(now_ms) : 0;

	return now_ms - freshness_hours(freshness, window != NULL, days) * HOUR_MS;
}
