/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mark beside a damaged file, PATH.damaged: whoever meets damage first leaves it, so that
 * nobody else reads numbers from the file until a person has looked. It names the file by its
 * inode: another one that was put in its place is not meant.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/store/db_sqlite.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"

enum {
	MARK_BYTES_MAX = 4096,
};

static char *mark_path(const char *path)
{
	return xasprintf("%s.damaged", path);
}

void sqlite_damage_note(const char *path, const char *why)
{
	_cleanup_free_ char *mark = mark_path(path);
	_cleanup_close_ int fd = -1;
	struct stat st;

	/* What the first one saw says most. */
	if (stat(path, &st) < 0 || sqlite_damage_check(path, NULL) < 0)
		return;
	fd = open(mark, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	dprintf(fd, "%" PRIuMAX "\n%s\n", (uintmax_t)st.st_ino, why);
	(void)fsync(fd);
}

int sqlite_damage_check(const char *path, struct err *err)
{
	_cleanup_free_ char *mark = mark_path(path), *text = NULL;
	uintmax_t inode;
	struct stat st;
	char *end;

	if (stat(path, &st) < 0 ||
	    file_read_at(AT_FDCWD, mark, MARK_BYTES_MAX, &text, NULL, NULL) < 0)
		return 0;
	inode = strtoumax(text, &end, 10);
	if (*end != '\n' || inode != st.st_ino)
		return 0;
	return err_set(err, -EUCLEAN,
		       "%s: the store is damaged: restore a backup, or if another copy of it was "
		       "put in its place, run check (%.*s)",
		       path, (int)strcspn(end + 1, "\n"), end + 1);
}

int sqlite_damage_forget(const char *path, struct err *err)
{
	_cleanup_free_ char *mark = mark_path(path);

	if (unlink(mark) < 0 && errno != ENOENT)
		return err_errno(err, -errno, "%s", mark);
	return 0;
}
