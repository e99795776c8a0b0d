/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The files of the browser app, read once at start: what is served later is what
 * was there then, and no path of a request ever reaches the file system.
 */

#include <stdbool.h>
#include <stddef.h>

#include "collector/http/response.h"
#include "collector/http/target.h"
#include "common/base/base.h"
#include "common/base/err.h"

struct assets;

/*
 * Read all files of the folder @dir. NAME.gz is the compressed form of NAME.
 * -E2BIG, -EFBIG: over a limit. On success *@ret_assets is owned by the caller:
 * assets_free() it.
 */
int assets_load(const char *dir, struct assets **ret_assets, struct err *err) _must_check_;
void assets_free(struct assets *assets);
DEFINE_CLEANUP(struct assets *, assets_free);

/* Answer with the file @name; false: there is none. @assets may be NULL: there are none. */
bool assets_answer(const struct assets *assets, const char *name, const char *accept_encoding,
		   struct response *res);

/*
 * index.html, with @main (HTML) where the app shows itself once it runs, and with @attributes on
 * that element. Owned by the caller; NULL: there are no pages, or theirs has no such element.
 */
char *assets_shell(const struct assets *assets, const char *attributes, const char *main);

/*
 * Answer a request for a page: the file that the path names, else index.html, which
 * shows a page by its address. A path that looks like a file and is none is 404.
 */
void assets_answer_page(const struct assets *assets, const struct target *target,
			const char *accept_encoding, struct response *res);
