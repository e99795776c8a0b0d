/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The names in a font file: OpenType 1.9, "OpenType Font File" and "name".
 */

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether @bytes are a whole font, or a collection of them, with a font of the
 * family @family (nameID 1, case ignored, ASCII). A file that was cut off, in
 * which a table reaches past the end, is no font; nor is one without
 * characters or outlines.
 */
bool font_has_family(const char *bytes, size_t len, const char *family);
