/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LEAs with their sites, and rooms, as CSV files: templates, what a file would change, and loading
 * exactly that.
 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_profile.h"
#include "collector/act/asked.h"
#include "collector/act/site_preview.h"
#include "collector/api/upload.h"
#include "collector/http/limits.h"
#include "collector/io/room_csv.h"
#include "collector/io/site_csv.h"
#include "common/base/mem.h"

static void site_template(struct request *req, struct response *res)
{
	(void)req;
	response_static(res, "text/csv; charset=utf-8", site_csv_template,
			strlen(site_csv_template));
}

static void room_template(struct request *req, struct response *res)
{
	(void)req;
	response_static(res, "text/csv; charset=utf-8", room_csv_template,
			strlen(room_csv_template));
}

/* What waits behind a file waits for as long as it takes, so it is short. */
static int check_rows(size_t n, struct err *err)
{
	if (n <= LIMIT_IMPORT_ROWS)
		return 0;
	return err_set(err, -E2BIG,
		       "More than %d rows; split the file by LEA, or load it with "
		       "testready-collector site import.",
		       LIMIT_IMPORT_ROWS);
}

/* --- sites ------------------------------------------------------------------------------- */

struct site_upload {
	struct upload upload; /* first, so that it is the upload */
	struct site_csv csv;
	struct import_sites_count count;
	int64_t n_others; /* sites that the file does not name */
};

static int read_sites(struct upload *upload, FILE *in, struct err *err)
{
	struct site_upload *sites = (struct site_upload *)upload;
	int r = site_csv_read(in, "file", &upload->problems, &sites->csv, err);

	return r < 0 ? r : check_rows(sites->csv.n_rows, err);
}

static void note_site(void *arg, const char *const *before, const char *const *after)
{
	site_preview_note(arg, before, after);
}

/* Once for each profile that nobody published, at its first row; @told: those looked at. */
static int warn_profile(struct store *store, struct site_upload *sites, size_t index, json_t *told,
			struct err *err)
{
	const struct site_row *row = &sites->csv.rows[index];
	const char *id = row->window.profile_id;
	_cleanup_free_ char *text = NULL;
	int r;

	if (!row->has_window || json_object_get(told, id))
		return 0;
	json_object_set_new(told, id, json_true());
	r = act_is_published(store, id, err);
	if (r != 0)
		return r < 0 ? r : 0;
	text = xasprintf("no profile '%s' is published yet: the devices of this site, and of every "
			 "other that names it, are unknown until it is",
			 id);
	site_csv_refuse(&sites->csv, index, SITE_PROFILE, &sites->upload.warnings, text);
	return 0;
}

static int warn_profiles(struct store *store, struct site_upload *sites, struct err *err)
{
	json_t *told = json_object();
	int r = 0;

	for (size_t i = 0; i < sites->csv.n_rows && r >= 0; i++)
		r = warn_profile(store, sites, i, told, err);
	json_decref(told);
	return r;
}

static int take_sites(struct upload *upload, const struct moment *moment, const struct actor *actor,
		      struct err *err)
{
	struct site_upload *sites = (struct site_upload *)upload;
	_cleanup_(import_log_done) struct import_log log = { 0 };
	struct sites_import import = { .store = moment->store,
				       .now_ms = moment->now_ms,
				       .is_careful = true,
				       .note = note_site,
				       .arg = &upload->preview,
				       .log = &log };
	int r = 0;

	for (size_t i = 0; i < sites->csv.n_rows && r >= 0; i++) {
		struct err why = { 0 };

		r = sites_import_take(&import, &sites->csv.rows[i], &why);
		if (sites_import_is_refusal(r)) {
			site_csv_refuse(&sites->csv, i, import.at, &upload->problems, why.text);
			r = 0;
		} else if (r < 0) {
			r = err_set(err, r, "%s", why.text);
		}
	}
	sites->count = import.count;
	if (r >= 0 && upload->problems.n == 0)
		r = asked_sites_others(moment->store, &sites->count, &sites->n_others, err);
	if (r >= 0 && upload->problems.n == 0)
		r = warn_profiles(moment->store, sites, err);
	if (r < 0 || upload->problems.n > 0)
		return r;
	return asked_sites_imported(moment, actor,
				    &(struct sites_imported){ "an uploaded file", &import }, err);
}

static json_t *site_changes(const struct upload *upload)
{
	const struct site_upload *sites = (const struct site_upload *)upload;
	const struct import_sites_count *count = &sites->count;

	return json_pack("{s:I, s:I, s:I, s:I}", "new", (json_int_t)count->new_sites, "changed",
			 (json_int_t)count->changed, "unchanged",
			 (json_int_t)(count->sites - count->new_sites - count->changed),
			 "not_in_file", (json_int_t)sites->n_others);
}

static void free_sites(struct upload *upload)
{
	site_csv_done(&((struct site_upload *)upload)->csv);
}

static const struct upload_kind site_files = {
	.what = "sites were imported",
	.size = sizeof(struct site_upload),
	.words = import_site_words,
	.read = read_sites,
	.take_in = take_sites,
	.changes = site_changes,
	.warns = true,
	.done = free_sites,
};

/* --- rooms ------------------------------------------------------------------------------- */

struct room_upload {
	struct upload upload; /* first, so that it is the upload */
	struct room_csv csv;
	struct rooms_count count;
};

static int read_rooms(struct upload *upload, FILE *in, struct err *err)
{
	struct room_upload *rooms = (struct room_upload *)upload;
	int r = room_csv_read(in, "file", &upload->problems, &rooms->csv, err);

	return r < 0 ? r : check_rows(rooms->csv.n_rows, err);
}

static void wrong_room(void *arg, const struct room_row *row, enum room_column at, const char *why)
{
	struct room_upload *rooms = arg;

	room_csv_refuse(&rooms->csv, (size_t)(row - rooms->csv.rows), at, &rooms->upload.problems,
			why);
}

static void note_room(void *arg, enum import_act act, const char *site_code,
		      const struct site_room *before, const struct site_room *after)
{
	room_preview_note(&((struct room_upload *)arg)->upload.preview, act, site_code, before,
			  after);
}

static int take_rooms(struct upload *upload, const struct moment *moment, const struct actor *actor,
		      struct err *err)
{
	struct room_upload *rooms = (struct room_upload *)upload;
	struct rooms_import import = { .store = moment->store,
				       .actor = actor,
				       .now_ms = moment->now_ms,
				       .wrong = wrong_room,
				       .note = note_room,
				       .arg = rooms };
	int r = rooms_import_take_all(&import, rooms->csv.rows, rooms->csv.n_rows, err);

	if (upload->problems.n == 0)
		rooms->count = import.count;
	return r;
}

static json_t *room_changes(const struct upload *upload)
{
	const struct rooms_count *count = &((const struct room_upload *)upload)->count;

	return json_pack("{s:I, s:I, s:I, s:I}", "new", (json_int_t)count->added, "changed",
			 (json_int_t)count->changed, "unchanged", (json_int_t)count->unchanged,
			 "removed", (json_int_t)count->removed);
}

static void free_rooms(struct upload *upload)
{
	room_csv_done(&((struct room_upload *)upload)->csv);
}

static const struct upload_kind room_files = {
	.what = "rooms were imported",
	.size = sizeof(struct room_upload),
	.words = import_room_words,
	.read = read_rooms,
	.take_in = take_rooms,
	.changes = room_changes,
	.done = free_rooms,
};

/* --- routes ------------------------------------------------------------------------------ */

static void site_preview(struct request *req, struct response *res)
{
	upload_preview(req, res, &site_files);
}

static void site_commit(struct request *req, struct response *res)
{
	upload_commit(req, res, &site_files);
}

static void room_preview(struct request *req, struct response *res)
{
	upload_preview(req, res, &room_files);
}

static void room_commit(struct request *req, struct response *res)
{
	upload_commit(req, res, &room_files);
}

/* "template.csv" and "imports" are no codes of sites, so they come before what takes one. */
const struct route api_site_imports_routes[] = {
	{ "GET", "/v1/sites/template.csv", ACCESS_STAFF, MAY_SEE, NULL, 0, site_template },
	{ "POST", "/v1/sites/imports", ACCESS_STAFF, MAY_MEND_SITES, NULL, LIMIT_IMPORT_BYTES,
	  site_preview },
	{ "POST", "/v1/sites/imports/:id/commit", ACCESS_STAFF, MAY_MEND_SITES, NULL,
	  LIMIT_IMPORT_BYTES, site_commit },
	{ "GET", "/v1/rooms/template.csv", ACCESS_STAFF, MAY_SEE, NULL, 0, room_template },
	{ "POST", "/v1/rooms/imports", ACCESS_STAFF, MAY_MEND_INVENTORY, NULL, LIMIT_IMPORT_BYTES,
	  room_preview },
	{ "POST", "/v1/rooms/imports/:id/commit", ACCESS_STAFF, MAY_MEND_INVENTORY, NULL,
	  LIMIT_IMPORT_BYTES, room_commit },
	{ 0 },
};
