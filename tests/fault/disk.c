/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that fails at a given step, by LD_PRELOAD. DISK_FAULT is "kill:N" (the process
 * dies as by SIGKILL before its Nth step), "ENOSPC:N", "EROFS:N" or "EIO:N" (the Nth step
 * and all after it fail so). Steps are what changes the disk: opening to write, write,
 * sync, truncate, rename, link, unlink, mkdir, of files under the folder DISK_UNDER only,
 * which is an absolute path.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static const struct {
	const char *name;
	int error; /* 0: kill */
} faults[] = { { "kill", 0 }, { "ENOSPC", ENOSPC }, { "EROFS", EROFS }, { "EIO", EIO } };

/* Whether what @fd is, or what is in it, is under the folder. */
static bool is_ours(int fd)
{
	const char *under = getenv("DISK_UNDER");
	char link[64], path[PATH_MAX];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = under ? readlink(link, path, sizeof(path) - 1) : -1;
	return len > 0 && strncmp(path, under, strlen(under)) == 0;
}

static bool is_path_ours(const char *path)
{
	const char *under = getenv("DISK_UNDER");

	return under && strncmp(path, under, strlen(under)) == 0;
}

/* One more step of what is below the folder. false: it fails, with errno set. */
static bool count_step(bool is_counted)
{
	static int n;
	const char *text = getenv("DISK_FAULT");
	size_t len = text ? strcspn(text, ":") : 0;

	if (!text || !text[len] || !is_counted || ++n < atoi(text + len + 1))
		return true;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (strlen(faults[i].name) != len || strncmp(text, faults[i].name, len) != 0)
			continue;
		if (faults[i].error == 0)
			kill(getpid(), SIGKILL);
		errno = faults[i].error;
		return false;
	}
	return true;
}

static bool step(int fd)
{
	return count_step(is_ours(fd));
}

static bool step_path(const char *path)
{
	return count_step(is_path_ours(path));
}

/* It does not refuse what makes room. */
static bool is_full(void)
{
	const char *text = getenv("DISK_FAULT");

	return text && strncmp(text, "ENOSPC", 6) == 0;
}

int open64(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	/* Only what makes a file changes something by itself. */
	if ((flags & O_CREAT) && !step_path(path))
		return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return open64(path, flags, mode);
}

int openat(int dir_fd, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if ((flags & O_ACCMODE) != O_RDONLY && !step(dir_fd))
		return -1;
	return (int)syscall(SYS_openat, dir_fd, path, flags, mode);
}

ssize_t write(int fd, const void *data, size_t len)
{
	return step(fd) ? syscall(SYS_write, fd, data, len) : -1;
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t offset)
{
	return step(fd) ? syscall(SYS_pwrite64, fd, data, len, offset) : -1;
}

int ftruncate64(int fd, off64_t len)
{
	return step(fd) ? (int)syscall(SYS_ftruncate, fd, len) : -1;
}

int fsync(int fd)
{
	return step(fd) ? (int)syscall(SYS_fsync, fd) : -1;
}

int fdatasync(int fd)
{
	return step(fd) ? (int)syscall(SYS_fdatasync, fd) : -1;
}

int rename(const char *from, const char *to)
{
	return step_path(to) ? (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0) : -1;
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
	return step_path(to) ? (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, flags) : -1;
}

int link(const char *from, const char *to)
{
	return step_path(to) ? (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0) : -1;
}

int unlink(const char *path)
{
	return is_full() || step_path(path) ? (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0) : -1;
}

int renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	return step(to_fd) ? (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, 0) : -1;
}

int unlinkat(int dir_fd, const char *path, int flags)
{
	return is_full() || step(dir_fd) ? (int)syscall(SYS_unlinkat, dir_fd, path, flags) : -1;
}

int mkdirat(int dir_fd, const char *path, mode_t mode)
{
	return step(dir_fd) ? (int)syscall(SYS_mkdirat, dir_fd, path, mode) : -1;
}
