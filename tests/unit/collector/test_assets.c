/* SPDX-License-Identifier: Apache-2.0 */
/* The shell of the pages with something in the place of the app. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/http/assets.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static char *shell_of(const char *index)
{
	char dir[] = "/tmp/testready-assets-XXXXXX";
	_cleanup_(assets_freep) struct assets *assets = NULL;
	_cleanup_close_ int fd = -1;
	struct err err = { 0 };
	char *shell;

	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(file_write_at(fd, "index.html", index, strlen(index), 0600, &err), 0);
	assert_int_equal(assets_load(dir, &assets, &err), 0);
	shell = assets_shell(assets, "data-why=\"used\"", "<p>Why.</p>");
	assert_int_equal(unlinkat(fd, "index.html", 0), 0);
	assert_int_equal(rmdir(dir), 0);
	return shell;
}

static void what_is_told_stands_where_the_app_will(void **state)
{
	_cleanup_free_ char *shell = shell_of("<body>\n<div id=\"app\"></div>\n</body>\n");

	(void)state;
	assert_string_equal(shell, "<body>\n<div id=\"app\" data-why=\"used\"><p>Why.</p></div>\n"
				   "</body>\n");
}

static void pages_without_that_place_have_no_shell(void **state)
{
	(void)state;
	assert_null(shell_of("<body><div id=\"other\"></div></body>\n"));
	assert_null(assets_shell(NULL, "", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_told_stands_where_the_app_will),
		cmocka_unit_test(pages_without_that_place_have_no_shell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
