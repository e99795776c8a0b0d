/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/device_row.h"
#include "collector/store/store_device.h"
#include "collector/store/store_facts.h"
#include "common/base/mem.h"

void device_done(struct device *device)
{
	free(device->id);
	free(device->site_code);
	free(device->room);
	free(device->asset_tag);
	free(device->serial);
	free(device->host_name);
	free(device->model);
	free(device->agent_version);
	free(device->profile_id);
	free(device->profile_version);
	free(device->results);
	free(device->facts_hash);
	free(device->facts);
	*device = (struct device){ 0 };
}

void device_list_done(struct device_list *list)
{
	for (size_t i = 0; i < list->n_devices; i++)
		device_done(&list->devices[i]);
	free(list->devices);
	*list = (struct device_list){ 0 };
}

void device_copy(const struct device *device, struct device *ret_copy)
{
	struct device copy = *device;

	copy.id = xstrdup(device->id);
	copy.site_code = xstrdup(device->site_code);
	copy.room = xstrdup(device->room);
	copy.asset_tag = xstrdup(device->asset_tag);
	copy.serial = xstrdup(device->serial);
	copy.host_name = xstrdup(device->host_name);
	copy.model = xstrdup(device->model);
	copy.agent_version = xstrdup(device->agent_version);
	copy.profile_id = xstrdup(device->profile_id);
	copy.profile_version = xstrdup(device->profile_version);
	copy.results = xstrdup(device->results);
	copy.facts_hash = xstrdup(device->facts_hash);
	copy.facts = device->facts ? xstrdup(device->facts) : NULL;
	*ret_copy = copy;
}

void device_set(char **text, const char *value)
{
	char *copy;

	if (strcmp(*text, value) == 0)
		return;
	copy = xstrdup(value);
	free(*text);
	*text = copy;
}

void device_take_names(struct device *device, const struct device_names *names, bool keeps_tag)
{
	if (names->asset_tag[0] && !keeps_tag)
		device_set(&device->asset_tag, names->asset_tag);
	if (names->serial[0])
		device_set(&device->serial, names->serial);
	if (names->host_name[0])
		device_set(&device->host_name, names->host_name);
	if (names->model[0])
		device_set(&device->model, names->model);
}

int device_row_read(struct db_rows *rows, struct device *ret_device, struct err *err)
{
	enum device_state state;
	enum device_role role;
	enum result browser;

	if (device_role_parse(db_text(rows, 2), &role) < 0 ||
	    device_state_parse(db_text(rows, 12), &state) < 0 ||
	    result_parse(db_text(rows, 17), &browser) < 0)
		return err_set(err, -EUCLEAN, "device %s: no role '%s', state '%s' or result '%s'",
			       db_text(rows, 0), db_text(rows, 2), db_text(rows, 12),
			       db_text(rows, 17));
	*ret_device = (struct device){
		.id = xstrdup(db_text(rows, 0)),
		.site_code = xstrdup(db_text(rows, 1)),
		.role = role,
		.room = xstrdup(db_text(rows, 3)),
		.is_expected = db_int(rows, 4) != 0,
		.asset_tag = xstrdup(db_text(rows, 5)),
		.serial = xstrdup(db_text(rows, 6)),
		.host_name = xstrdup(db_text(rows, 7)),
		.model = xstrdup(db_text(rows, 8)),
		.enrolled_ms = db_int(rows, 9),
		.seen_ms = db_int(rows, 10),
		.agent_version = xstrdup(db_text(rows, 11)),
		.state = state,
		.since_ms = db_int(rows, 13),
		.profile_id = xstrdup(db_text(rows, 14)),
		.profile_version = xstrdup(db_text(rows, 15)),
		.results = xstrdup(db_text(rows, 16)),
		.browser = browser,
		.facts_hash = xstrdup(db_text(rows, 18)),
	};
	return 0;
}

static int get(struct store *store, const char *sql, const char *id, bool has_facts,
	       struct device *ret_device, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	_cleanup_(device_done) struct device device = { 0 };
	int r = db_query(store->db, sql, &rows, err, "t", id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r < 0)
		return r;
	if (r == 0)
		return err_set(err, -ENOENT, "no device has the id '%s'", id);
	r = device_row_read(rows, &device, err);
	if (r >= 0 && has_facts)
		r = store_facts_read(rows, DEVICE_COLUMNS, id, &device.facts, err);
	if (r < 0)
		return r;
	*ret_device = device;
	device = (struct device){ 0 };
	return 0;
}

int store_device_get(struct store *store, const char *id, struct device *ret_device,
		     struct err *err)
{
	return get(store,
		   "SELECT " DEVICE_ROW ", " FACTS_COLUMNS " FROM device LEFT JOIN device_facts "
		   "ON device_id = id WHERE id = $1",
		   id, true, ret_device, err);
}

int store_device_head(struct store *store, const char *id, struct device *ret_device,
		      struct err *err)
{
	return get(store, "SELECT " DEVICE_ROW " FROM device WHERE id = $1", id, false, ret_device,
		   err);
}

int store_device_facts(struct store *store, const char *id, char **ret_facts, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT " FACTS_COLUMNS " FROM device_facts WHERE device_id = $1", &rows,
			 err, "t", id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "device %s has no facts yet", id);
	if (r < 0)
		return r;
	return store_facts_read(rows, 0, id, ret_facts, err);
}

int device_id_best(struct db_rows *rows, char ret_id[static ID_SIZE], struct err *err)
{
	bool has_best = false, is_best_enrolled = false;
	int r;

	while ((r = db_next(rows, err)) > 0) {
		bool is_enrolled = db_int(rows, 1) != 0;
		const char *id = db_text(rows, 0);

		if (has_best &&
		    (is_best_enrolled != is_enrolled ? is_best_enrolled : strcmp(ret_id, id) < 0))
			continue;
		snprintf(ret_id, ID_SIZE, "%s", id);
		is_best_enrolled = is_enrolled;
		has_best = true;
	}
	return r < 0 ? r : has_best;
}

int store_device_by_key(struct store *store, const char *key_hash, char ret_id[static ID_SIZE],
			struct err *err)
{
	/* A key that was given and not used yet opens as well: that is how it is used. */
	static const char *const sqls[] = {
		"SELECT id FROM device WHERE key_hash = $1",
		"SELECT device_id FROM device_identity WHERE next_key_hash = $1",
	};

	for (size_t i = 0; i < ARRAY_SIZE(sqls); i++) {
		_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
		int r = db_query(store->db, sqls[i], &rows, err, "t", key_hash);

		if (r >= 0)
			r = db_next(rows, err);
		if (r > 0)
			snprintf(ret_id, ID_SIZE, "%s", db_text(rows, 0));
		if (r != 0)
			return r < 0 ? r : 0;
	}
	return err_set(err, -ENOENT, "no device has this key");
}

int store_device_find_line(struct store *store, const char *site_code, enum device_name name,
			   const char *value, char ret_id[static ID_SIZE], struct err *err)
{
	/* COALESCE(), or SQLite would look through all unclaimed lines by the index of key_hash. */
#define FIND_LINE(match)                                           \
	"SELECT id, 0 FROM device WHERE site_code = $1 AND " match \
	" AND COALESCE(key_hash, '') = '' AND is_expected = 1 AND state <> 'retired'"
	static const char *const sqls[] = {
		[DEVICE_NAME_ASSET_TAG] = FIND_LINE(MATCH_ASSET_TAG),
		[DEVICE_NAME_SERIAL] = FIND_LINE(MATCH_SERIAL),
		[DEVICE_NAME_HOST] = FIND_LINE(MATCH_HOST),
	};
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, sqls[name], &rows, err, "tt", site_code, value);

	static_assert(ARRAY_SIZE(sqls) == DEVICE_NAME_MAX_, "every name can be found by");
	return r < 0 ? r : device_id_best(rows, ret_id, err);
}

int store_device_insert(struct store *store, const struct device *device, struct err *err)
{
	int r = db_exec(store->db,
			"INSERT INTO device (" DEVICE_ROW
			", seen_hour) VALUES ($1, $2, $3, $4, $5, $6, $7, "
			"$8, $9, NULLIF($10, 0), NULLIF($11, 0), $12, $13, $14, $15, $16, $17, "
			"$18, $19, " SEEN_HOUR("NULLIF($11, 0)") ")",
			NULL, err, "ttttittttiittittttt", device->id, device->site_code,
			device_role_text(device->role), device->room, (int64_t)device->is_expected,
			device->asset_tag, device->serial, device->host_name, device->model,
			device->enrolled_ms, device->seen_ms, device->agent_version,
			device_state_words[device->state], device->since_ms, device->profile_id,
			device->profile_version, device->results, result_words[device->browser],
			device->facts_hash);

	return r >= 0 && device->facts ? store_facts_put(store, device->id, device->facts, err) : r;
}

/*
 * What says where a device is and what it is called: two indexes have these, so only on change.
 * A report with the contents of before may change it back; see store_known.h.
 */
static int update_place(struct store *store, const struct device *before,
			const struct device *after, struct err *err)
{
	int r = 0;

	/* Most indexes begin with the site, so it has a statement of its own. */
	if (strcmp(before->site_code, after->site_code) != 0)
		r = db_exec(store->db,
			    "UPDATE device SET site_code = $2, contents_digest = '' WHERE id = $1",
			    NULL, err, "tt", after->id, after->site_code);
	if (r < 0)
		return r;
	if (strcmp(before->room, after->room) == 0 &&
	    strcmp(before->host_name, after->host_name) == 0 &&
	    strcmp(before->asset_tag, after->asset_tag) == 0 &&
	    strcmp(before->serial, after->serial) == 0 &&
	    strcmp(before->model, after->model) == 0 && before->role == after->role &&
	    before->is_expected == after->is_expected && before->enrolled_ms == after->enrolled_ms)
		return 0;
	return db_exec(store->db,
		       "UPDATE device SET role = $2, room = $3, is_expected = $4, asset_tag = $5, "
		       "serial = $6, host_name = $7, model = $8, enrolled_ms = NULLIF($9, 0), "
		       "contents_digest = '' WHERE id = $1",
		       NULL, err, "tttitttti", after->id, device_role_text(after->role),
		       after->room, (int64_t)after->is_expected, after->asset_tag, after->serial,
		       after->host_name, after->model, after->enrolled_ms);
}

/* The state is in an index, so only on change; a new profile seldom changes it. */
static int update_state(struct store *store, const struct device *before,
			const struct device *after, struct err *err)
{
	if (before->state == after->state && before->since_ms == after->since_ms)
		return 0;
	return db_exec(store->db, "UPDATE device SET state = $2, since_ms = $3 WHERE id = $1", NULL,
		       err, "tti", after->id, device_state_words[after->state], after->since_ms);
}

static int update_results(struct store *store, const struct device *before,
			  const struct device *after, struct err *err)
{
	if (strcmp(before->results, after->results) == 0 && before->browser == after->browser &&
	    strcmp(before->profile_id, after->profile_id) == 0 &&
	    strcmp(before->profile_version, after->profile_version) == 0)
		return 0;
	return db_exec(store->db,
		       "UPDATE device SET profile_id = $2, profile_version = $3, results = $4, "
		       "browser_result = $5 WHERE id = $1",
		       NULL, err, "ttttt", after->id, after->profile_id, after->profile_version,
		       after->results, result_words[after->browser]);
}

static int update_seen(struct store *store, const struct device *before, const struct device *after,
		       struct err *err)
{
	if (strcmp(before->agent_version, after->agent_version) != 0)
		return db_exec(store->db,
			       "UPDATE device SET seen_ms = NULLIF($2, 0), "
			       "seen_hour = " SEEN_HOUR(
				       "NULLIF($2, 0)") ", "
							"agent_version = $3, contents_digest = '' "
							"WHERE id = $1",
			       NULL, err, "tit", after->id, after->seen_ms, after->agent_version);
	if (before->seen_ms == after->seen_ms)
		return 0;
	/* The hour is in an index, which is written though it stays the same. */
	if (before->seen_ms / SEEN_HOUR_MS == after->seen_ms / SEEN_HOUR_MS &&
	    before->seen_ms != 0 && after->seen_ms != 0)
		return db_exec(store->db, "UPDATE device SET seen_ms = $2 WHERE id = $1", NULL, err,
			       "ti", after->id, after->seen_ms);
	return db_exec(store->db,
		       "UPDATE device SET seen_ms = NULLIF($2, 0), "
		       "seen_hour = " SEEN_HOUR("NULLIF($2, 0)") " WHERE id = $1",
		       NULL, err, "ti", after->id, after->seen_ms);
}

int store_device_update(struct store *store, const struct device *before,
			const struct device *after, struct err *err)
{
	int r = update_place(store, before, after, err);

	if (r >= 0)
		r = update_state(store, before, after, err);
	if (r >= 0)
		r = update_results(store, before, after, err);
	if (r >= 0)
		r = update_seen(store, before, after, err);
	if (r < 0 || !after->facts || strcmp(before->facts_hash, after->facts_hash) == 0)
		return r;
	r = db_exec(store->db, "UPDATE device SET facts_hash = $2 WHERE id = $1", NULL, err, "tt",
		    after->id, after->facts_hash);
	return r < 0 ? r : store_facts_put(store, after->id, after->facts, err);
}

int store_device_key(struct store *store, const char *id, char ret_key_hash[static HASH_SIZE],
		     struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT key_hash FROM device WHERE id = $1", &rows, err, "t",
			 id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "no device has the id '%s'", id);
	if (r > 0)
		snprintf(ret_key_hash, HASH_SIZE, "%s", db_text(rows, 0));
	return r < 0 ? r : 0;
}

int store_device_set_key(struct store *store, const char *id, const char *key_hash, struct err *err)
{
	return db_exec(store->db, "UPDATE device SET key_hash = $2 WHERE id = $1", NULL, err, "tt",
		       id, key_hash);
}

int store_device_delete(struct store *store, const char *id, struct err *err)
{
	return db_exec(store->db, "DELETE FROM device WHERE id = $1 AND key_hash IS NULL", NULL,
		       err, "t", id);
}
