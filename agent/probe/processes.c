/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/probe/listing.h"
#include "agent/probe/processes.h"
#include "common/base/fd.h"

#define COMM_LEN 15                /* TASK_COMM_LEN without the NUL; the kernel cuts names there */
#define KERNEL_THREAD 0x00200000UL /* PF_KTHREAD of include/linux/sched.h */
#define NAME_SIZE 4096

/* Read the start of a file in /proc/PID. -ENODATA: it has nothing to say. */
static int read_start(int proc_fd, const char *pid, const char *file, char *text, size_t size)
{
	char path[64];
	_cleanup_close_ int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "%.32s/%s", pid, file);
	fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	n = fd < 0 ? -1 : read(fd, text, size - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	return n > 0 ? 0 : -ENODATA;
}

/* Read the name of a process into @name. -ENOENT: it is gone. */
static int read_name(int proc_fd, const char *pid, char *name)
{
	char argv[NAME_SIZE];
	const char *base;
	int r = read_start(proc_fd, pid, "comm", name, NAME_SIZE);

	if (r < 0)
		return r == -ESRCH ? -ENOENT : r;
	name[strcspn(name, "\n")] = '\0';
	if (strlen(name) < COMM_LEN || read_start(proc_fd, pid, "cmdline", argv, sizeof(argv)) < 0)
		return 0;
	/* A process may write anything there; only the rest of the same name is of use. */
	base = strrchr(argv, '/');
	base = base ? base + 1 : argv;
	if (strncmp(base, name, COMM_LEN) == 0)
		memmove(name, base, strlen(base) + 1);
	return 0;
}

int processes_walk(const struct env *env, process_fn *see, void *user, struct err *err)
{
	_cleanup_(listing_done) struct listing listing = { 0 };
	bool has_first = false, has_closed = false;
	char name[NAME_SIZE];
	const char *pid;
	int r = listing_open(env->root_fd, "proc", &listing, err);

	if (r < 0)
		return r;
	while ((pid = listing_next(&listing))) {
		struct process process = { listing_fd(&listing), pid, name };

		if (!isdigit((unsigned char)pid[0]))
			continue;
		r = read_name(process.proc_fd, pid, name);
		if (r >= 0 && !see(user, &process))
			return 0;
		/* hidepid=2 leaves out the processes of others, hidepid=1 closes them. */
		has_first |= strcmp(pid, "1") == 0;
		has_closed |= r < 0 && r != -ENOENT;
	}
	if (!has_first || has_closed)
		return err_set(err, -EACCES,
			       "not all processes of this device are shown to the agent");
	if (listing.is_cut)
		return err_set(err, -E2BIG, "there are more processes than the agent looks at");
	return 0;
}

bool process_is_live(const struct process *process)
{
	char text[1024];
	char *rest;
	char state;

	/* Without it we know only the name, and that is what we were asked for. */
	if (read_start(process->proc_fd, process->pid, "stat", text, sizeof(text)) < 0)
		return true;
	/* The name in parentheses may hold parentheses; the last one ends it. */
	rest = strrchr(text, ')');
	if (!rest || rest[1] != ' ')
		return true;
	state = rest[2];
	if (state == 'Z' || state == 'X' || state == 'x')
		return false;
	/* state, ppid, pgrp, session, tty_nr, tpgid: flags are the seventh. */
	rest += 3;
	for (int i = 0; i < 5; i++)
		(void)strtol(rest, &rest, 10);
	return !(strtoul(rest, NULL, 10) & KERNEL_THREAD);
}
