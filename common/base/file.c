/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"

/* Read @fd to its end. Files of /proc and /sys say size 0 or 4096, so no size is believed. */
static int read_all(int fd, size_t max_bytes, char **ret_text, size_t *ret_len)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0, size = 0;
	ssize_t n;

	do {
		if (len == size) {
			size = size ? size * 2 : 4096;
			if (size > max_bytes + 1)
				size = max_bytes + 1;
			text = xreallocarray(text, size + 1, 1);
		}
		n = read(fd, text + len, size - len);
		if (n < 0 && errno != EINTR)
			return -errno;
		len += n > 0 ? (size_t)n : 0;
		if (len > max_bytes)
			return -EFBIG;
	} while (n != 0);
	text[len] = '\0';
	*ret_text = TAKE_PTR(text);
	*ret_len = len;
	return 0;
}

int file_read_at(int dir_fd, const char *path, size_t max_bytes, char **ret_text, size_t *ret_len,
		 struct err *err)
{
	/* O_NONBLOCK, so that a FIFO in the place of a file cannot hold us. */
	_cleanup_close_ int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	size_t len = 0;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(err, -errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "%s: not a regular file", path);
	r = read_all(fd, max_bytes, ret_text, &len);
	if (r == -EFBIG)
		return err_set(err, r, "%s: larger than %zu bytes", path, max_bytes);
	if (r < 0)
		return err_errno(err, r, "%s", path);
	if (ret_len)
		*ret_len = len;
	return 0;
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

int file_write_at(int dir_fd, const char *name, const void *data, size_t len, mode_t mode,
		  struct err *err)
{
	_cleanup_close_ int fd = -1;
	char tmp[NAME_MAX + 1];
	int r;

	if (strchr(name, '/') || strlen(name) > NAME_MAX - 5)
		return err_set(err, -EINVAL, "%s: not a plain file name", name);
	snprintf(tmp, sizeof(tmp), ".%s.tmp", name);
	fd = openat(dir_fd, tmp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return err_errno(err, -errno, "%s", tmp);

	r = fchmod(fd, mode) < 0 ? -errno : write_all(fd, data, len);
	if (r >= 0 && fsync(fd) < 0)
		r = -errno;
	if (r >= 0 && renameat(dir_fd, tmp, dir_fd, name) < 0)
		r = -errno;
	/* The rename is durable only once the folder is. */
	if (r >= 0 && fsync(dir_fd) < 0)
		r = -errno;
	if (r < 0) {
		(void)unlinkat(dir_fd, tmp, 0);
		return err_errno(err, r, "%s", name);
	}
	return 0;
}
