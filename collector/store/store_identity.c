/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_identity.h"
#include "collector/store/store_known.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/model/document.h"

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

static_assert(FINGERPRINT_VALUES_MAX * 96 + 2 < IDENTITY_FINGERPRINT_SIZE,
	      "the longest fingerprint fits");

void identity_fingerprint_text(const struct fingerprint *fingerprint,
			       char text[static IDENTITY_FINGERPRINT_SIZE])
{
	size_t n = 0;

	/* By hand: it is made for every report, and all of it is words and digits of ours. */
	text[n++] = '[';
	for (size_t i = 0; i < fingerprint->n; i++) {
		const struct fingerprint_value *value = &fingerprint->values[i];

		n += (size_t)snprintf(text + n, IDENTITY_FINGERPRINT_SIZE - n,
				      "%s{\"kind\":\"%s\",\"strength\":\"%s\",\"hash\":\"%s\"}",
				      i ? "," : "", fingerprint_kind_words[value->kind],
				      value->is_strong ? "strong" : "weak", value->hash);
	}
	assert(n < IDENTITY_FINGERPRINT_SIZE - 1);
	text[n++] = ']';
	text[n] = '\0';
}

int identity_fingerprint_parse(const char *text, struct fingerprint *ret_fingerprint,
			       struct err *err)
{
	static const struct document_limits limits = { .bytes = IDENTITY_FINGERPRINT_SIZE,
						       .depth = 4 };
	struct node root = { .key = "fingerprint" };
	json_t *json = NULL;
	int r;

	if (strcmp(text, "[]") == 0) {
		*ret_fingerprint = (struct fingerprint){ 0 };
		return 0;
	}
	r = document_parse(text, strlen(text), &limits, &json, err);
	root.value = json;
	if (r >= 0)
		r = fingerprint_read(&root, ret_fingerprint, err);
	json_decref(json);
	return r < 0 ? err_prefix(err, -EUCLEAN, "a stored fingerprint cannot be read") : 0;
}

static int read_fingerprint(const char *text, const struct fingerprint *likely,
			    struct fingerprint *ret_fingerprint, struct err *err)
{
	char likely_text[IDENTITY_FINGERPRINT_SIZE];

	if (likely) {
		identity_fingerprint_text(likely, likely_text);
		if (strcmp(likely_text, text) == 0) {
			*ret_fingerprint = *likely;
			return 0;
		}
	}
	return identity_fingerprint_parse(text, ret_fingerprint, err);
}

int store_identity_get(struct store *store, const char *device_id, const struct fingerprint *likely,
		       struct identity *ret_identity, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct identity identity = { 0 };
	int r = db_query(store->db,
			 "SELECT fingerprint, previous_id, next_key_hash, sent_hash, "
			 "sequence_floor, is_taken_over, is_shared, accepts_any "
			 "FROM device_identity WHERE device_id = $1",
			 &rows, err, "t", device_id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0) {
		snprintf(identity.previous_id, sizeof(identity.previous_id), "%s",
			 db_text(rows, 1));
		snprintf(identity.next_key_hash, sizeof(identity.next_key_hash), "%s",
			 db_text(rows, 2));
		snprintf(identity.sent_hash, sizeof(identity.sent_hash), "%s", db_text(rows, 3));
		identity.sequence_floor = db_int(rows, 4);
		identity.is_taken_over = db_int(rows, 5) != 0;
		identity.is_shared = db_int(rows, 6) != 0;
		identity.accepts_any = db_int(rows, 7) != 0;
		r = read_fingerprint(db_text(rows, 0), likely, &identity.fingerprint, err);
	}
	if (r >= 0)
		*ret_identity = identity;
	return r < 0 ? r : 0;
}

/* "disk_serial:0123456789abcdef": kinds are compared with their own alone. */
#define MARK_SIZE 64
static void mark_of(const struct fingerprint_value *value, char mark[static MARK_SIZE])
{
	snprintf(mark, MARK_SIZE, "%s:%s", fingerprint_kind_words[value->kind], value->hash);
}

static int put_marks(struct store *store, const char *device_id,
		     const struct fingerprint *fingerprint, struct err *err)
{
	int r = db_exec(store->db, "DELETE FROM device_mark WHERE device_id = $1", NULL, err, "t",
			device_id);

	for (size_t i = 0; i < fingerprint->n && r >= 0; i++) {
		char mark[MARK_SIZE];

		if (!fingerprint->values[i].is_strong)
			continue;
		mark_of(&fingerprint->values[i], mark);
		r = db_exec(store->db, "INSERT INTO device_mark (mark, device_id) VALUES ($1, $2)",
			    NULL, err, "tt", mark, device_id);
	}
	return r;
}

int store_identity_put(struct store *store, const char *device_id, const struct identity *identity,
		       struct err *err)
{
	char text[IDENTITY_FINGERPRINT_SIZE];
	int r;

	identity_fingerprint_text(&identity->fingerprint, text);
	r = db_exec(store->db,
		    "INSERT INTO device_identity (device_id, fingerprint, previous_id, "
		    "next_key_hash, sent_hash, sequence_floor, is_taken_over, is_shared, "
		    "accepts_any) VALUES ($1, $2, $3, NULLIF($4, ''), $5, $6, $7, $8, $9) "
		    "ON CONFLICT (device_id) DO UPDATE SET fingerprint = excluded.fingerprint, "
		    "previous_id = excluded.previous_id, next_key_hash = excluded.next_key_hash, "
		    "sent_hash = excluded.sent_hash, sequence_floor = excluded.sequence_floor, "
		    "is_taken_over = excluded.is_taken_over, is_shared = excluded.is_shared, "
		    "accepts_any = excluded.accepts_any",
		    NULL, err, "tttttiiii", device_id, text, identity->previous_id,
		    identity->next_key_hash, identity->sent_hash, identity->sequence_floor,
		    (int64_t)identity->is_taken_over, (int64_t)identity->is_shared,
		    (int64_t)identity->accepts_any);
	/* Who is to be believed may be another now, so the next report is looked at. */
	if (r >= 0)
		r = store_known_put(store, device_id, "", err);
	return r < 0 ? r : put_marks(store, device_id, &identity->fingerprint, err);
}

static bool has_match(const struct identity_match_list *list, const char *device_id)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->matches[i].device_id, device_id) == 0)
			return true;
	}
	return false;
}

/* A number that a maker gave to many leaves room for those that tell who it is. */
#define MATCHES_A_MARK (IDENTITY_MATCHES_MAX / FINGERPRINT_VALUES_MAX)
static_assert(MATCHES_A_MARK >= 4, "two that are alike are found beside two that were");

/* Add the devices that have @mark: those of the site, and there who is not retired, first. */
static int add_matches(struct store *store, const char *mark, const char *site_code,
		       struct identity_match_list *list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(
		store->db,
		"SELECT id, site_code, CASE WHEN state = 'retired' THEN 1 ELSE 0 END "
		"FROM device_mark JOIN device ON id = device_id WHERE mark = $1 "
		"ORDER BY CASE WHEN site_code = $2 THEN 0 ELSE 1 END, 3, enrolled_ms DESC, id "
		"LIMIT $3",
		&rows, err, "tti", mark, site_code, (int64_t)MATCHES_A_MARK);

	if (r < 0)
		return r;
	while ((r = db_next(rows, err)) > 0) {
		struct identity_match *match = &list->matches[list->n];

		if (has_match(list, db_text(rows, 0)))
			continue;
		snprintf(match->device_id, sizeof(match->device_id), "%s", db_text(rows, 0));
		snprintf(match->site_code, sizeof(match->site_code), "%s", db_text(rows, 1));
		match->is_retired = db_int(rows, 2) != 0;
		list->n++;
	}
	return r;
}

int store_identity_matches(struct store *store, const struct fingerprint *fingerprint,
			   const char *site_code, struct identity_match_list *ret_list,
			   struct err *err)
{
	int r = 0;

	ret_list->n = 0;
	for (size_t i = 0; i < fingerprint->n && r >= 0; i++) {
		char mark[MARK_SIZE];

		if (!fingerprint->values[i].is_strong)
			continue;
		mark_of(&fingerprint->values[i], mark);
		r = add_matches(store, mark, site_code, ret_list, err);
	}
	return r;
}

int store_enrollment_request_get(struct store *store, const char *key_hash, const char *request_id,
				 char ret_id[static ID_SIZE], struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT device_id FROM enrollment_request WHERE key_hash = $1 AND "
			 "request_id = $2",
			 &rows, err, "tt", key_hash, request_id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		snprintf(ret_id, ID_SIZE, "%s", db_text(rows, 0));
	return r;
}

int store_enrollment_request_put(struct store *store, const char *key_hash, const char *request_id,
				 const char *device_id, int64_t now_ms, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO enrollment_request (key_hash, request_id, device_id, at_ms) "
		       "VALUES ($1, $2, $3, $4) ON CONFLICT (key_hash, request_id) DO NOTHING",
		       NULL, err, "ttti", key_hash, request_id, device_id, now_ms);
}

int store_note_put(struct store *store, const char *device_id, int64_t now_ms, const char *body,
		   struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO device_note (device_id, at_ms, body) VALUES ($1, $2, $3)", NULL,
		       err, "tit", device_id, now_ms, body);
}

/* Whether they have all the rows that they may have on the day that begins at @day_ms: 1 or 0. */
static int notes_are_full(struct store *store, const char *device_id, int64_t day_ms,
			  const char *kind, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT count(*) FROM device_note WHERE device_id = $1 AND at_ms >= $2 "
			 "AND substr(body, 1, length($3)) = $3",
			 &rows, err, "tit", device_id, day_ms, kind);

	if (r >= 0)
		r = db_next(rows, err);
	return r <= 0 ? r : db_int(rows, 0) >= NOTES_A_DAY;
}

int store_note_put_often(struct store *store, const char *device_id, int64_t now_ms,
			 const char *kind, const char *body, struct err *err)
{
	int64_t day_ms = civil_of_ms(now_ms) * DAY_MS;
	int r = notes_are_full(store, device_id, day_ms, kind, err);

	if (r <= 0)
		return r < 0 ? r : store_note_put(store, device_id, now_ms, body, err);
	return db_exec(
		store->db,
		"UPDATE device_note SET at_ms = CASE WHEN at_ms > $2 THEN at_ms ELSE $2 END, "
		"body = $3, left_out = left_out + 1 WHERE device_id = $1 AND "
		"substr(body, 1, length($4)) = $4 AND at_ms = (SELECT max(at_ms) FROM "
		"device_note WHERE device_id = $1 AND substr(body, 1, length($4)) = $4)",
		NULL, err, "titt", device_id, now_ms, body, kind);
}

int store_note_put_of(struct store *store, const char *device_id, int64_t now_ms,
		      const struct note *note, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO device_note (device_id, at_ms, body, other_id, other_site, "
		       "other_body) VALUES ($1, $2, $3, $4, $5, $6)",
		       NULL, err, "titttt", device_id, now_ms, note->body, note->other_id,
		       note->other_site, note->other_body);
}

int store_note_list(struct store *store, const char *device_id, size_t limit,
		    struct note_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct note_list list = { .notes = xreallocarray(NULL, limit, sizeof(*list.notes)) };
	int r = db_query(store->db,
			 "SELECT at_ms, body, other_id, other_site, other_body, left_out FROM "
			 "device_note WHERE device_id = $1 ORDER BY at_ms DESC LIMIT $2",
			 &rows, err, "ti", device_id, (int64_t)limit);

	while (r >= 0 && (r = db_next(rows, err)) > 0 && list.n_notes < limit)
		list.notes[list.n_notes++] =
			(struct note){ db_int(rows, 0),           xstrdup(db_text(rows, 1)),
				       xstrdup(db_text(rows, 2)), xstrdup(db_text(rows, 3)),
				       xstrdup(db_text(rows, 4)), db_int(rows, 5) };
	if (r < 0) {
		note_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void note_list_done(struct note_list *list)
{
	for (size_t i = 0; i < list->n_notes; i++) {
		free(list->notes[i].body);
		free(list->notes[i].other_id);
		free(list->notes[i].other_site);
		free(list->notes[i].other_body);
	}
	free(list->notes);
	*list = (struct note_list){ 0 };
}
