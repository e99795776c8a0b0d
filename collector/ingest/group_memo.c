/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <sys/queue.h>

#include "collector/ingest/group_memo.h"
#include "common/base/mem.h"
#include "common/model/document.h"
#include "common/model/report.h"

#define SHARDS 16 /* each with a lock, which is held for about a microsecond */
#define CHAINS 1024
#define SIGHTINGS 4096
#define OUTSIDE 2 /* levels of a report around a group */
#define SHARE 4   /* of what a shard may take, for one group */

struct remembered {
	struct group group;
	atomic_uint n_refs;
	const struct fact *fact;
	char *text; /* as it came; mostly the canonical one as well */
	size_t len;
	uint64_t hash;
	size_t bytes;
	LIST_ENTRY(remembered) chain;
	TAILQ_ENTRY(remembered) order;
};

struct shard {
	pthread_mutex_t lock;
	size_t n_groups, bytes;
	LIST_HEAD(, remembered) chains[CHAINS];
	TAILQ_HEAD(by_use, remembered) order; /* what was asked for last is first */
	uint32_t sightings[SIGHTINGS];        /* parts of the hashes of what came once */
};

struct group_memo {
	size_t shard_bytes;
	atomic_uint_least64_t n_read;
	unsigned char key[crypto_shorthash_KEYBYTES];
	struct shard shards[SHARDS];
};

struct group_memo *group_memo_new(size_t bytes)
{
	struct group_memo *memo = xcalloc(1, sizeof(*memo));

	memo->shard_bytes = bytes / SHARDS;
	crypto_shorthash_keygen(memo->key);
	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&memo->shards[i].lock, NULL);
		TAILQ_INIT(&memo->shards[i].order);
	}
	return memo;
}

void group_unref(const struct group *group)
{
	struct remembered *it = (struct remembered *)group;

	if (!it || atomic_fetch_sub(&it->n_refs, 1) > 1)
		return;
	json_decref((json_t *)it->group.json);
	if (it->group.canonical != it->text)
		free((char *)it->group.canonical);
	free(it->text);
	free(it);
}

static void forget(struct shard *shard, struct remembered *it)
{
	LIST_REMOVE(it, chain);
	TAILQ_REMOVE(&shard->order, it, order);
	shard->bytes -= it->bytes;
	shard->n_groups--;
	group_unref(&it->group);
}

void group_memo_free(struct group_memo *memo)
{
	struct remembered *it;

	if (!memo)
		return;
	for (size_t i = 0; i < SHARDS; i++) {
		while ((it = TAILQ_FIRST(&memo->shards[i].order)))
			forget(&memo->shards[i], it);
		pthread_mutex_destroy(&memo->shards[i].lock);
	}
	free(memo);
}

/* What jansson and malloc take for @json at most, on machines of 64 bits. */
static size_t json_bytes(const json_t *json)
{
	size_t bytes = 64, i;
	const char *key;
	json_t *value;

	if (json_is_string(json))
		return bytes + 32 + json_string_length(json);
	if (json_is_array(json))
		bytes += 96 + 16 * json_array_size(json);
	json_array_foreach ((json_t *)json, i, value)
		bytes += json_bytes(value);
	if (json_is_object(json))
		bytes += 256 + 32 * json_object_size(json);
	json_object_foreach ((json_t *)json, key, value)
		bytes += 96 + strlen(key) + json_bytes(value);
	return bytes;
}

/* Read and check what is not remembered; NULL: it is not right. */
static struct remembered *read_group(struct group_memo *memo, const struct fact *fact,
				     const struct span *value)
{
	static const struct document_limits limits = { .bytes = REPORT_BYTES_MAX,
						       .depth = REPORT_DEPTH_MAX - OUTSIDE };
	struct remembered *it;
	char *canonical;
	json_t *json;

	if (document_parse(value->text, value->len, &limits, &json, NULL) < 0)
		return NULL;
	if (facts_check_group(fact, json, NULL) < 0) {
		json_decref(json);
		return NULL;
	}
	it = xcalloc(1, sizeof(*it));
	atomic_init(&it->n_refs, 1);
	it->fact = fact;
	it->len = value->len;
	/* No xstrndup(): jansson skips a zero behind a number. */
	it->text = memcpy(xreallocarray(NULL, value->len, 1), value->text, value->len);
	canonical = document_canonical(json);
	it->group = (struct group){ json, canonical, strlen(canonical),
				    atomic_fetch_add(&memo->n_read, 1) + 1 };
	if (it->group.canonical_len == it->len && memcmp(canonical, it->text, it->len) == 0) {
		it->group.canonical = it->text;
		free(canonical);
	}
	return it;
}

static bool is_it(const struct remembered *it, const struct fact *fact, const struct span *value)
{
	return it->fact == fact && it->len == value->len &&
	       memcmp(it->text, value->text, value->len) == 0;
}

/*
 * The one that is remembered, with a reference for the caller; NULL: none is.
 * *@ret_is_second: it came before all the same.
 */
static struct remembered *find(struct shard *shard, uint64_t hash, const struct fact *fact,
			       const struct span *value, bool *ret_is_second)
{
	uint32_t *sighting = &shard->sightings[hash / SHARDS % SIGHTINGS];
	struct remembered *it;

	LIST_FOREACH(it, &shard->chains[hash / SHARDS % CHAINS], chain)
	{
		if (it->hash == hash && is_it(it, fact, value))
			break;
	}
	if (it) {
		TAILQ_REMOVE(&shard->order, it, order);
		TAILQ_INSERT_HEAD(&shard->order, it, order);
		atomic_fetch_add(&it->n_refs, 1);
		return it;
	}
	*ret_is_second = *sighting == (uint32_t)(hash >> 32);
	*sighting = (uint32_t)(hash >> 32);
	return NULL;
}

/* Another thread may have read the same meanwhile; then there are two, and the older goes. */
static void remember(struct shard *shard, size_t shard_bytes, struct remembered *it)
{
	if (it->bytes > shard_bytes / SHARE)
		return;
	/* NOLINTBEGIN(clang-analyzer-unix.Malloc): it does not see that forget() unlinks */
	while (shard->n_groups > 0 && shard->bytes + it->bytes > shard_bytes)
		forget(shard, TAILQ_LAST(&shard->order, by_use));
	/* NOLINTEND(clang-analyzer-unix.Malloc) */
	atomic_fetch_add(&it->n_refs, 1);
	LIST_INSERT_HEAD(&shard->chains[it->hash / SHARDS % CHAINS], it, chain);
	TAILQ_INSERT_HEAD(&shard->order, it, order);
	shard->bytes += it->bytes;
	shard->n_groups++;
}

/* The same bytes in two groups, as {"unknown": …}, are in two places. */
static uint64_t hash_of(const struct group_memo *memo, const struct fact *fact,
			const struct span *value)
{
	unsigned char bytes[crypto_shorthash_BYTES];
	uint64_t hash;

	static_assert(sizeof(hash) == sizeof(bytes), "a hash is a number");
	crypto_shorthash(bytes, (const unsigned char *)value->text, value->len, memo->key);
	memcpy(&hash, bytes, sizeof(hash));
	return hash + (uint64_t)(fact - facts_table) * UINT64_C(0x9e3779b97f4a7c15);
}

const struct group *group_memo_get(struct group_memo *memo, const struct fact *fact,
				   const struct span *value)
{
	uint64_t hash = hash_of(memo, fact, value);
	struct shard *shard = &memo->shards[hash % SHARDS];
	struct remembered *it;
	bool is_second = false;

	pthread_mutex_lock(&shard->lock);
	it = find(shard, hash, fact, value, &is_second);
	pthread_mutex_unlock(&shard->lock);
	if (it)
		return &it->group;
	it = read_group(memo, fact, value);
	if (!it || !is_second)
		return it ? &it->group : NULL;
	it->hash = hash;
	it->bytes = sizeof(*it) + 2 * it->len + json_bytes(it->group.json);
	pthread_mutex_lock(&shard->lock);
	remember(shard, memo->shard_bytes, it);
	pthread_mutex_unlock(&shard->lock);
	return &it->group;
}

struct group_memo_use group_memo_use(struct group_memo *memo)
{
	struct group_memo_use use = { 0 };

	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_lock(&memo->shards[i].lock);
		use.n_groups += memo->shards[i].n_groups;
		use.bytes += memo->shards[i].bytes;
		pthread_mutex_unlock(&memo->shards[i].lock);
	}
	return use;
}
