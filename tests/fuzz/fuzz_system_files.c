/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the system: mountinfo, cpuinfo, the cache of ld.so. */
#include <elf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/cpu_info.h"
#include "agent/probe/library.h"
#include "agent/probe/mount.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct elf pc = { .class = ELFCLASS64, .machine = EM_X86_64 };
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	_cleanup_free_ char *bytes = xcalloc(1, size + 1);
	const struct library_cache cache = { bytes, size };
	struct cpu_info info;
	const char *path;

	memcpy(bytes, data, size);
	path = library_cache_find(&cache, "libc.so.6", &pc);
	if (path && (path < bytes || path + strlen(path) > bytes + size))
		abort();
	(void)mount_at(text, "/opt/CASecureBrowser");
	cpu_info_parse(text, &info);
	if (info.cores < 0 || info.mhz < 0 || strlen(info.model) >= sizeof(info.model))
		abort();
	return 0;
}
