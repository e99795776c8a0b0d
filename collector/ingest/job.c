/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <stdlib.h>

#include "collector/ingest/job.h"
#include "common/base/mem.h"

struct job *job_new(enum job_kind kind, size_t bytes)
{
	struct job *job = xcalloc(1, sizeof(*job));

	job->kind = kind;
	job->bytes = bytes;
	return job;
}

void job_free(struct job *job)
{
	if (!job)
		return;
	accepted_report_done(&job->report);
	accepted_heartbeat_done(&job->heartbeat);
	accepted_enroll_done(&job->enroll);
	waiver_done(&job->waiver);
	free(job->body);
	free(job->answer.site_code);
	free(job->answer.site_name);
	sodium_memzero(&job->answer, sizeof(job->answer));
	sodium_memzero(job->device_key, sizeof(job->device_key));
	free(job);
}
