/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging again what is stored, a slice at a time: site by site as they were put into
 * the queue, device by device by id. The place is in the store, so that a slice
 * begins where the last one that was committed ended, whoever did it.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "collector/act/act_profile.h"
#include "collector/act/rollup.h"
#include "collector/act/verdict.h"
#include "collector/store/store_rejudge.h"
#include "collector/store/store_setting.h"
#include "common/base/mem.h"

enum {
	PAGE = 64,      /* devices held at once */
	MEMO_SETS = 32, /* of verdicts, 50 KB: a slice is short */
};

struct slice {
	struct store *store;
	struct profile_cache *cache;
	int64_t now_ms;
	const struct rejudge_budget *budget;
	int64_t until_us;
	int64_t n_judged;
	int64_t n_sites; /* that were finished */
	struct verdict_memo *memo;
	struct rollup_sum *sum;
};

/*
 * A clock, though everything else is given the time: how long judging takes cannot be
 * known before, and nothing that is stored depends on it. Not that of the processor: who
 * waits for the slice waits for the disk as well.
 */
static int64_t clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/*
 * Give @after, whose texts are all borrowed, the results of @verdict; NULL: nothing is known
 * of it. They are valid until the next verdict is added.
 */
static void take_verdict(const struct judge *judge, const struct verdict *verdict,
			 struct device *after)
{
	after->profile_id = (char *)(verdict ? judge->profile->id : "");
	after->profile_version = (char *)(verdict ? judge->profile->version : "");
	after->results = verdict ? verdict->results : (char *)"";
	after->browser = verdict ? verdict->browser : RESULT_UNKNOWN;
}

static int judge_one(struct slice *slice, const struct judge *judge, const struct device *before,
		     struct err *err)
{
	struct device after = *before;
	const struct verdict *verdict;
	int r = verdict_get(slice->memo, judge, before, &verdict, err);

	if (r < 0)
		return r;
	take_verdict(judge, verdict, &after);
	r = judge_state(judge, &after, err);
	return r < 0 ? r : judge_save(judge, before, &after, err);
}

/* Whether what this slice may take is used up. */
static bool is_over(const struct slice *slice)
{
	return slice->n_judged >= slice->budget->devices || clock_us() >= slice->until_us;
}

/* Judge the devices of one page; *@ret_n of them. */
static int judge_page(struct slice *slice, const struct judge *judge,
		      const struct device_list *page, size_t *ret_n, struct err *err)
{
	size_t n = 0;

	while (n < page->n_devices) {
		int r = judge_one(slice, judge, &page->devices[n], err);

		if (r < 0)
			return r;
		n++;
		slice->n_judged++;
		if (is_over(slice))
			break;
	}
	*ret_n = n;
	return 0;
}

/* Devices that are read at once: one more than may be judged, so that a site's end is seen. */
static size_t page_size(const struct slice *slice)
{
	int64_t n_left = slice->budget->devices - slice->n_judged;

	return n_left < 1 ? 2 : n_left < PAGE ? (size_t)n_left + 1 : PAGE;
}

/* Go on with the site. 1: it is done; 0: the slice is over. */
static int judge_site(struct slice *slice, const struct judge *judge, struct rejudge *place,
		      struct err *err)
{
	int64_t n_done = 0;

	for (;;) {
		_cleanup_(device_list_done) struct device_list page = { 0 };
		size_t limit = page_size(slice), n;
		int r = store_device_reported(slice->store, place->site_code, place->after_id,
					      limit, &page, err);

		if (r >= 0)
			r = judge_page(slice, judge, &page, &n, err);
		if (r < 0)
			return r;
		if (n == page.n_devices && n < limit) {
			r = store_rejudge_step(slice->store, place->site_code, NULL, 0, err);
			return r < 0 ? r : 1;
		}
		snprintf(place->after_id, ID_SIZE, "%s", page.devices[n - 1].id);
		n_done += (int64_t)n;
		if (is_over(slice))
			return store_rejudge_step(slice->store, place->site_code, place->after_id,
						  n_done, err);
	}
}

/*
 * Go on with the queue. 1: there is time for more; 0: there is none; -ENOENT: nothing waits.
 * What a site is judged by may be unreadable: its devices are unknown then, and it is done.
 */
static int judge_next(struct slice *slice, struct err *err)
{
	_cleanup_(rejudge_done) struct rejudge place = { 0 };
	_cleanup_(judge_done) struct judge judge = { 0 };
	int is_done, r = store_rejudge_next(slice->store, &place, err);

	if (r < 0)
		return r;
	r = judge_open(slice->store, slice->cache, place.site_code, slice->now_ms, &judge, err);
	if (r < 0)
		return r;
	judge.sum = slice->sum;
	is_done = r = judge_site(slice, &judge, &place, err);
	if (r >= 0)
		r = rollup_sum_write(slice->sum, slice->store, err);
	if (r < 0)
		return r;
	slice->n_sites += is_done;
	return is_done && !is_over(slice);
}

/* The site that is next goes to the end. */
static int put_off(struct store *store, struct err *err)
{
	_cleanup_(rejudge_done) struct rejudge place = { 0 };
	int r = store_begin(store, err);

	if (r < 0)
		return r;
	r = store_rejudge_next(store, &place, err);
	if (r >= 0)
		r = store_rejudge_put_off(store, place.site_code, err);
	if (r >= 0)
		r = store_commit(store, err);
	if (r < 0)
		store_rollback(store);
	return r;
}

/* Judge in a transaction until it is over, or @sites_max sites are done. As act_rejudge(). */
static int judge_slice(struct slice *slice, int64_t sites_max, struct err *err)
{
	_cleanup_(rollup_sum_freep) struct rollup_sum *sum = rollup_sum_new();
	int r = store_begin(slice->store, err), end;

	if (r < 0)
		return r;
	slice->sum = sum;
	slice->until_us = clock_us() + slice->budget->us;
	slice->n_judged = slice->n_sites = 0;
	do {
		r = judge_next(slice, err);
		profile_cache_trim(slice->cache);
	} while (r > 0 && slice->n_sites < sites_max);
	end = r;
	if (r >= 0 || r == -ENOENT)
		r = store_commit(slice->store, err);
	if (r < 0) {
		store_rollback(slice->store);
		return r;
	}
	return end != -ENOENT;
}

int act_rejudge(struct store *store, struct profile_cache *cache, int64_t now_ms,
		const struct rejudge_budget *budget, int64_t *ret_n_judged, struct err *err)
{
	_cleanup_(verdict_memo_freep) struct verdict_memo *memo = verdict_memo_new(MEMO_SETS);
	struct slice slice = {
		.store = store,
		.cache = cache,
		.now_ms = now_ms,
		.budget = budget,
		.memo = memo,
	};
	int r = judge_slice(&slice, INT64_MAX, err);

	/*
	 * What was damaged takes nobody down with it: those before it are judged without it,
	 * and when it is the first itself, it goes to the end.
	 */
	if (r == -EUCLEAN && slice.n_sites > 0)
		r = judge_slice(&slice, slice.n_sites, err);
	if (r == -EUCLEAN)
		(void)put_off(store, NULL);
	if (r >= 0)
		*ret_n_judged = slice.n_judged;
	return r;
}

int act_rejudge_evaluator(struct store *store, const char *evaluator, int64_t now_ms,
			  struct err *err)
{
	_cleanup_(site_list_done) struct site_list list = { 0 };
	_cleanup_free_ char *was = NULL;
	int64_t n_devices = 0;
	int r = store_setting_get(store, SETTING_EVALUATOR, &was, err);

	if (r < 0 && r != -ENOENT)
		return r;
	if (was && strcmp(was, evaluator) == 0)
		return 0;
	r = store_site_all(store, &list, err);
	for (size_t i = 0; i < list.n_sites && r >= 0; i++) {
		if (list.sites[i].has_window)
			r = act_judge_site(store, list.sites[i].code, now_ms, &n_devices, err);
	}
	if (r >= 0)
		r = store_setting_put(store, SETTING_EVALUATOR, evaluator, err);
	return r < 0 ? r : n_devices > 0;
}
