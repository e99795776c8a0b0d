/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "agent/look.h"
#include "common/base/err.h"

struct observation {
	const char *root;             /* folder to look at; NULL: this machine */
	const struct probe *only;     /* NULL: every probe */
	const char *const *endpoints; /* that the profile names, ended by NULL; NULL: no profile */
};

/*
 * Look at a device. The facts are owned by the caller. @ret_costs, if not NULL,
 * has room for n_probes and is filled in for those that ran. Fails only where
 * ->root is no folder.
 */
int observe(const struct observation *observation, json_t **ret_facts, struct look_cost *ret_costs,
	    struct err *err) _must_check_;

/* The folder of the helper programs, owned by the caller; NULL: there is none. */
char *observe_helpers(void) _must_check_;
