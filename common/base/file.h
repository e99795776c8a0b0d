/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whole files, with a limit on what is read and durability on what is written.
 */

#include <stddef.h>
#include <sys/types.h>

#include "common/base/base.h"
#include "common/base/err.h"

/*
 * Read the regular file @path, relative to @dir_fd (or AT_FDCWD), of at most
 * @max_bytes. Never blocks on a FIFO or device.
 *
 * On success *@ret_text is owned by the caller and ends in a NUL that *@ret_len
 * does not count. -EFBIG: larger than @max_bytes. -EINVAL: not a regular file.
 * @ret_len may be NULL.
 */
int file_read_at(int dir_fd, const char *path, size_t max_bytes, char **ret_text, size_t *ret_len,
		 struct err *err) _must_check_;

/*
 * Write @path, relative to @dir_fd, so that after a crash it has either its old
 * or its new content: temporary file, fsync, rename, fsync of the folder
 * @dir_fd. @path must be a plain name inside @dir_fd.
 */
int file_write_at(int dir_fd, const char *name, const void *data, size_t len, mode_t mode,
		  struct err *err) _must_check_;
