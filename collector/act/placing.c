/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include <jansson.h>

#include "collector/act/placing.h"
#include "collector/act/rollup.h"
#include "collector/store/store_device.h"
#include "common/base/mem.h"
#include "common/model/document.h"
#include "common/model/placeholder.h"

/* Facts that nobody can read are of no use to the judge, who then says unknown. */
static void forget_damage(struct device *device)
{
	json_t *facts = device->facts ? json_loads(device->facts, 0, NULL) : NULL;

	if (!facts) {
		free(device->facts);
		device->facts = NULL;
	}
	json_decref(facts);
}

int placing_open(const struct moment *moment, const char *device_id, struct placing *ret_placing,
		 struct err *err)
{
	struct placing placing = { .moment = moment };
	int r = store_device_get(moment->store, device_id, &placing.before, err);

	if (r == -EBADMSG)
		r = store_device_head(moment->store, device_id, &placing.before, err);
	if (r >= 0)
		forget_damage(&placing.before);
	if (r >= 0)
		r = store_placement_sum(moment->store, device_id, &placing.sum, err);
	if (r < 0) {
		placing_close(&placing);
		return r;
	}
	device_copy(&placing.before, &placing.after);
	*ret_placing = placing;
	return 0;
}

void placing_close(struct placing *placing)
{
	judge_done(&placing->judge);
	device_done(&placing->before);
	device_done(&placing->after);
	*placing = (struct placing){ 0 };
}

static int go_to(struct placing *placing, const char *site_code, struct err *err)
{
	const struct moment *moment = placing->moment;

	device_set(&placing->after.site_code, site_code);
	return judge_open(moment->store, moment->cache, site_code, moment->now_ms, &placing->judge,
			  err);
}

static bool is_elsewhere(const struct placing *placing)
{
	return strcmp(placing->before.site_code, placing->after.site_code) != 0;
}

#define EVER (-1) /* for what is asked since when */

/* --- one machine counts once ----------------------------------------------------------- */

static bool agrees(const char *a, const char *b)
{
	return !a[0] || !b[0] || strcmp(a, b) == 0;
}

/* What is of a time to come was written by a clock that was set back since: it was there before. */
static bool is_since(const struct placing *placing, const struct device *line, int64_t since_ms)
{
	return since_ms == EVER ||
	       (line->since_ms > since_ms && line->since_ms <= placing->moment->now_ms);
}

/*
 * Whether the line @id waits for this device, since after @since_ms: what is called alike may be
 * another by a number.
 */
static int read_line(const struct placing *placing, const char *id, int64_t since_ms,
		     struct device *ret_line, struct err *err)
{
	const struct device *device = &placing->before;
	int r = store_device_head(placing->moment->store, id, ret_line, err);

	if (r < 0)
		return r;
	return strcmp(id, device->id) != 0 && ret_line->enrolled_ms == 0 &&
	       is_since(placing, ret_line, since_ms) &&
	       agrees(ret_line->asset_tag, device->asset_tag) &&
	       agrees(serial_of_one(ret_line->serial), serial_of_one(device->serial));
}

/*
 * The line of the inventory of the site where the device is to be that waits for it, as an
 * enrolment would find it: 1 and device_done() *@ret_line, or 0.
 */
static int find_line(const struct placing *placing, int64_t since_ms, struct device *ret_line,
		     struct err *err)
{
	const struct device *device = &placing->after;
	const char *const values[] = {
		[DEVICE_NAME_ASSET_TAG] = device->asset_tag,
		[DEVICE_NAME_SERIAL] = serial_of_one(device->serial),
		[DEVICE_NAME_HOST] = device->host_name,
	};

	for (unsigned i = 0; i < DEVICE_NAME_MAX_; i++) {
		_cleanup_(device_done) struct device line = { 0 };
		char id[ID_SIZE];
		int r = 0;

		if (values[i][0])
			r = store_device_find_line(placing->moment->store, device->site_code,
						   (enum device_name)i, values[i], id, err);
		if (r > 0)
			r = read_line(placing, id, since_ms, &line, err);
		if (r > 0) {
			*ret_line = line;
			line = (struct device){ 0 };
		}
		if (r != 0)
			return r;
	}
	return 0;
}

/* Another device of the site that seems to be the same machine would make it count twice. */
static int check_twin(const struct placing *placing, int64_t since_ms, struct err *err)
{
	const struct device *device = &placing->after;
	char id[ID_SIZE];
	bool has_serial = serial_of_one(device->serial)[0] != '\0';
	int r = has_serial ? store_placement_twin(placing->moment->store, device, since_ms, id, err)
			   : 0;

	if (r <= 0)
		return r;
	return err_set(err, -EALREADY,
		       "Site %s has device %s already, which has the same serial number '%.64s' "
		       "and counts: one machine would count twice. Retire the one of the two that "
		       "is not there.",
		       device->site_code, id, device->serial);
}

static int remove_line(const struct placing *placing, const struct device *line, struct err *err)
{
	int r = store_device_delete(placing->moment->store, line->id, err);

	return r < 0 ? r : rollup_change(placing->moment->store, line, NULL, err);
}

static char *line_text(const struct device *line)
{
	json_t *json =
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "id", line->id, "role",
			  device_role_text(line->role), "room", line->room, "asset_tag",
			  line->asset_tag, "serial", line->serial, "host_name", line->host_name);
	char *text = document_canonical(json);

	json_decref(json);
	return text;
}

/* The device takes the place of the line that waits for it: that says what room and role it has. */
static int take_line(struct placing *placing, struct placement *placement, struct err *err)
{
	_cleanup_(device_done) struct device line = { 0 };
	struct device *after = &placing->after;
	int r = check_twin(placing, EVER, err);

	if (r >= 0)
		r = find_line(placing, EVER, &line, err);
	if (r <= 0)
		return r;
	device_set(&after->room, line.room);
	after->role = line.role;
	if (line.asset_tag[0])
		device_set(&after->asset_tag, line.asset_tag);
	free(placement->line);
	placement->line = line_text(&line);
	return remove_line(placing, &line, err);
}

/*
 * The same where the device is to be what it was, whatever the line says. What was beside it
 * before @placement was done is so again.
 */
static int drop_line(struct placing *placing, struct placement *placement, struct err *err)
{
	_cleanup_(device_done) struct device line = { 0 };
	int r = check_twin(placing, placement->done_ms, err);

	if (r >= 0)
		r = find_line(placing, placement->done_ms, &line, err);
	if (r <= 0)
		return r;
	free(placement->dropped);
	placement->dropped = line_text(&line);
	return remove_line(placing, &line, err);
}

static const char *text_of(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text ? text : "";
}

/* The line that was taken waits again. */
static int put_line_back(const struct placing *placing, const struct placement *placement,
			 struct err *err)
{
	json_t *json = placement->line[0] ? json_loads(placement->line, 0, NULL) : NULL;
	struct device line = {
		.id = (char *)text_of(json, "id"),
		.site_code = placement->to.site_code,
		.room = (char *)text_of(json, "room"),
		.is_expected = true,
		.asset_tag = (char *)text_of(json, "asset_tag"),
		.serial = (char *)text_of(json, "serial"),
		.host_name = (char *)text_of(json, "host_name"),
		.model = (char *)"",
		.agent_version = (char *)"",
		.state = STATE_NEVER_SEEN,
		.since_ms = placing->moment->now_ms,
		.profile_id = (char *)"",
		.profile_version = (char *)"",
		.results = (char *)"",
		.browser = RESULT_UNKNOWN,
		.facts_hash = (char *)"",
	};
	int r = 0;

	if (placement->line[0]) {
		r = device_role_parse(text_of(json, "role"), &line.role);
		if (r < 0)
			r = err_set(err, -EUCLEAN, "device %s: the line of its placement: '%s'",
				    placement->device_id, placement->line);
		if (r >= 0)
			r = store_device_insert(placing->moment->store, &line, err);
		if (r >= 0)
			r = rollup_change(placing->moment->store, NULL, &line, err);
	}
	json_decref(json);
	return r;
}

/* --- whether it can be done ------------------------------------------------------------ */

static int check_in_use(const struct placing *placing, struct err *err)
{
	if (placing->before.state == STATE_RETIRED)
		return err_set(err, -EALREADY, "The device is retired; restore it first.");
	return 0;
}

static int check_move(const struct placing *placing, const struct placement *placement,
		      struct err *err)
{
	const struct device *before = &placing->before;
	const struct spot *to = &placement->to;
	int r = check_in_use(placing, err);

	if (r < 0)
		return r;
	if (strcmp(to->site_code, before->site_code) == 0 &&
	    (!to->room || strcmp(to->room, before->room) == 0) &&
	    (!to->has_role || to->role == before->role))
		return err_set(err, -EALREADY,
			       "The device is there already: site %s, room '%s', role %s.",
			       before->site_code, before->room, device_role_text(before->role));
	return 0;
}

static int check_retire(const struct placing *placing, const struct placement *placement,
			struct err *err)
{
	(void)placement;
	if (placing->before.state == STATE_RETIRED)
		return err_set(err, -EALREADY, "The device is retired already.");
	if (placing->before.state == STATE_CONFLICT)
		return err_set(
			err, -EALREADY,
			"The device is in conflict: two machines seem to use its key. Settle "
			"that first, so that the right one is retired.");
	return 0;
}

static int check_restore(const struct placing *placing, const struct placement *placement,
			 struct err *err)
{
	(void)placement;
	if (placing->before.state != STATE_RETIRED)
		return err_set(err, -EALREADY, "The device is not retired.");
	if (!placing->sum.is_retired)
		return err_set(err, -EALREADY,
			       "The device was retired when a conflict was settled, as the one of "
			       "two machines that is not it; undo how that was settled.");
	return 0;
}

/* --- doing it -------------------------------------------------------------------------- */

static int do_move(struct placing *placing, struct placement *placement, struct err *err)
{
	const struct spot *to = &placement->to;
	struct device *after = &placing->after;
	int r = go_to(placing, to->site_code, err);

	if (r >= 0 && is_elsewhere(placing)) {
		/* A person says that it is there; a room is one of another building now. */
		device_set(&after->room, "");
		after->is_expected = true;
		r = take_line(placing, placement, err);
	}
	if (r < 0)
		return r;
	if (to->room)
		device_set(&after->room, to->room);
	if (to->has_role)
		after->role = to->role;
	/* One without results may be in doubt, see act_places_due(): somebody says where it is. */
	if (!is_elsewhere(placing) && after->role == placing->before.role && after->results[0])
		return 0;
	return judge_again(&placing->judge, after, err);
}

static void set_state(struct placing *placing, enum device_state state)
{
	placing->after.state = state;
	placing->after.since_ms = placing->moment->now_ms;
}

static int do_retire(struct placing *placing, struct placement *placement, struct err *err)
{
	(void)placement;
	set_state(placing, STATE_RETIRED);
	return go_to(placing, placing->before.site_code, err);
}

/* It counts again, whatever the inventory lists: a person says that it is there. */
static int do_restore(struct placing *placing, struct placement *placement, struct err *err)
{
	int r = go_to(placing, placing->before.site_code, err);

	placing->after.is_expected = true;
	if (r >= 0)
		r = take_line(placing, placement, err);
	set_state(placing, STATE_UNKNOWN);
	return r < 0 ? r : judge_again(&placing->judge, &placing->after, err);
}

/* --- taking it back -------------------------------------------------------------------- */

static int undo_move(struct placing *placing, struct placement *placement, struct err *err)
{
	const struct spot *was = &placement->was;
	struct device *after = &placing->after;
	int r = go_to(placing, was->site_code, err);

	if (r >= 0 && is_elsewhere(placing) && was->is_expected)
		r = drop_line(placing, placement, err);
	if (r < 0)
		return r;
	device_set(&after->room, was->room);
	after->role = was->role;
	if (!is_elsewhere(placing) && after->role == placing->before.role)
		return 0;
	return judge_again(&placing->judge, after, err);
}

static int undo_retire(struct placing *placing, struct placement *placement, struct err *err)
{
	int r = go_to(placing, placing->before.site_code, err);

	if (r >= 0 && placement->was.is_expected)
		r = drop_line(placing, placement, err);
	set_state(placing, STATE_UNKNOWN);
	return r < 0 ? r : judge_again(&placing->judge, &placing->after, err);
}

static int undo_restore(struct placing *placing, struct placement *placement, struct err *err)
{
	int r = go_to(placing, placing->before.site_code, err);

	device_set(&placing->after.room, placement->was.room);
	placing->after.role = placement->was.role;
	/* By its role of before; it is retired whatever comes of that. */
	if (r >= 0)
		r = judge_again(&placing->judge, &placing->after, err);
	set_state(placing, STATE_RETIRED);
	return r;
}

static const struct {
	int (*check)(const struct placing *placing, const struct placement *placement,
		     struct err *err);
	int (*run)(struct placing *placing, struct placement *placement, struct err *err);
	int (*undo)(struct placing *placing, struct placement *placement, struct err *err);
} kinds[] = {
	[PLACEMENT_MOVE] = { check_move, do_move, undo_move },
	[PLACEMENT_RETIRE] = { check_retire, do_retire, undo_retire },
	[PLACEMENT_RESTORE] = { check_restore, do_restore, undo_restore },
};
static_assert(ARRAY_SIZE(kinds) == PLACEMENT_KIND_MAX_, "every kind can be done");

enum action placing_action(enum placement_kind kind, const char *from_site, const char *to_site,
			   bool has_role)
{
	assert(from_site && to_site);
	return kind == PLACEMENT_MOVE && !has_role && strcmp(from_site, to_site) == 0
		       ? MAY_MEND_INVENTORY
		       : MAY_MEND_DEVICES;
}

int placing_check(const struct placing *placing, const struct placement *placement, struct err *err)
{
	return kinds[placement->kind].check(placing, placement, err);
}

static void set_text(char **text, const char *value)
{
	free(*text);
	*text = xstrdup(value);
}

static void write_spot(const struct device *device, struct spot *spot)
{
	set_text(&spot->site_code, device->site_code);
	set_text(&spot->room, device->room);
	spot->has_role = true;
	spot->role = device->role;
	spot->is_expected = device->is_expected;
}

int placing_do(struct placing *placing, struct placement *placement, struct err *err)
{
	int r = placing_check(placing, placement, err);

	if (r >= 0)
		r = kinds[placement->kind].run(placing, placement, err);
	if (r >= 0)
		r = judge_save(&placing->judge, &placing->before, &placing->after, err);
	if (r < 0)
		return r;
	write_spot(&placing->before, &placement->was);
	write_spot(&placing->after, &placement->to);
	set_text(&placement->was_tag, placing->before.asset_tag);
	placement->status = PLACEMENT_DONE;
	placement->done_ms = placing->moment->now_ms;
	placement->turn = placing->sum.last_turn + 1;
	return 0;
}

int placing_undo(struct placing *placing, struct placement *placement, struct err *err)
{
	const struct placement_scene scene =
		placement_scene(&placing->before, &placing->sum, placing->moment->now_ms);
	int r = placement_check_undo(placement, &scene, err);

	if (r < 0)
		return r;
	placing->after.is_expected = placement->was.is_expected;
	if (placement->line[0])
		device_set(&placing->after.asset_tag, placement->was_tag);
	r = kinds[placement->kind].undo(placing, placement, err);
	if (r >= 0)
		r = judge_save(&placing->judge, &placing->before, &placing->after, err);
	if (r >= 0)
		r = put_line_back(placing, placement, err);
	if (r >= 0)
		placement->status = PLACEMENT_UNDONE;
	return r;
}
