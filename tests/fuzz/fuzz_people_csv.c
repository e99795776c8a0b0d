/* SPDX-License-Identifier: Apache-2.0 */
/* A file of roles: what is taken is as it has to be, and what is not has a place in the file. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/io/csv.h"
#include "collector/io/people_csv.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	struct people_file file;

	people_csv_read("f", text, strlen(text), &file);
	must(file.n_rows > 0 || file.problems.n > 0);
	for (size_t i = 0; i < file.n_rows; i++) {
		const struct person_row *row = &file.rows[i];

		must(row->login[0] && row->name[0] && row->line > 1);
		must(access_role_fits(row->grant.role, row->grant.scope));
		must((row->grant.scope == SCOPE_STATE) == (row->grant.code[0] == '\0'));
		must(!csv_is_formula(row->name) && !csv_is_formula(row->grant.code));
	}
	for (size_t i = 0; i < file.problems.n && i < PROBLEMS_SHOWN_MAX; i++) {
		const struct problem_place *place = &file.problems.places[i];

		must(place->line > 0 && place->column > 0 && file.problems.texts[i][place->at]);
	}
	people_file_done(&file);
	return 0;
}
