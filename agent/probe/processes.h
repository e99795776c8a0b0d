/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What runs now, by name. One file is read for each process, and a second
 * one only where the kernel cut the name.
 */

#include <stdbool.h>

#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

struct process {
	int proc_fd;
	const char *pid;
	char *name; /* as ps(1) shows it: comm, or the last part of argv[0] where comm is cut */
};

/* Whether to look at the next one as well. */
typedef bool process_fn(void *user, const struct process *process);

/*
 * Show @see each process of /proc until it says false; kernel threads and what
 * has ended are shown as well, see process_is_live().
 *
 * 0: it has seen all of them, or said false. -EACCES: not all processes are
 * shown to the agent (hidepid), so that what was not found may run all the
 * same. -E2BIG: more than can be right.
 */
int processes_walk(const struct env *env, process_fn *see, void *user,
		   struct err *err) _must_check_;

/* Neither a thread of the kernel nor ended and waiting for its parent (proc(5), "stat"). */
bool process_is_live(const struct process *process);
