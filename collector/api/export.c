/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices as files, CSV or JSON, of a site or of all. All rows are of one moment: a reader of its
 * own keeps its snapshot until the file was taken, its client is gone, or its time is up. Few at a
 * time, since the log of the store grows as long as there is one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/api/devices.h"
#include "collector/app.h"
#include "collector/http/limits.h"
#include "collector/view/sheet.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static const struct {
	const char *suffix;
	const char *type;
} formats[] = {
	[TABLE_CSV] = { "csv", "text/csv; charset=utf-8; header=present" },
	[TABLE_JSON] = { "json", "application/json" },
};

/* What is sent; it owns its place among those that are. */
struct export
{
	struct app *app;
	struct reader *reader;
	struct sheet *sheet;
	struct device_filter filter;
	int result; /* of the reader */
};

static void export_free(void *source)
{
	struct export *export = source;

	sheet_free(export->sheet);
	if (export->reader)
		app_reader_give(export->app, export->reader, export->result);
	atomic_fetch_sub(&export->app->n_exports, 1);
	free(export);
}

static ssize_t export_read(void *source, char *buffer, size_t max)
{
	struct export *export = source;
	struct err err = { 0 };
	ssize_t n = sheet_read(export->sheet, buffer, max, &err);

	if (n >= 0 || n == -ENODATA)
		return n;
	log_line(LOG_ERR, "an export of devices ended early: %s", err.text);
	export->result = (int)n;
	return n;
}

/* A place for one more; NULL: there is none. */
static struct export *export_new(struct app *app)
{
	struct export *export;

	if (atomic_fetch_add(&app->n_exports, 1) >= LIMIT_EXPORTS) {
		atomic_fetch_sub(&app->n_exports, 1);
		return NULL;
	}
	export = xcalloc(1, sizeof(*export));
	export->app = app;
	return export;
}

static enum table_format format_of(const struct request *req)
{
	size_t i = TABLE_CSV;
	const char *suffix = strrchr(req->route->path, '.') + 1;

	while (strcmp(formats[i].suffix, suffix) != 0)
		i++;
	return (enum table_format)i;
}

static int open_sheet(struct export *export, const struct request *req, int64_t as_of_ms,
		      struct err *err)
{
	struct sheet_asked asked = { .kind = SHEET_DEVICES,
				     .format = format_of(req),
				     .as_of_ms = as_of_ms };
	struct view view;
	int r = devices_read(req, &export->filter, &asked.devices, err);

	if (r >= 0)
		r = app_reader_take(export->app, &export->reader, err);
	if (r < 0)
		return r;
	view = (struct view){ export->reader->store, export->reader->profiles, req->now_ms,
			      &req->caller.staff->grants };
	r = store_begin(export->reader->store, err);
	if (r >= 0)
		r = sheet_open(&view, &asked, &export->sheet, err);
	export->result = r < 0 ? r : 0;
	return r;
}

/* "devices-2027-01-18T120000Z.csv": no colons, which some systems do not have in names. */
static void name_file(struct response *res, enum table_format format, int64_t as_of_ms)
{
	char as_of[CLOCK_TEXT_SIZE];

	clock_text(as_of_ms, as_of);
	response_header(res, "Content-Disposition",
			"attachment; filename=\"devices-%.13s%.2s%.2sZ.%s\"", as_of, as_of + 14,
			as_of + 17, formats[format].suffix);
}

static void device_export(struct request *req, struct response *res)
{
	struct export *export = export_new(req->app);
	int64_t as_of_ms = writer_as_of(req->app->writer, req->now_ms);
	char version[APP_VERSION_SIZE];
	struct err err = { 0 };
	struct stream stream;
	int r;

	if (!export) {
		response_problem(res, PROBLEM_UNAVAILABLE,
				 "%d files are being sent already; try again in a minute.",
				 LIMIT_EXPORTS);
		return;
	}
	r = app_version(req->app, version, &err);
	if (r >= 0)
		r = open_sheet(export, req, as_of_ms, &err);
	if (r < 0) {
		export_free(export);
		response_failure(res, r, &err);
		return;
	}
	stream = (struct stream){ export_read, export_free, export };
	response_stream(res, formats[format_of(req)].type, &stream);
	name_file(res, format_of(req), as_of_ms);
	/* Weak: the moment that is told in it may be another. */
	snprintf(res->etag, sizeof(res->etag), "W/\"%s\"", version);
}

static const char *const site_query[] = { DEVICES_SITE_QUERY, NULL };
static const char *const query[] = { DEVICES_QUERY, NULL };

const struct route api_export_routes[] = {
	{ "GET", "/v1/sites/:code/devices.csv", ACCESS_STAFF, MAY_SEE, site_query, 0,
	  device_export },
	{ "GET", "/v1/sites/:code/devices.json", ACCESS_STAFF, MAY_SEE, site_query, 0,
	  device_export },
	{ "GET", "/v1/devices.csv", ACCESS_STAFF, MAY_SEE, query, 0, device_export },
	{ "GET", "/v1/devices.json", ACCESS_STAFF, MAY_SEE, query, 0, device_export },
	{ 0 },
};
