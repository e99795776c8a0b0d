/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "collector/http/bucket.h"
#include "common/base/mem.h"

#define WAYS 4   /* places in which a key can be */
#define LOCKS 64 /* a request holds one for some ten nanoseconds */
#define COME_BACK 16

/*
 * A bucket as one time (the generic cell rate algorithm): when it will be full again if
 * nobody asks. It is empty when that is a whole burst away.
 */
struct bucket {
	uint64_t key;    /* 0: none */
	int64_t full_ms; /* up to now: it is full */
};

struct buckets {
	size_t n_sets;
	pthread_mutex_t locks[LOCKS];
	struct bucket sets[][WAYS];
};

struct buckets *buckets_new(size_t n_keys)
{
	size_t n_sets = n_keys / WAYS;
	struct buckets *buckets;

	assert(n_sets > 0 && (n_sets & (n_sets - 1)) == 0);
	buckets = xcalloc(1, sizeof(*buckets) + n_sets * sizeof(buckets->sets[0]));
	buckets->n_sets = n_sets;
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_init(&buckets->locks[i], NULL);
	return buckets;
}

void buckets_free(struct buckets *buckets)
{
	if (!buckets)
		return;
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&buckets->locks[i]);
	free(buckets);
}

/* The bucket of @key in @set, or the one that is given up for it. */
static struct bucket *bucket_find(struct bucket set[WAYS], uint64_t key)
{
	struct bucket *fullest = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].full_ms < fullest->full_ms)
			fullest = &set[i];
	}
	*fullest = (struct bucket){ .key = key };
	return fullest;
}

int64_t buckets_take(struct buckets *buckets, uint64_t key, const struct rate *rate, int64_t now_ms)
{
	size_t at = key & (buckets->n_sets - 1);
	pthread_mutex_t *lock = &buckets->locks[at % LOCKS];
	int64_t whole_ms = rate->burst * rate->every_ms;
	int64_t wait_ms = 0;
	struct bucket *bucket;
	int64_t full_ms;

	pthread_mutex_lock(lock);
	bucket = bucket_find(buckets->sets[at], key);
	full_ms = (bucket->full_ms > now_ms ? bucket->full_ms : now_ms) + rate->every_ms;
	if (full_ms - now_ms <= whole_ms)
		bucket->full_ms = full_ms;
	else
		wait_ms = full_ms - now_ms - whole_ms + whole_ms / COME_BACK;
	pthread_mutex_unlock(lock);
	return wait_ms;
}
