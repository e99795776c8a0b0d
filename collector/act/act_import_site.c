/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_import.h"
#include "collector/act/judge.h"

#define DEFAULT_ZONE "UTC"

static bool is_site_changed(const struct site *old, const struct site *new)
{
	return strcmp(old->name, new->name) != 0 || strcmp(old->lea_code, new->lea_code) != 0 ||
	       strcmp(old->lea_name, new->lea_name) != 0 || strcmp(old->zone, new->zone) != 0;
}

/* What a device's results and freshness depend on. */
static bool is_judgement_changed(const struct site *old, const struct window *new)
{
	return !old->has_window || strcmp(old->window.profile_id, new->profile_id) != 0 ||
	       old->window.first != new->first || old->window.last != new->last;
}

static bool is_window_changed(const struct site *old, const struct window *new)
{
	return is_judgement_changed(old, new) || strcmp(old->window.id, new->id) != 0 ||
	       strcmp(old->window.programme, new->programme) != 0 ||
	       strcmp(old->window.track, new->track) != 0;
}

static int judge_devices(struct store *store, struct profile_cache *cache, const struct site *old,
			 int64_t now_ms, struct err *err)
{
	_cleanup_(judge_done) struct judge judge = { 0 };
	int64_t n_judged = 0;
	int r = judge_open(store, cache, old->code, now_ms, &judge, err);

	if (r >= 0 && old->has_window) {
		judge.was = NULL;
		r = profile_cache_get(cache, store, old->window.profile_id, &judge.was, err);
		if (r == -ENOENT)
			r = 0;
	}
	return r < 0 ? r : judge_site(&judge, &n_judged, err);
}

int act_import_site(struct store *store, struct profile_cache *cache, const struct site_row *row,
		    int64_t now_ms, struct import_sites_count *count, struct err *err)
{
	_cleanup_(site_done) struct site old = { 0 };
	/* Nothing of it is freed: all texts are borrowed. */
	struct site new = {
		.code = (char *)row->code,
		.name = (char *)row->name,
		.lea_code = (char *)row->lea_code,
		.lea_name = (char *)row->lea_name,
		.zone = (char *)row->zone,
	};
	bool is_changed = false, is_there;
	int r = store_site_get(store, row->code, &old, err);

	if (r < 0 && r != -ENOENT)
		return r;
	is_there = r >= 0;
	if (!new.zone)
		new.zone = is_there ? old.zone : (char *)DEFAULT_ZONE;
	r = 0;
	if (!is_there || is_site_changed(&old, &new)) {
		is_changed = true;
		r = store_site_put(store, &new, err);
	}
	if (r >= 0 && row->has_window && is_window_changed(&old, &row->window)) {
		is_changed = true;
		r = store_window_put(store, row->code, &row->window, err);
		if (r >= 0 && is_there && is_judgement_changed(&old, &row->window))
			r = judge_devices(store, cache, &old, now_ms, err);
	}
	if (r < 0)
		return r;
	count->sites++;
	count->windows += row->has_window;
	count->new_sites += !is_there;
	count->changed += is_there && is_changed;
	return 0;
}
