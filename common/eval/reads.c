/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "common/eval/reads.h"
#include "common/model/facts.h"

static uint32_t group_of(const char *path)
{
	size_t len = strcspn(path, ".");

	for (size_t i = 0; facts_table[i].name && i < FACTS_GROUPS_MAX; i++) {
		const char *name = facts_table[i].name;

		if (strlen(name) == len && memcmp(name, path, len) == 0)
			return UINT32_C(1) << i;
	}
	return UINT32_MAX;
}

static uint32_t check_reads(const struct check *check)
{
	uint32_t reads = 0;

	/* What is under a list is of its items, so of the same group. */
	if (check->op > CHECK_NONE_OF)
		return group_of(check->fact_path);
	for (size_t i = 0; i < check->n_children; i++)
		reads |= check_reads(&check->children[i]);
	return reads;
}

uint32_t requirement_reads(const struct requirement *requirement)
{
	return check_reads(&requirement->check) |
	       (requirement->when ? check_reads(requirement->when) : 0);
}
