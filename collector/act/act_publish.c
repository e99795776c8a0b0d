/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_profile.h"
#include "collector/store/store_profile.h"

int act_publish(struct store *store, const struct profile *profile, const char *body,
		int64_t now_ms, struct reach *ret_reach, struct err *err)
{
	const struct profile_text text = { profile->id, profile->version, body };
	char version[HASH_SIZE];
	int r = store_profile_version(store, profile->id, version, err);

	if (r < 0 && r != -ENOENT)
		return r;
	if (r == 0 && strcmp(version, profile->version) == 0) {
		*ret_reach = (struct reach){ 0 };
		return 0;
	}
	r = store_profile_put(store, &text, now_ms, err);
	if (r >= 0)
		r = store_publication_put(store, profile->id, profile->version, now_ms, err);
	return r < 0 ? r : act_compose(store, profile->id, NULL, now_ms, ret_reach, err);
}
