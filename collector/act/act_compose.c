/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_profile.h"
#include "collector/act/compose.h"
#include "collector/store/store_device.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_rejudge.h"
#include "collector/store/store_setting.h"
#include "collector/store/store_site.h"
#include "common/base/mem.h"

int act_judge_site(struct store *store, const char *code, int64_t now_ms, int64_t *n_devices,
		   struct err *err)
{
	int64_t n = 0;
	int r = store_device_count_reported(store, code, &n, err);

	*n_devices += n;
	/* Without a report there is nothing to judge, and nobody has to wait for it. */
	return r < 0 || n == 0 ? r : store_rejudge_put(store, code, now_ms, err);
}

/* A pass over sites whose windows name one profile. */
struct pass {
	struct store *store;
	struct composer *composer; /* NULL: the profile is not published */
	const char *profile_id;
	int64_t now_ms;
	struct reach reach;
};

/* From now on the site is judged by @composition. */
static int set_version(struct pass *pass, const struct site_version *site,
		       const struct composition *composition, struct err *err)
{
	int r;

	if (strcmp(site->version, composition->version) == 0)
		return 0;
	r = composition_put(pass->store, pass->profile_id, composition, pass->now_ms, err);
	if (r >= 0)
		r = store_window_set_version(pass->store, site->site_code, composition->version,
					     err);
	if (r >= 0)
		r = act_judge_site(pass->store, site->site_code, pass->now_ms,
				   &pass->reach.n_devices, err);
	pass->reach.n_sites++;
	return r;
}

static int compose_site(struct pass *pass, const struct site_version *site, struct err *err)
{
	struct composition composition = { .version = "" };
	int r = 0;

	if (pass->composer)
		r = composer_get(pass->composer, site->site_code, site->lea_code, &composition,
				 err);
	return r < 0 ? r : set_version(pass, site, &composition, err);
}

int act_compose(struct store *store, const char *profile_id, const struct audience *audience,
		int64_t now_ms, struct reach *ret_reach, struct err *err)
{
	_cleanup_(site_version_list_done) struct site_version_list list = { 0 };
	_cleanup_(composer_freep) struct composer *composer = NULL;
	struct pass pass = { .store = store, .profile_id = profile_id, .now_ms = now_ms };
	int r = composer_open(store, profile_id, NULL, &composer, err);

	pass.composer = composer;
	if (r >= 0 || r == -ENOENT)
		r = store_site_versions(store, profile_id,
					audience->scope == SCOPE_SITE ? audience->code : NULL,
					&list, err);
	for (size_t i = 0; i < list.n_sites && r >= 0; i++) {
		const struct site_version *site = &list.sites[i];

		if (audience->scope != SCOPE_LEA || strcmp(site->lea_code, audience->code) == 0)
			r = compose_site(&pass, site, err);
	}
	if (r >= 0)
		*ret_reach = pass.reach;
	return r;
}

/* Stores of before it was noted are of the only one that there had been. */
#define COMPOSER_FIRST "1"

int act_compose_anew(struct store *store, const char *composer, int64_t now_ms, struct err *err)
{
	static const struct audience all = { SCOPE_STATE, "" };
	_cleanup_(publication_list_done) struct publication_list list = { 0 };
	_cleanup_free_ char *was = NULL;
	int64_t n_sites = 0;
	int r = store_setting_get(store, SETTING_COMPOSER, &was, err);

	if (r < 0 && r != -ENOENT)
		return r;
	if (was && strcmp(was, composer) == 0)
		return 0;
	r = 0;
	if (strcmp(was ? was : COMPOSER_FIRST, composer) != 0)
		r = store_publication_list(store, NULL, &list, err);
	for (size_t i = 0; i < list.n_publications && r >= 0; i++) {
		struct reach reach = { 0 };

		r = act_compose(store, list.publications[i].profile_id, &all, now_ms, &reach, err);
		n_sites += reach.n_sites;
	}
	if (r >= 0)
		r = store_setting_put(store, SETTING_COMPOSER, composer, err);
	return r < 0 ? r : n_sites > 0;
}

/* What the site @code would be judged by with @change, of the profile @profile_id. */
static int preview(struct store *store, const char *profile_id,
		   const struct composer_change *change, const struct site *site,
		   struct profile **ret_profile, struct err *err)
{
	_cleanup_(composer_freep) struct composer *composer = NULL;
	int r = composer_open(store, profile_id, change, &composer, err);

	return r < 0 ? r : composer_profile(composer, site->code, site->lea_code, ret_profile, err);
}

int act_compose_preview(struct store *store, const struct profile *profile, const char *code,
			struct profile **ret_profile, struct err *err)
{
	const struct composer_change change = { .base = profile };
	_cleanup_(site_done) struct site site = { 0 };
	int r = store_site_get(store, code, &site, err);

	if (r < 0)
		return r;
	if (!profile && !site.has_window)
		return err_set(err, -ENOENT, "site %s has no window, so no profile is for it",
			       code);
	return preview(store, profile ? profile->id : site.window.profile_id, &change, &site,
		       ret_profile, err);
}

int act_supplement_preview(struct store *store, const struct supplement *supplement,
			   const char *code, struct profile **ret_profile, struct err *err)
{
	const struct composer_change change = { .supplement = supplement };
	_cleanup_(site_done) struct site site = { 0 };
	int r = store_site_get(store, code, &site, err);

	return r < 0 ? r : preview(store, supplement->profile_id, &change, &site, ret_profile, err);
}
