/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report is taken by what is remembered of groups as it is when it is read whole,
 * whatever came before it.
 */
#include <stdint.h>
#include <stdlib.h>

#include "tests/unit/collector/two_ways.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct group_memo *memo;
	bool is_taken;

	if (!memo)
		memo = group_memo_new((size_t)1024 * 1024);
	/* From its second coming a group is remembered, at its third it is found. */
	for (int i = 0; i < 3; i++) {
		if (!two_ways_agree(memo, (const char *)data, size, &is_taken))
			abort();
	}
	return 0;
}
