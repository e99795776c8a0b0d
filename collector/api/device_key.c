/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/api/submit.h"
#include "common/base/mem.h"

static void key_answer(struct request *req, struct response *res, struct job *job)
{
	if (job->result == -EACCES) {
		response_problem(res, PROBLEM_UNAUTHORIZED, "%s", job->err.text);
		return;
	}
	if (job->result < 0) {
		response_failure(res, job->result, &job->err);
		return;
	}
	response_json(res, 200,
		      json_pack("{s:s, s:s}", "device_id", req->caller.device_id, "device_key",
				job->device_key));
	res->cache = "no-store";
	res->etag[0] = '\0';
}

static void key_add(struct request *req, struct response *res)
{
	struct job *job = job_new(JOB_DEVICE_KEY, 0);

	memcpy(job->device_id, req->caller.device_id, ID_SIZE);
	memcpy(job->key_hash, req->caller.key_hash, HASH_SIZE);
	submit(req, res, job, key_answer);
}

const struct route api_device_key_routes[] = {
	{ "POST", "/v1/device-key", ACCESS_DEVICE, MAY_NOTHING_, NULL, 0, key_add },
	{ 0 },
};
