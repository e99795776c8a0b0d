/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "agent/probe/edid.h"

/* Offsets in the block, and in its four descriptors of 18 bytes (VESA E-EDID 1.4, table 3.1). */
enum {
	SIZE_CM = 21,
	DESCRIPTORS = 54,
	DESCRIPTOR_SIZE = 18,
	N_DESCRIPTORS = 4,
	TAG_NAME = 0xfc,
	INTERLACED = 0x80,
};

/* A detailed timing begins with its pixel clock, a display descriptor with zeros. */
static bool is_timing(const uint8_t *d)
{
	return d[0] || d[1];
}

static void read_timing(const uint8_t *d, struct edid *edid)
{
	edid->width_px = d[2] | (d[4] & 0xf0) << 4;
	edid->height_px = d[5] | (d[7] & 0xf0) << 4;
	/* Told is the height of a field, and two of them make the picture (1920x1080i). */
	if (d[17] & INTERLACED)
		edid->height_px *= 2;
	edid->width_mm = d[12] | (d[14] & 0xf0) << 4;
	edid->height_mm = d[13] | (d[14] & 0x0f) << 8;
}

/*
 * Some say the ratio instead of the size, in every unit that there is room for;
 * mutter knows the same ones (meta_output_info_parse_edid()).
 */
static bool is_ratio(int width_mm, int height_mm)
{
	static const int ratios[][2] = { { 16, 9 },    { 16, 10 },    { 160, 90 },
					 { 160, 100 }, { 1600, 900 }, { 1600, 1000 } };

	for (size_t i = 0; i < ARRAY_SIZE(ratios); i++) {
		if (width_mm == ratios[i][0] && height_mm == ratios[i][1])
			return true;
	}
	return width_mm < 50 || height_mm < 30;
}

static void read_name(const uint8_t *d, struct edid *edid)
{
	const uint8_t *text = d + 5;
	const uint8_t *end = memchr(text, '\n', DESCRIPTOR_SIZE - 5);
	size_t len = end ? (size_t)(end - text) : DESCRIPTOR_SIZE - 5;

	memcpy(edid->name, text, len);
	edid->name[len] = '\0';
}

static int check_block(const uint8_t *block, size_t len, struct err *err)
{
	static const uint8_t header[8] = { 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0 };
	uint8_t sum = 0;

	if (len < EDID_BLOCK_SIZE)
		return err_set(err, -EINVAL, "the screen's EDID is cut off after %zu bytes", len);
	if (memcmp(block, header, sizeof(header)) != 0)
		return err_set(err, -EINVAL, "what the screen says of itself is no EDID");
	for (size_t i = 0; i < EDID_BLOCK_SIZE; i++)
		sum += block[i];
	if (sum != 0)
		return err_set(err, -EINVAL, "the screen's EDID has a wrong checksum");
	return 0;
}

int edid_parse(const void *bytes, size_t len, struct edid *ret_edid, struct err *err)
{
	const uint8_t *block = bytes;
	struct edid edid = { 0 };
	int r = check_block(block, len, err);

	if (r < 0)
		return r;
	for (int i = N_DESCRIPTORS - 1; i >= 0; i--) {
		const uint8_t *d = block + DESCRIPTORS + (size_t)i * DESCRIPTOR_SIZE;

		if (is_timing(d))
			read_timing(d, &edid); /* the first is read last and stays */
		else if (d[3] == TAG_NAME)
			read_name(d, &edid);
	}
	if (edid.width_px == 0 || edid.height_px == 0)
		return err_set(err, -EINVAL, "the screen's EDID names no native mode");
	if (is_ratio(edid.width_mm, edid.height_mm)) {
		edid.width_mm = block[SIZE_CM] * 10;
		edid.height_mm = block[SIZE_CM + 1] * 10;
	}
	/* One of them alone is an aspect ratio as well (EDID 1.4), both 0 a projector. */
	if (is_ratio(edid.width_mm, edid.height_mm))
		edid.width_mm = edid.height_mm = 0;
	*ret_edid = edid;
	return 0;
}
