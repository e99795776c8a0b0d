/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The facts of devices, one row each. They are packed; a row that an older version wrote has
 * their text instead until it is written again, by a report or by compact.
 */

#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/id.h"

/* The columns that store_facts_read() expects next to each other. */
#define FACTS_COLUMNS "body, packed"

/*
 * The facts of the device @id, from @column on of the row that @rows is at. *@ret_text is owned
 * by the caller; NULL: it has none. -EBADMSG: they cannot be unpacked, so nothing can be said of
 * what they were; @err names the device.
 */
int store_facts_read(struct db_rows *rows, int column, const char *id, char **ret_text,
		     struct err *err) _must_check_;
int store_facts_put(struct store *store, const char *id, const char *text,
		    struct err *err) _must_check_;

/*
 * Pack those of the next @n_devices after @id whose text is stored still. @id becomes that of
 * the last of them, or "" where none was left. *@ret_n: how many there were.
 */
int store_facts_pack(struct store *store, char id[static ID_SIZE], size_t n_devices, int64_t *ret_n,
		     struct err *err) _must_check_;

/*
 * Forget them, so that whatever the device says next of its facts is new and is stored; its
 * results stay until then, or it is unknown once it is judged again.
 */
int store_facts_forget(struct store *store, const char *id, struct err *err) _must_check_;
