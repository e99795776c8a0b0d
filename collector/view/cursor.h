/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Cursors: the place after which the next part of a list begins, as a text that
 * means nothing to a client. It holds values, not an offset, so that rows that
 * come and go between two parts neither repeat nor hide others. A sum over it tells a cursor that
 * was cut or changed on its way; it is no secret, as a place is none. PURE.
 */

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "common/base/base.h"
#include "common/base/err.h"
#include "common/base/id.h"

enum { CURSOR_TEXTS_MAX = 8 };

/* Write @n_texts texts, the first of which says what list they are of. Owned by the caller. */
char *cursor_write(const char *const *texts, size_t n_texts) _must_check_;

/*
 * Read a cursor of the list @list with @n_texts texts, the list's name included.
 * They are borrowed from *@ret_json, which the caller json_decref()s.
 * -EINVAL: it is none of ours.
 */
int cursor_read(const char *cursor, const char *list, size_t n_texts, const char **ret_texts,
		json_t **ret_json, struct err *err) _must_check_;

/* The place behind a row, in a list that is in the order of a time and an id or a hash. */
struct cursor_place {
	int64_t ms;
	char id[HASH_SIZE];
};
/* As a string for "next_cursor"; @id has less than HASH_SIZE bytes. A new reference. */
json_t *cursor_place_json(const char *list, int64_t ms, const char *id);
/* Read a cursor of cursor_place_json(). -EINVAL: it is none of ours. */
int cursor_place_read(const char *cursor, const char *list, struct cursor_place *ret_place,
		      struct err *err) _must_check_;
