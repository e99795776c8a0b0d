/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The store: rows in and out of the database. It knows no rules; collector/act
 * and collector/view do. A store is one connection and belongs to one thread
 * at a time. Reads inside store_begin() … store_commit() see what it wrote.
 */

#include "collector/store/db.h"
#include "common/base/err.h"

struct sites_kept;
struct store {
	struct db *db;
	bool is_read_only;
	struct sites_kept *sites; /* of store_site_briefs() */
};

/*
 * Open @url and, unless @is_read_only, bring it to the newest migration.
 * -EPROTO: made by a newer version. -ESTALE: read-only and of an older one.
 * -EUCLEAN: damaged. -EMEDIUMTYPE: another program's. On success *@ret_store is
 * owned by the caller: store_close() it.
 */
int store_open(const char *url, bool is_read_only, struct store **ret_store,
	       struct err *err) _must_check_;
/* The same of a store that must be there, to be written. -ENOENT: it is not. */
int store_open_old(const char *url, struct store **ret_store, struct err *err) _must_check_;
void store_close(struct store *store);
DEFINE_CLEANUP(struct store *, store_close);

int store_begin(struct store *store, struct err *err) _must_check_;
int store_commit(struct store *store, struct err *err) _must_check_;
void store_rollback(struct store *store);

/*
 * A part of a transaction that may be given up alone: whatever was written since store_try() is
 * kept or not, as store_try_end() says, and the transaction goes on. One at a time.
 */
int store_try(struct store *store, struct err *err) _must_check_;
int store_try_end(struct store *store, bool is_kept, struct err *err) _must_check_;

/*
 * A number that is another one once anybody else has committed to the store, as of the
 * transaction that was begun. What @store itself wrote does not change it.
 */
int store_version(struct store *store, int64_t *ret_version, struct err *err) _must_check_;

/* Whether a row can be written and its migrations are done. */
int store_check_writable(struct store *store, struct err *err) _must_check_;
