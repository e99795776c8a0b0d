/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/api/submit.h"
#include "collector/http/limits.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static void report_answer(struct request *req, struct response *res, struct job *job)
{
	const struct report *report = &job->report.report;

	(void)req;
	if (job->result < 0) {
		response_problem(res, PROBLEM_INTERNAL, "%s", job->err.text);
		return;
	}
	response_json(res, 200,
		      json_pack("{s:s, s:s, s:I, s:s}", "device_id", report->device_id, "boot_id",
				report->boot_id, "sequence", (json_int_t)report->sequence, "state",
				device_state_words[job->state]));
}

static void report_add(struct request *req, struct response *res)
{
	_cleanup_(job_freep) struct job *job = job_new(JOB_REPORT, req->body_len);
	const char *key_id = req->caller.device_id;
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	if (accept_report(req->body ? req->body : "", req->body_len, &job->report, &pointer, &err) <
	    0) {
		log_line(LOG_NOTICE, "device %s: report refused: %s", key_id, err.text);
		submit_refuse(res, pointer, &err);
		return;
	}
	if (strcmp(job->report.report.device_id, key_id) != 0) {
		log_line(LOG_WARNING, "device %s: report refused: it speaks for device %s", key_id,
			 job->report.report.device_id);
		response_problem_at(res, PROBLEM_FORBIDDEN, "/device_id",
				    "This key is of another device than the report; send each "
				    "report with its own device's key.");
		return;
	}
	submit(req, res, TAKE_PTR(job), report_answer);
}

const struct route api_report_routes[] = {
	{ "POST", "/v1/reports", ACCESS_DEVICE, NULL, LIMIT_BODY_BYTES, report_add },
	{ 0 },
};
