/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A slow disk, by LD_PRELOAD. Without more it takes 20 ms before the first write after each
 * sync: it holds open the moment between an answer and its commit, in which a kill finds
 * what was answered too early. A slow sync would not: what a killed program has written
 * stays with the kernel. With SYNC_MS each sync takes as many milliseconds more instead,
 * as on a disk of which a commit has to wait.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DELAY_NS (20 * 1000 * 1000L)

static atomic_bool is_idle = true;

static long sync_ns(void)
{
	static atomic_long ns = -1;
	const char *text;

	if (atomic_load(&ns) < 0) {
		text = getenv("SYNC_MS");
		atomic_store(&ns, text ? (long)(atof(text) * 1000 * 1000) : 0);
	}
	return atomic_load(&ns);
}

static void before_sync(void)
{
	const struct timespec delay = { .tv_nsec = sync_ns() };

	atomic_store(&is_idle, true);
	if (delay.tv_nsec > 0)
		nanosleep(&delay, NULL);
}

int fsync(int fd)
{
	before_sync();
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	before_sync();
	return (int)syscall(SYS_fdatasync, fd);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t offset)
{
	const struct timespec delay = { .tv_nsec = DELAY_NS };

	if (sync_ns() == 0 && atomic_exchange(&is_idle, false))
		nanosleep(&delay, NULL);
	return syscall(SYS_pwrite64, fd, data, len, offset);
}
