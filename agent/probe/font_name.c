/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "agent/probe/font_name.h"
#include "common/base/base.h"

#define FONTS_MAX 64   /* in one collection */
#define TABLES_MAX 128 /* in one font; there are some 50 kinds */
#define TAG(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

#define FAMILY 1 /* nameID */
enum { PLATFORM_UNICODE = 0, PLATFORM_MACINTOSH = 1, PLATFORM_WINDOWS = 3 };

struct slice {
	const unsigned char *bytes;
	size_t len;
};

static unsigned get16(const unsigned char *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static uint32_t get32(const unsigned char *at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}

/* @len bytes of @from at @offset; an empty slice if it has not that much. */
static struct slice cut(struct slice from, size_t offset, size_t len)
{
	if (offset > from.len || len > from.len - offset)
		return (struct slice){ NULL, 0 };
	return (struct slice){ from.bytes + offset, len };
}

/* Whether the string is @family, in characters of @width bytes of which only the last says
 * something. */
static bool is_family(struct slice string, size_t width, const char *family)
{
	size_t len = strlen(family);

	if (string.len != len * width)
		return false;
	for (size_t i = 0; i < len; i++) {
		const unsigned char *at = string.bytes + i * width;

		if ((width == 2 && at[0] != 0) ||
		    tolower(at[width - 1]) != tolower((unsigned char)family[i]))
			return false;
	}
	return true;
}

static bool names_have(struct slice names, const char *family)
{
	struct slice head = cut(names, 0, 6), records;
	size_t n, strings;

	if (!head.bytes)
		return false;
	n = get16(head.bytes + 2);
	strings = get16(head.bytes + 4);
	records = cut(names, 6, n * 12);
	for (size_t i = 0; records.bytes && i < n; i++) {
		const unsigned char *record = records.bytes + i * 12;
		unsigned platform = get16(record);
		struct slice string = cut(names, strings + get16(record + 10), get16(record + 8));

		if (get16(record + 6) != FAMILY || !string.bytes || platform > PLATFORM_WINDOWS)
			continue;
		if (is_family(string, platform == PLATFORM_MACINTOSH ? 1 : 2, family))
			return true;
	}
	return false;
}

/* Whether the font whose table of tables is at @offset is whole and of @family. */
static bool font_has(struct slice file, size_t offset, const char *family)
{
	struct slice head = cut(file, offset, 12), tables, names = { 0 };
	bool has_characters = false, has_outlines = false;
	uint32_t version;
	unsigned n;

	if (!head.bytes)
		return false;
	version = get32(head.bytes);
	n = get16(head.bytes + 4);
	if ((version != 0x00010000 && version != TAG('O', 'T', 'T', 'O') &&
	     version != TAG('t', 'r', 'u', 'e')) ||
	    n > TABLES_MAX)
		return false;
	tables = cut(file, offset + 12, (size_t)n * 16);
	for (unsigned i = 0; tables.bytes && i < n; i++) {
		const unsigned char *record = tables.bytes + (size_t)i * 16;
		struct slice table = cut(file, get32(record + 8), get32(record + 12));
		uint32_t tag = get32(record);

		if (!table.bytes)
			return false;
		if (tag == TAG('n', 'a', 'm', 'e'))
			names = table;
		has_characters |= tag == TAG('c', 'm', 'a', 'p') && table.len > 0;
		has_outlines |= (tag == TAG('g', 'l', 'y', 'f') || tag == TAG('C', 'F', 'F', ' ') ||
				 tag == TAG('C', 'F', 'F', '2')) &&
				table.len > 0;
	}
	return has_characters && has_outlines && names_have(names, family);
}

bool font_has_family(const char *bytes, size_t len, const char *family)
{
	struct slice file = { (const unsigned char *)bytes, len };
	struct slice head = cut(file, 0, 12), offsets;
	size_t n;

	if (!head.bytes || get32(head.bytes) != TAG('t', 't', 'c', 'f'))
		return font_has(file, 0, family);
	n = get32(head.bytes + 8);
	offsets = n <= FONTS_MAX ? cut(file, 12, n * 4) : (struct slice){ 0 };
	for (size_t i = 0; offsets.bytes && i < n; i++) {
		if (font_has(file, get32(offsets.bytes + i * 4), family))
			return true;
	}
	return false;
}
