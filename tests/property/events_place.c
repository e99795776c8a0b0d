/* SPDX-License-Identifier: Apache-2.0 */
/* Devices and lines of inventories are moved, retired and restored, and that is taken back. */
#include "tests/property/events.h"

#include <errno.h>

#include "collector/act/act_place.h"

#define PICK(world, list) ((list)[pick(world, ARRAY_SIZE(list))])

/* Any row there is, most often one of @sql. */
static bool pick_row(struct world *world, const char *sql, char id[static ID_SIZE])
{
	struct school *school = &world->school;
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	char ids[DEVICES_MAX * 8][ID_SIZE];
	size_t n = 0;

	if (pick(world, 4) == 0)
		sql = "SELECT id FROM device ORDER BY id";
	must(school, db_query(school->store->db, sql, &rows, &school->err, ""));
	while (n < ARRAY_SIZE(ids) && db_next(rows, &school->err) > 0)
		snprintf(ids[n++], ID_SIZE, "%s", db_text(rows, 0));
	if (n == 0) {
		say(world, "(there is no such device)");
		return false;
	}
	memcpy(id, ids[pick(world, (unsigned)n)], ID_SIZE);
	return true;
}

/* What undoing puts back; what the device is judged to be follows from that. */
static char *what_is(struct world *world, const char *id)
{
	struct school *school = &world->school;
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;

	must(school,
	     db_query(school->store->db,
		      "SELECT site_code || '|' || role || '|' || room || '|' || is_expected || '|' "
		      "|| asset_tag || '|' || serial || '|' || host_name || '|' || "
		      "COALESCE(key_hash, '') || '|' || COALESCE(seen_ms, 0) || '|' || CASE "
		      "WHEN state IN ('retired', 'conflict') THEN state ELSE '' END || '|' || "
		      "facts_hash || '|' || COALESCE(hex(past), '') || '|' || "
		      "(SELECT count(*) FROM device) || '|' || (SELECT sum(n) FROM site_pattern) "
		      "FROM device WHERE id = $1",
		      &rows, &school->err, "t", id));
	return xstrdup(db_next(rows, &school->err) > 0 ? db_text(rows, 0) : "");
}

/* Two rows that enrolled with one serial number do not both count at the site of @id. */
static void expect_once(struct world *world, const char *id)
{
	_cleanup_free_ char *sql = xasprintf(
		"SELECT count(*) FROM device a JOIN device b ON b.serial = a.serial AND "
		"b.site_code = a.site_code AND b.id <> a.id WHERE a.id = '%s' AND a.serial <> '' "
		"AND a.is_expected = 1 AND b.is_expected = 1 AND a.state <> 'retired' AND b.state "
		"<> 'retired' AND b.enrolled_ms IS NOT NULL",
		id);

	if (school_number(&world->school, sql) != 0)
		fail_msg("device %.4s counts beside another one with its serial number", id);
}

static struct place_wish pick_wish(struct world *world, const char *id)
{
	static const char *const rooms[] = { NULL, "", "r1", "r2", "r3" };
	static const unsigned kinds[] = { PLACEMENT_MOVE, PLACEMENT_MOVE, PLACEMENT_MOVE,
					  PLACEMENT_RETIRE, PLACEMENT_RESTORE };
	struct place_wish wish = {
		.device_id = id,
		.kind = (enum placement_kind)PICK(world, kinds),
		.note = "because",
	};
	unsigned days = pick(world, 3) ? 0 : pick(world, 12);

	if (wish.kind == PLACEMENT_MOVE) {
		wish.site_code = pick(world, 3) ? site_codes[pick(world, SITES)] : NULL;
		wish.room = PICK(world, rooms);
		wish.has_role = pick(world, 3) == 0;
		wish.role = (enum device_role)pick(world, ROLE_MAX_);
	}
	if (days && wish.kind != PLACEMENT_RESTORE)
		wish.on = civil_of_ms(world->school.now_ms) + (int32_t)days;
	return wish;
}

static void say_wish(struct world *world, const struct place_wish *wish)
{
	say(world, "device %.4s: %s", wish->device_id, placement_kind_words[wish->kind]);
	if (wish->site_code)
		say(world, " to %s", wish->site_code);
	if (wish->room)
		say(world, " room '%s'", wish->room);
	if (wish->has_role)
		say(world, " as %s", device_role_words[wish->role]);
	if (wish->on)
		say(world, " in %d days", (int)(wish->on - civil_of_ms(world->school.now_ms)));
}

/* No act but these may have refused: what is wrong then is the collector's. */
static bool is_refused(struct world *world, int r)
{
	if (r < 0 && r != -EALREADY && r != -EINVAL)
		fail_msg("%s", world->school.err.text);
	world->is_refused = r < 0;
	if (r < 0)
		say(world, ", which is refused: %s", world->school.err.text);
	return r < 0;
}

static void disturb(struct world *world)
{
	for (size_t i = 0; i < world->n_devices; i++)
		world->devices[i].is_undisturbed = false;
}

static const char *const rows_of[] = {
	[PLACEMENT_MOVE] = "SELECT id FROM device WHERE state <> 'retired' ORDER BY id",
	[PLACEMENT_RETIRE] = "SELECT id FROM device WHERE state <> 'retired' ORDER BY id",
	[PLACEMENT_RESTORE] = "SELECT id FROM device WHERE state = 'retired' ORDER BY id",
};

void place(struct world *world)
{
	struct school *school = &world->school;
	const struct moment moment = { school->store, school->cache, school->now_ms };
	_cleanup_free_ char *before = NULL, *after = NULL;
	char id[ID_SIZE];
	struct place_wish wish;
	int64_t number;
	int r;

	wish = pick_wish(world, id);
	if (!pick_row(world, rows_of[wish.kind], id))
		return;
	say_wish(world, &wish);
	before = what_is(world, id);
	if (is_refused(world,
		       act_place(&moment, &actor_command_line, &wish, &number, &school->err)))
		return;
	disturb(world);
	if (!wish.on && (wish.kind == PLACEMENT_RESTORE ||
			 (wish.site_code && strncmp(wish.site_code, before, 4) != 0)))
		expect_once(world, id);
	/* Taken back at once, all is as it was. */
	if (pick(world, 3) || wish.on)
		return;
	say(world, ", taken back");
	r = act_place_end(&moment, &actor_command_line,
			  &(struct place_end){ .device_id = id, .number = number }, &number,
			  &school->err);
	if (world->is_set_back && is_refused(world, r))
		return;
	must(school, r);
	after = what_is(world, id);
	if (strcmp(before, after) != 0)
		fail_msg("what was taken back was\n    %s, and is\n    %s", before, after);
}

/* Lines that an inventory lists no more are gone, and their placements are not. */
#define PLACED "SELECT device_id FROM placement p JOIN device ON id = device_id WHERE status = "

void take_back(struct world *world)
{
	struct school *school = &world->school;
	const struct moment moment = { school->store, school->cache, school->now_ms };
	struct place_end end = { .is_plan = pick(world, 3) == 0 };
	char id[ID_SIZE];
	int64_t number;

	if (!pick_row(world, end.is_plan ? PLACED "'planned'" : PLACED "'done'", id))
		return;
	end.device_id = id;
	say(world, "device %.4s: %s", id, end.is_plan ? "cancel" : "undo");
	if (!is_refused(world,
			act_place_end(&moment, &actor_command_line, &end, &number, &school->err)))
		disturb(world);
}
