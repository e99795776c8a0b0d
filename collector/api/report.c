/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What devices send again and again: reports, and heartbeats where nothing changed.
 */
#include <errno.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/api/next.h"
#include "collector/api/submit.h"
#include "collector/http/limits.h"
#include "common/base/civil.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static json_t *profile_json(const struct contact_answer *contact)
{
	if (!contact->profile_id[0])
		return json_null();
	return json_pack("{s:s, s:s}", "id", contact->profile_id, "version",
			 contact->profile_version);
}

static json_t *judged_for_json(const struct contact_answer *contact)
{
	char day[CIVIL_TEXT_SIZE];

	return contact->judged_for ? json_string(civil_text(contact->judged_for, day))
				   : json_null();
}

/* What a report and a heartbeat are told apart from others by, as it is told back. */
struct heading {
	const char *device_id, *boot_id;
	int64_t sequence;
};

/* The same for both. */
static void contact_answer(struct request *req, struct response *res, struct job *job,
			   const struct heading *head)
{
	const struct contact_answer *contact = &job->contact;
	json_t *json;

	if (job->result < 0) {
		response_problem(res, PROBLEM_INTERNAL, "%s", job->err.text);
		return;
	}
	if (contact->is_suspected)
		log_line(LOG_WARNING,
			 "device %s: two machines seem to use its key; see conflict list",
			 head->device_id);
	json = json_pack("{s:s, s:s, s:I, s:s, s:b, s:o, s:o, s:o}", "device_id", head->device_id,
			 "boot_id", head->boot_id, "sequence", (json_int_t)head->sequence, "state",
			 device_state_words[contact->state], "send_report", contact->wants_report,
			 "next", next_json(req->app, contact->period_s), "profile",
			 profile_json(contact), "judged_for", judged_for_json(contact));
	next_add_move(req->app, json);
	response_json(res, 200, json);
}

/* Whether @head is of the device whose key it came with; else @res says that it is not. */
static bool is_own(const struct request *req, const struct report *head, const char *what,
		   struct response *res)
{
	const char *key_id = req->caller.device_id;

	if (strcmp(head->device_id, key_id) == 0)
		return true;
	log_line(LOG_WARNING, "device %s: %s refused: it speaks for device %s", key_id, what,
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
 * Whether @job is of what its device sent before, as far as the guard saw; the writer,
 * which will know, may still need the whole of it.
 */
static bool is_known(const struct request *req, const struct job *job)
{
	const struct known_head *known = &job->known;

	return known->contents[0] && strcmp(known->contents, req->caller.contents) == 0 &&
	       strcmp(known->device_id, req->caller.device_id) == 0;
}

/* The head of a report that may be known, into @job; whatever is wrong with it is told later. */
static void read_known(const struct request *req, struct job *job)
{
	if (!req->body || known_read(req->body, req->body_len, &job->known) < 0)
		job->known = (struct known_head){ 0 };
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
		job->body_len = req->body_len;
		job->body = TAKE_PTR(req->body);
		submit(req, res, TAKE_PTR(job), known_answer);
		return;
	}
	if (accept_report(req->body ? req->body : "", req->body_len, &job->report, &pointer, &err) <
	    0) {
		log_line(LOG_NOTICE, "device %s: report refused: %s", req->caller.device_id,
			 err.text);
		submit_refuse(res, pointer, &err);
		return;
	}
	if (!is_own(req, &job->report.report, "report", res))
		return;
	submit(req, res, TAKE_PTR(job), report_answer);
}

static void heartbeat_answer(struct request *req, struct response *res, struct job *job)
{
	const struct report *report = &job->heartbeat.heartbeat.head;
	const struct heading head = { report->device_id, report->boot_id, report->sequence };

	contact_answer(req, res, job, &head);
}

static void heartbeat_add(struct request *req, struct response *res)
{
	_cleanup_(job_freep) struct job *job = job_new(JOB_HEARTBEAT, req->body_len);
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	if (accept_heartbeat(req->body ? req->body : "", req->body_len, &job->heartbeat, &pointer,
			     &err) < 0) {
		log_line(LOG_NOTICE, "device %s: heartbeat refused: %s", req->caller.device_id,
			 err.text);
		submit_refuse(res, pointer, &err);
		return;
	}
	if (!is_own(req, &job->heartbeat.heartbeat.head, "heartbeat", res))
		return;
	memcpy(job->key_hash, req->caller.key_hash, HASH_SIZE);
	submit(req, res, TAKE_PTR(job), heartbeat_answer);
}

const struct route api_report_routes[] = {
	{ "POST", "/v1/reports", ACCESS_DEVICE, NULL, LIMIT_BODY_BYTES, report_add },
	{ "POST", "/v1/heartbeats", ACCESS_DEVICE, NULL, LIMIT_HEARTBEAT_BYTES, heartbeat_add },
	{ 0 },
};
