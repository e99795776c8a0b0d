/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/store_judged.h"
#include "collector/store/store_site.h"
#include "collector/view/cursor.h"
#include "collector/view/requirement_title.h"
#include "collector/view/view_waivers.h"
#include "collector/view/waiver_effect.h"
#include "common/base/mem.h"

#define LIST "waivers"
#define CHUNK 500 /* waivers read at a time where not every one is wanted */
enum { CURSOR_TEXTS = 3 };

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

/* Part of a list: each waiver, and what it would do where it is proposed. */
struct part {
	struct waiver_list list;
	struct waiver_effect *effects; /* as many */
};

static void part_done(struct part *part)
{
	waiver_list_done(&part->list);
	free(part->effects);
}

/* Take @waiver, and leave nothing there. */
static void part_add(struct part *part, struct waiver *waiver, const struct waiver_effect *effect)
{
	size_t n = part->list.n_waivers + 1;

	part->list.waivers = xreallocarray(part->list.waivers, n, sizeof(*part->list.waivers));
	part->effects = xreallocarray(part->effects, n, sizeof(*part->effects));
	part->list.waivers[n - 1] = *waiver;
	part->effects[n - 1] = *effect;
	part->list.n_waivers = n;
	*waiver = (struct waiver){ 0 };
}

/* What @waiver is, and what it would do where it is proposed. */
static int look_at(const struct view *view, const struct waiver *waiver,
		   struct effect_budget *budget, enum waiver_state *ret_state,
		   struct waiver_effect *ret_effect, struct err *err)
{
	int r = 0;

	*ret_state = waiver_state_of(waiver, view_today(view));
	*ret_effect = (struct waiver_effect){ 0 };
	if (*ret_state == WAIVER_PROPOSED)
		r = waiver_effect(view, waiver, budget, ret_effect, err);
	if (ret_effect->moot != MOOT_NOT)
		*ret_state = WAIVER_MOOT;
	return r;
}

/* --- what they do --------------------------------------------------------------- */

/* How many devices each waiver of a part of the list makes count. */
struct effects {
	const struct waiver_list *list;
	const struct waiver_effect *proposed; /* as many */
	const char *account_id;
	int64_t *n_devices; /* as many as there are waivers */
	bool is_counted;
};

static void add_effect(struct effects *effects, const char *waiver_id, int64_t n)
{
	for (size_t i = 0; i < effects->list->n_waivers; i++) {
		if (strcmp(effects->list->waivers[i].id, waiver_id) == 0)
			effects->n_devices[i] += n;
	}
}

static void add_pattern(struct effects *effects, const struct profile *profile,
			const struct waived_pattern *pattern)
{
	if (strlen(pattern->results) != profile->n_requirements)
		return;
	for (size_t i = 0; i < profile->n_requirements; i++) {
		const struct profile_waiver *waiver = profile->requirements[i].waiver;

		if (waiver && pattern->results[i] == result_letter(RESULT_WAIVED))
			add_effect(effects, waiver->id, pattern->n);
	}
}

static size_t count_versions(const struct waived_list *patterns)
{
	size_t n = 0;

	for (size_t i = 0; i < patterns->n_patterns; i++)
		n += i == 0 ||
		     strcmp(patterns->patterns[i].version, patterns->patterns[i - 1].version) != 0;
	return n;
}

static int count_effects(const struct view *view, const char *profile_id, struct effects *effects,
			 struct err *err)
{
	_cleanup_(waived_list_done) struct waived_list patterns = { 0 };
	_cleanup_(sight_done) struct sight sight;
	int r;

	access_sight(view->grants, MAY_SEE, &sight);
	r = store_waived_list(view->store, &sight, profile_id, &patterns, err);
	effects->is_counted = count_versions(&patterns) <= EFFECT_DOCUMENTS_MAX;
	for (size_t i = 0; r >= 0 && effects->is_counted && i < patterns.n_patterns; i++) {
		const struct profile *profile;

		r = view_profile(view, patterns.patterns[i].version, &profile, err);
		if (r >= 0 && profile)
			add_pattern(effects, profile, &patterns.patterns[i]);
	}
	return r < 0 ? r : 0;
}

/* --- one of them ------------------------------------------------------------------ */

/* Whom a waiver is for. */
struct those {
	struct site site;
	char *lea_name;
};

static void those_done(struct those *those)
{
	site_done(&those->site);
	free(those->lea_name);
}

/* They may be gone. */
static int read_those(const struct view *view, const struct waiver *waiver, struct those *those,
		      struct err *err)
{
	int r = 0;

	if (waiver->scope == SCOPE_SITE)
		r = store_site_get(view->store, waiver->scope_code, &those->site, err);
	else if (waiver->scope == SCOPE_LEA)
		r = store_lea_name(view->store, waiver->scope_code, &those->lea_name, err);
	return r == -ENOENT ? 0 : r;
}

static struct place place_of(const struct waiver *waiver, const struct site *site)
{
	return (struct place){
		.scope = waiver->scope,
		.lea_code = waiver->scope == SCOPE_LEA ? waiver->scope_code : site->lea_code,
		.site_code = site->code,
	};
}

/* What holds for all is for everybody to see; what is of nobody any more for who sees all. */
static bool is_seen(const struct view *view, const struct waiver *waiver, const struct site *site)
{
	if (waiver->status != WAIVER_STATUS_GIVEN && waiver->status != WAIVER_STATUS_REVOKED) {
		const struct place place = place_of(waiver, site);

		return view->grants && access_allows(view->grants, MAY_PROPOSE_WAIVER, &place);
	}
	if (waiver->scope == SCOPE_STATE)
		return view->grants && access_allows_somewhere(view->grants, MAY_SEE);
	if (waiver->scope == SCOPE_LEA)
		return view_knows_lea(view, waiver->scope_code);
	return view_sees(view, site->lea_code, waiver->scope_code);
}

int view_knows_waiver(const struct view *view, const struct waiver *waiver, struct err *err)
{
	_cleanup_(those_done) struct those those = { 0 };
	int r;

	if (waiver->status == WAIVER_STATUS_GIVEN && view->grants &&
	    access_allows_everywhere(view->grants, MAY_SEE))
		return 1;
	r = read_those(view, waiver, &those, err);
	return r < 0 ? r : is_seen(view, waiver, &those.site);
}

/* null where nobody is called so any more. */
static json_t *scope_name(const struct those *those)
{
	const char *name = those->site.name ? those->site.name : those->lea_name;

	return name ? view_text(name) : json_null();
}

/* What whoever asks may do with it: words of the API. */
static json_t *make_may(const struct view *view, const struct waiver *waiver,
			const struct place *place, const char *account_id)
{
	bool may_waive = view->grants && access_allows(view->grants, MAY_WAIVE, place);
	bool is_own = account_id[0] && strcmp(account_id, waiver->proposer_id) == 0;
	const struct {
		enum waiver_status status;
		bool is_allowed;
		const char *word;
	} rows[] = {
		{ WAIVER_STATUS_GIVEN, may_waive, "revoke" },
		{ WAIVER_STATUS_PROPOSED, may_waive, "give" },
		{ WAIVER_STATUS_PROPOSED, may_waive, "decline" },
		{ WAIVER_STATUS_PROPOSED, is_own, "withdraw" },
		{ WAIVER_STATUS_DECLINED, may_waive, "reopen" },
	};
	json_t *json = json_array();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].status == waiver->status && rows[i].is_allowed)
			json_array_append_new(json, json_string(rows[i].word));
	}
	return json;
}

static json_t *text_or_null(const char *text)
{
	return text && text[0] ? view_text(text) : json_null();
}

/* Where it came from and what was decided; null of what is not proposed what it would do. */
static json_t *make_proposal(const struct waiver *waiver, const struct waiver_effect *effect)
{
	bool is_open = waiver->status == WAIVER_STATUS_PROPOSED;
	bool is_counted = is_open && effect->is_counted;

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "proposed_by",
			 text_or_null(waiver->proposed_by), "decided_at",
			 view_time(waiver->decided_ms), "decided_by",
			 text_or_null(waiver->decided_by), "decline_reason",
			 text_or_null(waiver->decline_reason), "moot",
			 is_open && effect->moot ? json_string(waiver_moot_words[effect->moot])
						 : json_null(),
			 "fails", is_counted ? json_integer(effect->n_fail) : json_null(),
			 "would_be_ready", is_counted ? json_integer(effect->n_ready) : json_null(),
			 "too_short", is_open ? json_integer(effect->n_too_short) : json_null());
}

static json_t *make_basics(const struct waiver *waiver, const struct those *those, json_t *title)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
			 waiver->id, "profile", view_text(waiver->profile_id), "requirement",
			 view_text(waiver->requirement), "title", title, "scope",
			 scope_words[waiver->scope], "code", text_or_null(waiver->scope_code),
			 "name", scope_name(those), "reason", view_text(waiver->reason), "who",
			 view_text(waiver->who), "until", view_day(waiver->until), "created_at",
			 view_time(waiver->created_ms));
}

static int make_row(const struct view *view, const struct effects *effects, size_t index,
		    json_t **ret_json, struct err *err)
{
	const struct waiver *waiver = &effects->list->waivers[index];
	enum waiver_state state = waiver_state_of(waiver, view_today(view));
	_cleanup_(those_done) struct those those = { 0 };
	json_t *title = NULL, *json;
	struct place place;
	int r = read_those(view, waiver, &those, err);

	if (r >= 0 && !is_seen(view, waiver, &those.site))
		r = err_set(err, -ENOENT, "no waiver has the id '%.40s'", waiver->id);
	if (r >= 0)
		r = requirement_title(view, waiver,
				      waiver->scope == SCOPE_LEA ? waiver->scope_code
								 : those.site.lea_code,
				      &title, err);
	if (r < 0)
		return r;
	if (effects->proposed[index].moot != MOOT_NOT)
		state = WAIVER_MOOT;
	place = place_of(waiver, &those.site);
	json = make_basics(waiver, &those, title);
	json_object_set_new(json, "state", json_string(waiver_state_words[state]));
	json_object_set_new(json, "revoked_at", view_time(waiver->revoked_ms));
	json_object_set_new(json, "revoked_by", text_or_null(waiver->revoked_by));
	json_object_set_new(json, "devices",
			    effects->is_counted ? json_integer(effects->n_devices[index])
						: json_null());
	json_object_update_new(json, make_proposal(waiver, &effects->proposed[index]));
	json_object_set_new(json, "may", make_may(view, waiver, &place, effects->account_id));
	*ret_json = json;
	return 0;
}

/* Whose list it is. */
struct asked {
	const char *profile_id; /* NULL: of any */
	const char *account_id;
};

/* The first @n of @part; *@ret_json is a list. */
static int make_rows(const struct view *view, const struct part *part, size_t n,
		     const struct asked *asked, json_t **ret_json, struct err *err)
{
	_cleanup_free_ int64_t *n_devices = xcalloc(part->list.n_waivers + 1, sizeof(*n_devices));
	struct effects effects = { .list = &part->list,
				   .proposed = part->effects,
				   .account_id = asked->account_id,
				   .n_devices = n_devices };
	json_t *rows = json_array();
	int r = n > 0 ? count_effects(view, asked->profile_id, &effects, err) : 0;

	for (size_t i = 0; i < n && r >= 0; i++) {
		json_t *row = NULL;

		r = make_row(view, &effects, i, &row, err);
		if (r >= 0)
			json_array_append_new(rows, row);
	}
	if (r < 0)
		json_decref(rows);
	else
		*ret_json = rows;
	return r;
}

int view_waiver(const struct view *view, const char *id, const char *account_id, json_t **ret_json,
		struct err *err)
{
	struct effect_budget budget = { EFFECT_DOCUMENTS_MAX };
	_cleanup_(waiver_done) struct waiver waiver = { 0 };
	_cleanup_(part_done) struct part part = { 0 };
	struct waiver_effect effect;
	enum waiver_state state;
	json_t *rows = NULL;
	int r = store_waiver_get(view->store, id, &waiver, err);

	if (r >= 0)
		r = look_at(view, &waiver, &budget, &state, &effect, err);
	if (r < 0)
		return r;
	part_add(&part, &waiver, &effect);
	r = make_rows(view, &part, 1,
		      &(struct asked){ part.list.waivers[0].profile_id, account_id }, &rows, err);
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

/* Move those of @chunk that are wanted to @part, up to @limit. */
static int take_wanted(const struct view *view, struct waiver_list *chunk, unsigned states,
		       size_t limit, struct part *part, struct err *err)
{
	struct effect_budget budget = { EFFECT_DOCUMENTS_MAX };

	for (size_t i = 0; i < chunk->n_waivers && part->list.n_waivers < limit; i++) {
		struct waiver_effect effect;
		enum waiver_state state;
		int r = look_at(view, &chunk->waivers[i], &budget, &state, &effect, err);

		if (r < 0)
			return r;
		if (states >> state & 1)
			part_add(part, &chunk->waivers[i], &effect);
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
		_cleanup_(those_done) struct those those = { 0 };
		struct waiver waiver = chunk->waivers[i];
		int r = read_those(view, &waiver, &those, err);

		if (r < 0)
			return r;
		if (is_seen(view, &waiver, &those.site)) {
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
	int64_t after_ms; /* the place before it; moves on as it is read */
	char after_id[ID_SIZE];
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

static int read_wanted(const struct view *view, struct wanted *wanted, struct part *part,
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

		query.after_ms = wanted->after_ms;
		query.after_id = wanted->after_id[0] ? wanted->after_id : NULL;
		r = store_waiver_list(view->store, &query, &chunk, err);
		if (r < 0)
			return r;
		is_more = chunk.n_waivers == CHUNK;
		if (is_more) {
			wanted->after_ms = chunk.waivers[CHUNK - 1].created_ms;
			memcpy(wanted->after_id, chunk.waivers[CHUNK - 1].id, ID_SIZE);
		}
		r = drop_unseen(view, &chunk, err);
		if (r >= 0)
			r = take_wanted(view, &chunk, wanted->states, wanted->limit, part, err);
	}
	return r;
}

static json_t *cursor_after(const struct waiver *last)
{
	char at[24];
	const char *const texts[CURSOR_TEXTS] = { LIST, at, last->id };
	_cleanup_free_ char *cursor = NULL;

	snprintf(at, sizeof(at), "%" PRId64, last->created_ms);
	cursor = cursor_write(texts, CURSOR_TEXTS);
	return json_string(cursor);
}

/* Where a list goes on; @wanted has its states and how much of it. */
static int read_page(const struct view *view, const struct page *page, struct wanted *wanted,
		     struct part *part, struct err *err)
{
	const char *texts[CURSOR_TEXTS];
	json_t *cursor = NULL;
	int r = 0;

	if (page->cursor) {
		r = cursor_read(page->cursor, LIST, CURSOR_TEXTS, texts, &cursor, err);
		if (r >= 0) {
			wanted->after_ms = strtoll(texts[1], NULL, 10);
			snprintf(wanted->after_id, ID_SIZE, "%s", texts[2]);
		}
	}
	if (r >= 0)
		r = read_wanted(view, wanted, part, err);
	json_decref(cursor);
	return r;
}

/* How much of what is proposed and not moot whoever asks may decide on. */
static int count_waiting(const struct view *view, json_t **ret_json, struct err *err)
{
	struct wanted wanted = { .states = 1U << WAIVER_PROPOSED, .limit = WAITING_MAX };
	_cleanup_(part_done) struct part part = { 0 };
	int64_t n = 0;
	int r = 0;

	if (view->grants && access_allows_somewhere(view->grants, MAY_WAIVE))
		r = read_wanted(view, &wanted, &part, err);
	for (size_t i = 0; i < part.list.n_waivers && r >= 0; i++) {
		_cleanup_(those_done) struct those those = { 0 };
		struct place place;

		r = read_those(view, &part.list.waivers[i], &those, err);
		place = place_of(&part.list.waivers[i], &those.site);
		n += access_allows(view->grants, MAY_WAIVE, &place);
	}
	*ret_json = r < 0 ? NULL : json_integer(n);
	return r;
}

int view_waivers(const struct view *view, const struct waiver_filter *filter,
		 const struct page *page, json_t **ret_json, struct err *err)
{
	const struct asked asked = { filter->profile_id, filter->account_id };
	struct wanted wanted = { .profile_id = filter->profile_id, .limit = page->limit + 1 };
	_cleanup_(part_done) struct part part = { 0 };
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
	r = make_rows(view, &part, n, &asked, &rows, err);
	if (r < 0) {
		json_decref(waiting);
		return r;
	}
	next = part.list.n_waivers > n ? cursor_after(&part.list.waivers[n - 1]) : json_null();
	*ret_json = json_pack("{s:o, s:o, s:o}", "waivers", rows, "waiting", waiting, "next_cursor",
			      next);
	return 0;
}
