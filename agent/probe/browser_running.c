/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/probe/browser_product.h"
#include "agent/probe/browser_running.h"
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
	int fd = openat(env->root_fd, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	bool is_found = false, is_whole = false;
	struct dirent *entry;

	if (!dir) {
		int r = -errno;

		if (fd >= 0)
			close(fd);
		return err_errno(err, r, "/proc");
	}
	while (!is_found && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		/* Who sees the first process sees all of them. */
		is_whole |= strcmp(entry->d_name, "1") == 0;
		is_found = is_browser(fd, entry->d_name);
	}
	closedir(dir);
	if (!is_found && !is_whole)
		return err_set(err, -EACCES,
			       "the processes of other users are hidden from the agent");
	return is_found;
}
