/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "collector/view/cursor.h"
#include "collector/view/view_waivers.h"
#include "collector/view/waiver_part.h"
#include "common/base/mem.h"

#define LIST "waivers"
#define CHUNK 500 /* waivers read at a time where not every one is wanted */

const char *const waiver_state_words[] = {
	[WAIVER_ACTIVE] = "active",       [WAIVER_OVER] = "over",
	[WAIVER_REVOKED] = "revoked",     [WAIVER_PROPOSED] = "proposed",
	[WAIVER_MOOT] = "moot",           [WAIVER_DECLINED] = "declined",
	[WAIVER_WITHDRAWN] = "withdrawn", [WAIVER_STATE_MAX_] = NULL,
};

enum waiver_state waiver_state_of(const struct waiver *waiver, int32_t today)
{
	static const enum waiver_state states[] = {
		[WAIVER_STATUS_GIVEN] = WAIVER_ACTIVE,
		[WAIVER_STATUS_PROPOSED] = WAIVER_PROPOSED,
		[WAIVER_STATUS_DECLINED] = WAIVER_DECLINED,
		[WAIVER_STATUS_WITHDRAWN] = WAIVER_WITHDRAWN,
		[WAIVER_STATUS_REVOKED] = WAIVER_REVOKED,
	};

	static_assert(ARRAY_SIZE(states) == WAIVER_STATUS_MAX_, "every status has a state");
	if (waiver->status == WAIVER_STATUS_GIVEN && waiver->until < today)
		return WAIVER_OVER;
	return states[waiver->status];
}

/* --- one of them -------------------------------------------------------------------- */

int view_knows_waiver(const struct view *view, const struct waiver *waiver, struct err *err)
{
	_cleanup_(waiver_scope_done) struct waiver_scope whom = { 0 };
	int r;

	if (waiver->status == WAIVER_STATUS_GIVEN && view->grants &&
	    access_allows_everywhere(view->grants, MAY_SEE))
		return 1;
	r = waiver_scope_read(view, waiver, &whom, err);
	return r < 0 ? r : waiver_scope_is_seen(view, waiver, &whom);
}

int view_waiver(const struct view *view, const char *id, const char *account_id, json_t **ret_json,
		struct err *err)
{
	struct effect_budget budget = { EFFECT_DOCUMENTS_MAX };
	_cleanup_(waiver_done) struct waiver waiver = { 0 };
	_cleanup_(waiver_part_done) struct waiver_part part = { 0 };
	struct waiver_effect effect;
	enum waiver_state state;
	json_t *rows = NULL;
	int r = store_waiver_get(view->store, id, &waiver, err);

	if (r >= 0)
		r = waiver_part_look(view, &waiver, &budget, &state, &effect, err);
	if (r < 0)
		return r;
	waiver_part_add(&part, &waiver, &effect);
	r = waiver_part_rows(view, &part, 1,
			     &(struct waiver_asked){ part.list.waivers[0].profile_id, account_id },
			     &rows, err);
	if (r >= 0)
		*ret_json = json_incref(json_array_get(rows, 0));
	json_decref(rows);
	return r;
}

int view_applied_waiver(const struct view *view, const struct profile_waiver *waiver,
			json_t **ret_json, struct err *err)
{
	_cleanup_(waiver_done) struct waiver given = { 0 };
	int r;

	if (!waiver) {
		*ret_json = json_null();
		return 0;
	}
	r = store_waiver_get(view->store, waiver->id, &given, err);
	if (r < 0 && r != -ENOENT)
		return r;
	*ret_json = json_pack("{s:o, s:o, s:o, s:o}", "id", view_text(waiver->id), "reason",
			      view_text(waiver->reason), "until", view_day(waiver->until), "who",
			      given.who ? view_text(given.who) : json_null());
	return 0;
}

/* --- the list ------------------------------------------------------------------ */

/* The states that are wanted, as bits. */
static int read_states(const char *word, unsigned *ret_states, struct err *err)
{
	if (strcmp(word, "all") == 0) {
		*ret_states = (1U << WAIVER_STATE_MAX_) - 1;
		return 0;
	}
	for (unsigned i = 0; waiver_state_words[i]; i++) {
		if (strcmp(waiver_state_words[i], word) == 0) {
			*ret_states = 1U << i;
			return 0;
		}
	}
	return err_set(
		err, -EINVAL,
		"state is active, over, revoked, proposed, moot, declined, withdrawn or all, "
		"not '%.20s'.",
		word);
}

/* Move whom of @chunk that are wanted to @part, up to @limit. */
static int take_wanted(const struct view *view, struct waiver_list *chunk, unsigned states,
		       size_t limit, struct waiver_part *part, struct err *err)
{
	struct effect_budget budget = { EFFECT_DOCUMENTS_MAX };

	for (size_t i = 0; i < chunk->n_waivers && part->list.n_waivers < limit; i++) {
		struct waiver_effect effect;
		enum waiver_state state;
		int r = waiver_part_look(view, &chunk->waivers[i], &budget, &state, &effect, err);

		if (r < 0)
			return r;
		if (states >> state & 1)
			waiver_part_add(part, &chunk->waivers[i], &effect);
	}
	return 0;
}

/* Take out of @chunk what whoever asks may not see. */
static int drop_unseen(const struct view *view, struct waiver_list *chunk, struct err *err)
{
	size_t n = 0;

	if (view->grants && access_allows_everywhere(view->grants, MAY_PROPOSE_WAIVER))
		return 0;
	for (size_t i = 0; i < chunk->n_waivers; i++) {
		_cleanup_(waiver_scope_done) struct waiver_scope whom = { 0 };
		struct waiver waiver = chunk->waivers[i];
		int r = waiver_scope_read(view, &waiver, &whom, err);

		if (r < 0)
			return r;
		if (waiver_scope_is_seen(view, &waiver, &whom)) {
			chunk->waivers[i] = chunk->waivers[n];
			chunk->waivers[n++] = waiver;
		}
	}
	while (chunk->n_waivers > n)
		waiver_done(&chunk->waivers[--chunk->n_waivers]);
	return 0;
}

/* Which part of the waivers is wanted. */
struct wanted {
	const char *profile_id; /* NULL: of any */
	unsigned states;
	size_t limit;
	struct cursor_place after; /* the place before it, if any; moves on as it is read */
};

/* The status that all that are wanted have; WAIVER_STATUS_MAX_: they have several. */
static enum waiver_status status_of(unsigned states)
{
	static const struct {
		unsigned states;
		enum waiver_status status;
	} rows[] = {
		{ 1U << WAIVER_ACTIVE | 1U << WAIVER_OVER, WAIVER_STATUS_GIVEN },
		{ 1U << WAIVER_REVOKED, WAIVER_STATUS_REVOKED },
		{ 1U << WAIVER_PROPOSED | 1U << WAIVER_MOOT, WAIVER_STATUS_PROPOSED },
		{ 1U << WAIVER_DECLINED, WAIVER_STATUS_DECLINED },
		{ 1U << WAIVER_WITHDRAWN, WAIVER_STATUS_WITHDRAWN },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if ((states & ~rows[i].states) == 0)
			return rows[i].status;
	}
	return WAIVER_STATUS_MAX_;
}

static int read_wanted(const struct view *view, struct wanted *wanted, struct waiver_part *part,
		       struct err *err)
{
	enum waiver_status status = status_of(wanted->states);
	struct waiver_query query = { .profile_id = wanted->profile_id,
				      .status = status,
				      .is_any = status == WAIVER_STATUS_MAX_,
				      .limit = CHUNK };
	bool is_more = true;
	int r = 0;

	while (r >= 0 && is_more && part->list.n_waivers < wanted->limit) {
		_cleanup_(waiver_list_done) struct waiver_list chunk = { 0 };

		query.after_ms = wanted->after.ms;
		query.after_id = wanted->after.id[0] ? wanted->after.id : NULL;
		r = store_waiver_list(view->store, &query, &chunk, err);
		if (r < 0)
			return r;
		is_more = chunk.n_waivers == CHUNK;
		if (is_more) {
			wanted->after.ms = chunk.waivers[CHUNK - 1].created_ms;
			memcpy(wanted->after.id, chunk.waivers[CHUNK - 1].id, ID_SIZE);
		}
		r = drop_unseen(view, &chunk, err);
		if (r >= 0)
			r = take_wanted(view, &chunk, wanted->states, wanted->limit, part, err);
	}
	return r;
}

/* Where a list goes on; @wanted has its states and how much of it. */
static int read_page(const struct view *view, const struct page *page, struct wanted *wanted,
		     struct waiver_part *part, struct err *err)
{
	int r = page->cursor ? cursor_place_read(page->cursor, LIST, &wanted->after, err) : 0;

	return r < 0 ? r : read_wanted(view, wanted, part, err);
}

/* How much of what is proposed and not moot whoever asks may decide on. */
static int count_waiting(const struct view *view, json_t **ret_json, struct err *err)
{
	struct wanted wanted = { .states = 1U << WAIVER_PROPOSED, .limit = WAITING_MAX };
	_cleanup_(waiver_part_done) struct waiver_part part = { 0 };
	int64_t n = 0;
	int r = 0;

	if (view->grants && access_allows_somewhere(view->grants, MAY_WAIVE))
		r = read_wanted(view, &wanted, &part, err);
	for (size_t i = 0; i < part.list.n_waivers && r >= 0; i++) {
		_cleanup_(waiver_scope_done) struct waiver_scope whom = { 0 };
		struct place place;

		r = waiver_scope_read(view, &part.list.waivers[i], &whom, err);
		place = waiver_scope_place(&part.list.waivers[i], &whom);
		n += access_allows(view->grants, MAY_WAIVE, &place);
	}
	*ret_json = r < 0 ? NULL : json_integer(n);
	return r;
}

int view_waivers(const struct view *view, const struct waiver_filter *filter,
		 const struct page *page, json_t **ret_json, struct err *err)
{
	const struct waiver_asked asked = { filter->profile_id, filter->account_id };
	struct wanted wanted = { .profile_id = filter->profile_id, .limit = page->limit + 1 };
	_cleanup_(waiver_part_done) struct waiver_part part = { 0 };
	json_t *rows = NULL, *next, *waiting = json_null();
	size_t n;
	int r = read_states(filter->state, &wanted.states, err);

	if (r >= 0)
		r = read_page(view, page, &wanted, &part, err);
	if (r >= 0 && wanted.states >> WAIVER_PROPOSED & 1)
		r = count_waiting(view, &waiting, err);
	if (r < 0)
		return r;
	n = part.list.n_waivers < page->limit ? part.list.n_waivers : page->limit;
	r = waiver_part_rows(view, &part, n, &asked, &rows, err);
	if (r < 0) {
		json_decref(waiting);
		return r;
	}
	next = part.list.n_waivers > n
		       ? cursor_place_json(LIST, part.list.waivers[n - 1].created_ms,
					   part.list.waivers[n - 1].id)
		       : json_null();
	*ret_json = json_pack("{s:o, s:o, s:o}", "waivers", rows, "waiting", waiting, "next_cursor",
			      next);
	return 0;
}
