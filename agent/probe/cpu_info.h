/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * /proc/cpuinfo, which every architecture writes in its own words.
 */

#include "common/base/base.h"

struct cpu_info {
	char model[128]; /* "" where the kernel does not name it */
	int cores;       /* logical processors */
	int mhz;         /* the model's nominal speed, else the speed now; 0: not said */
};

/* Read @text; whatever it does not say is empty or 0. */
void cpu_info_parse(const char *text, struct cpu_info *ret_info);
