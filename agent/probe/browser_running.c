/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/probe/browser_product.h"
#include "agent/probe/browser_running.h"
#include "agent/probe/listing.h"
#include "common/base/fd.h"

#define COMM_LEN 15 /* TASK_COMM_LEN without the NUL; the kernel cuts names there */

/* The text of a file in /proc/PID, up to the first NUL; "" if it cannot be read. */
static void read_start(int proc_fd, const char *pid, const char *file, char *text, size_t size)
{
	char path[64];
	_cleanup_close_ int fd = -1;
	ssize_t n;

	text[0] = '\0';
	snprintf(path, sizeof(path), "%.32s/%s", pid, file);
	fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	n = fd < 0 ? -1 : read(fd, text, size - 1);
	if (n > 0)
		text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

static bool is_browser(int proc_fd, const char *pid)
{
	char name[4096];
	const char *base;

	read_start(proc_fd, pid, "comm", name, sizeof(name));
	if (browser_product_find(name))
		return true;
	/* "SBACSecureBrows": only then the whole name is worth another file. */
	if (strlen(name) < COMM_LEN)
		return false;
	read_start(proc_fd, pid, "cmdline", name, sizeof(name));
	base = strrchr(name, '/');
	return browser_product_find(base ? base + 1 : name);
}

int browser_is_running(const struct env *env, struct err *err)
{
	_cleanup_(listing_done) struct listing listing = { 0 };
	bool is_whole = false;
	const char *pid;
	int r = listing_open(env->root_fd, "proc", &listing, err);

	if (r < 0)
		return r;
	while ((pid = listing_next(&listing))) {
		if (!isdigit((unsigned char)pid[0]))
			continue;
		if (is_browser(listing_fd(&listing), pid))
			return 1;
		/* Who sees the first process sees all of them. */
		is_whole |= strcmp(pid, "1") == 0;
	}
	if (!is_whole || listing.is_cut)
		return err_set(err, -EACCES,
			       "not all processes of this device are shown to the agent");
	return 0;
}
