/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <linux/input.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/input_kind.h"

#define WORD_BITS ((unsigned)(sizeof(unsigned long) * CHAR_BIT))

bool input_bit(const char *bitmap, unsigned bit, unsigned word_bits)
{
	size_t end = strlen(bitmap);
	unsigned long long word;

	/* Step over the lower words, which come last. */
	for (; bit >= word_bits; bit -= word_bits) {
		while (end > 0 && bitmap[end - 1] != ' ')
			end--;
		while (end > 0 && bitmap[end - 1] == ' ')
			end--;
	}
	if (end == 0)
		return false;
	while (end > 0 && bitmap[end - 1] != ' ')
		end--;
	word = strtoull(bitmap + end, NULL, 16);
	return word >> bit & 1;
}

static bool has(const char *bitmap, unsigned bit)
{
	return input_bit(bitmap, bit, WORD_BITS);
}

/* Escape, the digits and the letters down to D: buttons never have them all. */
static bool has_letters(const struct input_bits *bits)
{
	for (unsigned key = KEY_ESC; key <= KEY_S; key++) {
		if (!has(bits->key, key))
			return false;
	}
	return true;
}

void input_kind_of(const struct input_bits *bits, struct input_kind *ret_kind)
{
	bool is_abs = has(bits->ev, EV_ABS) && has(bits->abs, ABS_X) && has(bits->abs, ABS_Y);
	bool is_multitouch = has(bits->abs, ABS_MT_POSITION_X) && has(bits->abs, ABS_MT_POSITION_Y);
	bool is_rel = has(bits->ev, EV_REL) && has(bits->rel, REL_X) && has(bits->rel, REL_Y);
	bool is_pen = has(bits->key, BTN_STYLUS) || has(bits->key, BTN_TOOL_PEN);
	bool is_finger = has(bits->key, BTN_TOOL_FINGER);
	bool is_direct = has(bits->prop, INPUT_PROP_DIRECT);
	bool is_clicking = has(bits->key, BTN_LEFT);
	bool is_stick = has(bits->prop, INPUT_PROP_POINTING_STICK);
	struct input_kind kind = { 0 };

	kind.is_keyboard = has(bits->ev, EV_KEY) && has_letters(bits);
	kind.is_joystick = has(bits->key, BTN_TRIGGER) || has(bits->key, BTN_A);
	if (has(bits->prop, INPUT_PROP_ACCELEROMETER) || is_pen) {
		*ret_kind = kind;
		return;
	}
	if (is_abs || is_multitouch) {
		bool is_touchpad = is_finger && !is_direct;

		kind.is_touchscreen = !is_touchpad && (is_direct || has(bits->key, BTN_TOUCH)) &&
				      !kind.is_joystick;
		/* A touchpad, or a mouse that gives places, as virtual machines have. */
		kind.is_pointer = is_touchpad || (is_clicking && !kind.is_touchscreen);
	}
	kind.is_pointer |= is_stick || (is_rel && is_clicking);
	*ret_kind = kind;
}
