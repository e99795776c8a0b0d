/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "agent/schedule.h"
#include "common/base/id.h"

int64_t schedule_part(int64_t range_ms, uint64_t random)
{
	if (range_ms <= 0)
		return 0;
	return (int64_t)(((unsigned __int128)range_ms + 1) * random >> 64);
}

/* 64 bits that are even over all ids. */
static uint64_t place_of(const char *device_id)
{
	char hash[HASH_SIZE];

	hash_hex(device_id, strlen(device_id), hash);
	hash[16] = '\0';
	return strtoull(hash, NULL, 16);
}

int64_t schedule_next(const char *device_id, int64_t period_ms, int64_t now_ms, uint64_t random)
{
	int64_t phase_ms = schedule_part(period_ms - 1, place_of(device_id));
	int64_t next_ms = now_ms - now_ms % period_ms + phase_ms;

	/* Not the place that was just used, whose contact may have come early. */
	while (next_ms - now_ms < (period_ms + 1) / 2)
		next_ms += period_ms;
	return next_ms - period_ms / 10 + schedule_part(period_ms / 10 * 2, random);
}
