/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>

#include "collector/act/act.h"
#include "collector/act/act_place.h"
#include "collector/act/judge.h"
#include "collector/act/rollup.h"
#include "collector/domain/readiness.h"
#include "collector/store/store_rejudge.h"
#include "common/base/mem.h"

struct sweep {
	struct store *store;
	struct profile_cache *cache;
	int64_t now_ms;
	int64_t n_changed;
};

/* Devices that may still be changed in this part. */
static size_t room(const struct sweep *sweep)
{
	return (size_t)(SWEEP_DEVICES_MAX - sweep->n_changed);
}

/* Give the devices at hand the state that their age has now. */
static int restate(const struct judge *judge, const struct device_list *list, int64_t *n_changed,
		   struct err *err)
{
	for (size_t i = 0; i < list->n_devices; i++) {
		struct device after = list->devices[i]; /* its texts are borrowed */
		int r = judge_state(judge, &after, err);

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

/* Those of a site that are in @list. */
static int restate_site(struct sweep *sweep, struct site *site, const struct device_list *list,
			struct err *err)
{
	_cleanup_(rollup_sum_freep) struct rollup_sum *sum = rollup_sum_new();
	_cleanup_(judge_done) struct judge judge = { 0 };
	int r = judge_open_site(sweep->store, sweep->cache, site, sweep->now_ms, &judge, err);

	if (r < 0)
		return r;
	if (!judge.profile)
		return doubt_site(sweep, &judge.site, err);
	judge.sum = sum;
	r = restate(&judge, list, &sweep->n_changed, err);
	return r < 0 ? r : rollup_sum_write(sum, sweep->store, err);
}

/*
 * A document is read as a whole only where something aged: each site may have its own. 1: the
 * site may have more than there is room for. What was restated is not found again.
 */
static int sweep_site(struct sweep *sweep, struct site *site, struct err *err)
{
	_cleanup_(device_list_done) struct device_list list = { 0 };
	const char *version = site->has_window ? site->window.profile_version : "";
	size_t limit = room(sweep);
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
			      limit, &list, err);
	if (r < 0 || list.n_devices == 0)
		return r;
	r = restate_site(sweep, site, &list, err);
	return r < 0 ? r : list.n_devices == limit;
}

/*
 * What was planned for a day that has come, before anything else of a look. 1: there may be more
 * of that, and the look has not begun.
 */
static int do_plans(const struct sweep *sweep, const char *after, struct places_due *ret_due,
		    struct err *err)
{
	const struct moment moment = { sweep->store, sweep->cache, sweep->now_ms };
	int r = after[0] ? 0 : act_places_due(&moment, SWEEP_DEVICES_MAX, ret_due, err);

	return r < 0 ? r : ret_due->n == SWEEP_DEVICES_MAX;
}

int act_sweep_part(struct store *store, struct profile_cache *cache, const char *after,
		   int64_t now_ms, struct sweep_part *ret_part, struct err *err)
{
	_cleanup_(site_list_done) struct site_list list = { 0 };
	struct sweep sweep = { .store = store, .cache = cache, .now_ms = now_ms };
	_cleanup_free_ char *last = xstrdup(after);
	struct places_due due = { 0 };
	int r = do_plans(&sweep, after, &due, err);
	bool is_more = r > 0;

	if (r == 0) {
		r = store_site_some(store, after, SWEEP_SITES_MAX, &list, err);
		is_more = list.n_sites == SWEEP_SITES_MAX;
	}
	for (size_t i = 0; i < list.n_sites && r >= 0; i++) {
		_cleanup_free_ char *code = xstrdup(list.sites[i].code);

		r = sweep_site(&sweep, &list.sites[i], err);
		profile_cache_trim(cache);
		is_more |= r > 0;
		if (r != 0)
			break;
		free(last);
		last = TAKE_PTR(code);
	}
	if (r < 0) {
		free(due.damage);
		return r;
	}
	*ret_part = (struct sweep_part){ is_more ? TAKE_PTR(last) : NULL, sweep.n_changed,
					 due.n_damaged, due.damage };
	return is_more;
}

int act_sweep(struct store *store, struct profile_cache *cache, int64_t now_ms,
	      int64_t *ret_n_changed, struct err *err)
{
	_cleanup_free_ char *after = xstrdup("");
	int64_t n_changed = 0;
	int r;

	do {
		struct sweep_part part = { 0 };

		r = act_sweep_part(store, cache, after, now_ms, &part, err);
		n_changed += part.n_changed;
		free(after);
		free(part.damage);
		after = part.last;
	} while (r > 0);
	if (r >= 0)
		*ret_n_changed = n_changed;
	return r;
}
