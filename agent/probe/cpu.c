/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpu: the processor against the browser's minimum.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/cpu_info.h"
#include "agent/probe/fact.h"
#include "common/base/file.h"
#include "common/base/mem.h"

#define CPUINFO_MAX ((size_t)2 * 1024 * 1024) /* 1.5 KiB for each of 1,024 processors */

/* The highest speed by the frequency driver; 0 where there is none, as in a virtual machine. */
static int highest_mhz(void)
{
	static const char path[] = "/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq";
	_cleanup_free_ char *text = NULL;
	long khz;

	if (file_read_at(AT_FDCWD, path, 64, &text, NULL, NULL) < 0)
		return 0;
	khz = strtol(text, NULL, 10);
	return khz > 0 && khz < 1000000000 ? (int)(khz / 1000) : 0;
}

static int cpu_run(const struct env *env, json_t *facts, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct cpu_info info;
	int mhz;
	int r = env_read(env, "proc/cpuinfo", CPUINFO_MAX, &text, NULL, err);

	if (r < 0)
		return r;
	cpu_info_parse(text, &info);
	if (info.model[0])
		fact_set_text(facts, "model", info.model);
	else
		fact_set_unknown(facts, "model", "the kernel does not name the processor");
	if (info.cores > 0)
		fact_set_int(facts, "cores", info.cores);
	mhz = highest_mhz();
	if (mhz == 0)
		mhz = info.mhz;
	if (mhz > 0)
		fact_set_int(facts, "mhz", mhz);
	else
		fact_set_unknown(facts, "mhz", "the kernel does not say how fast the processor is");
	return 0;
}

const struct probe probe_cpu = { .name = "cpu", .run = cpu_run };
