/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/rollup.h"
#include "collector/store/store_site.h"
#include "common/base/mem.h"
#include "common/model/result.h"

static bool is_fresh(enum device_state state)
{
	return state == STATE_NOT_READY || state == STATE_UNKNOWN || state == STATE_READY ||
	       state == STATE_READY_WITH_WARNINGS;
}

static bool has_pattern(const struct device *device)
{
	return device && device->is_expected && device->state != STATE_RETIRED;
}

/* What a device adds to the counts of its site, @times 1 or -1. */
static void count_device(struct site_count *count, const struct device *device, int times)
{
	if (!device || device->state == STATE_RETIRED)
		return;
	if (!device->is_expected) {
		count->unexpected += times;
		return;
	}
	count->states[device->state] += times;
	count->browser_exempt += device->browser == RESULT_NOT_APPLICABLE ? times : 0;
	if (device->browser == RESULT_PASS && is_fresh(device->state))
		count->browser_current += times;
}

static int add_count(struct store *store, const char *site_code, const struct site_count *delta,
		     struct err *err)
{
	static const struct site_count none;

	if (memcmp(delta, &none, sizeof(none)) == 0)
		return 0;
	return store_site_count_add(store, site_code, delta, err);
}

static int add_pattern(struct store *store, const struct device *device, int times, struct err *err)
{
	const struct pattern pattern = {
		.room = device->room,
		.state = device->state,
		.results = device->results,
	};

	return store_site_pattern_add(store, device->site_code, device->profile_version, &pattern,
				      times, err);
}

static bool is_same_pattern(const struct device *a, const struct device *b)
{
	return has_pattern(a) && has_pattern(b) && a->state == b->state &&
	       strcmp(a->site_code, b->site_code) == 0 && strcmp(a->room, b->room) == 0 &&
	       strcmp(a->profile_version, b->profile_version) == 0 &&
	       strcmp(a->results, b->results) == 0;
}

static int change_count(struct store *store, const struct device *before,
			const struct device *after, struct err *err)
{
	struct site_count delta = { 0 };
	int r;

	count_device(&delta, before, -1);
	if (before && after && strcmp(before->site_code, after->site_code) != 0) {
		r = add_count(store, before->site_code, &delta, err);
		if (r < 0)
			return r;
		delta = (struct site_count){ 0 };
	}
	count_device(&delta, after, 1);
	return add_count(store, after ? after->site_code : before->site_code, &delta, err);
}

int rollup_change(struct store *store, const struct device *before, const struct device *after,
		  struct err *err)
{
	int r = 0;

	if (before || after)
		r = change_count(store, before, after, err);
	if (r < 0 || is_same_pattern(before, after))
		return r;
	if (has_pattern(before))
		r = add_pattern(store, before, -1, err);
	if (r >= 0 && has_pattern(after))
		r = add_pattern(store, after, 1, err);
	return r;
}

int rollup_add(struct store *store, const struct device *device, int n, struct err *err)
{
	struct site_count delta = { 0 };
	int r;

	count_device(&delta, device, n);
	r = add_count(store, device->site_code, &delta, err);
	return r >= 0 && has_pattern(device) ? add_pattern(store, device, n, err) : r;
}

/* --- many at once ------------------------------------------------------------------------ */

#define PATTERNS_MAX 256 /* summed up at a time, 50 KB */

/* What add_pattern() writes of a device, but for its site. */
struct pattern_sum {
	uint64_t hash; /* of the rest, so that most are told apart by it */
	char *room;
	enum device_state state;
	char *version;
	char *results;
	int n;
};

struct rollup_sum {
	char *site_code; /* NULL: nothing is here */
	struct site_count count;
	struct pattern_sum patterns[PATTERNS_MAX];
	size_t n_patterns;
};

struct rollup_sum *rollup_sum_new(void)
{
	return xcalloc(1, sizeof(struct rollup_sum));
}

static void forget_patterns(struct rollup_sum *sum)
{
	for (size_t i = 0; i < sum->n_patterns; i++) {
		free(sum->patterns[i].room);
		free(sum->patterns[i].version);
		free(sum->patterns[i].results);
	}
	sum->n_patterns = 0;
}

void rollup_sum_free(struct rollup_sum *sum)
{
	if (!sum)
		return;
	forget_patterns(sum);
	free(sum->site_code);
	free(sum);
}

/* FNV-1a of the text and its end. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
	do {
		hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
	} while (*text++);
	return hash;
}

static uint64_t hash_pattern(const struct device *device)
{
	uint64_t hash = UINT64_C(14695981039346656037) + (uint64_t)device->state;

	hash = hash_text(hash, device->room);
	/* Versions are hashes: a few digits tell them apart as well. */
	hash = (hash ^ (unsigned char)device->profile_version[0]) * UINT64_C(1099511628211);
	return hash_text(hash, device->results);
}

static bool is_pattern_of(const struct pattern_sum *pattern, const struct device *device)
{
	return pattern->state == device->state && strcmp(pattern->room, device->room) == 0 &&
	       strcmp(pattern->version, device->profile_version) == 0 &&
	       strcmp(pattern->results, device->results) == 0;
}

static int write_patterns(struct rollup_sum *sum, struct store *store, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < sum->n_patterns && r >= 0; i++) {
		const struct pattern_sum *of = &sum->patterns[i];
		const struct pattern pattern = {
			.room = of->room,
			.state = of->state,
			.results = of->results,
		};

		if (of->n != 0)
			r = store_site_pattern_add(store, sum->site_code, of->version, &pattern,
						   of->n, err);
	}
	forget_patterns(sum);
	return r;
}

static int sum_pattern(struct rollup_sum *sum, struct store *store, const struct device *device,
		       int times, struct err *err)
{
	uint64_t hash = hash_pattern(device);
	int r = 0;

	for (size_t i = 0; i < sum->n_patterns; i++) {
		struct pattern_sum *pattern = &sum->patterns[i];

		if (pattern->hash == hash && is_pattern_of(pattern, device)) {
			pattern->n += times;
			return 0;
		}
	}
	if (sum->n_patterns == PATTERNS_MAX)
		r = write_patterns(sum, store, err);
	if (r < 0)
		return r;
	sum->patterns[sum->n_patterns++] = (struct pattern_sum){
		.hash = hash,
		.room = xstrdup(device->room),
		.state = device->state,
		.version = xstrdup(device->profile_version),
		.results = xstrdup(device->results),
		.n = times,
	};
	return 0;
}

int rollup_sum_change(struct rollup_sum *sum, struct store *store, const struct device *before,
		      const struct device *after, struct err *err)
{
	int r = 0;

	if (!sum->site_code)
		sum->site_code = xstrdup(before->site_code);
	assert(strcmp(sum->site_code, before->site_code) == 0 &&
	       strcmp(sum->site_code, after->site_code) == 0);
	count_device(&sum->count, before, -1);
	count_device(&sum->count, after, 1);
	if (is_same_pattern(before, after))
		return 0;
	if (has_pattern(before))
		r = sum_pattern(sum, store, before, -1, err);
	return r >= 0 && has_pattern(after) ? sum_pattern(sum, store, after, 1, err) : r;
}

int rollup_sum_write(struct rollup_sum *sum, struct store *store, struct err *err)
{
	int r = 0;

	if (sum->site_code)
		r = add_count(store, sum->site_code, &sum->count, err);
	if (r >= 0)
		r = write_patterns(sum, store, err);
	sum->count = (struct site_count){ 0 };
	free(sum->site_code);
	sum->site_code = NULL;
	return r;
}
