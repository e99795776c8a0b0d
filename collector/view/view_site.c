/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/domain/fix_first.h"
#include "collector/domain/readiness.h"
#include "collector/store/store_judged.h"
#include "collector/store/store_site.h"
#include "collector/view/profile_words.h"
#include "collector/view/site_summary.h"
#include "collector/view/site_words.h"
#include "collector/view/view_site.h"

/*
 * The tiles add up to the expected devices, and each is a list by state; but for the
 * waived ones, which are a part of the ready ones.
 */
static json_t *tiles(const struct site_count *count, int64_t n_waived)
{
	const int64_t *states = count->states;
	json_int_t others = states[STATE_UNKNOWN] + states[STATE_STALE] + states[STATE_NEVER_SEEN] +
			    states[STATE_CONFLICT];

	return json_pack("{s:I, s:I, s:I, s:I}", "ready", (json_int_t)site_count_ready(count),
			 "waived", (json_int_t)n_waived, "needs_work",
			 (json_int_t)states[STATE_NOT_READY], "unknown_or_stale", others);
}

static json_t *work(const struct profile *profile, const struct fix_work *w)
{
	json_t *requirements = json_array(), *rooms = json_array();

	for (size_t i = 0; i < profile->n_requirements; i++) {
		if (w->requirements[i / 64] >> (i % 64) & 1)
			json_array_append_new(requirements, view_text(profile->requirements[i].id));
	}
	for (size_t i = 0; i < w->n_rooms; i++)
		json_array_append_new(rooms, view_text(w->rooms[i]));
	return json_pack("{s:o, s:o, s:s, s:o, s:I, s:I, s:I, s:I, s:o}", "id",
			 view_text(w->fix->id), "text", view_text(w->fix->text), "severity",
			 severity_words[w->severity], "requirements", requirements, "devices",
			 (json_int_t)w->devices, "makes_ready", (json_int_t)w->makes_ready,
			 "minutes_each", (json_int_t)w->fix->minutes, "minutes",
			 (json_int_t)w->minutes, "rooms", rooms);
}

/* Add "next_action" and "fixes". */
static int add_work(const struct view *view, const struct judged_site *judged,
		    const struct profile *profile, json_t *json, struct err *err)
{
	char action[READINESS_TEXT_SIZE];
	struct pattern_list patterns = { 0 };
	struct fix_list list = { 0 };
	json_t *fixes = json_array();

	if (profile) {
		int r = store_site_patterns(view->store, judged->site->code, profile->version,
					    &patterns, err);

		if (r < 0) {
			json_decref(fixes);
			return r;
		}
		fix_first(profile, patterns.patterns, patterns.n_patterns, &list);
	}
	readiness_next_action(&judged->site->count, judged->window, judged->is_certifiable, &list,
			      action);
	for (size_t i = 0; i < list.n_works; i++)
		json_array_append_new(fixes, work(profile, &list.works[i]));
	json_object_set_new(json, "next_action", json_string(action));
	json_object_set_new(json, "fixes", fixes);
	fix_list_done(&list);
	pattern_list_done(&patterns);
	return 0;
}

/* Add what people say of the site, and its rooms with their numbers. */
static int add_about(const struct view *view, const struct site *site, json_t *json,
		     struct err *err)
{
	_cleanup_(site_about_done) struct site_about about = { 0 };
	_cleanup_(room_list_done) struct room_list rooms = { 0 };
	int r = store_site_rooms(view->store, site->code, &rooms, err);

	if (r >= 0)
		r = site_about_read(view->store, site, &about, err);
	if (r < 0)
		return r;
	json_object_set_new(json, "version", json_string(about.version));
	json_object_set_new(json, "zone", view_text(site->zone));
	json_object_set_new(json, "contacts", site_contact_words(&about.contacts));
	json_object_set_new(json, "tracks", track_words(about.tracks));
	json_object_set_new(json, "rooms", room_words(&rooms, &about.rooms));
	return 0;
}

static json_t *rules(const struct site_detail *detail)
{
	json_t *json = json_array();

	for (size_t i = 0; i < CERTIFY_MAX_; i++) {
		const struct certify_rule *rule = &detail->rules[i];
		json_t *needed =
			rule->needed_percent < 0 ? json_null() : json_integer(rule->needed_percent);

		json_array_append_new(json, json_pack("{s:s, s:s, s:b, s:o, s:o}", "id", rule->id,
						      "title", rule->title, "met", rule->is_met,
						      "evidence", view_text(rule->evidence),
						      "needed_percent", needed));
	}
	return json;
}

/* Those of the document that are in force; the title is of what is waived. */
static json_t *waivers(const struct profile *profile)
{
	json_t *json = json_array();

	for (size_t i = 0; i < profile->n_waivers; i++) {
		const struct profile_waiver *waiver = &profile->waivers[i];
		int place = profile_find(profile, waiver->requirement);

		json_array_append_new(json, json_pack("{s:o, s:s, s:o, s:o, s:o, s:o}", "id",
						      view_text(waiver->id), "scope", waiver->scope,
						      "requirement", view_text(waiver->requirement),
						      "title",
						      view_text(profile->requirements[place].title),
						      "reason", view_text(waiver->reason), "until",
						      view_day(waiver->until)));
	}
	return json;
}

/* null where nothing judges the site. */
static json_t *judged_by(const struct site *site, const struct profile *profile, int64_t n_left)
{
	if (!profile)
		return json_null();
	return json_pack("{s:s, s:o, s:s, s:o, s:o, s:o}", "id", profile->id, "title",
			 view_text(profile->title), "version", profile->version, "judging",
			 site->is_queued ? json_pack("{s:I}", "devices_left", (json_int_t)n_left)
					 : json_null(),
			 "supplements", supplements_words(profile), "waivers", waivers(profile));
}

static int read_detail(const struct view *view, const char *code, struct site_detail *ret_detail,
		       struct err *err)
{
	int r = store_site_waived(view->store, code, &ret_detail->n_waived, err);

	return r < 0 ? r : store_site_left(view->store, code, &ret_detail->n_left, err);
}

static int make(const struct view *view, const struct site *site, json_t **ret_json,
		struct err *err)
{
	char sentence[READINESS_TEXT_SIZE];
	int32_t today = view_today(view);
	const struct profile *profile;
	struct site_detail detail;
	struct judged_site judged;
	json_t *json;
	int r = view_profile(view, site->has_window ? site->window.profile_version : NULL, &profile,
			     err);

	if (r >= 0)
		r = read_detail(view, site->code, &detail, err);
	if (r < 0)
		return r;
	site_judge(site, profile ? &profile->rules : NULL, &detail, today, &judged);
	readiness_sentence(&site->count, judged.window, judged.is_certifiable, today, sentence);
	json = site_summary(&judged, today);
	json_object_set_new(json, "sentence", json_string(sentence));
	json_object_set_new(json, "profile", judged_by(site, profile, detail.n_left));
	json_object_set_new(json, "tiles", tiles(&site->count, detail.n_waived));
	json_object_set_new(json, "rules", rules(&detail));
	r = add_work(view, &judged, profile, json, err);
	if (r >= 0)
		r = add_about(view, site, json, err);
	if (r < 0)
		json_decref(json);
	else
		*ret_json = json;
	return r;
}

int view_site(const struct view *view, const char *code, json_t **ret_json, struct err *err)
{
	struct site site;
	int r = store_site_get(view->store, code, &site, err);

	if (r < 0)
		return r;
	r = view_sees(view, site.lea_code, site.code)
		    ? make(view, &site, ret_json, err)
		    : err_set(err, -ENOENT, "no site has the code '%s'", code);
	site_done(&site);
	return r;
}
