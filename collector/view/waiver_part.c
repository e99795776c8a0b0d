/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/store_judged.h"
#include "collector/view/requirement_title.h"
#include "collector/view/waiver_part.h"
#include "common/base/mem.h"

void waiver_part_done(struct waiver_part *part)
{
	waiver_list_done(&part->list);
	free(part->effects);
}

void waiver_part_add(struct waiver_part *part, struct waiver *waiver,
		     const struct waiver_effect *effect)
{
	size_t n = part->list.n_waivers + 1;

	part->list.waivers = xreallocarray(part->list.waivers, n, sizeof(*part->list.waivers));
	part->effects = xreallocarray(part->effects, n, sizeof(*part->effects));
	part->list.waivers[n - 1] = *waiver;
	part->effects[n - 1] = *effect;
	part->list.n_waivers = n;
	*waiver = (struct waiver){ 0 };
}

int waiver_part_look(const struct view *view, const struct waiver *waiver,
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

/* --- whom it is for ----------------------------------------------------------------- */

void waiver_scope_done(struct waiver_scope *whom)
{
	site_done(&whom->site);
	free(whom->lea_name);
}

int waiver_scope_read(const struct view *view, const struct waiver *waiver,
		      struct waiver_scope *ret_whom, struct err *err)
{
	int r = 0;

	*ret_whom = (struct waiver_scope){ 0 };
	if (waiver->scope == SCOPE_SITE)
		r = store_site_get(view->store, waiver->scope_code, &ret_whom->site, err);
	else if (waiver->scope == SCOPE_LEA)
		r = store_lea_name(view->store, waiver->scope_code, &ret_whom->lea_name, err);
	return r == -ENOENT ? 0 : r;
}

struct place waiver_scope_place(const struct waiver *waiver, const struct waiver_scope *whom)
{
	return (struct place){
		.scope = waiver->scope,
		.lea_code = waiver->scope == SCOPE_LEA ? waiver->scope_code : whom->site.lea_code,
		.site_code = whom->site.code,
	};
}

/* What holds for all is for everybody to see; what is of nobody any more for who sees all. */
bool waiver_scope_is_seen(const struct view *view, const struct waiver *waiver,
			  const struct waiver_scope *whom)
{
	if (waiver->status != WAIVER_STATUS_GIVEN && waiver->status != WAIVER_STATUS_REVOKED) {
		const struct place place = waiver_scope_place(waiver, whom);

		return view->grants && access_allows(view->grants, MAY_PROPOSE_WAIVER, &place);
	}
	if (waiver->scope == SCOPE_STATE)
		return view->grants && access_allows_somewhere(view->grants, MAY_SEE);
	if (waiver->scope == SCOPE_LEA)
		return view_knows_lea(view, waiver->scope_code);
	return view_sees(view, whom->site.lea_code, waiver->scope_code);
}

/* --- a row -------------------------------------------------------------------------- */

/* null where nobody is called so any more. */
static json_t *scope_name(const struct waiver_scope *whom)
{
	const char *name = whom->site.name ? whom->site.name : whom->lea_name;

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

static json_t *make_basics(const struct waiver *waiver, const struct waiver_scope *whom,
			   json_t *title)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
			 waiver->id, "profile", view_text(waiver->profile_id), "requirement",
			 view_text(waiver->requirement), "title", title, "scope",
			 scope_words[waiver->scope], "code", text_or_null(waiver->scope_code),
			 "name", scope_name(whom), "reason", view_text(waiver->reason), "who",
			 view_text(waiver->who), "until", view_day(waiver->until), "created_at",
			 view_time(waiver->created_ms));
}

static int make_row(const struct view *view, const struct effects *effects, size_t index,
		    json_t **ret_json, struct err *err)
{
	const struct waiver *waiver = &effects->list->waivers[index];
	enum waiver_state state = waiver_state_of(waiver, view_today(view));
	_cleanup_(waiver_scope_done) struct waiver_scope whom = { 0 };
	json_t *title = NULL, *json;
	struct place place;
	int r = waiver_scope_read(view, waiver, &whom, err);

	if (r >= 0 && !waiver_scope_is_seen(view, waiver, &whom))
		r = err_set(err, -ENOENT, "no waiver has the id '%.40s'", waiver->id);
	if (r >= 0)
		r = requirement_title(view, waiver,
				      waiver->scope == SCOPE_LEA ? waiver->scope_code
								 : whom.site.lea_code,
				      &title, err);
	if (r < 0)
		return r;
	if (effects->proposed[index].moot != MOOT_NOT)
		state = WAIVER_MOOT;
	place = waiver_scope_place(waiver, &whom);
	json = make_basics(waiver, &whom, title);
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

int waiver_part_rows(const struct view *view, const struct waiver_part *part, size_t n,
		     const struct waiver_asked *asked, json_t **ret_json, struct err *err)
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
