/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/act/act.h"
#include "collector/act/judge.h"
#include "collector/domain/readiness.h"
#include "collector/store/store_rejudge.h"

enum { PAGE = 500 };

struct sweep {
	struct store *store;
	struct profile_cache *cache;
	int64_t now_ms;
	int64_t n_changed;
};

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

/*
 * What nobody can read says neither how old a report may be nor what it comes to, so its
 * devices must not stay what they are: they are judged again, which makes them unknown.
 */
static int doubt_site(const struct sweep *sweep, const struct site *site, struct err *err)
{
	_cleanup_(device_list_done) struct device_list judged = { 0 };
	int r;

	if (site->is_queued)
		return 0;
	r = store_device_aged(sweep->store, site->code, INT64_MAX, INT64_MAX, 1, &judged, err);
	if (r >= 0 && judged.n_devices > 0)
		r = store_rejudge_put(sweep->store, site->code, sweep->now_ms, err);
	return r;
}

/* Those of a site, of which *@list has the first page. */
static int restate_all(struct sweep *sweep, struct site *site, struct device_list *list,
		       struct err *err)
{
	_cleanup_(judge_done) struct judge judge = { 0 };
	int r = judge_open_site(sweep->store, sweep->cache, site, sweep->now_ms, &judge, err);

	if (r >= 0 && !judge.profile)
		return doubt_site(sweep, &judge.site, err);
	while (r >= 0) {
		bool is_more = list->n_devices == PAGE;

		r = restate(&judge, list, &sweep->n_changed, err);
		if (r < 0 || !is_more)
			break;
		/* What was restated is not found again, so each page is the first. */
		device_list_done(list);
		r = store_device_aged(sweep->store, judge.site.code, judge.fresh_since_ms,
				      judge.fresh_until_ms, PAGE, list, err);
	}
	return r;
}

/* A document is read as a whole only where something aged: each site may have its own. */
static int sweep_site(struct sweep *sweep, struct site *site, struct err *err)
{
	_cleanup_(device_list_done) struct device_list list = { 0 };
	const char *version = site->has_window ? site->window.profile_version : "";
	struct freshness freshness;
	int64_t since_ms;
	int r;

	/* Without a profile nobody said how long a report counts. */
	if (!version[0])
		return 0;
	r = profile_cache_freshness(sweep->cache, sweep->store, version, &freshness, err);
	if (r == -ENOENT || r == -EUCLEAN)
		return doubt_site(sweep, site, err);
	if (r < 0)
		return r;
	since_ms = readiness_fresh_since(&freshness, &site->window, sweep->now_ms);
	r = store_device_aged(sweep->store, site->code, since_ms, judge_fresh_until(sweep->now_ms),
			      PAGE, &list, err);
	return r < 0 || list.n_devices == 0 ? r : restate_all(sweep, site, &list, err);
}

int act_sweep(struct store *store, struct profile_cache *cache, int64_t now_ms,
	      int64_t *ret_n_changed, struct err *err)
{
	_cleanup_(site_list_done) struct site_list list = { 0 };
	struct sweep sweep = { .store = store, .cache = cache, .now_ms = now_ms };
	int r = store_site_all(store, &list, err);

	for (size_t i = 0; i < list.n_sites && r >= 0; i++) {
		r = sweep_site(&sweep, &list.sites[i], err);
		profile_cache_trim(cache);
	}
	if (r >= 0)
		*ret_n_changed = sweep.n_changed;
	return r;
}
