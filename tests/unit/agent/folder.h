/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A folder for one test, as *state, removed with all that is in it. For
 * cmocka_unit_test_setup_teardown().
 */

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/mem.h"

static inline int folder_make(void **state)
{
	char dir[] = "/tmp/testready-XXXXXX";

	if (!mkdtemp(dir))
		return -1;
	*state = xstrdup(dir);
	return 0;
}

static inline int folder_remove_one(const char *path, const struct stat *st, int type,
				    struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int folder_remove(void **state)
{
	int r = nftw(*state, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);

	free(*state);
	return r;
}

/* Write @text into @path inside @folder; the folders on the way are made. */
static inline void folder_write(const char *folder, const char *path, const char *text)
{
	_cleanup_free_ char *full = xasprintf("%s/%s", folder, path);
	FILE *file;

	for (char *slash = full + strlen(folder) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		(void)mkdir(full, 0700);
		*slash = '/';
	}
	file = fopen(full, "w");
	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		abort();
}
