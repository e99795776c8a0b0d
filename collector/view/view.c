/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/view/view.h"
#include "common/base/civil.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define TEXT_MAX 4096

int32_t view_today(const struct view *view)
{
	return civil_of_ms(view->now_ms);
}

int view_profile(const struct view *view, const char *version, const struct profile **ret_profile,
		 struct err *err)
{
	int r;

	*ret_profile = NULL;
	if (!version || !version[0])
		return 0;
	r = profile_cache_get(view->profiles, view->store, version, ret_profile, err);
	/* Of a page that shows more than this, the rest is true. */
	return r == -ENOENT || r == -EUCLEAN ? 0 : r;
}

json_t *view_text(const char *text)
{
	json_t *json = json_string(text);
	_cleanup_free_ char *clean = NULL;

	if (json)
		return json;
	clean = text_clean(text, strlen(text), TEXT_MAX);
	return json_string(clean);
}

json_t *view_time(int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];

	return ms ? json_string(clock_text(ms, text)) : json_null();
}

json_t *view_day(int32_t day)
{
	char text[CIVIL_TEXT_SIZE];

	if (day == INT32_MIN || day == INT32_MAX)
		return json_null();
	return json_string(civil_text(day, text));
}

json_t *view_named(const char *code, const char *name)
{
	return json_pack("{s:o, s:o}", "code", view_text(code), "name", view_text(name));
}

json_t *view_states(const struct site_count *count)
{
	json_t *json = json_object();

	for (unsigned i = 0; i < STATE_MAX_; i++) {
		if (i != STATE_RETIRED)
			json_object_set_new(json, device_state_words[i],
					    json_integer(count->states[i]));
	}
	return json;
}

json_t *view_percent(int64_t part, int64_t whole)
{
	int64_t hundredths = percent_hundredths(part, whole);

	return hundredths < 0 ? json_null() : json_real((double)hundredths / 100);
}

json_t *view_window(const struct window *window, int32_t today)
{
	char first[CIVIL_TEXT_SIZE], last[CIVIL_TEXT_SIZE];

	if (!window)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:s, s:s, s:o, s:s, s:i, s:i}", "id",
			 view_text(window->id), "programme", view_text(window->programme), "track",
			 view_text(window->track), "first", civil_text(window->first, first),
			 "last", civil_text(window->last, last), "profile",
			 view_text(window->profile_id), "phase",
			 window_phase_words[window_phase(window, today)], "days_left",
			 window_days_left(window, today), "weekdays_left",
			 window_weekdays_left(window, today));
}

json_t *view_device_names(const struct device *device)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "host_name", view_text(device->host_name),
			 "serial", view_text(device->serial), "asset_tag",
			 view_text(device->asset_tag), "model", view_text(device->model));
}

bool view_sees(const struct view *view, const char *lea_code, const char *site_code)
{
	const struct place place = { site_code ? SCOPE_SITE : SCOPE_LEA, lea_code, site_code };

	return view->grants && access_allows(view->grants, MAY_SEE, &place);
}

bool view_knows_lea(const struct view *view, const char *lea_code)
{
	if (view_sees(view, lea_code, NULL))
		return true;
	for (size_t i = 0; view->grants && i < view->grants->n_grants; i++) {
		const struct grant *grant = &view->grants->grants[i];

		if (grant->scope == SCOPE_SITE && strcmp(grant->lea_code, lea_code) == 0 &&
		    view_sees(view, grant->lea_code, grant->code))
			return true;
	}
	return false;
}
