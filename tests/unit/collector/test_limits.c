/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/http/limits.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

#define PAGE_MAX ((size_t)64 * 1024)

static void the_page_for_people_has_every_limit_as_it_is(void **state)
{
	_cleanup_free_ char *page = NULL;

	(void)state;
	assert_int_equal(file_read_at(AT_FDCWD, "docs/limits.md", PAGE_MAX, &page, NULL, NULL), 0);
	for (size_t i = 0; i < n_limits; i++) {
		const struct limit *limit = &limits[i];
		_cleanup_free_ char *status =
			limit->status ? xasprintf("%d", limit->status) : xstrdup("–");
		_cleanup_free_ char *row =
			xasprintf("| %s | %" PRId64 "%s%s | %s | %s |\n", limit->name, limit->value,
				  limit->unit[0] ? " " : "", limit->unit, status, limit->meaning);

		if (!strstr(page, row))
			fail_msg("docs/limits.md has no line: %s", row);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_for_people_has_every_limit_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
