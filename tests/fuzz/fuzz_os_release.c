/* SPDX-License-Identifier: Apache-2.0 */
/* A value of os-release is never longer than the file. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/os_release.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	_cleanup_free_ char *id = os_release_value(text, "ID");
	_cleanup_free_ char *name = os_release_value(text, "PRETTY_NAME");

	if ((id && strlen(id) > size) || (name && strlen(name) > size))
		abort();
	return 0;
}
