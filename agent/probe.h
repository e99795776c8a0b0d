/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Probes
 *
 * A probe looks at one side of the device and writes down facts. It does not
 * judge (the profile does), log or retry, and it sees the machine only through
 * `struct env`, which a test replaces. What talks to another daemon or to the
 * network is asked of a helper program, see agent/helper.h.
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
	 * reason that people see. It may hang or crash on what it finds: then its
	 * facts are unknown as well, and no other's. See agent/look.h.
	 */
	int (*run)(const struct env *env, json_t *facts, struct err *err);

	int timeout_ms; /* its helpers included; 0: PROBE_TIMEOUT_MS */
};

#define PROBE_TIMEOUT_MS 5000

/* The probes there are, in the order of facts_table. */
extern const struct probe *const probes[];
extern const size_t n_probes;

/* The probe called @name; NULL: there is none. */
const struct probe *probe_find(const char *name);
