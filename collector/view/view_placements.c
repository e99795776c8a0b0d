/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/store/store_placement.h"
#include "collector/store/store_site.h"
#include "collector/view/view_placements.h"

static json_t *text_or_null(const char *text)
{
	return text[0] ? view_text(text) : json_null();
}

/* Where it is or was; a site that whoever asks may know nothing of has no name. */
static int make_spot(const struct view *view, const struct spot *spot, json_t **ret_json,
		     struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	int r = store_site_get(view->store, spot->site_code, &site, err);

	if (r < 0)
		return r;
	*ret_json = json_pack(
		"{s:o, s:o, s:o, s:b}", "site",
		view_sees(view, site.lea_code, site.code) ? view_named(site.code, site.name)
							  : json_null(),
		"room", spot->room ? view_text(spot->room) : json_null(), "role",
		spot->has_role ? json_string(device_role_text(spot->role)) : json_null(),
		"expected", spot->is_expected);
	return 0;
}

static json_t *make_head(const struct placement *placement)
{
	bool is_done = placement->status == PLACEMENT_DONE;

	return json_pack("{s:I, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			 "number", (json_int_t)placement->number, "kind",
			 placement_kind_words[placement->kind], "status",
			 placement_status_words[placement->status], "asked_at",
			 view_time(placement->asked_ms), "asked_by", view_text(placement->asked_by),
			 "on", placement->on ? view_day(placement->on) : json_null(), "done_at",
			 view_time(placement->done_ms), "ended_at", view_time(placement->ended_ms),
			 "ended_by", text_or_null(placement->ended_by), "reason",
			 text_or_null(placement->reason), "note", text_or_null(placement->note),
			 "why", text_or_null(placement->why), "undo_until",
			 is_done ? view_time(placement_undo_until(placement)) : json_null());
}

static int make_one(const struct view *view, const struct placement *placement,
		    const struct placement_scene *scene, json_t **ret_json, struct err *err)
{
	json_t *json = make_head(placement), *from = NULL, *to = NULL;
	struct err why = { 0 };
	bool can_end = placement_check_undo(placement, scene, &why) >= 0;
	int r = make_spot(view, &placement->was, &from, err);

	if (r >= 0)
		r = make_spot(view, &placement->to, &to, err);
	/* It may name a device there. */
	if (to && placement->why[0] && !placement_why_is_of_leas(placement->why) &&
	    json_is_null(json_object_get(to, "site")))
		json_object_set_new(json, "why",
				    json_string("It could not be done at the other site. Who may "
						"see both sites sees why."));
	json_object_set_new(json, "from", from ? from : json_null());
	json_object_set_new(json, "to", to ? to : json_null());
	json_object_set_new(json, "can_take_back", json_boolean(can_end));
	json_object_set_new(json, "cannot_because", can_end ? json_null() : view_text(why.text));
	if (r < 0)
		json_decref(json);
	else
		*ret_json = json;
	return r;
}

int view_placements_add(const struct view *view, const struct device *device, json_t *json,
			struct err *err)
{
	_cleanup_(placement_list_done) struct placement_list list = { 0 };
	char version[PLACE_VERSION_SIZE] = "";
	struct placement_scene scene = { 0 };
	struct placement_sum sum = { 0 };
	json_t *rows = json_array(), *row;
	bool is_heard = device->state == STATE_RETIRED && device->seen_ms > device->since_ms;
	int r = store_placement_sum(view->store, device->id, &sum, err);

	if (r >= 0) {
		placement_version(device, &sum, version);
		scene = placement_scene(device, &sum, view->now_ms);
		r = store_placement_list(view->store, device->id, PLACEMENTS_SHOWN, &list, err);
	}
	for (size_t i = 0; i < list.n_placements && r >= 0; i++) {
		/* The device's notes and `check` tell of it. */
		if (list.placements[i].damage)
			continue;
		r = make_one(view, &list.placements[i], &scene, &row, err);
		if (r >= 0)
			json_array_append_new(rows, row);
	}
	json_object_set_new(json, "placements", rows);
	json_object_set_new(json, "place_version", json_string(version));
	json_object_set_new(json, "heard_since_retired", view_time(is_heard ? device->seen_ms : 0));
	return r;
}

/* The device, of which whoever asks may know. */
static int find_device(const struct view *view, const char *id, struct device *ret_device,
		       struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	int r = store_device_head(view->store, id, ret_device, err);

	if (r >= 0)
		r = store_site_get(view->store, ret_device->site_code, &site, err);
	if (r >= 0 && !view_sees(view, site.lea_code, site.code))
		return err_set(err, -ENOENT, "no device has the id '%s'", id);
	return r;
}

int view_placement(const struct view *view, const char *device_id, int64_t number,
		   json_t **ret_json, struct err *err)
{
	_cleanup_(placement_done) struct placement placement = { 0 };
	_cleanup_(device_done) struct device device = { 0 };
	struct placement_scene scene;
	struct placement_sum sum;
	int r = find_device(view, device_id, &device, err);

	if (r >= 0)
		r = store_placement_get(view->store, device_id, number, &placement, err);
	if (r >= 0)
		r = store_placement_sum(view->store, device_id, &sum, err);
	if (r < 0)
		return r;
	scene = placement_scene(&device, &sum, view->now_ms);
	return make_one(view, &placement, &scene, ret_json, err);
}
