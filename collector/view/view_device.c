/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/store/store_conflict.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_site.h"
#include "collector/view/view_device.h"
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

static json_t *one_result(const struct profile *profile, size_t index, const json_t *facts,
			  int32_t day, enum result result, int64_t since_ms)
{
	const struct requirement *requirement = &profile->requirements[index];
	struct explanation why;
	json_t *json;

	explain(profile, index, facts, day, result, &why);
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

static json_t *results(const struct device *device, const struct profile *profile,
		       const json_t *facts, const struct transition_list *history, int32_t day)
{
	json_t *json = json_array();

	for (size_t i = 0; profile && facts && i < profile->n_requirements; i++) {
		enum result result;

		if (!device->results[i])
			break;
		if (result_of_letter(device->results[i], &result) < 0)
			continue;
		json_array_append_new(json, one_result(profile, i, facts, day, result,
						       result_since(device, history,
								    profile->requirements[i].id)));
	}
	return json;
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

		json_array_append_new(json,
				      json_pack("{s:o, s:o, s:o, s:o}", "at", view_time(t->at_ms),
						"requirement", view_text(t->requirement), "from",
						result_or_null(t->old_result), "to",
						result_or_null(t->new_result)));
	}
	return json;
}

/* Results are as of the window's last day; see collector/act/judge.h. */
static int32_t judged_on(const struct view *view, const struct site *site)
{
	return site->has_window ? site->window.last : view_today(view);
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

	if (r >= 0 && device->state == STATE_CONFLICT)
		r = store_conflict_newest(view->store, device->id, conflict_id, err);
	if (r >= 0)
		r = store_note_list(view->store, device->id, NOTES_SHOWN, &notes, err);
	for (size_t i = 0; r >= 0 && i < notes.n_notes; i++)
		json_array_append_new(list,
				      json_pack("{s:o, s:o}", "at", view_time(notes.notes[i].at_ms),
						"text", view_text(notes.notes[i].body)));
	json_object_set_new(json, "conflict", result_or_null(conflict_id));
	json_object_set_new(json, "previous_device",
			    result_or_null(r < 0 ? "" : identity.previous_id));
	json_object_set_new(json, "notes", list);
	return r < 0 ? r : 0;
}

static int make(const struct view *view, const struct device *device, const struct site *site,
		json_t **ret_json, struct err *err)
{
	struct transition_list history = { 0 };
	const struct profile *profile;
	json_t *facts;
	int r = view_profile(view, device->profile_version, &profile, err);

	if (r >= 0)
		r = store_transition_list(view->store, device->id, HISTORY_READ, &history, err);
	if (r < 0)
		return r;
	facts = device->facts ? json_loads(device->facts, 0, NULL) : NULL;
	*ret_json = json_pack(
		"{s:s, s:o, s:o, s:s, s:o, s:b, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
		device->id, "names", view_device_names(device), "site",
		view_named(site->code, site->name), "role", device_role_text(device->role), "room",
		view_text(device->room), "expected", device->is_expected, "state",
		device_state_words[device->state], "since", view_time(device->since_ms),
		"enrolled_at", view_time(device->enrolled_ms), "seen_at",
		view_time(device->seen_ms), "agent_version", view_text(device->agent_version),
		"profile", view_profile_name(profile), "results",
		results(device, profile, facts, &history, judged_on(view, site)), "facts",
		facts ? json_incref(facts) : json_null(), "history", history_json(&history));
	json_decref(facts);
	transition_list_done(&history);
	r = add_identity(view, device, *ret_json, err);
	if (r < 0)
		json_decref(*ret_json);
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
		r = make(view, &device, &site, ret_json, err);
		site_done(&site);
	}
	device_done(&device);
	return r;
}
