/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Groups of facts, one for each probe, that were checked, remembered by their bytes. Imaged
 * fleets are alike and what a device says anew is mostly in one group, so nearly all
 * groups that come were read before; those are not parsed, checked and written again.
 *
 * A group is found by its name and every byte of its value. A keyed hash says where to
 * look and nothing more, so what is found is what was checked, whoever sent it.
 *
 * May be used from any thread. Within the bytes that it may take, what was asked for last is
 * remembered; what comes for the first time is not, so that what only one device
 * says, once, pushes nothing out.
 */

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "common/base/base.h"
#include "common/model/facts.h"
#include "common/model/span.h"

struct group {
	const json_t *json; /* shared by threads: nobody changes it */
	const char *canonical;
	size_t canonical_len;
	uint64_t number; /* that no other group has, from 1; the same bytes may have several */
};

/* @bytes: how much it may take, estimated from above. group_memo_free() it. */
struct group_memo *group_memo_new(size_t bytes) _must_check_;
void group_memo_free(struct group_memo *memo);
DEFINE_CLEANUP(struct group_memo *, group_memo_free);

/*
 * The group @fact of facts_table whose value came as @value, out of the memory or read
 * now. NULL: it is not right, whatever that may be. group_unref() it; it may outlive the memo.
 */
const struct group *group_memo_get(struct group_memo *memo, const struct fact *fact,
				   const struct span *value) _must_check_;
void group_unref(const struct group *group);

/* What is remembered now, for tests. */
struct group_memo_use {
	size_t n_groups, bytes;
};
struct group_memo_use group_memo_use(struct group_memo *memo);
