/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/hid_descriptor.h"

enum {
	LONG_ITEM = 0xfe,
	USAGE_PAGE = 0x04, /* tag and type, without the size */
	USAGE = 0x08,
	USAGE_MINIMUM = 0x18,
	USAGE_MAXIMUM = 0x28,
};

/* The @size bytes of a short item's data, the lowest first. */
static uint32_t item_value(const uint8_t *data, size_t size)
{
	uint32_t value = 0;

	for (size_t i = 0; i < size; i++)
		value |= (uint32_t)data[i] << 8 * i;
	return value;
}

/*
 * Whether the short item @item sets @page, or is a usage of it. A page that was
 * pushed and is popped again was set before, so that the stack is no matter.
 */
static bool item_has_page(unsigned item, const uint8_t *data, size_t size, uint16_t page)
{
	if (item == USAGE_PAGE)
		return size > 0 && item_value(data, size) == page;
	/* A usage of four bytes has its page in the upper two. */
	return size == 4 && (item == USAGE || item == USAGE_MINIMUM || item == USAGE_MAXIMUM) &&
	       item_value(data, size) >> 16 == page;
}

bool hid_descriptor_has_page(const void *bytes, size_t len, uint16_t page)
{
	static const uint8_t sizes[] = { 0, 1, 2, 4 };
	const uint8_t *d = bytes;

	while (len > 0) {
		size_t size = sizes[d[0] & 3];
		unsigned item = d[0] & 0xfc;

		if (d[0] == LONG_ITEM) {
			/* Its data size is the next byte, and then a tag. */
			if (len < 3)
				return false;
			size = 2 + d[1];
		}
		if (len < 1 + size)
			return false;
		if (d[0] != LONG_ITEM && item_has_page(item, d + 1, size, page))
			return true;
		d += 1 + size;
		len -= 1 + size;
	}
	return false;
}
