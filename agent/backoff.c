/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/backoff.h"
#include "agent/schedule.h"

int64_t backoff_ms(const struct backoff *backoff, uint64_t random)
{
	int64_t limit_ms = BACKOFF_BASE_MS;

	for (unsigned i = 1; i < backoff->n_failed && limit_ms < BACKOFF_CAP_MS; i++)
		limit_ms *= 2;
	if (limit_ms > BACKOFF_CAP_MS)
		limit_ms = BACKOFF_CAP_MS;
	if (limit_ms < backoff->spread_ms)
		limit_ms = backoff->spread_ms;
	return backoff->retry_after_ms + schedule_part(limit_ms, random);
}
