/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_profile.h"
#include "collector/store/store_device.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_rejudge.h"

/* From now on the site is judged by @version. */
static int set_version(struct store *store, const struct site_version *site, const char *version,
		       int64_t now_ms, struct reach *reach, struct err *err)
{
	int r;

	if (strcmp(site->version, version) == 0)
		return 0;
	r = store_window_set_version(store, site->site_code, version, err);
	if (r >= 0)
		r = act_judge_site(store, site->site_code, now_ms, &reach->n_devices, err);
	reach->n_sites++;
	return r;
}

int act_judge_site(struct store *store, const char *code, int64_t now_ms, int64_t *n_devices,
		   struct err *err)
{
	int64_t n = 0;
	int r = store_device_count_reported(store, code, &n, err);

	*n_devices += n;
	/* Without a report there is nothing to judge, and nobody has to wait for it. */
	return r < 0 || n == 0 ? r : store_rejudge_put(store, code, now_ms, err);
}

int act_compose(struct store *store, const char *profile_id, const char *code, int64_t now_ms,
		struct reach *ret_reach, struct err *err)
{
	_cleanup_(site_version_list_done) struct site_version_list list = { 0 };
	char version[HASH_SIZE] = "";
	struct reach reach = { 0 };
	int r = store_profile_version(store, profile_id, version, err);

	if (r >= 0 || r == -ENOENT)
		r = store_site_versions(store, profile_id, code, &list, err);
	for (size_t i = 0; i < list.n_sites && r >= 0; i++)
		r = set_version(store, &list.sites[i], version, now_ms, &reach, err);
	if (r >= 0)
		*ret_reach = reach;
	return r;
}
