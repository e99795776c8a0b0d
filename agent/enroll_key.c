/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agent/enroll_key.h"
#include "common/base/file.h"
#include "common/base/id.h"
#include "common/base/mem.h"

#define KEY_FILE_MAX 4096

void enroll_key_free(char *key)
{
	if (key)
		explicit_bzero(key, strlen(key));
	free(key);
}

/* Up to KEY_FILE_MAX bytes of standard input. */
static int read_stdin(char **ret_text, struct err *err)
{
	_cleanup_free_ char *text = xcalloc(KEY_FILE_MAX + 1, 1);
	size_t len = 0;

	while (len < KEY_FILE_MAX) {
		ssize_t n = read(STDIN_FILENO, text + len, KEY_FILE_MAX - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, -errno, "standard input");
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret_text = TAKE_PTR(text);
	return 0;
}

int enroll_key_read(const char *file, char **ret_key, struct err *err)
{
	_cleanup_(enroll_key_freep) char *text = NULL, *key = NULL;
	const char *start;
	int r;

	if (secret_is_in(file))
		return err_set(err, -EINVAL,
			       "the key itself was given; put it into a file and give the name of "
			       "that, or - for standard input: every user can read the arguments");
	r = strcmp(file, "-") == 0 ? read_stdin(&text, err)
				   : file_read_at(AT_FDCWD, file, KEY_FILE_MAX, &text, NULL, err);
	if (r < 0)
		return err_prefix(err, r, "cannot read the enrolment key");
	assert(text);
	start = text + strspn(text, " \t\r\n");
	key = xstrndup(start, strcspn(start, " \t\r\n"));
	if (start[strlen(key) + strspn(start + strlen(key), " \t\r\n")] != '\0' ||
	    !secret_is_valid(SECRET_ENROLLMENT, key))
		return err_set(err, -EINVAL,
			       "%s holds no enrolment key: one line of tre_ and 43 characters, as "
			       "the collector printed it",
			       strcmp(file, "-") == 0 ? "standard input" : file);
	*ret_key = TAKE_PTR(key);
	return 0;
}
