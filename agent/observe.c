/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/observe.h"
#include "agent/env.h"
#include "agent/probe.h"

int observe(const char *root, json_t **ret_facts, struct err *err)
{
	struct env env;
	int r = env_init(&env, root ? root : "", err);

	if (r < 0)
		return r;
	*ret_facts = probes_run(&env);
	env_done(&env);
	return 0;
}
