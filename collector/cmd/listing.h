/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Lists that a view gives in parts, printed as lines for people or as JSON for programs. */

#include <jansson.h>

#include "collector/cmd/admin.h"
#include "collector/view/view.h"

struct listing {
	const char *name; /* of the rows, in what @read gives and in what is printed: "people" */
	/* One part of the list, with "next_cursor" where it may have more than one. */
	int (*read)(const void *arg, const struct view *view, const struct page *page,
		    json_t **ret_json, struct err *err);
	void (*print)(const json_t *row);     /* a row, for people */
	const void *arg;                      /* what @read has to know: which rows are asked for */
	const char *none;                     /* the line where there are no rows; NULL: "None." */
	void (*print_end)(const json_t *all); /* behind the rows and instead of @none; or NULL */
};

/*
 * Print all rows of @listing, read in one snapshot of the store at @store_url: as JSON, the first
 * part with the rows of all; or a line a row. Returns what the command ends with.
 */
int listing_run(const struct cli_command *command, const struct listing *listing,
		const char *store_url, bool is_json);
/* A whole command: the same, with no options but --json and --store. */
int listing_command(const struct cli_command *command, const struct listing *listing, int argc,
		    char *argv[]);

/* " CODE" behind the scope of a role, "" of the whole state: as "%s%s". */
#define LISTING_CODE(code) (code)[0] ? " " : "", (code)
/* "used 2026-11-22" as "%s%.10s". */
#define LISTING_USED(used) (used)[0] ? "used " : "never used", (used)
