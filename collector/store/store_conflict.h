/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Conflicts: devices whose one key two machines seem to use, and what people did about it. */

#include <stdbool.h>
#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/id.h"

/* How it was found out. The words are the store's and the API's: never change one. */
enum conflict_kind {
	CONFLICT_FINGERPRINT, /* two machines with other numbers in their hardware */
	CONFLICT_BOOTS,       /* two that are alike: their boots report across each other */
	CONFLICT_ENROLLMENT,  /* two that are alike enrol in turns */
	CONFLICT_KIND_MAX_,
};
extern const char *const conflict_kind_words[]; /* ended by NULL */

enum conflict_resolution {
	RESOLUTION_NONE, /* open */
	RESOLUTION_TWO_DEVICES,
	RESOLUTION_REPAIRED,
	RESOLUTION_IGNORE,
	RESOLUTION_MAX_,
};
extern const char *const conflict_resolution_words[]; /* "" for none; ended by NULL */

/* What a resolution does and what its undo can do, for people. */
extern const char *const conflict_resolution_texts[];

/* A row of conflict. Texts are owned by it; conflict_done() frees them. */
struct conflict {
	char id[ID_SIZE];
	char device_id[ID_SIZE];
	enum conflict_kind kind;
	char *explanation;
	int64_t opened_ms;
	char *before_fingerprint; /* JSON, see identity_fingerprint_text() */
	char *now_fingerprint;
	char *before_boot; /* "" where boots did not show it */
	char *now_boot;
	enum conflict_resolution resolution;
	int64_t resolved_ms; /* 0: open */
	char *resolved_by;
	char key_hash[HASH_SIZE]; /* what two_devices took away; "": nothing */
	char line_id[ID_SIZE];    /* the line of the inventory that it made; "": none */
};

struct conflict_list {
	struct conflict *conflicts;
	size_t n_conflicts;
};

void conflict_done(struct conflict *conflict);
void conflict_list_done(struct conflict_list *list);

/* -EEXIST: the device has an open one. */
int store_conflict_insert(struct store *store, const struct conflict *conflict,
			  struct err *err) _must_check_;
/* Write what a resolution changes. -EEXIST: the device has another open one. */
int store_conflict_update(struct store *store, const struct conflict *conflict,
			  struct err *err) _must_check_;
/* -ENOENT: no such conflict. conflict_done() *@ret_conflict. */
int store_conflict_get(struct store *store, const char *id, struct conflict *ret_conflict,
		       struct err *err) _must_check_;
/* The newest conflict of a device: 1, or 0. Only that one can be open. */
int store_conflict_newest(struct store *store, const char *device_id, char ret_id[static ID_SIZE],
			  struct err *err) _must_check_;

struct conflict_query {
	const struct sight *sight; /* of devices of these sites only */
	bool is_open_wanted, is_resolved_wanted;
	int64_t before_ms;     /* of the last conflict before the page … */
	const char *before_id; /* … or NULL: from the newest */
	size_t limit;
};
/* The newest first. */
int store_conflict_list(struct store *store, const struct conflict_query *query,
			struct conflict_list *ret_list, struct err *err) _must_check_;

/* Who did what: a resolution's word, or "undo". */
struct conflict_act {
	int64_t at_ms;
	char *who;
	char *act;
};
struct conflict_act_list {
	struct conflict_act *acts;
	size_t n_acts;
};
int store_conflict_act_put(struct store *store, const char *conflict_id,
			   const struct conflict_act *act, struct err *err) _must_check_;
/* The oldest first, at most @limit. */
int store_conflict_act_list(struct store *store, const char *conflict_id, size_t limit,
			    struct conflict_act_list *ret_list, struct err *err) _must_check_;
void conflict_act_list_done(struct conflict_act_list *list);
