/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/listing.h"
#include "common/base/fd.h"
#include "common/base/mem.h"

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

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int listing_paths_read(int dir_fd, const char *folder, bool (*is_wanted)(const char *name),
		       struct listing_paths *paths, struct err *err)
{
	_cleanup_(listing_done) struct listing listing = { 0 };
	struct err missing = { 0 };
	const char *name;
	int r = listing_open(dir_fd, folder, &listing, &missing);

	if (!listing.dir)
		return r == -ENOENT ? 0 : err_set(err, r, "%s", missing.text);
	while (paths->n < LISTING_PATHS_MAX && (name = listing_next(&listing))) {
		if (is_wanted(name))
			paths->paths[paths->n++] = xasprintf("%s/%s", folder, name);
	}
	if (paths->n == LISTING_PATHS_MAX || listing.is_cut)
		return err_set(err, -E2BIG, "/%s cannot be listed to its end", folder);
	/* All are of one folder, so that paths are in the order of names. */
	if (paths->n > 0)
		qsort(paths->paths, paths->n, sizeof(char *), compare_paths);
	return 0;
}

void listing_paths_done(struct listing_paths *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		free(paths->paths[i]);
}
