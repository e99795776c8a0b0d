/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * People who have an account, as far as whoever asks may know of them: of each, only the
 * grants that are in their scope.
 */

#include "collector/store/store_account.h"
#include "collector/view/view.h"

/* What an account is for: people read it, and filters name it. */
enum person_state {
	PERSON_ACTIVE,
	PERSON_INVITED, /* never chose a password */
	PERSON_EXPIRED, /* waits for its renewal */
	PERSON_DISABLED,
	PERSON_STATE_MAX_,
};
extern const char *const person_state_words[]; /* ended by NULL */

struct people_filter {
	const char *role;  /* of person_role_words; NULL: any */
	const char *scope; /* of scope_words; NULL: any */
	const char *code;  /* of an LEA or a site; NULL: any */
	const char *state; /* of person_state_words; NULL: any */
	/*
	 * Only those that somebody should look at, with the reasons: access to an LEA or to
	 * everything, never signed in, not used for 90 days, ended or ends soon, no second factor.
	 */
	bool is_review;
	const char *reason; /* of a review: one of person_reason_words; NULL: any */
	bool tells_reasons; /* "reasons" of everybody, also where there are none */
};
extern const char *const person_reason_words[]; /* ended by NULL */
/* -EINVAL: there is no such word. */
int people_filter_check(const struct people_filter *filter, struct err *err) _must_check_;

/* In the order of their logins. -EINVAL: no such word; the cursor is none of ours. */
int view_people(const struct view *view, const struct people_filter *filter,
		const struct page *page, json_t **ret_json, struct err *err) _must_check_;

int view_person(const struct view *view, const char *id, json_t **ret_json,
		struct err *err) _must_check_;

/* Roles as JSON, all of them: for whoever has them. */
json_t *view_grants(const struct grants *grants);

/*
 * The account @account_id and when its session with the hash @session ends at the latest, for
 * whoever it is; both null where they are "".
 */
int view_self(const struct view *view, const char *account_id, const char *session,
	      json_t **ret_json, struct err *err) _must_check_;
