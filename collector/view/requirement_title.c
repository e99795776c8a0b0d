/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/store/store_profile.h"
#include "collector/store/store_supplement.h"
#include "collector/view/requirement_title.h"

/* NULL: there is none of that id. */
static const char *title_in(const json_t *supplement, const char *id)
{
	const json_t *requirement;
	size_t i;

	json_array_foreach (json_object_get(supplement, "requirements"), i, requirement) {
		const char *its_id = json_string_value(json_object_get(requirement, "id"));

		if (its_id && strcmp(its_id, id) == 0)
			return json_string_value(json_object_get(requirement, "title"));
	}
	return NULL;
}

static int published_title(const struct view *view, const char *profile_id, const char *id,
			   const char **ret_title, struct err *err)
{
	const struct profile *profile = NULL;
	char version[HASH_SIZE];
	int place = -1;
	int r = store_profile_version(view->store, profile_id, version, err);

	if (r >= 0)
		r = view_profile(view, version, &profile, err);
	if (r == -ENOENT || r == -EUCLEAN)
		return 0;
	if (r >= 0 && profile)
		place = profile_find(profile, id);
	if (place >= 0)
		*ret_title = profile->requirements[place].title;
	return r;
}

int requirement_title(const struct view *view, const char *profile_id, const char *id,
		      json_t **ret_json, struct err *err)
{
	_cleanup_(supplement_list_done) struct supplement_list list = { 0 };
	const char *title = NULL;
	int r = published_title(view, profile_id, id, &title, err);

	if (r >= 0 && !title)
		r = store_supplement_list(view->store, profile_id, &list, err);
	for (size_t i = 0; i < list.n && !title; i++)
		title = title_in(list.supplements[i]->json, id);
	if (r < 0)
		return r;
	*ret_json = title ? view_text(title) : json_null();
	return 0;
}
