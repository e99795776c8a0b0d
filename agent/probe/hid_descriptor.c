/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/hid_descriptor.h"

enum {
	LONG_ITEM = 0xfe,
	USAGE_PAGE = 0x04, /* tag and type, without the size */
	USAGE = 0x08,
};

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
		if (item == USAGE_PAGE && size >= 1 && size <= 2 &&
		    (d[1] | (size == 2 ? d[2] << 8 : 0)) == page)
			return true;
		/* A usage of four bytes has its page in the upper two. */
		if (item == USAGE && size == 4 && (d[3] | d[4] << 8) == page)
			return true;
		d += 1 + size;
		len -= 1 + size;
	}
	return false;
}
