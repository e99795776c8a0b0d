/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A report of whose facts only what is new is read: its groups are looked up by their
 * bytes, and the canonical text is put together of theirs.
 */

#include <stddef.h>

#include "collector/ingest/accept.h"
#include "collector/ingest/group_memo.h"
#include "common/base/base.h"

/*
 * Check facts by what @memo remembers. On success accepted_facts_done() *@ret_facts, which are
 * all that a report has to say. -EAGAIN: see below.
 */
int accept_facts(struct group_memo *memo, const struct span *facts,
		 struct accepted_facts *ret_facts) _must_check_;
/*
 * Check a report by what @memo remembers. On success *@ret_accepted is what accept_report()
 * makes of it. -EAGAIN: it is not plain, or wrong; accept_report() says what.
 */
int accept_groups(struct group_memo *memo, const char *body, size_t len,
		  struct accepted_report *ret_accepted) _must_check_;
