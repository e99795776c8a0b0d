/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What devices send again and again: reports, and heartbeats where nothing changed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/api/next.h"
#include "collector/api/submit.h"
#include "collector/app.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept_groups.h"
#include "common/base/civil.h"
#include "common/base/log.h"
#include "common/base/mem.h"

/* {"id": …, "version": …} or null; owned by the caller. */
static char *profile_text(const struct contact_answer *contact)
{
	json_t *id;
	char *quoted, *text;

	if (!contact->profile_id[0])
		return xstrdup("null");
	/* What is in the id of a profile is its author's; the rest is hexadecimal. */
	id = json_string(contact->profile_id);
	quoted = id ? json_dumps(id, JSON_ENCODE_ANY) : NULL;
	if (!quoted)
		abort();
	text = xasprintf("{\"id\":%s,\"version\":\"%s\"}", quoted, contact->profile_version);
	json_decref(id);
	free(quoted);
	return text;
}

/* A day in quotes, or null. */
static const char *judged_for_text(const struct contact_answer *contact,
				   char text[static CIVIL_TEXT_SIZE + 2])
{
	char day[CIVIL_TEXT_SIZE];

	if (!contact->judged_for)
		return "null";
	snprintf(text, CIVIL_TEXT_SIZE + 2, "\"%s\"", civil_text(contact->judged_for, day));
	return text;
}

/* @text, which it takes, with where this collector moved to. */
static char *add_move(const struct app *app, char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	if (!json)
		abort();
	next_add_move(app, json);
	free(text);
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (!text)
		abort();
	return text;
}

/* What a report and a heartbeat are told apart from others by, as it is told back. */
struct heading {
	const char *device_id, *boot_id;
	int64_t sequence;
};

/*
 * The same for both. Printed, since it is made for every report: all but the profile are words
 * and digits of ours.
 */
static char *contact_text(const struct app *app, const struct contact_answer *contact,
			  const struct heading *head)
{
	_cleanup_free_ char *profile = profile_text(contact);
	char judged_for[CIVIL_TEXT_SIZE + 2];
	char *text = xasprintf(
		"{\"device_id\":\"%s\",\"boot_id\":\"%s\",\"sequence\":%" PRId64
		",\"state\":\"%s\",\"send_report\":%s,\"next\":{\"period_s\":%" PRId64
		",\"spread_s\":%" PRId64 "},\"profile\":%s,\"judged_for\":%s}",
		head->device_id, head->boot_id, head->sequence, device_state_words[contact->state],
		contact->wants_report ? "true" : "false", contact->period_s,
		writer_spread_s(app->writer), profile, judged_for_text(contact, judged_for));

	return app->moved_url ? add_move(app, text) : text;
}

static void contact_answer(struct request *req, struct response *res, struct job *job,
			   const struct heading *head)
{
	static struct log_seldom seldom;
	const struct contact_answer *contact = &job->contact;

	if (job->result < 0) {
		response_problem(res, PROBLEM_INTERNAL, "%s", job->err.text);
		return;
	}
	if (contact->is_suspected)
		log_seldom(&seldom, LOG_WARNING,
			   "two machines seem to use one key; see conflict list device=%s",
			   head->device_id);
	response_owned(res, "application/json", contact_text(req->app, contact, head));
}

/* Whether @head is of the device whose key it came with; else @res says that it is not. */
static bool is_own(const struct request *req, const struct report *head, const char *what,
		   struct response *res)
{
	static struct log_seldom seldom;
	const char *key_id = req->caller.device_id;

	if (strcmp(head->device_id, key_id) == 0)
		return true;
	log_seldom(&seldom, LOG_WARNING,
		   "%s refused: it speaks for another device device=%s for=%s", what, key_id,
		   head->device_id);
	response_problem_at(res, PROBLEM_FORBIDDEN, "/device_id",
			    "This key is of another device than the %s; send each one with its own "
			    "device's key.",
			    what);
	return false;
}

static void report_answer(struct request *req, struct response *res, struct job *job)
{
	const struct report *report = &job->report.report;
	const struct heading head = { report->device_id, report->boot_id, report->sequence };

	contact_answer(req, res, job, &head);
}

static void known_answer(struct request *req, struct response *res, struct job *job)
{
	const struct known_head *known = &job->known;
	const struct heading head = { known->device_id, known->boot_id, known->sequence };

	contact_answer(req, res, job, &head);
}

/*
 * Whether @job is of what its device sent before, at most with other facts, as far as the guard
 * saw; the writer, which will know, may still need the whole of it.
 */
static bool is_known(const struct request *req, struct job *job)
{
	const struct known_head *known = &job->known;
	const char *contents = req->caller.contents;

	if (strcmp(known->device_id, req->caller.device_id) != 0 ||
	    !known_is_around(known, contents))
		return false;
	return strcmp(known->contents, contents) == 0 ||
	       accept_facts(req->app->groups, &known->facts, &job->facts) >= 0;
}

/* What a job takes whose facts are a tree: what is missing in the body is in that. */
static size_t parsed_bytes(const struct request *req, const char *facts_text)
{
	size_t len = strlen(facts_text);

	return LIMIT_QUEUE_TREE * (len > req->body_len ? len : req->body_len);
}

/* The head of a report that may be known, into @job; whatever is wrong with it is told later. */
static void read_known(const struct request *req, struct job *job)
{
	if (!req->body || known_read(req->body, req->body_len, &job->known) < 0)
		job->known = (struct known_head){ 0 };
}

static int read_report(const struct request *req, struct accepted_report *ret_accepted,
		       char **ret_pointer, struct err *err)
{
	const char *body = req->body ? req->body : "";

	if (accept_groups(req->app->groups, body, req->body_len, ret_accepted) >= 0)
		return 0;
	return accept_report(body, req->body_len, ret_accepted, ret_pointer, err);
}

static void report_add(struct request *req, struct response *res)
{
	_cleanup_(job_freep) struct job *job = job_new(JOB_REPORT, req->body_len);
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	memcpy(job->key_hash, req->caller.key_hash, HASH_SIZE);
	read_known(req, job);
	if (is_known(req, job)) {
		job->kind = JOB_KNOWN;
		if (job->facts.json)
			job->bytes = parsed_bytes(req, job->facts.text);
		job->body_len = req->body_len;
		job->body = TAKE_PTR(req->body);
		submit(req, res, TAKE_PTR(job), known_answer);
		return;
	}
	if (read_report(req, &job->report, &pointer, &err) < 0) {
		submit_note_refusal(req, "report", &err);
		submit_refuse(res, pointer, &err);
		return;
	}
	if (!is_own(req, &job->report.report, "report", res))
		return;
	job->bytes = parsed_bytes(req, job->report.facts_text);
	submit(req, res, TAKE_PTR(job), report_answer);
}

static void heartbeat_answer(struct request *req, struct response *res, struct job *job)
{
	const struct report *report = &job->heartbeat.heartbeat.head;
	const struct heading head = { report->device_id, report->boot_id, report->sequence };

	contact_answer(req, res, job, &head);
}

static void beat_answer(struct request *req, struct response *res, struct job *job)
{
	const struct known_head *known = &job->beat.head;
	const struct heading head = { known->device_id, known->boot_id, known->sequence };

	contact_answer(req, res, job, &head);
}

static void heartbeat_add(struct request *req, struct response *res)
{
	_cleanup_(job_freep) struct job *job = job_new(JOB_HEARTBEAT, req->body_len);
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	memcpy(job->key_hash, req->caller.key_hash, HASH_SIZE);
	if (req->body && known_read_beat(req->body, req->body_len, &job->beat) >= 0 &&
	    strcmp(job->beat.head.device_id, req->caller.device_id) == 0) {
		job->kind = JOB_BEAT;
		submit(req, res, TAKE_PTR(job), beat_answer);
		return;
	}
	if (accept_heartbeat(req->body ? req->body : "", req->body_len, &job->heartbeat, &pointer,
			     &err) < 0) {
		submit_note_refusal(req, "heartbeat", &err);
		submit_refuse(res, pointer, &err);
		return;
	}
	if (!is_own(req, &job->heartbeat.heartbeat.head, "heartbeat", res))
		return;
	submit(req, res, TAKE_PTR(job), heartbeat_answer);
}

const struct route api_report_routes[] = {
	{ "POST", "/v1/reports", ACCESS_DEVICE, MAY_NOTHING_, NULL, LIMIT_BODY_BYTES, report_add },
	{ "POST", "/v1/heartbeats", ACCESS_DEVICE, MAY_NOTHING_, NULL, LIMIT_HEARTBEAT_BYTES,
	  heartbeat_add },
	{ 0 },
};
