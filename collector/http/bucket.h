/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How often a key may ask: a token bucket each, in a table of a fixed size. The clock is a
 * parameter. From any thread.
 *
 * Only keys that asked lately have to be remembered: one whose bucket is full again is as
 * one that never asked. Where the table is full, the key that is nearest to that is
 * forgotten, so a mistake is always in favour of who asks.
 */

#include <stddef.h>
#include <stdint.h>

#include "common/base/base.h"

/* So many at once, and then one each @every_ms. */
struct rate {
	int64_t burst;
	int64_t every_ms;
};

struct buckets;

/* A table of @n_keys, a power of two of at least 4. */
struct buckets *buckets_new(size_t n_keys) _must_check_;
void buckets_free(struct buckets *buckets);
DEFINE_CLEANUP(struct buckets *, buckets_free);

/*
 * Take a token of @key (never 0) at @now_ms, a clock that only moves forward. Returns 0,
 * or in how many ms a sixteenth of the bucket will be full: who is told to come back for
 * one token would be sent away each second time.
 */
int64_t buckets_take(struct buckets *buckets, uint64_t key, const struct rate *rate,
		     int64_t now_ms);
