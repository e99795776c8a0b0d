/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "collector/metrics.h"

#define PREFIX "testready_"
#define CLASSES 6 /* 1xx to 5xx; what is no status is with 0 */
#define BOUNDS_MAX 16

/* The upper ends of a histogram's buckets, rising and ended by 0, in parts of which @unit are 1. */
struct bounds {
	int64_t ends[BOUNDS_MAX];
	int64_t unit;
};

/* From a heartbeat of a known device to a page while a disk hangs. */
static const struct bounds seconds = {
	.ends = { 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000,
		  2500000, 5000000, 10000000 },
	.unit = 1000000,
};
static const struct bounds jobs = {
	.ends = { 1, 2, 5, 10, 20, 50, 100, 200, 500 },
	.unit = 1,
};

struct histogram {
	atomic_ullong counts[BOUNDS_MAX]; /* each alone; the last is everything above */
	atomic_ullong sum;
};

static struct {
	struct {
		atomic_ullong classes[CLASSES];
		atomic_ullong problems[PROBLEM_MAX_];
		struct histogram us;
	} routes[METRICS_ROUTES_MAX + 1];
	atomic_ullong n_cut;
	atomic_ullong n_failed_commits;
	struct histogram commit_jobs;
	struct histogram commit_us;
} counted;

/* --- counting ---------------------------------------------------------------------- */

static void add(atomic_ullong *counter, uint64_t n)
{
	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static uint64_t value_of(const atomic_ullong *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

static void observe(struct histogram *histogram, const struct bounds *bounds, int64_t value)
{
	size_t i = 0;

	while (bounds->ends[i] > 0 && value > bounds->ends[i])
		i++;
	add(&histogram->counts[i], 1);
	add(&histogram->sum, value > 0 ? (uint64_t)value : 0);
}

int64_t metrics_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void metrics_request(size_t row, int status, enum problem_id problem, int64_t us)
{
	size_t class = status >= 100 && status < 600 ? (size_t)status / 100 : 0;

	if (row > METRICS_NO_ROUTE)
		row = METRICS_NO_ROUTE;
	add(&counted.routes[row].classes[class], 1);
	if (problem < PROBLEM_MAX_)
		add(&counted.routes[row].problems[problem], 1);
	observe(&counted.routes[row].us, &seconds, us);
}

void metrics_cut(void)
{
	add(&counted.n_cut, 1);
}

void metrics_commit(size_t n_jobs, int64_t us)
{
	observe(&counted.commit_jobs, &jobs, (int64_t)n_jobs);
	observe(&counted.commit_us, &seconds, us);
}

void metrics_commit_failed(void)
{
	add(&counted.n_failed_commits, 1);
}

/* --- writing ----------------------------------------------------------------------- */

#define LABELS_SIZE 128

static void write_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help, name, type);
}

/* One line; @more is a label behind @labels, and both may be "". */
static void write_sample(FILE *out, const char *name, const char *labels, const char *more,
			 double value)
{
	bool has_any = *labels || *more;

	fprintf(out, PREFIX "%s%s%s%s%s%s %.15g\n", name, has_any ? "{" : "", labels,
		*labels && *more ? "," : "", more, has_any ? "}" : "", value);
}

static void write_histogram(FILE *out, const char *name, const char *labels,
			    const struct histogram *histogram, const struct bounds *bounds)
{
	char part[LABELS_SIZE], le[32];
	uint64_t n = 0;
	size_t i = 0;

	snprintf(part, sizeof(part), "%s_bucket", name);
	for (; bounds->ends[i] > 0; i++) {
		n += value_of(&histogram->counts[i]);
		snprintf(le, sizeof(le), "le=\"%g\"",
			 (double)bounds->ends[i] / (double)bounds->unit);
		write_sample(out, part, labels, le, (double)n);
	}
	n += value_of(&histogram->counts[i]);
	write_sample(out, part, labels, "le=\"+Inf\"", (double)n);
	snprintf(part, sizeof(part), "%s_sum", name);
	write_sample(out, part, labels, "",
		     (double)value_of(&histogram->sum) / (double)bounds->unit);
	snprintf(part, sizeof(part), "%s_count", name);
	write_sample(out, part, labels, "", (double)n);
}

/* The labels of all rows; the last is that of no route. */
static void name_rows(const struct route *const *routes,
		      char labels[static METRICS_ROUTES_MAX + 1][LABELS_SIZE])
{
	size_t n = 0;

	for (; *routes; routes++) {
		for (const struct route *route = *routes; route->method && n < METRICS_ROUTES_MAX;
		     route++)
			snprintf(labels[n++], LABELS_SIZE, "method=\"%s\",route=\"%s\"",
				 route->method, route->path);
	}
	snprintf(labels[METRICS_NO_ROUTE], LABELS_SIZE, "method=\"\",route=\"\"");
}

/* Requests by class of status and by what was wrong; rows of nothing are left out. */
static void write_requests(FILE *out, char labels[static METRICS_ROUTES_MAX + 1][LABELS_SIZE])
{
	char more[LABELS_SIZE];

	write_head(out, "http_requests_total", "counter",
		   "Requests by route and class of status; no route is a page, a file or nothing.");
	for (size_t row = 0; row <= METRICS_NO_ROUTE; row++) {
		for (size_t i = 0; i < CLASSES; i++) {
			uint64_t n = value_of(&counted.routes[row].classes[i]);

			snprintf(more, sizeof(more), "code=\"%zuxx\"", i);
			if (n > 0)
				write_sample(out, "http_requests_total", labels[row], more,
					     (double)n);
		}
	}
	write_head(out, "http_refused_total", "counter",
		   "Requests that were refused, by route and type of the problem.");
	for (size_t row = 0; row <= METRICS_NO_ROUTE; row++) {
		for (size_t i = 0; i < PROBLEM_MAX_; i++) {
			uint64_t n = value_of(&counted.routes[row].problems[i]);

			snprintf(more, sizeof(more), "reason=\"%s\"", problems[i].name);
			if (n > 0)
				write_sample(out, "http_refused_total", labels[row], more,
					     (double)n);
		}
	}
}

static bool is_empty(const struct histogram *histogram)
{
	for (size_t i = 0; i < BOUNDS_MAX; i++) {
		if (value_of(&histogram->counts[i]) > 0)
			return false;
	}
	return true;
}

static void write_routes(FILE *out, const struct route *const *routes)
{
	char labels[METRICS_ROUTES_MAX + 1][LABELS_SIZE] = { { 0 } };

	name_rows(routes, labels);
	write_requests(out, labels);
	write_head(out, "http_request_seconds", "histogram",
		   "From the header of a request to its answer, by route.");
	for (size_t row = 0; row <= METRICS_NO_ROUTE; row++) {
		if (!is_empty(&counted.routes[row].us))
			write_histogram(out, "http_request_seconds", labels[row],
					&counted.routes[row].us, &seconds);
	}
}

static void write_gauges(FILE *out, const struct metrics_gauge *gauges, size_t n_gauges)
{
	for (size_t i = 0; i < n_gauges; i++) {
		if (gauges[i].help)
			write_head(out, gauges[i].name, "gauge", gauges[i].help);
		write_sample(out, gauges[i].name, gauges[i].label ? gauges[i].label : "", "",
			     (double)gauges[i].value);
	}
}

char *metrics_text(const struct route *const *routes, const struct metrics_gauge *gauges,
		   size_t n_gauges)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	write_routes(out, routes);
	write_head(out, "http_cut_total", "counter",
		   "Requests that never got an answer: not HTTP, too slow, or the client went.");
	write_sample(out, "http_cut_total", "", "", (double)value_of(&counted.n_cut));
	write_head(out, "commit_jobs", "histogram",
		   "Reports, heartbeats and changes that went to the disk together.");
	write_histogram(out, "commit_jobs", "", &counted.commit_jobs, &jobs);
	write_head(out, "commit_seconds", "histogram",
		   "How long a transaction took, until it was on the disk.");
	write_histogram(out, "commit_seconds", "", &counted.commit_us, &seconds);
	write_head(out, "commit_failed_total", "counter",
		   "Transactions that failed because the store could not be written.");
	write_sample(out, "commit_failed_total", "", "",
		     (double)value_of(&counted.n_failed_commits));
	write_gauges(out, gauges, n_gauges);
	if (fclose(out) != 0)
		abort();
	return text;
}
