/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Bring a database to the tables that this version knows: numbered steps,
 * forward only, one transaction each.
 */

#include "collector/store/db.h"

struct migration {
	int number;
	const char *name;
	const char *sql;
};

/*
 * Run what is missing. An existing store is copied first, to PATH.before-NNNN, NNNN being
 * what it becomes; without room for that nothing is changed.
 * -EPROTO: made by a newer version.
 */
int migrate(struct db *db, struct err *err) _must_check_;

/* -EPROTO: made by a newer version; -ESTALE: by an older one. Changes nothing. */
int migrate_check(struct db *db, struct err *err) _must_check_;

/* The number of the newest that ran. -EPROTO: made by a newer version. */
int migrate_layout(struct db *db, int64_t *ret_layout, struct err *err) _must_check_;
