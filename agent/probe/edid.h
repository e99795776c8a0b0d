/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * EDID, the 128-byte description that a screen gives of itself
 * (VESA E-EDID 1.4, section 3).
 */

#include <stddef.h>
#include <stdint.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define EDID_BLOCK_SIZE 128
#define EDID_NAME_SIZE 14

struct edid {
	int width_px, height_px;   /* of the first detailed timing, the native mode */
	int width_mm, height_mm;   /* of the picture; 0: not said (a projector has none) */
	char name[EDID_NAME_SIZE]; /* as the screen writes it, not cleaned; "" for none */
};

/*
 * Read the first block of @len @bytes.
 * -EINVAL: cut off, no EDID, a wrong checksum, or without a native mode.
 */
int edid_parse(const void *bytes, size_t len, struct edid *ret_edid, struct err *err) _must_check_;
