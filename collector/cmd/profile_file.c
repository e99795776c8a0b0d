/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "collector/cmd/profile_file.h"
#include "common/base/file.h"
#include "common/base/mem.h"

/* All of standard input, which may be a pipe. */
static int read_input(struct profile_file *file)
{
	_cleanup_free_ char *text = xcalloc(PROFILE_BYTES_MAX + 2, 1);
	/* One more than there may be, to see that there is. */
	size_t len = fread(text, 1, PROFILE_BYTES_MAX + 1, stdin);

	if (ferror(stdin))
		return err_errno(&file->refusal, -errno, "standard input");
	if (len > PROFILE_BYTES_MAX)
		return err_set(&file->refusal, -EFBIG, "standard input: more than %zu bytes",
			       PROFILE_BYTES_MAX);
	file->name = "<stdin>";
	file->text = TAKE_PTR(text);
	file->len = len;
	return 0;
}

int profile_file_open(const char *name, struct profile_file *ret_file)
{
	struct profile_file *file = ret_file;
	int r;

	*file = (struct profile_file){ .name = name };
	if (strcmp(name, "-") == 0)
		r = read_input(file);
	else
		r = file_read_at(AT_FDCWD, name, PROFILE_BYTES_MAX, &file->text, &file->len,
				 &file->refusal);
	if (r < 0)
		return r;
	if (supplement_is_one(file->text, file->len))
		return supplement_parse(file->text, file->len, file->name, &file->supplement,
					&file->refusal);
	return profile_parse(file->text, file->len, file->name, &file->profile, &file->refusal);
}

void profile_file_done(struct profile_file *file)
{
	profile_free(file->profile);
	supplement_free(file->supplement);
	free(file->text);
}
