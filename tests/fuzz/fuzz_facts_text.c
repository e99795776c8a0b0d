/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packed facts, damaged and not: nothing comes out beyond the limit, and what is packed comes out
 * as it was.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/facts_text.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_unpacked(const void *bytes, size_t size)
{
	_cleanup_free_ char *text = NULL;
	struct err err = { 0 };
	int r = facts_text_unpack(bytes, size, &text, &err);

	if (r < 0 ? r != -EBADMSG || !err.text[0] || text : strlen(text) > FACTS_STORED_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size), *again = NULL;
	_cleanup_free_ void *packed = NULL;
	size_t packed_size;

	check_unpacked(data, size);
	if (strlen(text) > FACTS_STORED_MAX)
		return 0;
	if (facts_text_pack(text, &packed, &packed_size, NULL) < 0 ||
	    facts_text_unpack(packed, packed_size, &again, NULL) < 0 || strcmp(text, again) != 0)
		abort();
	/* One byte of it is another: of those that the input says. */
	((unsigned char *)packed)[size % packed_size] ^=
		(unsigned char)(1 + size / packed_size % 255);
	check_unpacked(packed, packed_size);
	return 0;
}
