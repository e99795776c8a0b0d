/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
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
	accepted_facts_done(&job->facts);
	accepted_heartbeat_done(&job->heartbeat);
	accepted_enroll_done(&job->enroll);
	if (job->change)
		job->change->free(job->change);
	if (job->once)
		free(job->once->answer);
	free(job->once);
	free(job->body);
	free(job->answer.site_code);
	free(job->answer.site_name);
	sodium_memzero(&job->answer, sizeof(job->answer));
	sodium_memzero(job->device_key, sizeof(job->device_key));
	free(job);
}

bool job_is_refused(int r)
{
	static const int refusals[] = { -ENOENT,      -EACCES,   -EPERM,  -EALREADY,
					-EINVAL,      -E2BIG,    -ESTALE, -EKEYREJECTED,
					-EKEYREVOKED, -ENOTUNIQ, -EFBIG };

	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		if (refusals[i] == r)
			return true;
	}
	return false;
}
