/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_profile.h"
#include "collector/act/compose.h"
#include "collector/store/store_profile.h"

/* What is composed for a site is no profile to compose from: its waivers would never end. */
static int check_plain(const struct profile *profile, struct err *err)
{
	static const char *const members[] = { "supplements", "waivers" };

	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		if (json_object_get(profile->json, members[i]))
			return err_set(
				err, -EINVAL,
				"%s has '%s': it is what a site is judged by, not what can be "
				"published; export the profile without --site",
				profile->id, members[i]);
	}
	return 0;
}

/* Whether what LEAs and sites ask beyond it still fits what is published now. */
static int check_supplements(struct store *store, const char *profile_id, struct err *err)
{
	static const struct audience all = { SCOPE_STATE, "" };
	_cleanup_(composer_freep) struct composer *composer = NULL;
	int r = composer_open(store, profile_id, NULL, &composer, err);

	return r < 0 ? r : composer_check_idle(composer, &all, err);
}

int act_publish(struct store *store, const struct profile *profile, const char *body,
		int64_t now_ms, struct reach *ret_reach, struct err *err)
{
	static const struct audience all = { SCOPE_STATE, "" };
	const struct profile_text text = { profile->id, profile->version, body };
	char version[HASH_SIZE];
	int r = check_plain(profile, err);

	if (r < 0)
		return r;
	r = store_profile_version(store, profile->id, version, err);
	if (r < 0 && r != -ENOENT)
		return r;
	if (r == 0 && strcmp(version, profile->version) == 0) {
		*ret_reach = (struct reach){ 0 };
		return 0;
	}
	r = store_profile_put(store, &text, now_ms, err);
	if (r >= 0)
		r = store_publication_put(store, profile->id, profile->version, now_ms, err);
	if (r >= 0)
		r = check_supplements(store, profile->id, err);
	return r < 0 ? r : act_compose(store, profile->id, &all, now_ms, ret_reach, err);
}

int act_is_published(struct store *store, const char *profile_id, struct err *err)
{
	_cleanup_(publication_list_done) struct publication_list list = { 0 };
	int r = store_publication_list(store, profile_id, &list, err);

	return r < 0 ? r : list.n_publications > 0;
}
