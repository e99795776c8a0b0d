/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lint looks at whatever parses as a profile; a diff of it with itself finds nothing.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/profile_diff.h"
#include "collector/domain/profile_lint.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup(size ? (const char *)data : "", size);
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_(lint_list_done) struct lint_list findings = { 0 };
	_cleanup_(diff_list_done) struct diff_list differences = { 0 };

	if (profile_parse(text, strlen(text), "p", &profile, NULL) < 0)
		return 0;
	profile_lint(profile, text, "p", &findings);
	profile_diff(profile, profile, &differences);
	if (differences.n_entries > 0 || findings.n_findings > LINT_FINDINGS_MAX)
		abort();
	return 0;
}
