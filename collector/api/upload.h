/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Files that people upload: what one would change, and loading exactly that.
 *
 * Nothing is kept between the two. The id of a preview is a digest of the file and of all that it
 * changes; the file comes again with it, is taken in again, and is kept if the digest is the same.
 */

#include "collector/act/preview.h"
#include "collector/api/api.h"
#include "collector/ingest/job.h"
#include "collector/io/problems.h"

struct upload;

/* One kind of files; static. */
struct upload_kind {
	const char *what;         /* of the log: "an inventory was imported" */
	size_t size;              /* of what has the struct upload as its first member */
	const char *const *words; /* of the changes, ended by NULL; see preview.h */
	/*
	 * On a thread that may be kept: read @in, and note what is wrong. NULL: take_in() does.
	 * -E2BIG: more than is taken at once.
	 */
	int (*read)(struct upload *upload, FILE *in, struct err *err);
	/* In the writer's transaction: change what the file says, and note what, or what is wrong.
	 */
	int (*take_in)(struct upload *upload, const struct moment *moment,
		       const struct actor *actor, struct err *err);
	json_t *(*changes)(const struct upload *upload); /* how many of each kind */
	bool warns;                                      /* its answers have ->warnings */
	void (*done)(struct upload *upload);             /* NULL: there is nothing to free */
};

struct upload {
	struct change change; /* first, so that it is the change */
	const struct upload_kind *kind;
	const struct request *req;
	const char *expected_id; /* of the preview that is to be loaded; NULL: make one */
	bool is_loaded;
	struct problems problems;
	struct problems warnings; /* what is no mistake, and may be none that was meant */
	struct preview preview;
};

void upload_preview(struct request *req, struct response *res, const struct upload_kind *kind);
/* The preview is the one that the path calls :id. */
void upload_commit(struct request *req, struct response *res, const struct upload_kind *kind);
/* What is wrong with a file, as the API tells it. A new reference. */
json_t *upload_problems(const struct problems *found);
