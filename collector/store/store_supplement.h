/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What LEAs and sites ask beyond a profile. */

#include "collector/domain/supplement.h"
#include "collector/store/store.h"

/* Insert or replace the one of the same profile and scope. */
int store_supplement_put(struct store *store, const struct supplement *supplement, int64_t now_ms,
			 struct err *err) _must_check_;
/* Take it away. -ENOENT: there is none. */
int store_supplement_delete(struct store *store, const char *profile_id, enum scope scope,
			    const char *scope_code, struct err *err) _must_check_;
/* -ENOENT: there is none. -EUCLEAN: cannot be read. supplement_free() *@ret_supplement. */
int store_supplement_get(struct store *store, const char *profile_id, enum scope scope,
			 const char *scope_code, struct supplement **ret_supplement,
			 struct err *err) _must_check_;
/* Who has one; not what it says, which need not be readable for that. */
struct supplement_place {
	enum scope scope;
	char *code;
	char *lea_code; /* of the site; its own for an LEA */
	bool is_judged; /* a site whose window names the profile */
};
struct supplement_place_list {
	struct supplement_place *places;
	size_t n;
};
/*
 * Those of @profile_id that are of the LEA or site @code, with a state's "" all; by LEA, and of one
 * LEA its own first. Of an LEA: its own, and of its sites. supplement_place_list_done() *@ret_list.
 */
struct supplement_query {
	const char *profile_id;
	enum scope scope;
	const char *code;
};
int store_supplement_places(struct store *store, const struct supplement_query *query,
			    struct supplement_place_list *ret_list, struct err *err) _must_check_;
void supplement_place_list_done(struct supplement_place_list *list);
/* How many there are of @profile_id. */
int store_supplement_count(struct store *store, const char *profile_id, int64_t *ret_n,
			   struct err *err) _must_check_;
