/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/api/export.h"
#include "collector/api/reading.h"
#include "collector/app.h"
#include "collector/http/limits.h"
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

#define PIECE_BYTES ((size_t)64 * 1024)

/*
 * What is sent; it owns its place among those that are. While a piece is being made it is the
 * pool's, else the thread's that serves the connection.
 */
struct export
{
	struct task task; /* first, so that it is the export */
	struct request *req;
	struct app *app;
	uint64_t owner; /* of its place */
	struct reader *reader;
	struct view view; /* of the reader */
	struct sheet *sheet;
	int result; /* of the reader */
	int end;    /* what ends it when the piece was taken, see struct stream; 0: it goes on */
	size_t len, taken; /* bytes of the piece */
	char piece[PIECE_BYTES];
};

/* -EDQUOT: @owner has its share; -EAGAIN: there is none. */
static int place_take(struct export_places *places, uint64_t owner)
{
	uint64_t *place = NULL;
	size_t n_own = 0;
	int r = 0;

	pthread_mutex_lock(&places->lock);
	for (size_t i = 0; i < LIMIT_EXPORTS; i++) {
		n_own += places->owners[i] == owner;
		if (!places->owners[i])
			place = &places->owners[i];
	}
	if (n_own >= LIMIT_EXPORTS_STAFF)
		r = -EDQUOT;
	else if (!place)
		r = -EAGAIN;
	else
		*place = owner;
	pthread_mutex_unlock(&places->lock);
	return r;
}

static void place_give(struct export_places *places, uint64_t owner)
{
	size_t i = 0;

	pthread_mutex_lock(&places->lock);
	while (places->owners[i] != owner)
		i++;
	places->owners[i] = 0;
	pthread_mutex_unlock(&places->lock);
}

static void export_free(void *source)
{
	struct export *export = source;

	sheet_free(export->sheet);
	if (export->reader)
		app_reader_give(export->app, export->reader, export->result);
	place_give(&export->app->exports, export->owner);
	free(export);
}

static ssize_t export_read(void *source, char *buffer, size_t max)
{
	struct export *export = source;
	size_t left = export->len - export->taken;

	if (left == 0)
		return export->end ? export->end : -EAGAIN;
	if (left > max)
		left = max;
	memcpy(buffer, export->piece + export->taken, left);
	export->taken += left;
	return (ssize_t)left;
}

/*
 * Until a piece is full, or much was looked at without a hit: then it is the turn of others, and
 * a client who has gone is noticed.
 */
static void make_piece(struct task *task)
{
	struct export *export = (struct export *)task;
	struct err err = { 0 };
	ssize_t n = 1;

	export->len = export->taken = 0;
	while (n > 0 && export->len < PIECE_BYTES) {
		n = sheet_read(export->sheet, export->piece + export->len,
			       PIECE_BYTES - export->len, &err);
		if (n > 0)
			export->len += (size_t)n;
	}
	if (n < 0)
		export->end = (int)n;
	if (n < 0 && n != -ENODATA) {
		log_line(LOG_ERR, "an export ended early: %s", err.text);
		export->result = (int)n;
	}
	request_wake(export->req);
}

/* Without a place in the line: LIMIT_EXPORTS bounds how many there are. */
static void export_more(void *source, struct request *req)
{
	struct export *export = source;

	export->req = req;
	/* While it stops nobody else is there to make it, and nobody waits for this thread. */
	if (pool_add(export->app->pool, &export->task) < 0)
		make_piece(&export->task);
}

/* One more, for who asks; NULL: there is no place, as @res says. */
static struct export *export_new(struct request *req, struct response *res)
{
	uint64_t owner = req->caller.key_number;
	struct export *export;
	int r = place_take(&req->app->exports, owner);

	if (r == -EDQUOT)
		response_problem(res, PROBLEM_TOO_MANY,
				 "%d files are being sent to this account already; try again when "
				 "one of them is there.",
				 LIMIT_EXPORTS_STAFF);
	else if (r < 0)
		response_problem(res, PROBLEM_UNAVAILABLE,
				 "%d files are being sent already; try again in a minute.",
				 LIMIT_EXPORTS);
	if (r < 0)
		return NULL;
	export = xcalloc(1, sizeof(*export));
	export->app = req->app;
	export->owner = owner;
	export->task.run = make_piece;
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

static int open_sheet(struct export *export, const struct request *req, export_open *open,
		      int64_t as_of_ms, struct err *err)
{
	const struct export_asked asked = { req, &export->view, { format_of(req), as_of_ms } };
	int r = app_reader_take(export->app, READER_PAGE, &export->reader, err);

	if (r < 0)
		return r;
	export->view = (struct view){ export->reader->store, export->reader->profiles, req->now_ms,
				      &req->caller.staff->grants };
	r = store_begin(export->reader->store, err);
	if (r >= 0)
		r = open(&asked, &export->sheet, err);
	export->result = r < 0 ? r : 0;
	return r;
}

/* "devices-2027-01-18T120000Z.csv": no colons, which some systems do not have in names. */
static void name_file(struct response *res, const char *name, enum table_format format,
		      int64_t as_of_ms)
{
	char as_of[CLOCK_TEXT_SIZE];

	clock_text(as_of_ms, as_of);
	response_header(res, "Content-Disposition", "attachment; filename=\"%s-%.13s%.2s%.2sZ.%s\"",
			name, as_of, as_of + 14, as_of + 17, formats[format].suffix);
}

void export_now(struct request *req, struct response *res, const struct export_kind *kind)
{
	struct export *export = export_new(req, res);
	int64_t as_of_ms = writer_as_of(req->app->writer, req->now_ms);
	struct reading_of of;
	struct err err = { 0 };
	int r;

	if (!export)
		return;
	r = reading_look(req, &of, &err);
	if (r >= 0)
		r = open_sheet(export, req, kind->open, as_of_ms, &err);
	if (r < 0) {
		export_free(export);
		response_failure(res, r, &err);
		return;
	}
	response_stream(res, formats[format_of(req)].type,
			&(struct stream){ export_read, export_more, export_free, export });
	name_file(res, kind->name, format_of(req), as_of_ms);
	/* Weak: the moment that is told in it may be another. */
	snprintf(res->etag, sizeof(res->etag), "W/\"%s\"", of.version);
	reading_note(req, &of, res);
}
