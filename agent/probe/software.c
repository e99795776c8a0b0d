/* SPDX-License-Identifier: Apache-2.0 */
/*
 * software: fonts, and what runs that disturbs a test.
 */
#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"

static int software_run(const struct env *env, json_t *facts, struct err *err)
{
	(void)env;
	(void)facts;
	(void)err;
	return 0;
}

const struct probe probe_software = { .name = "software", .run = software_run };
