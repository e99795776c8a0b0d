/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/store/store.h"
#include "common/model/profile.h"

/* Published profiles, parsed once and kept while their version is the store's. */
struct profile_cache;
struct profile_cache *profile_cache_new(void) _must_check_;
void profile_cache_free(struct profile_cache *cache);
DEFINE_CLEANUP(struct profile_cache *, profile_cache_free);
/* Borrowed until a call finds that it was published anew. -ENOENT: not published. */
int profile_cache_get(struct profile_cache *cache, struct store *store, const char *id,
		      const struct profile **ret_profile, struct err *err) _must_check_;
