/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How sites are judged, read once for many transactions: those of one connection, which say when
 * they change a site themselves; that another did is seen. And what facts came to, which stays
 * true.
 */

#include "collector/act/group_verdict.h"
#include "collector/act/judge.h"
#include "collector/act/verdict.h"

/* All zero at the start and after judges_done(). */
struct judges {
	struct judge *judges; /* by the hash of the site's code; JUDGES_KEPT places */
	struct verdict_memo *memo;
	int64_t version; /* of the store, store_version(), when they were read */
	struct group_verdicts *groups;
};
#define JUDGES_KEPT 512 /* a kilobyte each, with the site's texts */

/*
 * A transaction of @store was begun: forget the sites if somebody else wrote to it since. On
 * failure they are forgotten.
 */
int judges_begin(struct judges *judges, struct store *store, struct err *err) _must_check_;
/*
 * Forget the sites: something other than judges_get() was done with the store, or what was done
 * did not last; or their documents are to go.
 */
void judges_forget(struct judges *judges);
void judges_done(struct judges *judges);

struct moment {
	struct store *store;
	struct profile_cache *cache;
	int64_t now_ms;
};

/*
 * How @site_code is judged. The store and the cache of @moment are the same for all until
 * judges_forget(). Valid until the next call. -ENOENT: no such site.
 */
int judges_get(struct judges *judges, const struct moment *moment, const char *site_code,
	       const struct judge **ret_judge, struct err *err) _must_check_;
/* Where verdicts of these judges are remembered, and those on groups of facts; theirs. */
struct verdict_memo *judges_memo(struct judges *judges);
struct group_verdicts *judges_groups(struct judges *judges);
