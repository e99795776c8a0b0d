/* SPDX-License-Identifier: Apache-2.0 */
/* A font that has a family still has it in other letters, and not once its end is cut off. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/font_name.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of its own, so that a byte read past the end is seen. */
	_cleanup_free_ char *bytes = xcalloc(1, size ? size : 1);

	memcpy(bytes, data, size);
	if (font_has_family(bytes, size, "Verdana") != font_has_family(bytes, size, "VERDANA"))
		abort();
	return 0;
}
