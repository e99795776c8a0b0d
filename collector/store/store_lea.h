/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* LEAs, each with what of it somebody sees. */

#include <stddef.h>
#include <stdint.h>

#include "collector/domain/access.h"
#include "collector/domain/site_count.h"
#include "collector/store/store.h"

struct lea {
	char *code;
	char *name;
	char *zone;              /* that its sites have which were given none of their own */
	int64_t n_sites;         /* that are seen */
	struct site_count count; /* of their devices */
};
void lea_done(struct lea *lea);

struct lea_list {
	struct lea *leas;
	size_t n_leas;
};
void lea_list_done(struct lea_list *list);

/* Which: those in @sight or with a site in it, ... */
struct lea_query {
	const struct sight *sight;
	const char *name;  /* ... whose name has this in it, in any case of ASCII; "": all */
	const char *code;  /* ... whose code begins with this */
	const char *after; /* ... behind this code */
	size_t limit;
};
/* By code. lea_list_done() *@ret_list. */
int store_lea_list(struct store *store, const struct lea_query *query, struct lea_list *ret_list,
		   struct err *err) _must_check_;
/* -ENOENT: there is none of that code in @sight. lea_done() *@ret_lea. */
int store_lea_get(struct store *store, const struct sight *sight, const char *code,
		  struct lea *ret_lea, struct err *err) _must_check_;

/* Its name and zone, and nothing else. -ENOENT: there is none. */
int store_lea_update(struct store *store, const struct lea *lea, struct err *err) _must_check_;
/* Give those of its sites that have @from_zone the other one; *@ret_n: how many. */
int store_lea_move_sites(struct store *store, const char *code, const char *from_zone,
			 const char *to_zone, int64_t *ret_n, struct err *err) _must_check_;
