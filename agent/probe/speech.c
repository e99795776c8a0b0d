/* SPDX-License-Identifier: Apache-2.0 */
/*
 * speech: what can read aloud.
 */
#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"

static int speech_run(const struct env *env, json_t *facts, struct err *err)
{
	(void)env;
	(void)facts;
	(void)err;
	return 0;
}

const struct probe probe_speech = { .name = "speech", .run = speech_run };
