/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How the sites are judged whose devices are in one transaction: read once each, since
 * nothing in it changes a site.
 */

#include "collector/act/judge.h"

/* All zero at the start and after judges_done(). */
struct judges {
	struct judge *judges;
	size_t n;
	size_t room;
};

/* Forget all of them: another transaction may find another site. */
void judges_done(struct judges *judges);

struct moment {
	struct store *store;
	struct profile_cache *cache;
	int64_t now_ms;
};

/*
 * How @site_code is judged. @moment is the same for all until judges_done(). Valid until
 * then or the next call. -ENOENT: no such site.
 */
int judges_get(struct judges *judges, const struct moment *moment, const char *site_code,
	       const struct judge **ret_judge, struct err *err) _must_check_;
