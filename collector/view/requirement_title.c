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

/* What it is called by what the LEA or site @code asks; nothing where that cannot be read. */
static int asked_title(const struct view *view, const struct waiver *waiver, enum scope scope,
		       const char *code, json_t **ret_json, struct err *err)
{
	_cleanup_(supplement_freep) struct supplement *supplement = NULL;
	const char *title;
	int r = store_supplement_get(view->store, waiver->profile_id, scope, code, &supplement,
				     err);

	if (r == -ENOENT || r == -EUCLEAN)
		return 0;
	title = r < 0 ? NULL : title_in(supplement->json, waiver->requirement);
	if (title)
		*ret_json = view_text(title);
	return r;
}

int requirement_title(const struct view *view, const struct waiver *waiver, const char *lea_code,
		      json_t **ret_json, struct err *err)
{
	const char *title = NULL;
	json_t *json = NULL;
	int r = published_title(view, waiver->profile_id, waiver->requirement, &title, err);

	if (title)
		json = view_text(title);
	if (r >= 0 && !json && lea_code)
		r = asked_title(view, waiver, SCOPE_LEA, lea_code, &json, err);
	if (r >= 0 && !json && waiver->scope == SCOPE_SITE)
		r = asked_title(view, waiver, SCOPE_SITE, waiver->scope_code, &json, err);
	if (r < 0) {
		json_decref(json);
		return r;
	}
	*ret_json = json ? json : json_null();
	return 0;
}
