/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Files for other programs, made while they are taken. All rows are of one moment: a reader of
 * its own keeps its snapshot until the file was taken, its client is gone, or its time is up. Few
 * at a time, since the log of the store grows as long as there is one. A piece of it is made by
 * the pool whenever the last one was taken, so none is made ahead of a client that does not read.
 */

#include "collector/api/api.h"
#include "collector/view/sheet.h"

/* What is asked for. */
struct export_asked {
	const struct request *req;
	const struct view *view; /* valid as long as the sheet */
	struct sheet_form form;
};
/* On success *@ret_sheet is the caller's. */
typedef int export_open(const struct export_asked *asked, struct sheet **ret_sheet,
			struct err *err);

/* Which kind of file a route answers with; static. */
struct export_kind {
	const char *name; /* its name begins with: "devices" */
	export_open *open;
};

/*
 * Answer with a file of @kind, in the format that the route's path ends with: .csv or .json.
 * From a thread of the pool, see reading.h.
 */
void export_now(struct request *req, struct response *res, const struct export_kind *kind);
