/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/store/device_row.h"
#include "collector/store/store_facts.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_known.h"
#include "common/base/mem.h"

int store_known_by_key(struct store *store, const char *key_hash, char ret_id[static ID_SIZE],
		       char ret_contents[static HASH_SIZE], struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT id, contents_digest FROM device WHERE key_hash = $1",
			 &rows, err, "t", key_hash);

	if (r >= 0)
		r = db_next(rows, err);
	if (r < 0)
		return r;
	ret_contents[0] = '\0';
	/* One that it uses for the first time; what comes with that is looked at. */
	if (r == 0)
		return store_device_by_key(store, key_hash, ret_id, err);
	snprintf(ret_id, ID_SIZE, "%s", db_text(rows, 0));
	snprintf(ret_contents, HASH_SIZE, "%s", db_text(rows, 1));
	return 0;
}

static int read_row(struct db_rows *rows, const char *device_id, struct known_device *device,
		    struct err *err)
{
	const void *bytes;
	size_t size;
	int r;

	if (device_state_parse(db_text(rows, 4), &device->state) < 0)
		return err_set(err, -EUCLEAN, "device %s has no state '%s'", device_id,
			       db_text(rows, 4));
	snprintf(device->contents, sizeof(device->contents), "%s", db_text(rows, 0));
	snprintf(device->site_code, sizeof(device->site_code), "%s", db_text(rows, 1));
	snprintf(device->profile_version, sizeof(device->profile_version), "%s", db_text(rows, 2));
	device->seen_ms = db_int(rows, 3);
	snprintf(device->next_key_hash, sizeof(device->next_key_hash), "%s", db_text(rows, 5));
	device->sequence_floor = db_int(rows, 6);
	device->accepts_any = db_int(rows, 7) != 0;
	bytes = db_bytes(rows, 8, &size);
	r = past_read(bytes, size, &device->past, err);
	return r < 0 ? err_prefix(err, r, "device %s", device_id) : r;
}

/* In the order of read_row(). */
#define KNOWN_COLUMNS                                                   \
	"contents_digest, site_code, profile_version, seen_ms, state, " \
	"next_key_hash, sequence_floor, accepts_any, past"
#define KNOWN_DEVICE " FROM device LEFT JOIN device_identity ON device_id = id WHERE id = $1"

/* The row that was asked for, of which there is one at most. */
static int read_one(struct db_rows *rows, const char *device_id, struct known_device *ret_device,
		    struct err *err)
{
	int r = db_next(rows, err);

	if (r == 0)
		return err_set(err, -ENOENT, "no device has the id '%s'", device_id);
	return r < 0 ? r : read_row(rows, device_id, ret_device, err);
}

int store_known_get(struct store *store, const char *device_id, struct known_device *ret_device,
		    struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT " KNOWN_COLUMNS KNOWN_DEVICE, &rows, err, "t",
			 device_id);

	return r < 0 ? r : read_one(rows, device_id, ret_device, err);
}

int store_known_get_beat(struct store *store, const struct heartbeat *heartbeat,
			 struct known_device *ret_device, bool *ret_is_same, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	const struct report *head = &heartbeat->head;
	char fingerprint[IDENTITY_FINGERPRINT_SIZE] = "";
	int r;

	if (head->has_fingerprint)
		identity_fingerprint_text(&head->fingerprint, fingerprint);
	r = db_query(store->db,
		     "SELECT " KNOWN_COLUMNS ", agent_version = $2 AND facts_hash <> '' AND "
		     "(facts_hash = $3 OR COALESCE(sent_hash, '') = $3) AND "
		     "($4 = '' OR COALESCE(fingerprint, '') = $4)" KNOWN_DEVICE,
		     &rows, err, "tttt", head->device_id, head->agent_version,
		     heartbeat->facts_hash, fingerprint);
	if (r >= 0)
		r = read_one(rows, head->device_id, ret_device, err);
	if (r >= 0)
		*ret_is_same = db_int(rows, 9) != 0;
	return r;
}

int store_known_put(struct store *store, const char *device_id, const char *contents,
		    struct err *err)
{
	return db_exec(store->db,
		       "UPDATE device SET contents_digest = $2 "
		       "WHERE id = $1 AND contents_digest <> $2",
		       NULL, err, "tt", device_id, contents);
}

int store_known_seen(struct store *store, const char *device_id, const struct known_device *device,
		     int64_t seen_ms, struct err *err)
{
	unsigned char bytes[PAST_BYTES_MAX];
	size_t len = past_write(&device->past, bytes);

	bool is_same_hour = device->seen_ms / SEEN_HOUR_MS == seen_ms / SEEN_HOUR_MS;

	/* The hour is in an index, which is written though it stays the same. */
	return db_exec(store->db,
		       is_same_hour ? "UPDATE device SET seen_ms = $2, past = $3 WHERE id = $1"
				    : "UPDATE device SET seen_ms = $2, past = $3, "
				      "seen_hour = " SEEN_HOUR("$2") " WHERE id = $1",
		       NULL, err, "tib", device_id, seen_ms, bytes, len);
}

void known_results_done(struct known_results *results)
{
	free(results->results);
	*results = (struct known_results){ 0 };
}

int store_known_get_results(struct store *store, const char *device_id,
			    struct known_device *ret_device, struct known_results *ret_results,
			    struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	enum device_role role;
	int r = db_query(store->db,
			 "SELECT " KNOWN_COLUMNS
			 ", results, role, COALESCE(sent_hash, '') <> ''" KNOWN_DEVICE,
			 &rows, err, "t", device_id);

	if (r >= 0)
		r = read_one(rows, device_id, ret_device, err);
	if (r < 0)
		return r;
	if (device_role_parse(db_text(rows, 10), &role) < 0)
		return err_set(err, -EUCLEAN, "device %s has no role '%s'", device_id,
			       db_text(rows, 10));
	*ret_results = (struct known_results){
		.results = xstrdup(db_text(rows, 9)),
		.role = role,
		.were_incomplete = db_int(rows, 11) != 0,
	};
	return 0;
}

int store_known_changed(struct store *store, const char *device_id,
			const struct known_device *device, int64_t seen_ms,
			const struct known_change *change, struct err *err)
{
	unsigned char bytes[PAST_BYTES_MAX];
	size_t len = past_write(&device->past, bytes);
	int r;

	/* The hour is in an index, which is written though it stays the same. */
#define CHANGED "UPDATE device SET seen_ms = $2, past = $3, facts_hash = $4, contents_digest = $5"
	r = db_exec(store->db,
		    device->seen_ms / SEEN_HOUR_MS == seen_ms / SEEN_HOUR_MS
			    ? CHANGED " WHERE id = $1"
			    : CHANGED ", seen_hour = " SEEN_HOUR("$2") " WHERE id = $1",
		    NULL, err, "tibtt", device_id, seen_ms, bytes, len, change->facts_hash,
		    change->contents);
#undef CHANGED
	return r < 0 ? r : store_facts_put(store, device_id, change->facts_text, err);
}
