/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/domain/site_count.h"

int64_t site_count_expected(const struct site_count *count)
{
	int64_t n = 0;

	for (unsigned state = 0; state < STATE_MAX_; state++)
		n += count->states[state];
	return n;
}

int64_t site_count_ready(const struct site_count *count)
{
	return count->states[STATE_READY] + count->states[STATE_READY_WITH_WARNINGS];
}

int64_t site_count_fresh(const struct site_count *count)
{
	return site_count_ready(count) + count->states[STATE_NOT_READY] +
	       count->states[STATE_UNKNOWN];
}

int64_t site_count_browser(const struct site_count *count)
{
	return site_count_expected(count) - count->browser_exempt;
}

void site_count_add(struct site_count *total, const struct site_count *count)
{
	for (unsigned state = 0; state < STATE_MAX_; state++)
		total->states[state] += count->states[state];
	total->browser_exempt += count->browser_exempt;
	total->browser_current += count->browser_current;
	total->unexpected += count->unexpected;
}

int64_t percent_hundredths(int64_t part, int64_t whole)
{
	int64_t hundredths;

	if (whole <= 0)
		return -1;
	hundredths = part * 10000 / whole;
	return hundredths > 99900 ? 99900 : hundredths;
}

bool percent_reaches(int64_t part, int64_t whole, int64_t percent)
{
	return whole > 0 && part * 100 >= percent * whole;
}
