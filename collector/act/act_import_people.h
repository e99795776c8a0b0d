/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Roles of many people at once: everybody in the file has exactly the roles that it gives them,
 * from now on; whoever has no account gets one, with an invitation; nobody else changes.
 */

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "collector/act/actor.h"
#include "collector/domain/import_row.h"
#include "collector/store/store.h"

struct people_import {
	const struct person_row *rows;
	size_t n_rows;
	/* Told of each row that cannot be. */
	void (*wrong)(void *arg, const struct person_row *row, const char *why);
	void *arg;
};

struct people_imported {
	size_t n_made, n_changed, n_unchanged, n_wrong;
	/*
	 * By person: {"login", "name", "change": "made", "changed" or "unchanged", "before":
	 * grants or null, "after": grants, "invitation": its secret or null}. json_decref() it.
	 */
	json_t *people;
};

/*
 * In a transaction that the caller rolls back where something is wrong, or where it only
 * wanted to know what would change. An error is one of the store.
 */
int act_import_people(struct store *store, const struct actor *actor,
		      const struct people_import *import, int64_t now_ms,
		      struct people_imported *ret_imported, struct err *err) _must_check_;
