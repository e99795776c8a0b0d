/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/domain/access.h"
#include "collector/domain/fix_first.h"
#include "collector/domain/site_count.h"
#include "collector/domain/window.h"
#include "collector/store/store.h"

/* A site with its window and its counts. */
struct site {
	char *code;
	char *name;
	char *lea_code;
	char *lea_name;
	char *zone;
	bool has_inventory;
	bool is_queued; /* its devices are to be judged again; see store_rejudge.h */
	bool has_window;
	struct window window; /* its texts are owned by the site */
	struct site_count count;
};

/* Columns of site_count, and what they say from @column on. */
#define SITE_COUNT_COLUMNS                                                              \
	"conflict, never_seen, stale, not_ready, unknown, ready_with_warnings, ready, " \
	"browser_exempt, browser_current, unexpected"
void site_count_read(struct db_rows *rows, int column, struct site_count *ret_count);

struct site_list {
	struct site *sites;
	size_t n_sites;
};

/* -ENOENT: no such site. site_done() *@ret_site. */
int store_site_get(struct store *store, const char *code, struct site *ret_site,
		   struct err *err) _must_check_;
/* All sites, by code. One pass over three small tables, whatever the fleet holds. */
int store_site_all(struct store *store, struct site_list *ret_list, struct err *err) _must_check_;
/* How many there are. */
int store_site_number(struct store *store, int64_t *ret_n, struct err *err) _must_check_;
/* At most @limit of them, whose code is behind @after; "": from the first on. */
int store_site_some(struct store *store, const char *after, size_t limit,
		    struct site_list *ret_list, struct err *err) _must_check_;

/* What of a site its verdict and its place by risk come from, without its names. */
struct site_brief {
	const char *code; /* texts are owned by the list */
	struct site_count count;
	bool is_queued; /* as of struct site */
	bool has_window;
	int32_t first, last;         /* days of the window */
	const char *profile_version; /* of the window; "": none */
};
struct site_brief_list {
	struct site_brief *sites; /* by code */
	size_t n_sites;
	struct texts *texts; /* for its own use */
};
/*
 * Of all sites in @sight: a pass over two small tables and one that is mostly empty. Who only
 * reads, and sees all, gets what was read before where no transaction changed any of it since.
 * *@ret_list is the store's, valid until it is asked for again or closed.
 */
int store_site_briefs(struct store *store, const struct sight *sight,
		      const struct site_brief_list **ret_list, struct err *err) _must_check_;
void sites_kept_free(struct sites_kept *kept);
/* The tables that it reads, up to NULL, and what is run in every transaction that writes one. */
extern const char *const site_brief_tables[];
#define SITE_TURN_NEXT "UPDATE site_turn SET n = n + 1"

/* Which part of the sites: the first @limit in @sight after @code, "" from the first. */
struct code_list;
struct site_place {
	const struct sight *sight;
	const char *name; /* only of the order by name */
	const char *code;
	size_t limit;
};
/* Codes of sites, by code. */
int store_site_codes(struct store *store, const struct site_place *place,
		     struct code_list *ret_list, struct err *err) _must_check_;
/* By name, after (@name, @code). */
int store_site_codes_by_name(struct store *store, const struct site_place *place,
			     struct code_list *ret_list, struct err *err) _must_check_;

/* Which sites a list of devices is looked for at; NULL or -1 where it does not matter. */
struct site_query {
	const char *code; /* this one */
	const char *lea_code;
	const char *profile_id; /* of the window */
	unsigned states; /* a device may be in one of 1 << enum device_state; 0: all but retired */
	int is_expected; /* 0, 1, or -1 */
	const char *from_code; /* not before this code; "" for the first */
	size_t limit;
	const struct sight *sight; /* only of these */
};
/* Sites that have such devices by their counts, by code; site_list_done() *@ret_list. */
int store_site_list(struct store *store, const struct site_query *query, struct site_list *ret_list,
		    struct err *err) _must_check_;
/* What store_site_list() or store_site_sum() asks the database; owned by the caller. For tests. */
char *site_query_sql(const struct site_query *query, bool is_sum) _must_check_;
/* The counts of all of them added up, as if there were no limit. */
int store_site_sum(struct store *store, const struct site_query *query,
		   struct site_count *ret_count, struct err *err) _must_check_;

void site_done(struct site *site);
void site_list_done(struct site_list *list);

/* Whether there is an LEA with the code: 1 or 0. */
int store_lea_has(struct store *store, const char *code, struct err *err) _must_check_;
/* 1, and its time zone, owned by the caller; 0: there is no such LEA. */
int store_lea_zone(struct store *store, const char *code, char **ret_zone,
		   struct err *err) _must_check_;

/*
 * Whether there is a site, or an LEA, with the code @code, of digits, and one to three zeros before
 * it, and not @code itself: 1 or 0. *@ret_longer, where 1: which; owned by the caller.
 */
int store_site_longer(struct store *store, const char *code, char **ret_longer,
		      struct err *err) _must_check_;
int store_lea_longer(struct store *store, const char *code, char **ret_longer,
		     struct err *err) _must_check_;

/*
 * Insert or change; the LEA with it, which has the zone of its first site. Counts and
 * has_inventory stay.
 */
int store_site_put(struct store *store, const struct site *site, struct err *err) _must_check_;
/*
 * The one window of a site; what judges it is set by store_window_set_version(), not
 * here. -EEXIST: another site has a window of that id.
 */
int store_window_put(struct store *store, const char *site_code, const struct window *window,
		     struct err *err) _must_check_;
/* From now on only the inventory's devices are expected at @code. */
int store_site_set_inventory(struct store *store, const char *code, struct err *err) _must_check_;

/* The codes of sites, in the order asked for; their texts are owned by the list. */
struct code_list {
	char **codes;
	size_t n_codes;
};
void code_list_done(struct code_list *list);
/* What sites are judged by, at most @limit different versions; not sorted. */
int store_window_versions(struct store *store, size_t limit, struct code_list *ret_versions,
			  struct err *err) _must_check_;
/* The first column of all rows that are left. */
int code_list_read(struct db_rows *rows, struct code_list *ret_list, struct err *err) _must_check_;
/* Add @delta, whose numbers may be negative, to the counts of a site. */
int store_site_count_add(struct store *store, const char *code, const struct site_count *delta,
			 struct err *err) _must_check_;

/* How many devices all sites have, expected or not; of the counts, so it is a few rows. */
int store_site_devices(struct store *store, int64_t *ret_n, struct err *err) _must_check_;

/* The patterns of a site; their texts are owned by the list. */
struct pattern_list {
	struct pattern *patterns;
	size_t n_patterns;
};
/* Only those judged by @profile_version. pattern_list_done() *@ret_list. */
int store_site_patterns(struct store *store, const char *code, const char *profile_version,
			struct pattern_list *ret_list, struct err *err) _must_check_;
void pattern_list_done(struct pattern_list *list);
/* One device more or less (@delta 1 or -1) of a pattern; a pattern of none goes. */
int store_site_pattern_add(struct store *store, const char *code, const char *profile_version,
			   const struct pattern *pattern, int delta, struct err *err) _must_check_;

/* How many expected devices of a site are ready with a result that is waived. */
int store_site_waived(struct store *store, const char *code, int64_t *ret_n,
		      struct err *err) _must_check_;

/* Rooms of a site with their expected and ready devices, from the same patterns. */
struct room_count {
	char *room;
	int64_t expected;
	int64_t ready;
};
struct room_list {
	struct room_count *rooms;
	size_t n_rooms;
};
int store_site_rooms(struct store *store, const char *code, struct room_list *ret_list,
		     struct err *err) _must_check_;
void room_list_done(struct room_list *list);
