/* SPDX-License-Identifier: Apache-2.0 */
/* The words of an Exec= are together no longer than the file. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/desktop_entry.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	struct desktop_exec exec;
	size_t len = 0;

	desktop_exec_parse(text, &exec);
	for (size_t i = 0; i < exec.n; i++)
		len += strlen(exec.words[i]);
	if (len > size)
		abort();
	desktop_exec_done(&exec);
	return 0;
}
