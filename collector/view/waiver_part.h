/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Waivers as they are told, several at once, since what each does is counted for all of them
 * together. For view_waivers.c.
 */

#include "collector/store/store_site.h"
#include "collector/view/view_waivers.h"
#include "collector/view/waiver_effect.h"

/* Part of a list: each waiver, and what it would do where it is proposed. */
struct waiver_part {
	struct waiver_list list;
	struct waiver_effect *effects; /* as many */
};
void waiver_part_done(struct waiver_part *part);
/* Take @waiver, and leave nothing there. */
void waiver_part_add(struct waiver_part *part, struct waiver *waiver,
		     const struct waiver_effect *effect);

/* What @waiver is, and what it would do where it is proposed, within @budget. */
int waiver_part_look(const struct view *view, const struct waiver *waiver,
		     struct effect_budget *budget, enum waiver_state *ret_state,
		     struct waiver_effect *ret_effect, struct err *err) _must_check_;

/* Whom a waiver is for. */
struct waiver_scope {
	struct site site; /* of a waiver for one */
	char *lea_name;   /* of one for an LEA */
};
void waiver_scope_done(struct waiver_scope *whom);
/* They may be gone; then *@ret_whom has nothing in it. waiver_scope_done() it. */
int waiver_scope_read(const struct view *view, const struct waiver *waiver,
		      struct waiver_scope *ret_whom, struct err *err) _must_check_;
/* Where that is; borrows from both. */
struct place waiver_scope_place(const struct waiver *waiver, const struct waiver_scope *whom);
/* Whether whoever asks may know of @waiver. */
bool waiver_scope_is_seen(const struct view *view, const struct waiver *waiver,
			  const struct waiver_scope *whom);

/* Whose list it is. */
struct waiver_asked {
	const char *profile_id; /* NULL: of any */
	const char *account_id; /* who asks; "": no account */
};
/* The first @n of @part as a list, *@ret_json. -ENOENT: one of them may not be seen. */
int waiver_part_rows(const struct view *view, const struct waiver_part *part, size_t n,
		     const struct waiver_asked *asked, json_t **ret_json,
		     struct err *err) _must_check_;
