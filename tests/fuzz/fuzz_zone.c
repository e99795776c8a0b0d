/* SPDX-License-Identifier: Apache-2.0 */
/* A file of the time zone database: whatever is read of it, a day begins within 26 hours of UTC. */
#include <stdint.h>
#include <stdlib.h>

#include "collector/domain/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int32_t days[] = { -1, 0, 11016, 20834, 20922, 21160, 40000, 2000000 };
	struct zone zone;

	if (zone_parse(data, size, &zone, NULL) < 0)
		return 0;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		int64_t s = zone_day_begin(&zone, days[i]) / 1000 - days[i] * INT64_C(86400);

		/* A footer has at most 167 hours. */
		if (s < -168 * 3600 || s > 168 * 3600)
			abort();
	}
	return 0;
}
