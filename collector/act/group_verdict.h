/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What requirements come to, remembered by the groups of facts that they look at. Where a device
 * has one group that is new, only what looks at that is judged. The memory is bounded: what
 * is new takes the place of what is old. Used by one thread.
 */

#include <stdint.h>

#include <jansson.h>

#include "common/base/base.h"
#include "common/model/profile.h"

struct group_verdicts;
/* group_verdicts_free() it; it takes about a MiB. */
struct group_verdicts *group_verdicts_new(void) _must_check_;
void group_verdicts_free(struct group_verdicts *verdicts);
DEFINE_CLEANUP(struct group_verdicts *, group_verdicts_free);

/* Facts whose groups are numbered. */
struct numbered_facts {
	const json_t *json;
	/*
	 * For each group in the order of facts_table a number that no other value of
	 * that group has; NULL: they have none, and all requirements are judged.
	 */
	const uint64_t *numbers;
};

/* What evaluate() gives, as letters. @ret_letters has room for all requirements and a NUL. */
void group_verdicts_judge(struct group_verdicts *verdicts, const struct profile *profile,
			  const struct numbered_facts *facts, enum device_role role, int32_t as_of,
			  char *ret_letters);
