/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "agent/probe/listing.h"
#include "common/base/fd.h"

int listing_open(int dir_fd, const char *path, struct listing *ret_listing, struct err *err)
{
	_cleanup_close_ int fd =
		openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir)
		return err_errno(err, -errno, "%s", path);
	(void)TAKE_FD(fd);
	*ret_listing = (struct listing){ .dir = dir };
	return 0;
}

void listing_done(struct listing *listing)
{
	if (listing->dir)
		closedir(listing->dir);
	*listing = (struct listing){ 0 };
}

const char *listing_next(struct listing *listing)
{
	for (;;) {
		const struct dirent *entry;

		errno = 0;
		entry = readdir(listing->dir); /* NOLINT(concurrency-mt-unsafe): a DIR of our own */
		if (!entry) {
			listing->is_cut |= errno != 0;
			return NULL;
		}
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (listing->n++ < LISTING_MAX)
			return entry->d_name;
		listing->is_cut = true;
		return NULL;
	}
}

int listing_fd(const struct listing *listing)
{
	return dirfd(listing->dir);
}
