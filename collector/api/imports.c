/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inventories as CSV files: a template, what a file would change, and loading exactly that.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/asked.h"
#include "collector/act/inventory_preview.h"
#include "collector/api/upload.h"
#include "collector/http/limits.h"
#include "collector/io/inventory_csv.h"

static void template_get(struct request *req, struct response *res)
{
	(void)req;
	response_static(res, "text/csv; charset=utf-8", inventory_csv_template,
			strlen(inventory_csv_template));
}

struct inventory_upload {
	struct upload upload; /* first, so that it is the upload */
	size_t n_rows;
	struct inventory_count count;
};

struct taking {
	struct inventory_import *import;
	struct inventory_upload *inventory;
};

/* What waits behind a file waits for as long as it takes, so it is short. */
static int take_row(const struct inventory_row *row, bool is_only_checked, void *arg,
		    struct err *err)
{
	struct taking *taking = arg;

	if (++taking->inventory->n_rows > LIMIT_IMPORT_ROWS)
		return err_set(err, -E2BIG,
			       "More than %d rows; split the file by site, or load it with "
			       "testready-collector site import.",
			       LIMIT_IMPORT_ROWS);
	return is_only_checked ? inventory_import_check(taking->import, row, err)
			       : inventory_import_take(taking->import, row, err);
}

static int read_file(struct taking *taking, struct err *err)
{
	struct upload *upload = &taking->inventory->upload;
	FILE *in = fmemopen(upload->req->body, upload->req->body_len, "r");
	int r;

	if (!in)
		return err_errno(err, -errno, "upload");
	r = inventory_csv_read(in, "file", &upload->problems, take_row, taking, err);
	fclose(in);
	return r;
}

static int take_in(struct upload *upload, const struct moment *moment, const struct actor *actor,
		   struct err *err)
{
	const struct import_watch watch = inventory_preview_watch(&upload->preview);
	struct inventory_upload *inventory = (struct inventory_upload *)upload;
	_cleanup_(inventory_import_freep) struct inventory_import *import = NULL;
	struct taking taking = { .inventory = inventory };
	int r = inventory_import_begin(moment->store, moment->cache, moment->now_ms, &import, err);

	if (r < 0)
		return r;
	taking.import = import;
	inventory_import_limit(import, actor->grants);
	inventory_import_watch(import, &watch);
	r = read_file(&taking, err);
	if (r < 0 || upload->problems.n > 0)
		return r;
	r = inventory_import_finish(import, &inventory->count, err);
	return r < 0 ? r
		     : asked_inventory_imported(moment, actor,
						&(struct inventory_imported){ import,
									      "an uploaded file",
									      inventory->count },
						err);
}

static json_t *changes(const struct upload *upload)
{
	const struct inventory_count *count = &((const struct inventory_upload *)upload)->count;

	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "new", (json_int_t)count->added,
			 "changed", (json_int_t)count->changed, "unchanged",
			 (json_int_t)count->unchanged, "removed", (json_int_t)count->removed,
			 "unexpected", (json_int_t)count->unexpected, "moved",
			 (json_int_t)count->moved);
}

static const struct upload_kind inventories = {
	.what = "an inventory was imported",
	.size = sizeof(struct inventory_upload),
	.words = import_act_words,
	.take_in = take_in,
	.changes = changes,
};

static void import_preview(struct request *req, struct response *res)
{
	upload_preview(req, res, &inventories);
}

static void import_commit(struct request *req, struct response *res)
{
	upload_commit(req, res, &inventories);
}

const struct route api_imports_routes[] = {
	{ "GET", "/v1/inventory/template.csv", ACCESS_STAFF, MAY_SEE, NULL, 0, template_get },
	{ "POST", "/v1/inventory/imports", ACCESS_STAFF, MAY_MEND_INVENTORY, NULL,
	  LIMIT_IMPORT_BYTES, import_preview },
	{ "POST", "/v1/inventory/imports/:id/commit", ACCESS_STAFF, MAY_MEND_INVENTORY, NULL,
	  LIMIT_IMPORT_BYTES, import_commit },
	{ 0 },
};
