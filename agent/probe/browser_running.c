/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/browser_running.h"
#include "agent/probe/browser_product.h"
#include "agent/probe/processes.h"

static bool see(void *user, const struct process *process)
{
	bool *is_running = user;

	*is_running = browser_product_find(process->name) && process_is_live(process);
	return !*is_running;
}

int browser_is_running(const struct env *env, struct err *err)
{
	bool is_running = false;
	int r = processes_walk(env, see, &is_running, err);

	return r < 0 ? r : is_running;
}
