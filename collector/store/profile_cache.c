/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/store/profile_cache.h"
#include "collector/store/store_profile.h"
#include "common/base/mem.h"

/* A store has a handful of profiles, so a list is found through at once. */
struct cached {
	struct profile *profile;
	struct cached *next;
};

struct profile_cache {
	struct cached *first;
};

struct profile_cache *profile_cache_new(void)
{
	return xcalloc(1, sizeof(struct profile_cache));
}

void profile_cache_free(struct profile_cache *cache)
{
	if (!cache)
		return;
	for (struct cached *cached = cache->first, *next; cached; cached = next) {
		next = cached->next;
		profile_free(cached->profile);
		free(cached);
	}
	free(cache);
}

static struct cached *find(struct profile_cache *cache, const char *id)
{
	for (struct cached *cached = cache->first; cached; cached = cached->next) {
		if (strcmp(cached->profile->id, id) == 0)
			return cached;
	}
	return NULL;
}

int profile_cache_get(struct profile_cache *cache, struct store *store, const char *id,
		      const struct profile **ret_profile, struct err *err)
{
	struct cached *cached = find(cache, id);
	struct profile *profile = NULL;
	char version[HASH_SIZE];
	int r;

	/* Another process may have published; the version is one small row. */
	r = store_profile_version(store, id, version, err);
	if (r < 0)
		return r;
	if (cached && strcmp(cached->profile->version, version) == 0) {
		*ret_profile = cached->profile;
		return 0;
	}
	r = store_profile_get(store, id, &profile, err);
	if (r < 0)
		return r;
	if (cached) {
		profile_free(cached->profile);
	} else {
		cached = xcalloc(1, sizeof(*cached));
		cached->next = cache->first;
		cache->first = cached;
	}
	cached->profile = profile;
	*ret_profile = profile;
	return 0;
}
