/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory: what the secure browser can use.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"
#include "common/base/mem.h"

#define MEMINFO_MAX ((size_t)64 * 1024)

static int memory_run(const struct env *env, json_t *facts, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	const char *line;
	uint64_t kib;
	int r = env_read(env, "proc/meminfo", MEMINFO_MAX, &text, NULL, err);

	if (r < 0)
		return r;
	line = strstr(text, "MemTotal:");
	if (!line || sscanf(line, "MemTotal: %12" SCNu64 " kB", &kib) != 1)
		return err_set(err, -EINVAL, "/proc/meminfo does not say MemTotal");

	/*
	 * The kernel keeps a little for itself, and not the same after every
	 * update: a step of 128 MiB keeps the fact still and 4 GiB 4 GiB.
	 */
	fact_set_int(facts, "total_mib", (int64_t)((kib / 1024 + 127) / 128 * 128));
	return 0;
}

const struct probe probe_memory = { .name = "memory", .run = memory_run };
