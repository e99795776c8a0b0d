/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Waivers, in force and revoked. Nothing is ever deleted. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/domain/supplement.h"
#include "collector/store/store.h"

#define WAIVER_WHO_MAX 100 /* bytes */

/* A row of waiver. Texts are owned by it; waiver_done() frees them. */
struct waiver {
	char id[ID_SIZE];
	char *profile_id;
	enum scope scope;
	char *scope_code; /* "" for the state */
	char *requirement;
	char *reason;
	char *who;
	int32_t until; /* the last day */
	int64_t created_ms;
	int64_t revoked_ms; /* 0: in force */
	char *revoked_by;
};
void waiver_done(struct waiver *waiver);

struct waiver_list {
	struct waiver *waivers;
	size_t n_waivers;
};
void waiver_list_done(struct waiver_list *list);

int store_waiver_put(struct store *store, const struct waiver *waiver,
		     struct err *err) _must_check_;
/* -ENOENT: no such waiver. waiver_done() *@ret_waiver. */
int store_waiver_get(struct store *store, const char *id, struct waiver *ret_waiver,
		     struct err *err) _must_check_;
/* -ENOENT: no such waiver. -EALREADY: it is revoked. */
int store_waiver_revoke(struct store *store, const char *id, const char *who, int64_t now_ms,
			struct err *err) _must_check_;
/*
 * Of @profile_id, or of all where that is NULL; revoked ones only with @with_revoked. The
 * oldest first, after (@after_ms, @after_id), at most @limit.
 */
struct waiver_query {
	const char *profile_id;
	bool with_revoked;
	int64_t after_ms;
	const char *after_id; /* NULL: from the start */
	size_t limit;
};
int store_waiver_list(struct store *store, const struct waiver_query *query,
		      struct waiver_list *ret_list, struct err *err) _must_check_;
/* Those in force of exactly this scope, the oldest first. */
int store_waiver_of(struct store *store, const char *profile_id, enum scope scope,
		    const char *scope_code, struct waiver_list *ret_list,
		    struct err *err) _must_check_;
/*
 * For how many sites that @waiver is for the window ends after its last day, so that
 * it does not count there; *@ret_n_sites: for how many it is.
 */
int store_waiver_sites(struct store *store, const struct waiver *waiver, int64_t *ret_n_sites,
		       int64_t *ret_n_too_short, struct err *err) _must_check_;
/* How many are in force of @profile_id. */
int store_waiver_count(struct store *store, const char *profile_id, int64_t *ret_n,
		       struct err *err) _must_check_;
