/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What LEAs and sites ask beyond a profile. */

#include "collector/domain/supplement.h"
#include "collector/store/store.h"

struct supplement_list {
	struct supplement **supplements; /* ->text: as it was published */
	int64_t *published_ms;
	size_t n;
};

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
/* All of @profile_id, LEAs before sites, by code. supplement_list_done() *@ret_list. */
int store_supplement_list(struct store *store, const char *profile_id,
			  struct supplement_list *ret_list, struct err *err) _must_check_;
void supplement_list_done(struct supplement_list *list);
/* How many there are of @profile_id. */
int store_supplement_count(struct store *store, const char *profile_id, int64_t *ret_n,
			   struct err *err) _must_check_;
