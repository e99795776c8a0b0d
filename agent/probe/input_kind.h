/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What an input device is, from the bits that the kernel lists for it: the
 * rules of udev's input_id, for where udevd does not run.
 */

#include <stdbool.h>

#include "common/base/base.h"

/* Bitmaps as sysfs writes them: hexadecimal words, the highest first. "" for none. */
struct input_bits {
	const char *ev, *key, *rel, *abs, *prop;
};

struct input_kind {
	bool is_keyboard;
	bool is_pointer; /* mouse, touchpad or pointing stick */
	bool is_touchscreen;
	bool is_joystick;
};

/* Whether @bit is set in @bitmap, which was written for words of @word_bits (32 or 64). */
bool input_bit(const char *bitmap, unsigned bit, unsigned word_bits);

void input_kind_of(const struct input_bits *bits, struct input_kind *ret_kind);
