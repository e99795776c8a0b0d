/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

struct folder {
	char path[32];
	int fd;
};

static int make_folder(void **state)
{
	struct folder *folder = xcalloc(1, sizeof(*folder));

	strcpy(folder->path, "/tmp/file-XXXXXX");
	if (!mkdtemp(folder->path))
		return -1;
	folder->fd = open(folder->path, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	*state = folder;
	return folder->fd < 0;
}

static int remove_folder(void **state)
{
	struct folder *folder = *state;
	_cleanup_free_ char *command = xasprintf("rm -rf '%s'", folder->path);

	close(folder->fd);
	free(folder);
	return system(command);
}

static void what_was_written_is_read(void **state)
{
	const struct folder *folder = *state;
	_cleanup_free_ char *text = NULL;
	struct stat st;
	size_t len;

	assert_int_equal(file_write_at(folder->fd, "a", "hello", 5, 0600, NULL), 0);
	assert_int_equal(file_read_at(folder->fd, "a", 5, &text, &len, NULL), 0);
	assert_string_equal(text, "hello");
	assert_int_equal(len, 5);
	assert_int_equal(fstatat(folder->fd, "a", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_not_equal(fstatat(folder->fd, ".a.tmp", &st, 0), 0);
}

static void a_file_over_the_limit_is_refused(void **state)
{
	const struct folder *folder = *state;
	char *text = NULL;

	assert_int_equal(file_write_at(folder->fd, "a", "hello!", 6, 0600, NULL), 0);
	assert_int_equal(file_read_at(folder->fd, "a", 5, &text, NULL, NULL), -EFBIG);
	assert_null(text);
}

static void a_fifo_does_not_hold_the_reader(void **state)
{
	const struct folder *folder = *state;
	struct err err = { 0 };
	char *text = NULL;

	assert_int_equal(mkfifoat(folder->fd, "fifo", 0600), 0);
	assert_int_equal(file_read_at(folder->fd, "fifo", 5, &text, NULL, &err), -EINVAL);
	assert_string_equal(err.text, "fifo: not a regular file");
}

static void a_name_with_a_slash_is_refused(void **state)
{
	const struct folder *folder = *state;

	assert_int_equal(file_write_at(folder->fd, "../a", "x", 1, 0600, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_written_is_read, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(a_file_over_the_limit_is_refused, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(a_fifo_does_not_hold_the_reader, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(a_name_with_a_slash_is_refused, make_folder,
						remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
