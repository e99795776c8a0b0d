/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/store/store.h"
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
/* Forget what was not used lately, while nobody has borrowed anything; PROFILE_CACHE_MAX stay. */
#define PROFILE_CACHE_MAX 64
void profile_cache_trim(struct profile_cache *cache);
/* How many are here. */
size_t profile_cache_size(const struct profile_cache *cache);
