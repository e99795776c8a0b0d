/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "collector/view/waiver_effect.h"
#include "common/base/mem.h"
#include "common/eval/evaluate.h"

const char *const waiver_moot_words[] = {
	[MOOT_NOT] = "not",
	[MOOT_OVER] = "over",
	[MOOT_NO_WINDOW] = "no_window",
	[MOOT_NO_REQUIREMENT] = "no_requirement",
	[MOOT_NOTHING_FAILS] = "nothing_fails",
	[MOOT_MAX_] = NULL,
};
static_assert(ARRAY_SIZE(waiver_moot_words) == MOOT_MAX_ + 1, "every reason has its word");

/* What is found so far. */
struct look {
	const struct view *view;
	const struct waiver *waiver;
	struct effect_budget *budget;
	const char *version; /* of the document that was looked at last; borrowed */
	const struct profile *profile;
	int place;         /* of the requirement in it; negative: it does not ask it */
	bool is_asked;     /* by one of the documents */
	bool is_unknown;   /* somewhere it is not known, or not judged by what holds now */
	int64_t n_judged;  /* devices that are asked it */
	int64_t n_waiting; /* that never were judged */
	struct waiver_effect effect;
};

static int look_at_document(struct look *look, const char *version, struct err *err)
{
	int r;

	if (look->version && strcmp(look->version, version) == 0)
		return 0;
	look->version = version;
	look->profile = NULL;
	look->place = -1;
	if (!version[0])
		return 0;
	if (look->budget->n_documents == 0) {
		look->effect.is_counted = false;
		return 0;
	}
	look->budget->n_documents--;
	r = view_profile(look->view, version, &look->profile, err);
	/* What cannot be read asks nobody knows what. */
	if (r >= 0 && !look->profile)
		look->is_unknown = true;
	if (r >= 0 && look->profile)
		look->place = profile_find(look->profile, look->waiver->requirement);
	look->is_asked |= look->place >= 0;
	return r;
}

/* Whether devices with @pattern would be ready if what they fail were waived. */
static bool would_be_ready(const struct look *look, const struct waiver_pattern *pattern)
{
	const struct profile *profile = look->profile;
	_cleanup_free_ enum result *results =
		xcalloc(profile->n_requirements + 1, sizeof(*results));
	enum device_state state;

	/* Those that are stale or in conflict stay so. */
	if (pattern->state != STATE_NOT_READY || look->waiver->until < pattern->last_day)
		return false;
	for (size_t i = 0; i < profile->n_requirements; i++) {
		unsigned result = 0;

		while (result < RESULT_MAX_ && result_letter(result) != pattern->results[i])
			result++;
		if (result == RESULT_MAX_)
			return false;
		results[i] = result;
	}
	results[look->place] = RESULT_WAIVED;
	state = evaluate_state(profile, results);
	return state == STATE_READY || state == STATE_READY_WITH_WARNINGS;
}

static void add(struct look *look, const struct waiver_pattern *pattern)
{
	char letter;

	if (pattern->n == 0)
		return;
	if (!pattern->results[0]) {
		look->n_waiting += pattern->n;
		return;
	}
	if (!pattern->is_current ||
	    (look->profile && strlen(pattern->results) != look->profile->n_requirements)) {
		look->is_unknown = true;
		return;
	}
	if (!look->profile || look->place < 0)
		return;
	letter = pattern->results[look->place];
	look->n_judged += pattern->n;
	look->is_unknown |= letter == result_letter(RESULT_UNKNOWN);
	if (letter != result_letter(RESULT_FAIL))
		return;
	look->effect.n_fail += pattern->n;
	if (would_be_ready(look, pattern))
		look->effect.n_ready += pattern->n;
}

static enum waiver_moot why_moot(const struct look *look)
{
	const struct waiver_effect *effect = &look->effect;

	if (look->waiver->until < view_today(look->view))
		return MOOT_OVER;
	if (effect->n_sites == 0)
		return MOOT_NO_WINDOW;
	if (!effect->is_counted || look->is_unknown)
		return MOOT_NOT;
	if (!look->is_asked)
		return MOOT_NO_REQUIREMENT;
	/* Where nobody was judged yet, it may be for what is known to come. */
	if (effect->n_fail == 0 && (look->n_judged > 0 || look->n_waiting == 0))
		return MOOT_NOTHING_FAILS;
	return MOOT_NOT;
}

int waiver_effect(const struct view *view, const struct waiver *waiver,
		  struct effect_budget *budget, struct waiver_effect *ret_effect, struct err *err)
{
	_cleanup_(waiver_pattern_list_done) struct waiver_pattern_list list = { 0 };
	struct look look = {
		.view = view, .waiver = waiver, .budget = budget, .effect.is_counted = true
	};
	int r = store_waiver_sites(view->store, waiver, &look.effect.n_sites,
				   &look.effect.n_too_short, err);

	if (r >= 0)
		r = store_waiver_patterns(view->store, waiver, &list, err);
	for (size_t i = 0; i < list.n_patterns && r >= 0; i++) {
		r = look_at_document(&look, list.patterns[i].version, err);
		if (r >= 0)
			add(&look, &list.patterns[i]);
	}
	if (r < 0)
		return r;
	look.effect.moot = why_moot(&look);
	*ret_effect = look.effect;
	return 0;
}
