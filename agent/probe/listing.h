/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The names in a folder, not more than can be right.
 */

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define LISTING_MAX 8192

struct listing {
	DIR *dir;
	size_t n;
	bool is_cut; /* there is more: over LISTING_MAX, or the disk would not say */
};

/* List @path, relative to @dir_fd (or AT_FDCWD); listing_done() it. */
int listing_open(int dir_fd, const char *path, struct listing *ret_listing,
		 struct err *err) _must_check_;
void listing_done(struct listing *listing);

/*
 * The next name but "." and "..", valid until the one after; NULL at the end.
 * Then ask @listing->is_cut: what was not seen is not known to be absent.
 */
const char *listing_next(struct listing *listing);

/* The open folder, for openat() and its like. */
int listing_fd(const struct listing *listing);

/* The paths of some files of a folder, sorted by name. */
#define LISTING_PATHS_MAX 256

struct listing_paths {
	char *paths[LISTING_PATHS_MAX];
	size_t n;
};

/*
 * Collect @folder's files, relative to @dir_fd, whose names @is_wanted, as
 * "FOLDER/NAME". A folder that is not there has none. listing_paths_done()
 * @paths, also on failure. -E2BIG: there are more.
 */
int listing_paths_read(int dir_fd, const char *folder, bool (*is_wanted)(const char *name),
		       struct listing_paths *paths, struct err *err) _must_check_;
void listing_paths_done(struct listing_paths *paths);
