/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Everything a probe may touch. Tests point @root at a folder of theirs and
 * run under umockdev, which stands in for /sys and /dev.
 */

struct udev;

struct env {
	const char *root;  /* put before /etc, /usr, /opt, /home, /proc; "" for this machine */
	int root_fd;       /* the same folder */
	struct udev *udev; /* for /sys and udev's database, which are never under @root */
};
