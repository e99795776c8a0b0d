/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/store/store_waiver.h"
#include "collector/view/view.h"

/* What is given is active until it is revoked or its last day is over. */
enum waiver_state {
	WAIVER_ACTIVE,
	WAIVER_OVER,
	WAIVER_REVOKED,
	WAIVER_PROPOSED,
	WAIVER_MOOT, /* proposed, and for nothing any more: see waiver_effect.h */
	WAIVER_DECLINED,
	WAIVER_WITHDRAWN,
	WAIVER_STATE_MAX_,
};
extern const char *const waiver_state_words[]; /* ended by NULL */

/* Of a proposal WAIVER_PROPOSED: whether it is moot is another question. */
enum waiver_state waiver_state_of(const struct waiver *waiver, int32_t today);

/* Which waivers are wanted. */
struct waiver_filter {
	const char *profile_id; /* NULL: of any */
	const char *state;      /* a word of waiver_state_words, or "all" */
	const char *account_id; /* of whoever asks, who may withdraw what is theirs; "": none */
};

/*
 * A part of the waivers, the oldest first, each with the devices that it makes count, or would. Of
 * what is proposed it also says how much waits for whoever asks, at most WAITING_MAX.
 *
 * A proposal, and one that came to nothing, is told only to those who may propose where it is for:
 * it is what one person wrote, and holds for nobody.
 */
#define WAITING_MAX 500
int view_waivers(const struct view *view, const struct waiver_filter *filter,
		 const struct page *page, json_t **ret_json, struct err *err) _must_check_;

/* The same of one, for the account @account_id. */
int view_waiver(const struct view *view, const char *id, const char *account_id, json_t **ret_json,
		struct err *err) _must_check_;

/* 1: whoever looks may know of the waiver; 0: not. */
int view_knows_waiver(const struct view *view, const struct waiver *waiver,
		      struct err *err) _must_check_;

/* The waiver of a document that counts for somebody, with who gave it; null for NULL. */
int view_applied_waiver(const struct view *view, const struct profile_waiver *waiver,
			json_t **ret_json, struct err *err) _must_check_;
