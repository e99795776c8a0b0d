/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * /proc/self/mountinfo (proc(5)): what a folder is on. A network file system is
 * never asked for that, since it may not answer.
 */

#include <stdbool.h>

#include "common/base/base.h"

#define MOUNTINFO_MAX ((size_t)1024 * 1024)

enum mount_place {
	MOUNT_ANYWHERE, /* a kind of FUSE that we do not know: on a server or not */
	MOUNT_LOCAL,
	MOUNT_NETWORK,
};

struct mount {
	bool is_known; /* false: no line is about the path, and so nothing is */
	enum mount_place place;
	bool is_noexec;
};

/* What is mounted at the absolute @path by @mountinfo. */
struct mount mount_at(const char *mountinfo, const char *path);
