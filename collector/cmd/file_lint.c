/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/cmd/file_lint.h"
#include "collector/domain/profile_lint.h"
#include "collector/store/store_profile.h"

static int lint(struct store *store, const struct profile_file *file, struct lint_list *ret_list,
		struct err *err)
{
	_cleanup_(profile_freep) struct profile *base = NULL;
	char version[HASH_SIZE];
	int r;

	if (file->profile) {
		profile_lint(file->profile, file->text, file->name, ret_list);
		return 0;
	}
	r = store_profile_version(store, file->supplement->profile_id, version, err);
	if (r >= 0)
		r = store_profile_get(store, version, &base, err);
	if (r >= 0)
		supplement_lint(base, file->supplement, ret_list);
	return r;
}

int file_lint(struct store *store, const struct profile_file *file, struct err *err)
{
	_cleanup_(lint_list_done) struct lint_list list = { 0 };
	int r = lint(store, file, &list, err);

	for (size_t i = 0; i < list.n_findings && r >= 0; i++) {
		bool is_error = list.findings[i].level == LINT_ERROR;

		fprintf(stderr, "%s%s\n", is_error ? "" : "warning: ", list.findings[i].text);
		r |= is_error;
	}
	return r;
}
