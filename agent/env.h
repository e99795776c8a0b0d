/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Everything a probe may touch. Tests point @root at a folder of theirs and
 * run under umockdev, which stands in for /sys and /dev.
 */

#include <libudev.h>

#include "common/base/base.h"
#include "common/base/err.h"

/* Devices of one subsystem, found once and used by every probe that asks. */
struct env_devices;

struct env {
	const char *root;    /* put before /etc, /usr, /opt, /home, /proc; "" for this machine */
	int root_fd;         /* the same folder */
	const char *helpers; /* folder of the helper programs; NULL: there are none */
	/* Servers that the profile names, ended by NULL; NULL: no profile is known. */
	const char *const *endpoints;
	struct udev *udev; /* for /sys and udev's database, which are never under @root */
	struct env_devices *seen;
};

/*
 * Look at the machine under the folder @root, "" for this one. @root must stay
 * valid as long as *@ret_env; env_done() it.
 */
int env_init(struct env *ret_env, const char *root, struct err *err) _must_check_;
void env_done(struct env *env);

/* More devices of one subsystem than this and what is said of them is unknown. */
#define ENV_DEVICES_MAX 1024

/*
 * The devices of @subsystem whose kernel name matches @sysname ("input*"),
 * sorted by path, whether or not udev has seen them: in a container, or before
 * udevd runs, none is "initialized" and all are there.
 *
 * *@ret_devices belongs to @env and is valid until env_done().
 * -E2BIG: there are more than ENV_DEVICES_MAX. -ENOENT: /sys is not there.
 */
int env_devices(const struct env *env, const char *subsystem, const char *sysname,
		struct udev_device *const **ret_devices, size_t *ret_n,
		struct err *err) _must_check_;

/* Forget the devices, so that the next look finds what was plugged in since. */
void env_forget(struct env *env);

/*
 * Read the regular file @path, without a slash in front, of at most @max_bytes
 * under the root. As file_read_at() in everything else.
 */
int env_read(const struct env *env, const char *path, size_t max_bytes, char **ret_text,
	     size_t *ret_len, struct err *err) _must_check_;
