/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_placement.h"
#include "common/base/civil.h"
#include "common/base/mem.h"

#define PLACEMENT_ROW                                                                       \
	"device_id, number, kind, status, asked_ms, asked_by, account_id, on_day, due_ms, " \
	"site_code, room, role, is_expected, was_site, was_room, was_role, was_expected, "  \
	"was_tag, reason, note, line, turn, done_ms, ended_ms, ended_by, why, was_lea, to_lea"

/* The place of @text in @words; -EUCLEAN: it is none of them. */
static int read_word(const char *text, const char *const *words, const struct placement *placement,
		     unsigned *ret_place, struct err *err)
{
	for (unsigned i = 0; words[i]; i++) {
		if (strcmp(words[i], text) != 0)
			continue;
		*ret_place = i;
		return 0;
	}
	return err_set(err, -EUCLEAN, "placement %" PRId64 " of device %s: '%s' is not known",
		       placement->number, placement->device_id, text);
}

static int read_role(const char *text, const struct placement *placement, struct spot *spot,
		     struct err *err)
{
	spot->has_role = text[0] != '\0';
	if (spot->has_role && device_role_parse(text, &spot->role) < 0)
		return err_set(err, -EUCLEAN,
			       "placement %" PRId64 " of device %s: there is no role '%s'",
			       placement->number, placement->device_id, text);
	return 0;
}

static int read_words(struct db_rows *rows, struct placement *placement, struct err *err)
{
	unsigned kind = 0, status = 0;
	int r = read_word(db_text(rows, 2), placement_kind_words, placement, &kind, err);

	if (r >= 0)
		r = read_word(db_text(rows, 3), placement_status_words, placement, &status, err);
	placement->kind = (enum placement_kind)kind;
	placement->status = (enum placement_status)status;
	if (r >= 0 && db_text(rows, 7)[0] &&
	    civil_parse(db_text(rows, 7), &placement->on, NULL) < 0)
		r = err_set(err, -EUCLEAN, "placement %" PRId64 " of device %s: '%.40s' is no day",
			    placement->number, placement->device_id, db_text(rows, 7));
	if (r >= 0)
		r = read_role(db_text(rows, 11), placement, &placement->to, err);
	return r < 0 ? r : read_role(db_text(rows, 15), placement, &placement->was, err);
}

/* @steps_over: a word that is not known is told by ->damage. */
static int read_row(struct db_rows *rows, bool steps_over, struct placement *ret_placement,
		    struct err *err)
{
	struct placement placement = { .number = db_int(rows, 1) };
	struct err why = { 0 };

	snprintf(placement.device_id, ID_SIZE, "%s", db_text(rows, 0));
	if (read_words(rows, &placement, &why) < 0) {
		if (!steps_over)
			return err_set(err, -EUCLEAN, "%s", why.text);
		placement.damage = xstrdup(why.text);
	}
	placement.asked_ms = db_int(rows, 4);
	placement.asked_by = xstrdup(db_text(rows, 5));
	placement.account_id = xstrdup(db_text(rows, 6));
	placement.due_ms = db_int(rows, 8);
	placement.to.site_code = xstrdup(db_text(rows, 9));
	placement.to.room = db_is_null(rows, 10) ? NULL : xstrdup(db_text(rows, 10));
	placement.to.is_expected = db_int(rows, 12) != 0;
	placement.was.site_code = xstrdup(db_text(rows, 13));
	placement.was.room = xstrdup(db_text(rows, 14));
	placement.was.is_expected = db_int(rows, 16) != 0;
	placement.was_tag = xstrdup(db_text(rows, 17));
	placement.reason = xstrdup(db_text(rows, 18));
	placement.note = xstrdup(db_text(rows, 19));
	placement.line = xstrdup(db_text(rows, 20));
	placement.turn = db_int(rows, 21);
	placement.done_ms = db_int(rows, 22);
	placement.ended_ms = db_int(rows, 23);
	placement.ended_by = xstrdup(db_text(rows, 24));
	placement.why = xstrdup(db_text(rows, 25));
	placement.was_lea = xstrdup(db_text(rows, 26));
	placement.to_lea = xstrdup(db_text(rows, 27));
	*ret_placement = placement;
	return 0;
}

/* All rows that are left, also those that cannot be read. */
static int read_list(struct db_rows *rows, struct placement_list *ret_list, struct err *err)
{
	struct placement_list list = { 0 };
	size_t room = 0;
	int r;

	while ((r = db_next(rows, err)) > 0) {
		list.placements =
			xgrow(list.placements, list.n_placements, &room, sizeof(*list.placements));
		r = read_row(rows, true, &list.placements[list.n_placements], err);
		if (r < 0)
			break;
		list.n_placements++;
	}
	if (r < 0) {
		placement_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

static const char *role_text(const struct spot *spot)
{
	return spot->has_role ? device_role_text(spot->role) : "";
}

static const char *day_text(int32_t day, char text[static CIVIL_TEXT_SIZE])
{
	text[0] = '\0';
	return day ? civil_text(day, text) : text;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

int store_placement_add(struct store *store, struct placement *placement, struct err *err)
{
	const struct spot *to = &placement->to, *was = &placement->was;
	struct placement_sum sum;
	char on[CIVIL_TEXT_SIZE];
	int r = store_placement_sum(store, placement->device_id, &sum, err);

	if (r < 0)
		return r;
	placement->number = sum.n + 1;
	return db_exec(store->db,
		       "INSERT INTO placement (" PLACEMENT_ROW
		       ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULLIF($9, 0), $10, $11, $12, "
		       "$13, $14, $15, $16, $17, $18, $19, $20, $21, NULLIF($22, 0), "
		       "NULLIF($23, 0), NULLIF($24, 0), $25, $26, $27, $28)",
		       NULL, err, "tittitttitttitttittttiiitttt", placement->device_id,
		       placement->number, placement_kind_words[placement->kind],
		       placement_status_words[placement->status], placement->asked_ms,
		       or_empty(placement->asked_by), or_empty(placement->account_id),
		       day_text(placement->on, on), placement->due_ms, to->site_code, to->room,
		       role_text(to), (int64_t)to->is_expected, was->site_code, was->room,
		       role_text(was), (int64_t)was->is_expected, or_empty(placement->was_tag),
		       or_empty(placement->reason), or_empty(placement->note),
		       or_empty(placement->line), placement->turn, placement->done_ms,
		       placement->ended_ms, or_empty(placement->ended_by), or_empty(placement->why),
		       or_empty(placement->was_lea), or_empty(placement->to_lea));
}

int store_placement_update(struct store *store, const struct placement *placement, struct err *err)
{
	const struct spot *to = &placement->to, *was = &placement->was;

	return db_exec(store->db,
		       "UPDATE placement SET status = $3, site_code = $4, room = $5, role = $6, "
		       "is_expected = $7, was_room = $8, was_role = $9, was_expected = $10, "
		       "was_tag = $11, line = $12, turn = NULLIF($13, 0), done_ms = "
		       "NULLIF($14, 0), ended_ms = NULLIF($15, 0), ended_by = $16, why = $17 "
		       "WHERE device_id = $1 AND number = $2",
		       NULL, err, "tittttittittiiitt", placement->device_id, placement->number,
		       placement_status_words[placement->status], to->site_code, to->room,
		       role_text(to), (int64_t)to->is_expected, was->room, role_text(was),
		       (int64_t)was->is_expected, or_empty(placement->was_tag),
		       or_empty(placement->line), placement->turn, placement->done_ms,
		       placement->ended_ms, or_empty(placement->ended_by),
		       or_empty(placement->why));
}

int store_placement_give_up(struct store *store, const struct placement *placement, int64_t now_ms,
			    struct err *err)
{
	return db_exec(store->db,
		       "UPDATE placement SET status = $3, ended_ms = $4, why = $5 "
		       "WHERE device_id = $1 AND number = $2",
		       NULL, err, "titit", placement->device_id, placement->number,
		       placement_status_words[PLACEMENT_FAILED], now_ms, placement->damage);
}

int store_placement_get(struct store *store, const char *device_id, int64_t number,
			struct placement *ret_placement, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT " PLACEMENT_ROW
			 " FROM placement WHERE device_id = $1 AND number = $2",
			 &rows, err, "ti", device_id, number);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "The device has no placement %" PRId64 ".", number);
	return r < 0 ? r : read_row(rows, false, ret_placement, err);
}

int store_placement_list(struct store *store, const char *device_id, size_t limit,
			 struct placement_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT " PLACEMENT_ROW
			 " FROM placement WHERE device_id = $1 ORDER BY number DESC LIMIT $2",
			 &rows, err, "ti", device_id, (int64_t)limit);

	return r < 0 ? r : read_list(rows, ret_list, err);
}

int store_placement_due(struct store *store, int64_t now_ms, size_t limit,
			struct placement_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT " PLACEMENT_ROW
			 " FROM placement WHERE status = 'planned' AND due_ms <= $1 "
			 "ORDER BY due_ms, device_id, number LIMIT $2",
			 &rows, err, "ii", now_ms, (int64_t)limit);

	return r < 0 ? r : read_list(rows, ret_list, err);
}

int store_placement_sum(struct store *store, const char *device_id, struct placement_sum *ret_sum,
			struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct placement_sum sum = { 0 };
	int64_t retired_turn = 0;
	int r = db_query(store->db,
			 "SELECT status, kind, number, COALESCE(turn, 0) FROM placement "
			 "WHERE device_id = $1",
			 &rows, err, "t", device_id);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		const char *status = db_text(rows, 0), *kind = db_text(rows, 1);
		int64_t turn = db_int(rows, 3);
		bool is_done = strcmp(status, placement_status_words[PLACEMENT_DONE]) == 0;
		bool is_planned = strcmp(status, placement_status_words[PLACEMENT_PLANNED]) == 0;

		sum.n++;
		sum.n_over += !is_done && !is_planned;
		if (is_planned)
			sum.planned = db_int(rows, 2);
		if (turn > sum.last_turn)
			sum.last_turn = turn;
		if (is_done && turn > sum.newest_turn)
			sum.newest_turn = turn;
		if (!is_done || turn < retired_turn ||
		    strcmp(kind, placement_kind_words[PLACEMENT_MOVE]) == 0)
			continue;
		retired_turn = turn;
		sum.is_retired = strcmp(kind, placement_kind_words[PLACEMENT_RETIRE]) == 0;
	}
	if (r >= 0)
		*ret_sum = sum;
	return r;
}

int store_placement_twin(struct store *store, const struct device *device, int64_t since_ms,
			 char ret_id[static ID_SIZE], struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT id FROM device d WHERE serial = $2 AND serial <> '' AND "
			 "site_code = $1 AND id <> $3 AND is_expected = 1 AND state <> 'retired' "
			 "AND enrolled_ms IS NOT NULL AND (enrolled_ms > $4 OR EXISTS (SELECT 1 "
			 "FROM placement p WHERE p.device_id = d.id AND (p.done_ms > $4 OR "
			 "p.ended_ms > $4))) ORDER BY id LIMIT 1",
			 &rows, err, "ttti", device->site_code, device->serial, device->id,
			 since_ms);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		snprintf(ret_id, ID_SIZE, "%s", db_text(rows, 0));
	return r;
}

void placement_version(const struct device *device, const struct placement_sum *sum,
		       char ret_version[static PLACE_VERSION_SIZE])
{
	_cleanup_free_ char *text = xasprintf(
		"%s\n%s\n%s\n%d\n%d\n%" PRId64 "\n%" PRId64 "\n%" PRId64, device->site_code,
		device->room, device_role_text(device->role), device->is_expected,
		device->state == STATE_RETIRED, sum->n, sum->n_over, sum->last_turn);
	char hash[HASH_SIZE];

	hash_hex(text, strlen(text), hash);
	snprintf(ret_version, PLACE_VERSION_SIZE, "%.16s", hash);
}

struct placement_scene placement_scene(const struct device *device, const struct placement_sum *sum,
				       int64_t now_ms)
{
	return (struct placement_scene){
		.site_code = device->site_code,
		.room = device->room,
		.role = device->role,
		.is_expected = device->is_expected,
		.is_retired = device->state == STATE_RETIRED,
		.is_in_conflict = device->state == STATE_CONFLICT,
		.newest_turn = sum->newest_turn,
		.now_ms = now_ms,
	};
}
