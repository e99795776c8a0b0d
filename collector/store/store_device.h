/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/id.h"
#include "common/model/profile.h"
#include "common/model/report.h"

/* A row of device. Texts are owned by it; device_done() frees them. */
struct device {
	char *id;
	char *site_code;
	enum device_role role;
	char *room;
	bool is_expected;
	char *asset_tag;
	char *serial;
	char *host_name;
	char *model;
	int64_t enrolled_ms; /* 0: not enrolled */
	int64_t seen_ms;     /* 0: no report yet */
	char *agent_version;
	enum device_state state;
	int64_t since_ms;
	char *profile_id; /* "" : not judged */
	char *profile_version;
	char *results;
	enum result browser; /* of browser.version, by profile_version; unknown: not judged */
	char *facts_hash;    /* "" before the first report */
	char *facts;         /* JSON text; NULL before the first report and in lists */
};

struct device_list {
	struct device *devices;
	size_t n_devices;
};

void device_done(struct device *device);
void device_list_done(struct device_list *list);
/* A copy with texts of its own; device_done() it. */
void device_copy(const struct device *device, struct device *ret_copy);
/* Make a text of a device @value, unless it is that already. */
void device_set(char **text, const char *value);
/* Take over the names that a device says of itself; @keeps_tag: not its asset tag. */
void device_take_names(struct device *device, const struct device_names *names, bool keeps_tag);

/* -ENOENT: no such device. -EBADMSG: its facts cannot be read; see store_facts_read(). */
int store_device_get(struct store *store, const char *id, struct device *ret_device,
		     struct err *err) _must_check_;
/* The same without facts, which are most of a row. */
int store_device_head(struct store *store, const char *id, struct device *ret_device,
		      struct err *err) _must_check_;
/* Its facts alone, owned by the caller. -ENOENT: it has none. -EBADMSG: as above. */
int store_device_facts(struct store *store, const char *id, char **ret_facts,
		       struct err *err) _must_check_;
/* By the hash of its key. -ENOENT: no device has it. */
int store_device_by_key(struct store *store, const char *key_hash, char ret_id[static ID_SIZE],
			struct err *err) _must_check_;

/* The names by which an inventory and a device find each other. */
enum device_name {
	DEVICE_NAME_ASSET_TAG,
	DEVICE_NAME_SERIAL,
	DEVICE_NAME_HOST, /* compared without case */
	DEVICE_NAME_MAX_,
};

/*
 * The line of @site_code's inventory that nobody claimed and whose @name is
 * @value. Returns 1 and its id, or 0.
 */
int store_device_find_line(struct store *store, const char *site_code, enum device_name name,
			   const char *value, char ret_id[static ID_SIZE],
			   struct err *err) _must_check_;

/* The counts of the site are the caller's to change; see collector/act/rollup.h. */
int store_device_insert(struct store *store, const struct device *device,
			struct err *err) _must_check_;
/* Write what differs. Facts that are NULL in @after stay. */
int store_device_update(struct store *store, const struct device *before,
			const struct device *after, struct err *err) _must_check_;
/* The hash of its key; "" where it has none. -ENOENT: no such device. */
int store_device_key(struct store *store, const char *id, char ret_key_hash[static HASH_SIZE],
		     struct err *err) _must_check_;
/* NULL takes its key away. */
int store_device_set_key(struct store *store, const char *id, const char *key_hash,
			 struct err *err) _must_check_;
/* Only for a line of an inventory that no device ever claimed. */
int store_device_delete(struct store *store, const char *id, struct err *err) _must_check_;

/* In what order a list of devices comes; each is of one site. */
enum device_order {
	DEVICE_ORDER_PLACE, /* room, host name, id */
	DEVICE_ORDER_HOST,  /* host name, id */
	DEVICE_ORDER_SEEN,  /* never first, then the longest ago; id */
	DEVICE_ORDER_MAX_,
};

/* Where a page of the list begins: the place of the last device before it. */
struct device_place {
	const char *room;
	const char *host_name;
	const char *id;
	int64_t seen_ms;
};

/* What the list is narrowed to; NULL or -1 where it is not. */
struct device_query {
	const char *site_code;
	unsigned states; /* bits 1 << enum device_state; 0: all but retired */
	unsigned roles;  /* bits 1 << enum device_role; 0: all */
	const char *room;
	const char *model;
	int is_expected;              /* 0, 1, or -1 */
	const uint64_t *requirements; /* bits of places in the profile, as in fix_work; on one … */
	unsigned results;             /* … the result is one of these bits 1 << enum result */
	const char *profile_version;  /* those places are of this version */
	enum device_order order;
	const struct device_place *after;
	size_t limit;
};

/* In the order that @query names; without facts. */
int store_device_list(struct store *store, const struct device_query *query,
		      struct device_list *ret_list, struct err *err) _must_check_;

/* How many expected devices of a site have a room, a state and results in common. */
struct device_group {
	char *room;
	enum device_state state;
	char *profile_version;
	char *results;
	int64_t n;
};
struct device_group_list {
	struct device_group *groups;
	size_t n_groups;
};
/* All of @site_code, by whatever version they were judged; a few rows, whatever the site has. */
int store_device_groups(struct store *store, const char *site_code,
			struct device_group_list *ret_list, struct err *err) _must_check_;
void device_group_list_done(struct device_group_list *list);

/*
 * Up to @limit devices of @site_code that have reported and whose id is behind @after_id,
 * by id; without facts.
 */
int store_device_reported(struct store *store, const char *site_code, const char *after_id,
			  size_t limit, struct device_list *ret_list, struct err *err) _must_check_;
/* How many devices of @site_code have reported. */
int store_device_count_reported(struct store *store, const char *site_code, int64_t *ret_n,
				struct err *err) _must_check_;

/*
 * Up to @limit devices of @site_code whose state does not fit their age: fresh
 * though not seen within @since_ms and @until_ms, or stale though seen. Without facts.
 */
/* NOLINTNEXTLINE(readability-function-size): a site and two ends of a time */
int store_device_aged(struct store *store, const char *site_code, int64_t since_ms,
		      int64_t until_ms, size_t limit, struct device_list *ret_list,
		      struct err *err) _must_check_;

/*
 * So many changes of one requirement of a device on one day (UTC) have a row each; of those that
 * come after them only the newest has one, which says how many were between. Whoever sends a report
 * each second, each with another result, has a history of a day and not of a million rows.
 */
#define TRANSITIONS_A_DAY 8

/* Changes of results, the newest first. */
struct transition {
	int64_t at_ms;
	char *requirement;
	char *old_result; /* "" : there was none */
	char *new_result; /* "" : the profile has the requirement no more */
	int64_t left_out; /* changes before it on its day that are not there any more */
};
struct transition_list {
	struct transition *transitions;
	size_t n_transitions;
};
int store_transition_list(struct store *store, const char *device_id, size_t limit,
			  struct transition_list *ret_list, struct err *err) _must_check_;
/* The ones of @device_id behind a time and a requirement, the oldest first. */
struct transition_place {
	int64_t at_ms;
	const char *requirement;
};
int store_transition_page(struct store *store, const char *device_id,
			  const struct transition_place *after, size_t limit,
			  struct transition_list *ret_list, struct err *err) _must_check_;
void transition_list_done(struct transition_list *list);
struct code_list; /* of store_site.h */
int store_transition_put(struct store *store, const char *device_id,
			 const struct transition *transition, struct err *err) _must_check_;
/*
 * The requirements that have all the rows that they may have on the day of @now_ms.
 * code_list_done() *@ret_requirements.
 */
int store_transition_full(struct store *store, const char *device_id, int64_t now_ms,
			  struct code_list *ret_requirements, struct err *err) _must_check_;
/* Put it of one of those, in the place of the newest. */
int store_transition_put_last(struct store *store, const char *device_id,
			      const struct transition *transition, struct err *err) _must_check_;
