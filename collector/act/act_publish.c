/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act.h"
#include "collector/act/judge.h"
#include "collector/store/store_profile.h"

static int judge_sites(struct store *store, const char *profile_id, const struct profile *was,
		       int64_t now_ms, int64_t *n_judged, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	_cleanup_(code_list_done) struct code_list sites = { 0 };
	int r = store_site_by_profile(store, profile_id, &sites, err);

	for (size_t i = 0; i < sites.n_codes && r >= 0; i++) {
		_cleanup_(judge_done) struct judge judge = { 0 };

		r = judge_open(store, cache, sites.codes[i], now_ms, &judge, err);
		judge.was = was;
		if (r >= 0)
			r = judge_site(&judge, n_judged, err);
	}
	return r;
}

int act_publish(struct store *store, const struct profile *profile, const char *body,
		int64_t now_ms, int64_t *ret_n_judged, struct err *err)
{
	_cleanup_(profile_freep) struct profile *was = NULL;
	int64_t n_judged = 0;
	int r = store_profile_get(store, profile->id, &was, err);

	/* One that this version of the collector cannot read any more must not stay for that. */
	if (r < 0 && r != -ENOENT && r != -EUCLEAN)
		return r;
	if (!was || strcmp(was->version, profile->version) != 0) {
		r = store_profile_put(store, profile, body, now_ms, err);
		if (r >= 0)
			r = judge_sites(store, profile->id, was, now_ms, &n_judged, err);
	}
	if (r >= 0)
		*ret_n_judged = n_judged;
	return r;
}
