/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /metrics: what the collector counted, and how the store is, for Prometheus. It needs a
 * token like every other number of schools: behind a proxy everybody comes from this machine,
 * so that an address says nothing about who asks.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/api/reading.h"
#include "collector/app.h"
#include "collector/metrics.h"
#include "collector/store/store_totals.h"
#include "common/base/mem.h"

#define GAUGES_MAX 32
#define LABEL_SIZE 40

struct gauges {
	struct metrics_gauge rows[GAUGES_MAX];
	char labels[STATE_MAX_][LABEL_SIZE];
	size_t n;
};

static void add(struct gauges *gauges, const char *name, const char *help, const char *label,
		int64_t value)
{
	gauges->rows[gauges->n++] = (struct metrics_gauge){ name, help, label, value };
}

static void add_totals(struct gauges *gauges, const struct totals *totals)
{
	const char *help = "Expected devices by their state.";

	for (size_t i = 0; i < STATE_MAX_; i++) {
		if (i == STATE_RETIRED)
			continue;
		snprintf(gauges->labels[i], LABEL_SIZE, "state=\"%s\"", device_state_words[i]);
		add(gauges, "devices", help, gauges->labels[i], totals->count.states[i]);
		help = NULL;
	}
	add(gauges, "unexpected_devices", "Devices that no inventory has.", NULL,
	    totals->count.unexpected);
	add(gauges, "sites", "Sites.", NULL, totals->n_sites);
	add(gauges, "conflicts_open", "Keys that two machines seem to use.", NULL,
	    totals->n_conflicts);
	add(gauges, "rejudge_sites", "Sites whose devices are still judged by what held before.",
	    NULL, totals->n_queued_sites);
	add(gauges, "rejudge_devices", "Devices of these that are left.", NULL,
	    totals->n_queued_devices);
}

static void add_own(struct gauges *gauges, const struct request *req)
{
	int64_t database, log;
	size_t jobs, bytes;

	queue_depth(req->app->queue, &jobs, &bytes);
	app_store_bytes(req->app, &database, &log);
	add(gauges, "queue_jobs", "What waits to be written.", NULL, (int64_t)jobs);
	add(gauges, "queue_bytes", "The bodies of that.", NULL, (int64_t)bytes);
	add(gauges, "pages_waiting", "Pages that wait to be made.", NULL,
	    (int64_t)pool_depth(req->app->pool));
	add(gauges, "store_bytes", "The store's file, and the log before it.", "file=\"database\"",
	    database);
	add(gauges, "store_bytes", NULL, "file=\"log\"", log);
	add(gauges, "counts_as_of_seconds",
	    "Which time the counts of devices stand for; it stays behind where the store cannot "
	    "be written.",
	    NULL, writer_as_of(req->app->writer, req->now_ms) / 1000);
	add(gauges, "build_info", "1; the version is the label.", "version=\"" VERSION "\"", 1);
}

static void answer(struct request *req, struct response *res, api_make *make)
{
	_cleanup_free_ struct gauges *gauges = xcalloc(1, sizeof(*gauges));
	struct totals totals;
	struct reader *reader;
	struct err err = { 0 };
	char *text;
	int r = app_reader_take(req->app, READER_PAGE, &reader, &err);

	(void)make;
	if (r >= 0) {
		r = store_begin(reader->store, &err);
		if (r >= 0)
			r = store_totals(reader->store, &totals, &err);
		app_reader_give(req->app, reader, r);
	}
	/* A store that cannot be read is when one wants to see the rest. */
	if (r >= 0)
		add_totals(gauges, &totals);
	add(gauges, "store_readable", "1: the store could be read for this.", NULL, r >= 0);
	add_own(gauges, req);
	text = metrics_text(api_routes, gauges->rows, gauges->n);
	response_owned(res, "text/plain; version=0.0.4; charset=utf-8", text);
}

static void metrics_show(struct request *req, struct response *res)
{
	read_later(req, res, answer, NULL);
}

const struct route api_metrics_routes[] = {
	{ "GET", "/metrics", ACCESS_STAFF, MAY_OPERATE, NULL, 0, metrics_show },
	{ 0 },
};
