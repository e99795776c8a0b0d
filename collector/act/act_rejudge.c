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
	int64_t until_us; /* of the thread's processor time */
	int64_t n_judged;
	int64_t n_sites; /* that were finished */
	struct verdict_memo *memo;
};

/*
 * A clock, though everything else is given the time: how long judging takes cannot be
 * known before, and nothing that is stored depends on it.
 */
static int64_t used_us(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

static int judge_one(struct slice *slice, const struct judge *judge, const struct device *before,
		     struct err *err)
{
	_cleanup_(device_done) struct device after = { 0 };
	int r;

	device_copy(before, &after);
	r = verdict_give(slice->memo, judge, &after, err);
	if (r >= 0)
		r = judge_state(judge, &after, err);
	return r < 0 ? r : judge_save(judge, before, &after, err);
}

/* Judge the devices of one page; *@ret_n of them, the last of which *@ret_last is. */
static int judge_page(struct slice *slice, const struct judge *judge,
		      const struct device_list *page, size_t *ret_n, struct err *err)
{
	size_t n = 0;

	while (n < page->n_devices) {
		int r = judge_one(slice, judge, &page->devices[n], err);

		if (r < 0)
			return r;
		n++;
		if (used_us() >= slice->until_us)
			break;
	}
	slice->n_judged += (int64_t)n;
	*ret_n = n;
	return 0;
}

/* Go on with the site. 1: it is done; 0: the time is over. */
static int judge_site(struct slice *slice, const struct judge *judge, struct rejudge *place,
		      struct err *err)
{
	for (;;) {
		_cleanup_(device_list_done) struct device_list page = { 0 };
		size_t n;
		int r = store_device_reported(slice->store, place->site_code, place->after_id, PAGE,
					      &page, err);

		if (r >= 0)
			r = judge_page(slice, judge, &page, &n, err);
		if (r < 0)
			return r;
		if (n == page.n_devices && n < PAGE) {
			r = store_rejudge_step(slice->store, place->site_code, NULL, 0, err);
			return r < 0 ? r : 1;
		}
		snprintf(place->after_id, ID_SIZE, "%s", page.devices[n - 1].id);
		place->n_done += (int64_t)n;
		r = store_rejudge_step(slice->store, place->site_code, place->after_id, (int64_t)n,
				       err);
		if (r < 0 || used_us() >= slice->until_us)
			return r;
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
	int r = store_rejudge_next(slice->store, &place, err);

	if (r < 0)
		return r;
	r = judge_open(slice->store, slice->cache, place.site_code, slice->now_ms, &judge, err);
	if (r < 0)
		return r;
	r = judge_site(slice, &judge, &place, err);
	slice->n_sites += r > 0;
	return r > 0 ? used_us() < slice->until_us : r;
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

/* Judge in a transaction until the time is over, or @sites_max sites are done. As act_rejudge(). */
static int judge_slice(struct slice *slice, int64_t sites_max, struct err *err)
{
	int r = store_begin(slice->store, err), end;

	if (r < 0)
		return r;
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

int act_rejudge(struct store *store, struct profile_cache *cache, int64_t now_ms, int64_t budget_us,
		int64_t *ret_n_judged, struct err *err)
{
	struct slice slice = {
		.store = store,
		.cache = cache,
		.now_ms = now_ms,
		.until_us = used_us() + budget_us,
	};
	_cleanup_(verdict_memo_freep) struct verdict_memo *memo = verdict_memo_new(MEMO_SETS);
	int r;

	slice.memo = memo;
	r = judge_slice(&slice, INT64_MAX, err);
	/*
	 * What was damaged takes nobody down with it: those before it are judged without it,
	 * and when it is the first itself, it goes to the end.
	 */
	if (r == -EUCLEAN && slice.n_sites > 0) {
		slice.until_us = used_us() + budget_us;
		r = judge_slice(&slice, slice.n_sites, err);
	}
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
