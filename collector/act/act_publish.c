/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act.h"
#include "collector/act/judge.h"
#include "collector/store/store_profile.h"

static int publish_to(struct store *store, struct profile_cache *cache, const char *site_code,
		      const struct profile *was, int64_t now_ms, int64_t *n_judged, struct err *err)
{
	_cleanup_(judge_done) struct judge judge = { 0 };
	int r = judge_open(store, cache, site_code, now_ms, &judge, err);

	if (r < 0)
		return r;
	judge.was = was;
	return judge_site(&judge, n_judged, err);
}

int act_publish(struct store *store, struct profile_cache *cache, const struct profile *profile,
		const char *body, int64_t now_ms, int64_t *ret_n_judged, struct err *err)
{
	/* Of our own, since the cache forgets it once the new one is stored. */
	_cleanup_(profile_freep) struct profile *was = NULL;
	_cleanup_(code_list_done) struct code_list sites = { 0 };
	int64_t n_judged = 0;
	int r = store_profile_get(store, profile->id, &was, err);

	if (r < 0 && r != -ENOENT)
		return r;
	if (was && strcmp(was->version, profile->version) == 0) {
		*ret_n_judged = 0;
		return 0;
	}
	r = store_profile_put(store, profile, body, now_ms, err);
	if (r >= 0)
		r = store_site_by_profile(store, profile->id, &sites, err);
	for (size_t i = 0; i < sites.n_codes && r >= 0; i++)
		r = publish_to(store, cache, sites.codes[i], was, now_ms, &n_judged, err);
	if (r >= 0)
		*ret_n_judged = n_judged;
	return r;
}
