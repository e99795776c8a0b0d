/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EDID. Its checksum is made right first, or nothing would get past it; the
 * bytes as they are come second.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/edid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(const void *bytes, size_t len)
{
	struct edid edid;
	struct err err = { 0 };

	if (edid_parse(bytes, len, &edid, &err) < 0) {
		if (!err.text[0])
			abort();
		return;
	}
	/* 12 bits each; of an interlaced picture the height of one field. */
	if (edid.width_px < 1 || edid.width_px > 4095 || edid.height_px < 1 ||
	    edid.height_px > 2 * 4095 || strlen(edid.name) >= EDID_NAME_SIZE ||
	    (edid.width_mm == 0) != (edid.height_mm == 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t header[8] = { 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0 };
	uint8_t block[EDID_BLOCK_SIZE];
	uint8_t sum = 0;

	parse(data, size);
	if (size < sizeof(block))
		return 0;
	memcpy(block, data, sizeof(block));
	memcpy(block, header, sizeof(header));
	for (size_t i = 0; i < sizeof(block) - 1; i++)
		sum += block[i];
	block[sizeof(block) - 1] = (uint8_t)-sum;
	parse(block, sizeof(block));
	return 0;
}
