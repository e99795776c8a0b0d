/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_import.h"
#include "collector/act/act_profile.h"
#include "collector/store/store_site.h"

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

/*
 * Say what the site is judged by, where that depends on what changed, and have its devices
 * judged again where it or the day that they are judged for is another.
 */
static int judge_by(struct store *store, const struct site *old, const struct site_row *row,
		    int64_t now_ms, struct err *err)
{
	const char *profile_id = row->has_window   ? row->window.profile_id
				 : old->has_window ? old->window.profile_id
						   : NULL;
	bool is_for_another_day =
		row->has_window && old->has_window && is_judgement_changed(old, &row->window);
	const struct audience audience = { SCOPE_SITE, row->code };
	struct reach reach = { 0 };
	int r = profile_id ? act_compose(store, profile_id, &audience, now_ms, &reach, err) : 0;

	if (r >= 0 && is_for_another_day)
		r = act_judge_site(store, row->code, now_ms, &reach.n_devices, err);
	return r;
}

int act_import_site(struct store *store, const struct site_row *row, int64_t now_ms,
		    struct import_sites_count *count, struct err *err)
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
	}
	if (r >= 0 && is_changed)
		r = judge_by(store, &old, row, now_ms, err);
	if (r < 0)
		return r;
	count->sites++;
	count->windows += row->has_window;
	count->new_sites += !is_there;
	count->changed += is_there && is_changed;
	return 0;
}
