/* SPDX-License-Identifier: Apache-2.0 */
/* What is stored of a device's reports: what can be read is written as it was. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/past.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is_so)
{
	if (!is_so)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct report report = { .boot_id = "00000000-0000-4000-8000-00000000000a",
				       .sequence = size > 4 ? data[4] : 1 };
	unsigned char bytes[PAST_BYTES_MAX], again_bytes[PAST_BYTES_MAX];
	struct past past, again;
	struct report_place place;
	size_t len;

	if (past_read(data, size, &past, NULL) < 0)
		return 0;
	len = past_write(&past, bytes);
	check(past_read(bytes, len, &again, NULL) == 0);
	check(past_write(&again, again_bytes) == len && memcmp(bytes, again_bytes, len) == 0);
	past_place(&past, &report, &place);
	(void)past_meet(&past, &report);
	past_add(&past, &report, STATE_READY);
	len = past_write(&past, bytes);
	check(past_read(bytes, len, &again, NULL) == 0);
	past_place(&again, &report, &place);
	check(place.is_there || place.is_old);
	return 0;
}
