/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory: what the secure browser can use.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define MEMINFO_MAX ((size_t)64 * 1024)
#define MIB_MAX (1 << 29)

static int memory_run(const struct env *env, json_t *facts, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	const char *line;
	char *end;
	unsigned long long kib;
	int r = env_read(env, "proc/meminfo", MEMINFO_MAX, &text, NULL, err);

	if (r < 0)
		return r;
	line = strstr(text, "MemTotal:");
	errno = 0;
	kib = line ? strtoull(line + strlen("MemTotal:"), &end, 10) : 0;
	if (kib == 0 || errno || !text_starts(end, " kB") || kib / 1024 > MIB_MAX)
		return err_set(err, -EINVAL, "/proc/meminfo does not say MemTotal");

	/*
	 * The kernel keeps a little for itself, and not the same after every
	 * update: a step of 128 MiB keeps the fact still and 4 GiB 4 GiB.
	 */
	fact_set_int(facts, "total_mib", (int64_t)((kib / 1024 + 127) / 128 * 128));
	return 0;
}

const struct probe probe_memory = { .name = "memory", .run = memory_run };
