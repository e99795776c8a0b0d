/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/store/store.h"
#include "common/eval/needed.h"
#include "common/model/profile.h"

/*
 * Versions of profiles, parsed once. A version never changes, so what is here is right.
 * Each site may have a version of its own, so the cache is bounded: profile_cache_trim().
 */
struct profile_cache;
struct profile_cache *profile_cache_new(void) _must_check_;
void profile_cache_free(struct profile_cache *cache);
DEFINE_CLEANUP(struct profile_cache *, profile_cache_free);
/*
 * Borrowed until profile_cache_trim(). -ENOENT: there is no such version. -EUCLEAN: this
 * version of the collector cannot read it.
 */
int profile_cache_get(struct profile_cache *cache, struct store *store, const char *version,
		      const struct profile **ret_profile, struct err *err) _must_check_;
/* What of facts @profile looks at, which was got from @cache; as long borrowed as it is. */
const struct needed *profile_cache_needed(struct profile_cache *cache,
					  const struct profile *profile);
/*
 * Only what the version @version asks of a site to be certified, which is kept for many
 * versions at little cost: lists of sites need no more. -ENOENT, -EUCLEAN: as above.
 */
int profile_cache_rules(struct profile_cache *cache, struct store *store, const char *version,
			struct certification_rules *ret_rules, struct err *err) _must_check_;
#define PROFILE_CACHE_RULES_MAX 20000
/* Only how long a report is fresh by it, kept likewise: the sweep asks for each site's. */
int profile_cache_freshness(struct profile_cache *cache, struct store *store, const char *version,
			    struct freshness *ret_freshness, struct err *err) _must_check_;
/*
 * Why a version could not be read that somebody asked for: each once, the first 32 of them.
 * False: there is nothing more to tell.
 */
bool profile_cache_unreadable(struct profile_cache *cache, struct err *ret_why);
/* Forget what was not used lately, while nobody has borrowed anything; PROFILE_CACHE_MAX stay. */
#define PROFILE_CACHE_MAX 64
void profile_cache_trim(struct profile_cache *cache);
/* How many are here. */
size_t profile_cache_size(const struct profile_cache *cache);
