/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/deliver.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

/* A slow collector must not hold the lock for longer; the rest goes next time. */
#define DELIVER_TIME_MAX_MS ((int64_t)5 * 60 * 1000)

/* The first row that fits counts. */
static const struct {
	long from, to;
	enum delivery delivery;
	const char *meaning;
} statuses[] = {
	{ 200, 299, DELIVERY_DONE, "it has the report" },
	{ 300, 399, DELIVERY_WAITS, "it is somewhere else; enrol again with its new address" },
	{ 400, 400, DELIVERY_REFUSED, "it cannot read the report" },
	{ 401, 401, DELIVERY_NO_KEY,
	  "it does not accept this device's key; run testready-agent enroll --again" },
	{ 403, 403, DELIVERY_REFUSED, "this device may not deliver it" },
	{ 408, 408, DELIVERY_WAITS, "the report came too slowly" },
	{ 409, 409, DELIVERY_REFUSED, "it has another report of this number" },
	{ 413, 413, DELIVERY_REFUSED, "the report is too large" },
	{ 422, 422, DELIVERY_REFUSED, "the report makes no sense to it" },
	{ 425, 425, DELIVERY_WAITS, "it is not ready yet" },
	{ 429, 429, DELIVERY_WAITS, "it gets too many reports" },
	{ 500, 599, DELIVERY_WAITS, "it has trouble of its own" },
	{ 0, 999, DELIVERY_WAITS, "that is not what a collector says; is its address right?" },
};

enum delivery delivery_of_status(long status, const char **ret_meaning)
{
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(statuses) &&
	       (status < statuses[i].from || status > statuses[i].to))
		i++;
	*ret_meaning = statuses[i].meaning;
	return statuses[i].delivery;
}

/* Keep the latest reason: it is what holds the newest report up. */
static void set_trouble(struct delivery_run *run, char *trouble)
{
	free(run->trouble);
	run->trouble = trouble;
}

static void set_refused(struct delivery_run *run, int64_t sequence, const char *why)
{
	free(run->refused_why);
	run->refused_why = xstrdup(why);
	run->refused_last = sequence;
	run->n_refused++;
}

/* Put @sequence with the reason among the refused ones, then take it out of the spool. */
static int refuse(const struct deliverer *d, int64_t sequence, const struct refusal *refusal,
		  struct delivery_run *run, struct err *err)
{
	_cleanup_free_ char *text = NULL, *refused = NULL;
	size_t len, discarded;
	int r = spool_read(d->waiting, sequence, &text, &len, err);

	if (r >= 0)
		r = parcel_refuse(text, len, refusal, &refused, err);
	if (r >= 0)
		r = spool_add(d->refused, sequence, refused, strlen(refused), &discarded, err);
	/* A crash came between the two: the reason is there already. */
	if (r >= 0 || r == -EEXIST)
		r = spool_drop(d->waiting, sequence, err);
	else
		/* A full disk has room for a name, and the others must not wait for it. */
		r = spool_move(d->waiting, d->refused, sequence, err);
	if (r >= 0)
		set_refused(run, sequence, refusal->reason);
	return r;
}

char *delivery_answer_text(const struct http_answer *answer)
{
	_cleanup_free_ char *problem = answer_problem(answer->body, answer->len);
	const char *meaning;

	(void)delivery_of_status(answer->status, &meaning);

	return xasprintf("%ld: %s%s%s%s", answer->status, meaning, problem[0] ? " (" : "", problem,
			 problem[0] ? ")" : "");
}

/* Take it out of the spool if @answer, a success, is about this report. */
static int confirm(const struct deliverer *d, const struct parcel *parcel,
		   const struct http_answer *answer, struct delivery_run *run, struct err *err)
{
	struct answer_about about = { parcel->device_id, parcel->boot_id, parcel->sequence };
	struct err why = { 0 };
	struct answer_reported said = { 0 };
	int r = answer_reported(answer->body, answer->len, &about, &said, &why);

	if (r < 0) {
		set_trouble(run, xasprintf("What answers at %s is not the collector, or something "
					   "in between, such as a login page: %s",
					   d->identity->url, why.text));
		return DELIVERY_WAITS;
	}
	if (run->n_delivered++ == 0)
		run->delivered_first = parcel->sequence;
	run->delivered_last = parcel->sequence;
	answer_reported_done(&run->said);
	run->said = said;
	json_decref(run->facts);
	run->facts = json_incref(parcel->facts);
	r = spool_drop(d->waiting, parcel->sequence, err);
	return r < 0 ? r : DELIVERY_DONE;
}

static int act_on(const struct deliverer *d, const struct parcel *parcel,
		  const struct http_answer *answer, struct delivery_run *run, struct err *err)
{
	const char *meaning;
	enum delivery delivery = delivery_of_status(answer->status, &meaning);
	_cleanup_free_ char *said = delivery_answer_text(answer);
	struct refusal refusal = { d->now_ms, answer->status, said };
	int r;

	run->http_status = answer->status;
	run->retry_after_s = answer->retry_after_s;
	switch (delivery) {
	case DELIVERY_DONE:
		return confirm(d, parcel, answer, run, err);
	case DELIVERY_REFUSED:
		r = refuse(d, parcel->sequence, &refusal, run, err);
		return r < 0 ? r : DELIVERY_REFUSED;
	default:
		run->has_no_key = delivery == DELIVERY_NO_KEY;
		set_trouble(run,
			    xasprintf("The collector at %s answered %s", d->identity->url, said));
		return (int)delivery;
	}
}

static int post(const struct deliverer *d, const struct parcel *parcel, struct delivery_run *run,
		struct err *err)
{
	struct http_request request = {
		.url = d->identity->url,
		.path = "/v1/reports",
		.bearer = d->identity->device_key,
		.body = parcel->body,
	};
	struct refusal stranger = { d->now_ms, 0,
				    "it was observed before this device was enrolled "
				    "anew, under another id" };
	struct http_answer answer = { 0 };
	struct err why = { 0 };
	int r;

	/* Whose it is was settled when it was observed; it is not this identity's to send. */
	if (strcmp(parcel->device_id, d->identity->device_id) != 0) {
		r = refuse(d, parcel->sequence, &stranger, run, err);
		return r < 0 ? r : DELIVERY_REFUSED;
	}
	if (http_post(d->http, &request, &answer, &why) < 0) {
		run->http_status = 0;
		run->retry_after_s = 0;
		set_trouble(run, xasprintf("No answer from %s: %s", d->identity->url, why.text));
		return DELIVERY_WAITS;
	}
	r = act_on(d, parcel, &answer, run, err);
	http_answer_done(&answer);
	return r;
}

/*
 * A reason cannot be written into what cannot be read. If it cannot be moved
 * either, the others must not wait for it.
 */
static int set_aside(const struct deliverer *d, int64_t sequence, const char *why,
		     struct delivery_run *run)
{
	struct err err = { 0 };

	if (spool_move(d->waiting, d->refused, sequence, &err) >= 0)
		set_refused(run, sequence, "its file in the spool is damaged");
	else
		set_trouble(run, xasprintf("The file of report %lld cannot be read (%s) nor set "
					   "aside (%s)",
					   (long long)sequence, why, err.text));
	return DELIVERY_REFUSED;
}

/* An enum delivery, or -errno if the spool cannot be changed. */
static int deliver_one(const struct deliverer *d, int64_t sequence, struct delivery_run *run,
		       struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct parcel parcel = { 0 };
	struct moment now = { .boot_ms = 0 };
	struct err why = { 0 };
	size_t len;
	int r = spool_read(d->waiting, sequence, &text, &len, &why);

	snprintf(now.boot_id, sizeof(now.boot_id), "%s", d->boot_id);
	now.boot_ms = clock_boot_ms();
	if (r >= 0)
		r = parcel_unpack(text, len, &now, &parcel, &why);
	if (r >= 0 && parcel.sequence != sequence)
		r = err_set(&why, -EINVAL, "it is of report %lld", (long long)parcel.sequence);
	r = r < 0 ? set_aside(d, sequence, why.text, run) : post(d, &parcel, run, err);
	parcel_done(&parcel);
	return r;
}

static int count_waiting(const struct deliverer *d, struct delivery_run *run, struct err *err)
{
	struct spool_list list = { 0 };
	int r = spool_list(d->waiting, &list, err);

	if (r < 0)
		return r;
	run->n_waiting = list.n;
	if (list.n > 0) {
		run->waiting_first = list.sequences[0];
		run->waiting_last = list.sequences[list.n - 1];
	}
	spool_list_done(&list);
	return 0;
}

/* Whether to go on with the next report after @delivery. */
static bool goes_on(enum delivery delivery, const struct delivery_run *run, size_t *n_failed)
{
	if (delivery == DELIVERY_NO_KEY)
		return false;
	/*
	 * 500 may be about this one report, and then it would hold up all that
	 * come after it for good. A second one in a row is the collector's trouble.
	 */
	if (delivery == DELIVERY_WAITS)
		return run->http_status == 500 && ++*n_failed < 2;
	*n_failed = 0;
	return true;
}

int deliver(const struct deliverer *deliverer, struct delivery_run *ret_run, struct err *err)
{
	struct delivery_run run = { 0 };
	struct spool_list list = { 0 };
	int64_t end_ms = clock_boot_ms() + DELIVER_TIME_MAX_MS;
	size_t n_failed = 0;
	int r = spool_list(deliverer->waiting, &list, err);

	for (size_t i = 0; r >= 0 && i < list.n; i++) {
		if (clock_boot_ms() > end_ms) {
			set_trouble(&run, xstrdup("The collector is slow; the rest goes next "
						  "time"));
			break;
		}
		r = deliver_one(deliverer, list.sequences[i], &run, err);
		if (r >= 0 && !goes_on((enum delivery)r, &run, &n_failed))
			break;
	}
	spool_list_done(&list);
	if (r >= 0)
		r = count_waiting(deliverer, &run, err);
	*ret_run = run;
	return r < 0 ? r : 0;
}

void delivery_run_add(struct delivery_run *run, struct delivery_run *more)
{
	if (run->n_delivered > 0)
		more->delivered_first = run->delivered_first;
	if (more->n_delivered == 0) {
		more->delivered_last = run->delivered_last;
		more->facts = TAKE_PTR(run->facts);
		more->said = run->said;
		run->said = (struct answer_reported){ 0 };
	}
	if (more->n_refused == 0) {
		more->refused_last = run->refused_last;
		more->refused_why = TAKE_PTR(run->refused_why);
	}
	more->n_delivered += run->n_delivered;
	more->n_refused += run->n_refused;
	delivery_run_done(run);
	*run = *more;
}

void delivery_run_done(struct delivery_run *run)
{
	free(run->refused_why);
	free(run->trouble);
	answer_reported_done(&run->said);
	json_decref(run->facts);
	*run = (struct delivery_run){ 0 };
}

/* "Report 12", "Reports 10 to 12" */
static void print_range(FILE *out, int64_t first, int64_t last)
{
	if (first == last)
		fprintf(out, "Report %lld", (long long)last);
	else
		fprintf(out, "Reports %lld to %lld", (long long)first, (long long)last);
}

static void print_waiting(FILE *out, const struct delivery_run *run)
{
	if (run->trouble)
		fprintf(out, "%s.", run->trouble);
	if (run->retry_after_s > 0)
		fprintf(out, " It asks to wait %lld seconds.", (long long)run->retry_after_s);
	fputs(run->trouble ? " " : "", out);
	print_range(out, run->waiting_first, run->waiting_last);
	fprintf(out, " %s in the spool (%zu waiting).",
		run->waiting_first == run->waiting_last ? "stays" : "stay", run->n_waiting);
}

char *delivery_run_text(const struct delivery_run *run, const char *state_path)
{
	const char *gap = "";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	if (run->n_delivered > 0) {
		print_range(out, run->delivered_first, run->delivered_last);
		fprintf(out, " delivered; the collector says: %s.", run->said.state);
		gap = " ";
	}
	if (run->n_refused > 0) {
		fputs(gap, out);
		if (run->n_refused > 1)
			fprintf(out, "%zu reports refused, the last of them: ", run->n_refused);
		fprintf(out, "Report %lld refused, %s. Kept in %s/" STATE_DIR_REFUSED ".",
			(long long)run->refused_last, run->refused_why, state_path);
		gap = " ";
	}
	if (run->n_waiting > 0) {
		fputs(gap, out);
		print_waiting(out, run);
	}
	if (ftell(out) == 0)
		fputs("Nothing to deliver.", out);
	fclose(out);
	return text;
}
