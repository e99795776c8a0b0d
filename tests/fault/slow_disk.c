/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that takes 20 ms before the first write after each sync, by LD_PRELOAD: it
 * holds open the moment between an answer and its commit, in which a kill finds what
 * was answered too early. A slow sync would not: what a killed program has written
 * stays with the kernel.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DELAY_NS (20 * 1000 * 1000L)

static atomic_bool is_idle = true;

int fsync(int fd)
{
	atomic_store(&is_idle, true);
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	atomic_store(&is_idle, true);
	return (int)syscall(SYS_fdatasync, fd);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t offset)
{
	const struct timespec delay = { .tv_nsec = DELAY_NS };

	if (atomic_exchange(&is_idle, false))
		nanosleep(&delay, NULL);
	return syscall(SYS_pwrite64, fd, data, len, offset);
}
