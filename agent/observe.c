/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/env.h"
#include "agent/observe.h"
#include "common/base/mem.h"

/* Where helpers are, from the folder of this program: in a build tree, and installed. */
static const char *const helper_folders[] = { "helper", "../libexec/testready" };

char *observe_helpers(void)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the agent has one thread */
	const char *given = getenv("TESTREADY_HELPERS");
	char program[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash;

	if (given)
		return xstrdup(given);
	if (len < 0)
		return NULL;
	program[len] = '\0';
	slash = strrchr(program, '/');
	*slash = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(helper_folders); i++) {
		/* With the last slash: beside an installed agent a program may be called helper. */
		char *folder = xasprintf("%s/%s/", program, helper_folders[i]);

		if (access(folder, X_OK) == 0)
			return folder;
		free(folder);
	}
	return NULL;
}

int observe(const struct observation *observation, json_t **ret_facts, struct look_cost *ret_costs,
	    struct err *err)
{
	_cleanup_free_ char *helpers = observe_helpers();
	const struct probe *const *wanted = observation->only ? &observation->only : probes;
	struct env env;
	int r = env_init(&env, observation->root ? observation->root : "", err);

	if (r < 0)
		return r;
	env.helpers = helpers;
	env.endpoints = observation->endpoints;
	*ret_facts = look_with(&env, wanted, observation->only ? 1 : n_probes, ret_costs);
	env_done(&env);
	return 0;
}
