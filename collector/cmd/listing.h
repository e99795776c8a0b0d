/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Lists that a view gives in parts, printed as lines for people or as JSON for programs. */

#include <jansson.h>

#include "collector/cmd/admin.h"
#include "collector/view/view.h"

struct listing {
	const char *name; /* of the rows, in what @read gives and in what is printed: "people" */
	/* One part of the list, with "next_cursor"; for whoever may run commands on the store. */
	int (*read)(const void *arg, const struct view *view, const struct page *page,
		    json_t **ret_json, struct err *err);
	void (*print)(const json_t *row); /* a row, for people */
	const void *arg;                  /* what @read has to know: which rows are asked for */
};

/*
 * Print all rows of @listing, read in one snapshot of the store at @store_url, or "None.".
 * Returns what the command ends with.
 */
int listing_run(const struct cli_command *command, const struct listing *listing,
		const char *store_url, bool is_json);

/* A text of a row; NULL: null, or not there. Valid as long as @row. */
const char *listing_text(const json_t *row, const char *key);
/* " CODE" behind the scope of a role, "" of the whole state: as "%s%s". */
#define LISTING_CODE(code) (code) ? " " : "", (code) ? (code) : ""
/* "used 2026-11-22" as "%s%.10s". */
#define LISTING_USED(used) (used) ? "used " : "never used", (used) ? (used) : ""
