/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Waivers: proposed, given, and what came of them. What was given is never deleted; a proposal that
 * came to nothing is, long after.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/domain/supplement.h"
#include "collector/store/store.h"
#include "common/model/result.h"

#define WAIVER_WHO_MAX 100 /* bytes */

/* Of these only what is given is part of what judges, until its last day. */
enum waiver_status {
	WAIVER_STATUS_GIVEN,
	WAIVER_STATUS_PROPOSED,
	WAIVER_STATUS_DECLINED,
	WAIVER_STATUS_WITHDRAWN, /* by who proposed it */
	WAIVER_STATUS_REVOKED,   /* it was given */
	WAIVER_STATUS_MAX_,
};
extern const char *const waiver_status_words[]; /* given, …; ended by NULL */

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
	enum waiver_status status;
	int64_t revoked_ms; /* or withdrawn; 0: neither */
	char *revoked_by;
	char *proposed_by;  /* NULL or "": it was given at once */
	char *proposer_id;  /* that account; NULL or "": none */
	int64_t decided_ms; /* a proposal was given or declined then; 0: not */
	char *decided_by;
	char *decline_reason;
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
/* Write what can change of @waiver, which is there: who, until, status, and who did what when. */
int store_waiver_set(struct store *store, const struct waiver *waiver,
		     struct err *err) _must_check_;
/*
 * The open proposal of the same for the same, waiver_done() it. -ENOENT: there is none.
 */
int store_waiver_same(struct store *store, const struct waiver *waiver, struct waiver *ret_waiver,
		      struct err *err) _must_check_;
/*
 * Of @profile_id, or of all where that is NULL; those of @status, or all with @is_any. The
 * oldest first, after (@after_ms, @after_id), at most @limit.
 */
struct waiver_query {
	const char *profile_id;
	enum waiver_status status;
	bool is_any;
	int64_t after_ms;
	const char *after_id; /* NULL: from the start */
	size_t limit;
};
int store_waiver_list(struct store *store, const struct waiver_query *query,
		      struct waiver_list *ret_list, struct err *err) _must_check_;
/* Those given of exactly this scope, the oldest first. */
int store_waiver_of(struct store *store, const char *profile_id, enum scope scope,
		    const char *scope_code, struct waiver_list *ret_list,
		    struct err *err) _must_check_;
/*
 * For how many sites that @waiver is for the window ends after its last day, so that
 * it does not count there; *@ret_n_sites: for how many it is.
 */
int store_waiver_sites(struct store *store, const struct waiver *waiver, int64_t *ret_n_sites,
		       int64_t *ret_n_too_short, struct err *err) _must_check_;
/* How many are given of @profile_id. */
int store_waiver_count(struct store *store, const char *profile_id, int64_t *ret_n,
		       struct err *err) _must_check_;
/*
 * Forget proposals that were declined or withdrawn before @before_ms, the oldest first and at most
 * @limit of them; *@ret_n: how many. The audit log has them for as long as it is kept.
 */
int store_waiver_forget(struct store *store, int64_t before_ms, size_t limit, int64_t *ret_n,
			struct err *err) _must_check_;

/* Devices of those whom a waiver is for that have the same results. */
struct waiver_pattern {
	char version[HASH_SIZE]; /* what their sites are judged by; "": nothing is published */
	bool is_current;         /* they were judged by that */
	int32_t last_day;        /* of their windows */
	enum device_state state;
	char *results; /* "": they were never judged */
	int64_t n;     /* 0: there is no device */
};
struct waiver_pattern_list {
	struct waiver_pattern *patterns;
	size_t n_patterns;
};
void waiver_pattern_list_done(struct waiver_pattern_list *list);
/*
 * All of the sites whom @waiver is for and whose window names its profile, by version. A site
 * without devices has one with none. waiver_pattern_list_done() *@ret_list.
 */
int store_waiver_patterns(struct store *store, const struct waiver *waiver,
			  struct waiver_pattern_list *ret_list, struct err *err) _must_check_;
