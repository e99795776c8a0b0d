/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/profile_cache.h"
#include "collector/store/store_profile.h"
#include "common/base/mem.h"

/* While all sites are looked at, each may have its own version. */
#define BUCKETS 256
#define UNREADABLE_MAX 32 /* so many are told; of more nobody would read */

struct cached {
	struct profile *profile;
	struct needed *needed; /* NULL: nobody asked yet; borrows names of ->profile */
	uint64_t used;         /* when it was asked for last; grows */
	struct cached *next;
};

/* What is left of a version for whoever looks at all sites. */
struct ruled {
	char version[HASH_SIZE];
	struct certification_rules rules;
	struct freshness freshness;
	struct ruled *next;
};

/* A version that could not be read. */
struct unreadable {
	char version[HASH_SIZE];
	struct err why;
};

struct profile_cache {
	struct cached *buckets[BUCKETS];
	struct ruled *ruled[BUCKETS];
	size_t n, n_ruled;
	uint64_t clock;
	struct unreadable unreadable[UNREADABLE_MAX];
	size_t n_unreadable, n_told; /* the first so many of them were told */
};

struct profile_cache *profile_cache_new(void)
{
	return xcalloc(1, sizeof(struct profile_cache));
}

static void cached_free(struct cached *cached)
{
	needed_free(cached->needed);
	profile_free(cached->profile);
	free(cached);
}

static void forget_rules(struct profile_cache *cache)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct ruled *ruled = cache->ruled[i], *next; ruled; ruled = next) {
			next = ruled->next;
			free(ruled);
		}
		cache->ruled[i] = NULL;
	}
	cache->n_ruled = 0;
}

void profile_cache_free(struct profile_cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct cached *cached = cache->buckets[i], *next; cached; cached = next) {
			next = cached->next;
			cached_free(cached);
		}
	}
	forget_rules(cache);
	free(cache);
}

/* A version is a hash already. */
static unsigned bucket_of(const char *version)
{
	unsigned place = 0;

	for (size_t i = 0; i < 4 && version[i]; i++)
		place = place * 31 + (unsigned char)version[i];
	return place % BUCKETS;
}

static void note_unreadable(struct profile_cache *cache, const char *version, const struct err *why)
{
	struct unreadable *unreadable;

	for (size_t i = 0; i < cache->n_unreadable; i++) {
		if (strncmp(cache->unreadable[i].version, version, HASH_SIZE - 1) == 0)
			return;
	}
	if (cache->n_unreadable == UNREADABLE_MAX)
		return;
	unreadable = &cache->unreadable[cache->n_unreadable++];
	snprintf(unreadable->version, HASH_SIZE, "%s", version);
	unreadable->why = *why;
	(void)err_prefix(&unreadable->why, 0, "version %.8s", version);
}

bool profile_cache_unreadable(struct profile_cache *cache, struct err *ret_why)
{
	if (cache->n_told == cache->n_unreadable)
		return false;
	*ret_why = cache->unreadable[cache->n_told++].why;
	return true;
}

static int read_version(struct profile_cache *cache, struct store *store, const char *version,
			struct profile **ret_profile, struct err *err)
{
	struct err why = { 0 };
	int r = store_profile_get(store, version, ret_profile, &why);

	if (r == -ENOENT || r == -EUCLEAN)
		note_unreadable(cache, version, &why);
	if (r < 0 && err)
		*err = why;
	return r;
}

int profile_cache_get(struct profile_cache *cache, struct store *store, const char *version,
		      const struct profile **ret_profile, struct err *err)
{
	struct cached **bucket = &cache->buckets[bucket_of(version)];
	struct cached *cached = *bucket;
	struct profile *profile;
	int r;

	while (cached && strcmp(cached->profile->version, version) != 0)
		cached = cached->next;
	if (!cached) {
		r = read_version(cache, store, version, &profile, err);
		if (r < 0)
			return r;
		cached = xcalloc(1, sizeof(*cached));
		cached->profile = profile;
		cached->next = *bucket;
		*bucket = cached;
		cache->n++;
	}
	cached->used = ++cache->clock;
	*ret_profile = cached->profile;
	return 0;
}

const struct needed *profile_cache_needed(struct profile_cache *cache,
					  const struct profile *profile)
{
	struct cached *cached = cache->buckets[bucket_of(profile->version)];

	while (cached->profile != profile)
		cached = cached->next;
	if (!cached->needed)
		cached->needed = needed_of(profile);
	return cached->needed;
}

static int find_ruled(struct profile_cache *cache, struct store *store, const char *version,
		      const struct ruled **ret_ruled, struct err *err)
{
	unsigned place = bucket_of(version);
	_cleanup_(profile_freep) struct profile *profile = NULL;
	struct ruled *ruled = cache->ruled[place];
	int r;

	while (ruled && strcmp(ruled->version, version) != 0)
		ruled = ruled->next;
	if (!ruled) {
		r = read_version(cache, store, version, &profile, err);
		if (r < 0)
			return r;
		if (cache->n_ruled == PROFILE_CACHE_RULES_MAX)
			forget_rules(cache);
		ruled = xcalloc(1, sizeof(*ruled));
		memcpy(ruled->version, profile->version, HASH_SIZE);
		ruled->rules = profile->rules;
		ruled->freshness = profile->freshness;
		ruled->next = cache->ruled[place];
		cache->ruled[place] = ruled;
		cache->n_ruled++;
	}
	*ret_ruled = ruled;
	return 0;
}

int profile_cache_rules(struct profile_cache *cache, struct store *store, const char *version,
			struct certification_rules *ret_rules, struct err *err)
{
	const struct ruled *ruled;
	int r = find_ruled(cache, store, version, &ruled, err);

	if (r >= 0)
		*ret_rules = ruled->rules;
	return r;
}

int profile_cache_freshness(struct profile_cache *cache, struct store *store, const char *version,
			    struct freshness *ret_freshness, struct err *err)
{
	const struct ruled *ruled;
	int r = find_ruled(cache, store, version, &ruled, err);

	if (r >= 0)
		*ret_freshness = ruled->freshness;
	return r;
}

static int by_use(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

/* What was used at @oldest or later stays. */
static uint64_t find_oldest(const struct profile_cache *cache)
{
	_cleanup_free_ uint64_t *uses = xcalloc(cache->n, sizeof(*uses));
	size_t n = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		for (const struct cached *cached = cache->buckets[i]; cached; cached = cached->next)
			uses[n++] = cached->used;
	}
	qsort(uses, n, sizeof(*uses), by_use);
	return uses[n - PROFILE_CACHE_MAX];
}

/* Forget those of a bucket that were used before @oldest. */
static void trim_bucket(struct profile_cache *cache, struct cached **link, uint64_t oldest)
{
	while (*link) {
		struct cached *cached = *link;

		if (cached->used >= oldest) {
			link = &cached->next;
			continue;
		}
		*link = cached->next;
		cached_free(cached);
		cache->n--;
	}
}

void profile_cache_trim(struct profile_cache *cache)
{
	uint64_t oldest;

	if (cache->n <= PROFILE_CACHE_MAX)
		return;
	oldest = find_oldest(cache);
	for (size_t i = 0; i < BUCKETS; i++)
		trim_bucket(cache, &cache->buckets[i], oldest);
}

size_t profile_cache_size(const struct profile_cache *cache)
{
	return cache->n;
}
