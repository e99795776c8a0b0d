/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#include "agent/probe/presence.h"

/* Debian's multiarch tuples of the processors that test devices have, then the others' folders. */
const char *const library_folders[] = {
	"usr/lib/x86_64-linux-gnu",
	"usr/lib/aarch64-linux-gnu",
	"usr/lib/arm-linux-gnueabihf",
	"usr/lib/i386-linux-gnu",
	"usr/lib/riscv64-linux-gnu",
	"usr/lib64",
	"usr/lib",
	"usr/local/lib",
	NULL,
};

/* 1 and *@ret_st, 0, or why that cannot be told. */
static int look(const struct env *env, const char *path, int flags, struct stat *ret_st,
		struct err *err)
{
	if (fstatat(env->root_fd, path, ret_st, flags) == 0)
		return 1;
	if (errno == ENOENT || errno == ENOTDIR)
		return 0;
	return err_errno(err, -errno, "/%s", path);
}

int presence_of(const struct env *env, const char *path, struct err *err)
{
	struct stat st;

	return look(env, path, AT_SYMLINK_NOFOLLOW, &st, err);
}

int presence_of_file(const struct env *env, const char *path, struct err *err)
{
	struct stat st;
	int r = look(env, path, 0, &st, err);

	return r > 0 ? S_ISREG(st.st_mode) && st.st_size > 0 : r;
}

int presence_of_program(const struct env *env, const char *path, struct err *err)
{
	struct stat st;
	int r = look(env, path, 0, &st, err);

	return r > 0 ? S_ISREG(st.st_mode) && st.st_size > 0 && (st.st_mode & 0111) : r;
}

int presence_of_any(const struct env *env, const char *const *paths, struct err *err)
{
	int unsure = 0;

	for (; *paths; paths++) {
		int r = presence_of_file(env, *paths, err);

		if (r > 0)
			return r;
		unsure = r < 0 ? r : unsure;
	}
	return unsure;
}

int presence_of_library(const struct env *env, const char *name, struct err *err)
{
	int unsure = 0;

	for (size_t i = 0; library_folders[i]; i++) {
		char path[PATH_MAX];
		int r;

		snprintf(path, sizeof(path), "%s/%s", library_folders[i], name);
		r = presence_of_file(env, path, err);
		if (r > 0)
			return r;
		unsure = r < 0 ? r : unsure;
	}
	return unsure;
}
