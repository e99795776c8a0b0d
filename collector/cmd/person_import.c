/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person import: roles of many people from a CSV file, all or nothing.
 */
#include <errno.h>
#include <fcntl.h>

#include "collector/act/act_import_people.h"
#include "collector/cmd/admin.h"
#include "collector/io/people_csv.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/mem.h"

struct import {
	struct people_file file;
	struct people_imported imported;
	bool is_dry_run;
};

static void note_wrong(void *arg, const struct person_row *row, const char *why)
{
	struct import *import = arg;

	people_file_refuse(&import->file, row, why);
}

static int import_all(struct store *store, void *arg, struct err *err)
{
	struct import *import = arg;
	const struct people_import asked = { import->file.rows, import->file.n_rows, note_wrong,
					     import };
	int r;

	if (import->file.problems.n > 0)
		return 1;
	r = act_import_people(store, admin_actor(), &asked, clock_now_ms(), &import->imported, err);
	if (r < 0)
		return r;
	return import->is_dry_run || import->file.problems.n > 0;
}

static void print_grants(const json_t *grants)
{
	const json_t *grant;
	size_t i;

	json_array_foreach (grants, i, grant)
		printf("%s%s %s %s", i > 0 ? ", " : "",
		       json_string_value(json_object_get(grant, "role")),
		       json_string_value(json_object_get(grant, "scope")),
		       json_string_value(json_object_get(grant, "code")));
}

static void print_person(const json_t *person, bool is_dry_run)
{
	const char *invitation = json_string_value(json_object_get(person, "invitation"));
	const json_t *before = json_object_get(person, "before");

	printf("%s  %s  %s: ", json_string_value(json_object_get(person, "login")),
	       json_string_value(json_object_get(person, "name")),
	       json_string_value(json_object_get(person, "change")));
	if (json_is_array(before)) {
		print_grants(before);
		printf(" -> ");
	}
	print_grants(json_object_get(person, "after"));
	if (invitation && !is_dry_run)
		printf("  /invitation#%s", invitation);
	printf("\n");
}

static void print_result(const struct import *import)
{
	const struct people_imported *imported = &import->imported;
	const json_t *person;
	size_t i;

	json_array_foreach (imported->people, i, person)
		print_person(person, import->is_dry_run);
	printf("%zu made, %zu changed, %zu unchanged.%s\n", imported->n_made, imported->n_changed,
	       imported->n_unchanged,
	       import->is_dry_run ? " Nothing was stored: this was a dry run." : "");
}

static int import_text(const char *store_url, const char *name, struct import *import,
		       const char *text, size_t len)
{
	struct err err = { 0 };
	int r;

	people_csv_read(name, text, len, &import->file);
	r = admin_run(store_url, import_all, import, &err);
	if (r < 0)
		return admin_fail(&cmd_person_import, &err);
	if (import->file.problems.n > 0) {
		problems_print(&import->file.problems, stderr);
		fprintf(stderr, "Nothing was imported.\n");
		return admin_end(&cmd_person_import, ADMIN_REFUSED);
	}
	print_result(import);
	return admin_end(&cmd_person_import, CLI_OK);
}

static int run(int argc, char *argv[])
{
	const char *store_url = NULL;
	struct import import = { 0 };
	const struct cli_option options[] = {
		{ "dry-run", NULL, "say what would change, and change nothing", NULL,
		  &import.is_dry_run },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	_cleanup_free_ char *text = NULL;
	struct err err = { 0 };
	size_t n_args, len = 0;
	int r = cli_parse(&cmd_person_import, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_person_import, "name one file");
	if (file_read_at(AT_FDCWD, argv[1], PEOPLE_CSV_BYTES_MAX, &text, &len, &err) < 0)
		return admin_fail(&cmd_person_import, &err);
	r = import_text(store_url, argv[1], &import, text, len);
	json_decref(import.imported.people);
	people_file_done(&import.file);
	return r;
}

const struct cli_command cmd_person_import = {
	.name = "person import",
	.args = "FILE",
	.summary =
		"give many people the roles that a CSV file has, and accounts where they have none",
	.run = run,
};
