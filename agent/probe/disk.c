/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disk: room for the secure browser's cache and for downloaded test content.
 */
#include <errno.h>
#include <sys/statvfs.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"

static int disk_run(const struct env *env, json_t *facts, struct err *err)
{
	struct statvfs st;

	if (fstatvfs(env->root_fd, &st) < 0)
		return err_errno(err, -errno, "the system disk");

	fact_set_int(facts, "total_bytes", (int64_t)(st.f_blocks * st.f_frsize));
	/* f_bavail, not f_bfree: the browser runs as a student, not as root. */
	fact_set_int(facts, "free_bytes", (int64_t)(st.f_bavail * st.f_frsize));
	return 0;
}

const struct probe probe_disk = { .name = "disk", .run = disk_run };
