/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/store/store_conflict.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_judged.h"
#include "collector/store/store_site.h"
#include "collector/view/view_device.h"
#include "collector/view/view_placements.h"
#include "collector/view/view_waivers.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/eval/explain.h"

#define HISTORY_SHOWN 200
/* More is read than shown, so that a result that keeps changing does not hide since when
 * another one is as it is. */
#define HISTORY_READ 2000
#define NOTES_SHOWN 100

/* Since when the requirement @id has its result: its newest change, else the enrolment. */
static int64_t result_since(const struct device *device, const struct transition_list *history,
			    const char *id)
{
	for (size_t i = 0; i < history->n_transitions; i++) {
		if (strcmp(history->transitions[i].requirement, id) == 0)
			return history->transitions[i].at_ms;
	}
	return device->enrolled_ms ? device->enrolled_ms : device->since_ms;
}

/* What the results of a device are made of. */
struct judged {
	const struct profile *profile; /* NULL: not judged */
	const json_t *facts;           /* NULL: no report */
	const struct transition_list *history;
	int32_t day; /* that it was judged for */
};

/* A new reference, without its waiver. */
static json_t *one_result(const struct judged *judged, size_t index, enum result result,
			  int64_t since_ms)
{
	const struct requirement *requirement = &judged->profile->requirements[index];
	struct explanation why;
	json_t *json;

	explain(judged->profile, index, judged->facts, judged->day, result, &why);
	json = json_pack(
		"{s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:{s:o, s:o, s:I}, s:o}", "id",
		view_text(requirement->id), "title", view_text(requirement->title), "severity",
		severity_words[requirement->severity], "result", result_words[result], "sentence",
		view_text(why.sentence), "observed", view_text(why.observed), "expected",
		view_text(why.expected), "since", view_time(since_ms), "fix", "id",
		view_text(requirement->fix.id), "text", view_text(requirement->fix.text), "minutes",
		(json_int_t)requirement->fix.minutes, "source", view_text(requirement->source));
	explanation_done(&why);
	return json;
}

/* Add "results", by the version that judged the device. */
static int add_results(const struct view *view, const struct device *device,
		       const struct judged *judged, json_t *json, struct err *err)
{
	const struct profile *profile = judged->profile;
	json_t *rows = json_array();
	int r = 0;

	for (size_t i = 0; profile && judged->facts && i < profile->n_requirements && r >= 0; i++) {
		const struct requirement *requirement = &profile->requirements[i];
		json_t *row, *waiver = NULL;
		enum result result;

		if (!device->results[i])
			break;
		if (result_of_letter(device->results[i], &result) < 0)
			continue;
		row = one_result(judged, i, result,
				 result_since(device, judged->history, requirement->id));
		r = view_applied_waiver(view, result == RESULT_WAIVED ? requirement->waiver : NULL,
					&waiver, err);
		if (r >= 0)
			json_object_set_new(row, "waiver", waiver);
		json_array_append_new(rows, row);
	}
	json_object_set_new(json, "results", rows);
	return r;
}

static json_t *result_or_null(const char *word)
{
	return word[0] ? json_string(word) : json_null();
}

static json_t *history_json(const struct transition_list *history)
{
	json_t *json = json_array();

	for (size_t i = 0; i < history->n_transitions && i < HISTORY_SHOWN; i++) {
		const struct transition *t = &history->transitions[i];

		json_array_append_new(json, json_pack("{s:o, s:o, s:o, s:o, s:I}", "at",
						      view_time(t->at_ms), "requirement",
						      view_text(t->requirement), "from",
						      result_or_null(t->old_result), "to",
						      result_or_null(t->new_result), "left_out",
						      (json_int_t)t->left_out));
	}
	return json;
}

/* Results are as of the window's last day; see collector/act/judge.h. */
static int32_t judged_on(const struct view *view, const struct site *site)
{
	return site->has_window ? site->window.last : view_today(view);
}

/* Whether whoever asks may know of the device @id and, unless that is "", of the site @site_code.
 */
static int knows_other(const struct view *view, const char *id, const char *site_code,
		       struct err *err)
{
	_cleanup_(device_done) struct device device = { 0 };
	_cleanup_(site_done) struct site site = { 0 }, named = { 0 };
	int r;

	if (view->grants && access_allows_everywhere(view->grants, MAY_SEE))
		return 1;
	r = store_device_head(view->store, id, &device, err);
	if (r >= 0)
		r = store_site_get(view->store, device.site_code, &site, err);
	if (r >= 0 && site_code[0])
		r = store_site_get(view->store, site_code, &named, err);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	return view_sees(view, site.lea_code, site.code) &&
	       (!site_code[0] || view_sees(view, named.lea_code, named.code));
}

/* Add @note to @list, as far as it may be told. */
static int add_note(const struct view *view, const struct note *note, json_t *list, struct err *err)
{
	int r = note->other_id[0] ? knows_other(view, note->other_id, note->other_site, err) : 1;

	if (r >= 0)
		json_array_append_new(
			list, json_pack("{s:o, s:o, s:I}", "at", view_time(note->at_ms), "text",
					view_text(r > 0 ? note->body : note->other_body),
					"left_out", (json_int_t)note->left_out));
	return r;
}

/* Who it is: the conflict that it is in, the device that it was, what happened to it. */
static int add_identity(const struct view *view, const struct device *device, json_t *json,
			struct err *err)
{
	_cleanup_(note_list_done) struct note_list notes = { 0 };
	char conflict_id[ID_SIZE] = "";
	struct identity identity;
	json_t *list = json_array();
	int r = store_identity_get(view->store, device->id, NULL, &identity, err);
	int has_previous = 0;

	if (r >= 0 && device->state == STATE_CONFLICT)
		r = store_conflict_newest(view->store, device->id, conflict_id, err);
	if (r >= 0)
		r = store_note_list(view->store, device->id, NOTES_SHOWN, &notes, err);
	for (size_t i = 0; r >= 0 && i < notes.n_notes; i++)
		r = add_note(view, &notes.notes[i], list, err);
	if (r >= 0 && identity.previous_id[0])
		r = has_previous = knows_other(view, identity.previous_id, "", err);
	json_object_set_new(json, "conflict", result_or_null(conflict_id));
	json_object_set_new(json, "previous_device",
			    result_or_null(has_previous > 0 ? identity.previous_id : ""));
	json_object_set_new(json, "notes", list);
	return r < 0 ? r : 0;
}

/* Where an older version judged it: by which one, and what comes. */
static json_t *age_sentence(const struct site *site, int64_t made_ms)
{
	_cleanup_free_ char *text = NULL;
	char day[CIVIL_WORDS_SIZE];

	text = xasprintf(
		site->is_queued ? "Judged by the requirements of %s; new ones are being applied."
				: "Judged by the requirements of %s, which its school has no more. "
				  "It is judged by what holds now when it reports.",
		civil_words(civil_of_ms(made_ms), day));
	return json_string(text);
}

/* Add "profile": what judged the device; null where nothing did. */
static int add_profile(const struct view *view, const struct profile *profile,
		       const struct site *site, json_t *json, struct err *err)
{
	bool is_current = profile && site->has_window &&
			  strcmp(site->window.profile_version, profile->version) == 0;
	int64_t made_ms = 0;
	int r = 0;

	if (!profile) {
		json_object_set_new(json, "profile", json_null());
		return 0;
	}
	if (!is_current)
		r = store_version_made(view->store, profile->version, &made_ms, err);
	if (r < 0)
		return r;
	json_object_set_new(json, "profile",
			    json_pack("{s:s, s:o, s:s, s:b, s:o}", "id", profile->id, "title",
				      view_text(profile->title), "version", profile->version,
				      "is_current", is_current, "sentence",
				      is_current ? json_null() : age_sentence(site, made_ms)));
	return 0;
}

/* What is told of it without looking further; the facts are @facts. */
static json_t *head(const struct device *device, const struct site *site, json_t *facts)
{
	return json_pack("{s:s, s:o, s:o, s:s, s:o, s:b, s:s, s:o, s:o, s:o, s:o, s:O}", "id",
			 device->id, "names", view_device_names(device), "site",
			 view_named(site->code, site->name), "role", device_role_text(device->role),
			 "room", view_text(device->room), "expected", device->is_expected, "state",
			 device_state_words[device->state], "since", view_time(device->since_ms),
			 "enrolled_at", view_time(device->enrolled_ms), "seen_at",
			 view_time(device->seen_ms), "agent_version",
			 view_text(device->agent_version), "facts", facts);
}

static int make(const struct view *view, const struct device *device, const struct site *site,
		json_t **ret_json, struct err *err)
{
	_cleanup_(transition_list_done) struct transition_list history = { 0 };
	struct judged judged = { .history = &history, .day = judged_on(view, site) };
	json_t *facts, *json;
	int r = view_profile(view, device->profile_version, &judged.profile, err);

	if (r >= 0)
		r = store_transition_list(view->store, device->id, HISTORY_READ, &history, err);
	if (r < 0)
		return r;
	facts = device->facts ? json_loads(device->facts, 0, NULL) : NULL;
	judged.facts = facts;
	json = head(device, site, facts ? facts : json_null());
	json_object_set_new(json, "history", history_json(&history));
	r = add_profile(view, judged.profile, site, json, err);
	if (r >= 0)
		r = add_results(view, device, &judged, json, err);
	if (r >= 0)
		r = add_identity(view, device, json, err);
	if (r >= 0)
		r = view_placements_add(view, device, json, err);
	json_decref(facts);
	if (r < 0)
		json_decref(json);
	else
		*ret_json = json;
	return r;
}

int view_device(const struct view *view, const char *id, json_t **ret_json, struct err *err)
{
	struct device device;
	struct site site;
	int r = store_device_get(view->store, id, &device, err);

	if (r < 0)
		return r;
	r = store_site_get(view->store, device.site_code, &site, err);
	if (r >= 0) {
		r = view_sees(view, site.lea_code, site.code)
			    ? make(view, &device, &site, ret_json, err)
			    : err_set(err, -ENOENT, "no device has the id '%s'", id);
		site_done(&site);
	}
	device_done(&device);
	return r;
}
