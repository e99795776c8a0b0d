/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/profile_lint.h"
#include "collector/domain/supplement.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept.h"
#include "collector/store/facts_text.h"
#include "collector/store/store_waiver.h"
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

static void so_it_has_those_of_what_is_asked_and_waived_besides(void **state)
{
	static const struct {
		const char *name, *unit, *meaning;
		size_t value;
	} rows[] = {
		{ "supplement", " bytes", "the file of a supplement", SUPPLEMENT_BYTES_MAX },
		{ "name", " bytes", "who answers for a waiver, or revokes it", WAIVER_WHO_MAX },
		{ "stored facts", " bytes", "the facts of a device", FACTS_STORED_MAX },
		{ "missing facts", "", "facts that a report lacks", ACCEPT_COMPLETED_MAX },
		{ "findings", "", "what `profile lint` says of one file", LINT_FINDINGS_MAX },
	};
	_cleanup_free_ char *page = NULL;

	(void)state;
	assert_int_equal(file_read_at(AT_FDCWD, "docs/limits.md", PAGE_MAX, &page, NULL, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *row = xasprintf("\n| %s | %zu%s | %s", rows[i].name,
						     rows[i].value, rows[i].unit, rows[i].meaning);

		if (!strstr(page, row))
			fail_msg("docs/limits.md has no line: %s", row);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_for_people_has_every_limit_as_it_is),
		cmocka_unit_test(so_it_has_those_of_what_is_asked_and_waived_besides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
