/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How the sites are judged whose devices are in one transaction: read once each, since
 * nothing in it changes a site. And what facts came to, which stays true.
 */

#include "collector/act/judge.h"
#include "collector/act/verdict.h"

/* All zero at the start and after judges_done(). */
struct judges {
	struct judge *judges;
	size_t n;
	size_t room;
	struct verdict_memo *memo;
};

/* Forget the sites: another transaction may find others. */
void judges_forget(struct judges *judges);
void judges_done(struct judges *judges);

struct moment {
	struct store *store;
	struct profile_cache *cache;
	int64_t now_ms;
};

/*
 * How @site_code is judged. @moment is the same for all until judges_forget(). Valid until
 * then or the next call. -ENOENT: no such site.
 */
int judges_get(struct judges *judges, const struct moment *moment, const char *site_code,
	       const struct judge **ret_judge, struct err *err) _must_check_;
/* Where verdicts of these judges are remembered; theirs. */
struct verdict_memo *judges_memo(struct judges *judges);
