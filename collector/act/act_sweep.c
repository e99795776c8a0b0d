/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/act/act.h"
#include "collector/act/judge.h"

enum { PAGE = 500 };

/* Give the devices at hand the state that their age has now. */
static int restate(const struct judge *judge, const struct device_list *list, int64_t *n_changed,
		   struct err *err)
{
	for (size_t i = 0; i < list->n_devices; i++) {
		_cleanup_(device_done) struct device after = { 0 };
		int r;

		device_copy(&list->devices[i], &after);
		r = judge_state(judge, &after, err);
		if (r >= 0)
			r = judge_save(judge, &list->devices[i], &after, err);
		if (r < 0)
			return r;
		++*n_changed;
	}
	return 0;
}

static int sweep_site(struct store *store, struct profile_cache *cache, struct site *site,
		      int64_t now_ms, int64_t *n_changed, struct err *err)
{
	_cleanup_(judge_done) struct judge judge = { 0 };
	size_t n = PAGE;
	int r = judge_open_site(store, cache, site, now_ms, &judge, err);

	/* Without a profile nobody said how long a report counts. */
	if (r < 0 || !judge.profile)
		return r;
	/* What was restated is not found again, so each page is the first. */
	while (n == PAGE) {
		_cleanup_(device_list_done) struct device_list list = { 0 };

		r = store_device_aged(store, judge.site.code, judge.fresh_since_ms,
				      judge.fresh_until_ms, PAGE, &list, err);
		if (r >= 0)
			r = restate(&judge, &list, n_changed, err);
		if (r < 0)
			return r;
		n = list.n_devices;
	}
	return 0;
}

int act_sweep(struct store *store, struct profile_cache *cache, int64_t now_ms,
	      int64_t *ret_n_changed, struct err *err)
{
	_cleanup_(site_list_done) struct site_list list = { 0 };
	int64_t n_changed = 0;
	int r = store_site_all(store, &list, err);

	for (size_t i = 0; i < list.n_sites && r >= 0; i++) {
		r = sweep_site(store, cache, &list.sites[i], now_ms, &n_changed, err);
		/* Each site may be judged by a document of its own. */
		profile_cache_trim(cache);
	}
	if (r >= 0)
		*ret_n_changed = n_changed;
	return r;
}
