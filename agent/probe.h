/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Probes
 *
 * A probe looks at one side of the device and writes down facts. It does not
 * judge (the profile does), log, retry or talk to the network, and it sees the
 * machine only through `struct env`, which a test replaces.
 *
 * To add one: its facts in common/model/facts_table.c, agent/probe/NAME.c, its
 * line in agent/probe_table.c, its facts in docs/facts.md, and two recorded
 * machines in tests/devices/: one that has the thing and one that has not.
 */

#include <stddef.h>

#include <jansson.h>

#include "common/base/err.h"

struct env;

struct probe {
	const char *name; /* also the member of the facts it writes, see facts_table */

	/*
	 * Write facts into the object @facts. What it leaves out is made
	 * {"unknown": ...} afterwards, so writing nothing is never a lie.
	 *
	 * Any error makes all of this probe's facts unknown, with @err as the
	 * reason that people see.
	 */
	int (*run)(const struct env *env, json_t *facts, struct err *err);
};

extern const struct probe *const probes[];
extern const size_t n_probes;

/*
 * Run all probes. The result, owned by the caller, passes facts_check(): a
 * probe that failed is unknown with its reason, never a failure of the run.
 */
json_t *probes_run(const struct env *env) _must_check_;
