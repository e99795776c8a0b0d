/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/act_profile.h"
#include "collector/act/audience.h"
#include "collector/act/compose.h"
#include "collector/act/prepare.h"
#include "collector/store/store_site.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/base/text.h"

/* Nothing is waived for longer than a season, whose last day this is. */
#define SEASON_END "07-31"

static int32_t season_end(int32_t today)
{
	char text[CIVIL_TEXT_SIZE], end[CIVIL_TEXT_SIZE];
	int32_t day = today;
	int year;

	year = (int)strtol(civil_text(today, text), NULL, 10);
	for (int i = 0; i < 2; i++) {
		snprintf(end, sizeof(end), "%04d-" SEASON_END, year + i);
		/* After the year 9999 there is none. */
		if (civil_parse(end, &day, NULL) < 0 || day >= today)
			break;
	}
	return day;
}

static int check_day(int32_t until, int32_t today, struct err *err)
{
	char text[CIVIL_TEXT_SIZE], end[CIVIL_TEXT_SIZE];

	if (until < today)
		return err_set(err, -EINVAL, "%s is over: give the last day that it is to count",
			       civil_text(until, text));
	if (until > season_end(today))
		return err_set(
			err, -EINVAL,
			"%s is after the season's end: a waiver ends on %s at the latest, and "
			"is given anew for the next season",
			civil_text(until, text), civil_text(season_end(today), end));
	return 0;
}

/* Make *@text fit to be shown. -EINVAL: nothing is left of it, or it is over @max bytes. */
static int clean_text(char **text, const char *what, size_t max, struct err *err)
{
	size_t len = *text ? strlen(*text) : 0;
	_cleanup_free_ char *clean =
		len <= max ? text_clean(*text ? *text : "", len, max * 4) : NULL;

	if (!clean || strlen(clean) > max)
		return err_set(err, -EINVAL, "%s has more than %zu bytes: say it shorter", what,
			       max);
	if (!clean[0])
		return err_set(err, -EINVAL, "give %s: whoever reads of the waiver asks for it",
			       what);
	free(*text);
	*text = TAKE_PTR(clean);
	return 0;
}

/* The requirement is one that those whom it is for are asked. */
static int check_requirement(struct store *store, const struct waiver *waiver, struct err *err)
{
	_cleanup_(composer_freep) struct composer *composer = NULL;
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_(site_done) struct site site = { 0 };
	const char *site_code = NULL, *lea_code = NULL;
	int r = composer_open(store, waiver->profile_id, NULL, &composer, err);

	if (r >= 0 && waiver->scope == SCOPE_SITE) {
		r = store_site_get(store, waiver->scope_code, &site, err);
		site_code = site.code;
		lea_code = site.lea_code;
	} else if (waiver->scope == SCOPE_LEA) {
		lea_code = waiver->scope_code;
	}
	if (r >= 0)
		r = composer_profile(composer, site_code, lea_code, &profile, err);
	if (r >= 0 && profile_find(profile, waiver->requirement) < 0)
		return err_set(err, -ENOENT,
			       "the profile %s has no requirement '%.64s'; see testready-collector "
			       "profile show %s",
			       profile->id, waiver->requirement, profile->id);
	return r;
}

/* What was asked for can be given, or could be if somebody did. */
static int check_wish(struct store *store, struct waiver *waiver, int64_t now_ms, struct err *err)
{
	const struct audience audience = { waiver->scope, waiver->scope_code };
	int r = check_day(waiver->until, civil_of_ms(now_ms), err);

	if (r >= 0)
		r = clean_text(&waiver->reason, "a reason", PROFILE_REASON_MAX, err);
	if (r >= 0)
		r = clean_text(&waiver->who, "the name of who answers for it", WAIVER_WHO_MAX, err);
	if (r >= 0)
		r = audience_check(store, &audience, err);
	return r < 0 ? r : check_requirement(store, waiver, err);
}

/* What judges is composed anew, now that @waiver is in the store as it is to be. */
static int compose(struct store *store, const struct waiver *waiver, int64_t now_ms,
		   struct reach *ret_reach, struct err *err)
{
	const struct audience audience = { waiver->scope, waiver->scope_code };

	return act_compose(store, waiver->profile_id, &audience, now_ms, ret_reach, err);
}

static int compose_given(struct store *store, const struct waiver *waiver, int64_t now_ms,
			 struct reach *ret_reach, struct err *err)
{
	int64_t n_sites = 0, n_too_short = 0;
	int r = compose(store, waiver, now_ms, ret_reach, err);

	if (r >= 0)
		r = store_waiver_sites(store, waiver, &n_sites, &n_too_short, err);
	if (r >= 0)
		ret_reach->n_too_short = n_too_short;
	return r;
}

int act_waive(struct store *store, struct waiver *waiver, int64_t now_ms, struct reach *ret_reach,
	      struct err *err)
{
	int r = check_wish(store, waiver, now_ms, err);

	if (r < 0)
		return r;
	if (!waiver->id[0])
		id_new(waiver->id);
	waiver->created_ms = now_ms;
	waiver->status = WAIVER_STATUS_GIVEN;
	r = store_waiver_put(store, waiver, err);
	return r < 0 ? r : compose_given(store, waiver, now_ms, ret_reach, err);
}

/* --- proposals ------------------------------------------------------------------------ */

/* The same is not proposed by two: whoever wants it too finds it waiting. */
static int check_alone(struct store *store, const struct waiver *waiver, struct err *err)
{
	_cleanup_(waiver_done) struct waiver same = { 0 };
	int r = store_waiver_same(store, waiver, &same, err);

	if (r == -ENOENT)
		return 0;
	return r < 0 ? r
		     : err_set(err, -EALREADY,
			       "%s proposed to waive %.64s there already, and that waits to be "
			       "decided",
			       same.proposed_by, waiver->requirement);
}

int act_waiver_propose(struct store *store, struct waiver *waiver, int64_t now_ms, struct err *err)
{
	int r = check_wish(store, waiver, now_ms, err);

	if (r >= 0)
		r = check_alone(store, waiver, err);
	if (r < 0)
		return r;
	id_new(waiver->id);
	waiver->created_ms = now_ms;
	waiver->status = WAIVER_STATUS_PROPOSED;
	return store_waiver_put(store, waiver, err);
}

const char *const waiver_decision_words[] = {
	[WAIVER_DECISION_GIVE] = "give",         [WAIVER_DECISION_DECLINE] = "decline",
	[WAIVER_DECISION_WITHDRAW] = "withdraw", [WAIVER_DECISION_REOPEN] = "reopen",
	[WAIVER_DECISION_MAX_] = NULL,
};

/* What is told of a waiver that is not what somebody took it for. */
static const char *const status_texts[] = {
	[WAIVER_STATUS_GIVEN] = "it was given already; revoke it to end it",
	[WAIVER_STATUS_PROPOSED] = "it is proposed and waits to be decided",
	[WAIVER_STATUS_DECLINED] = "it was declined already",
	[WAIVER_STATUS_WITHDRAWN] = "who proposed it has withdrawn it",
	[WAIVER_STATUS_REVOKED] = "it was revoked already",
};
static_assert(ARRAY_SIZE(status_texts) == WAIVER_STATUS_MAX_, "every status is told");

static int check_status(const struct waiver *waiver, enum waiver_status wanted, struct err *err)
{
	const char *by =
		waiver->status == WAIVER_STATUS_DECLINED ? waiver->decided_by : waiver->revoked_by;

	if (waiver->status == wanted)
		return 0;
	return err_set(err, -EALREADY, "waiver %.40s: %s%s%s", waiver->id,
		       status_texts[waiver->status], by && by[0] ? ", by " : "", by ? by : "");
}

static void replace(char **text, const char *with)
{
	char *copy = xstrdup(with);

	free(*text);
	*text = copy;
}

static int give(struct store *store, struct waiver *waiver, const struct waiver_act *act,
		int64_t now_ms, struct err *err)
{
	if (act->verdict->until != INT32_MIN)
		waiver->until = act->verdict->until;
	if (act->verdict->who)
		replace(&waiver->who, act->verdict->who);
	waiver->decided_ms = now_ms;
	replace(&waiver->decided_by, act->by);
	return check_wish(store, waiver, now_ms, err);
}

static int decline(struct store *store, struct waiver *waiver, const struct waiver_act *act,
		   int64_t now_ms, struct err *err)
{
	(void)store;
	waiver->decided_ms = now_ms;
	replace(&waiver->decided_by, act->by);
	replace(&waiver->decline_reason, act->verdict->reason ? act->verdict->reason : "");
	return clean_text(&waiver->decline_reason, "a reason to decline it", PROFILE_REASON_MAX,
			  err);
}

static int withdraw(struct store *store, struct waiver *waiver, const struct waiver_act *act,
		    int64_t now_ms, struct err *err)
{
	(void)store;
	(void)err;
	waiver->revoked_ms = now_ms;
	replace(&waiver->revoked_by, act->by);
	return 0;
}

static int reopen(struct store *store, struct waiver *waiver, const struct waiver_act *act,
		  int64_t now_ms, struct err *err)
{
	(void)act;
	(void)now_ms;
	waiver->decided_ms = 0;
	replace(&waiver->decided_by, "");
	replace(&waiver->decline_reason, "");
	return check_alone(store, waiver, err);
}

static const struct {
	enum waiver_status from, to;
	int (*change)(struct store *store, struct waiver *waiver, const struct waiver_act *act,
		      int64_t now_ms, struct err *err);
} decisions[] = {
	[WAIVER_DECISION_GIVE] = { WAIVER_STATUS_PROPOSED, WAIVER_STATUS_GIVEN, give },
	[WAIVER_DECISION_DECLINE] = { WAIVER_STATUS_PROPOSED, WAIVER_STATUS_DECLINED, decline },
	[WAIVER_DECISION_WITHDRAW] = { WAIVER_STATUS_PROPOSED, WAIVER_STATUS_WITHDRAWN, withdraw },
	[WAIVER_DECISION_REOPEN] = { WAIVER_STATUS_DECLINED, WAIVER_STATUS_PROPOSED, reopen },
};
static_assert(ARRAY_SIZE(decisions) == WAIVER_DECISION_MAX_, "every decision has a row");

int act_waiver_decide(struct store *store, const struct waiver_act *act, int64_t now_ms,
		      struct reach *ret_reach, struct err *err)
{
	_cleanup_(waiver_done) struct waiver waiver = { 0 };
	enum waiver_decision decision = act->verdict->decision;
	int r = store_waiver_get(store, act->id, &waiver, err);

	if (r >= 0)
		r = check_status(&waiver, decisions[decision].from, err);
	if (r >= 0)
		r = decisions[decision].change(store, &waiver, act, now_ms, err);
	if (r < 0)
		return r;
	waiver.status = decisions[decision].to;
	r = store_waiver_set(store, &waiver, err);
	if (r >= 0 && waiver.status == WAIVER_STATUS_GIVEN)
		return compose_given(store, &waiver, now_ms, ret_reach, err);
	*ret_reach = (struct reach){ 0 };
	return r;
}

int act_waiver_revoke(struct store *store, const char *id, const char *who, int64_t now_ms,
		      struct reach *ret_reach, struct err *err)
{
	_cleanup_(waiver_done) struct waiver waiver = { 0 };
	_cleanup_free_ char *name = xstrdup(who);
	int r = clean_text(&name, "the name of who revokes it", WAIVER_WHO_MAX, err);

	if (r >= 0)
		r = store_waiver_get(store, id, &waiver, err);
	if (r >= 0)
		r = check_status(&waiver, WAIVER_STATUS_GIVEN, err);
	if (r < 0)
		return r;
	waiver.status = WAIVER_STATUS_REVOKED;
	waiver.revoked_ms = now_ms;
	replace(&waiver.revoked_by, name);
	r = store_waiver_set(store, &waiver, err);
	return r < 0 ? r : compose(store, &waiver, now_ms, ret_reach, err);
}

/* --- composing before it is done ------------------------------------------------------ */

static int prepare(struct store *reader, const struct waiver *waiver,
		   const struct composer_change *change, struct prepared *ret_prepared,
		   struct err *err)
{
	const struct audience audience = { waiver->scope, waiver->scope_code };
	const struct prepare_of of = { waiver->profile_id, change, &audience };

	return act_prepare_change(reader, &of, ret_prepared, err);
}

int act_waive_prepare(struct store *reader, struct waiver *waiver, int64_t now_ms,
		      struct prepared *ret_prepared, struct err *err)
{
	const struct composer_change change = { .waiver = waiver };
	int r = check_wish(reader, waiver, now_ms, err);

	if (r < 0)
		return r;
	id_new(waiver->id);
	waiver->created_ms = now_ms;
	return prepare(reader, waiver, &change, ret_prepared, err);
}

int act_waiver_decide_prepare(struct store *reader, const struct waiver_act *act, int64_t now_ms,
			      struct prepared *ret_prepared, struct err *err)
{
	_cleanup_(waiver_done) struct waiver waiver = { 0 };
	const struct composer_change change = { .waiver = &waiver };
	int r;

	if (act->verdict->decision != WAIVER_DECISION_GIVE)
		return 0;
	r = store_waiver_get(reader, act->id, &waiver, err);
	if (r >= 0)
		r = check_status(&waiver, WAIVER_STATUS_PROPOSED, err);
	if (r >= 0)
		r = give(reader, &waiver, act, now_ms, err);
	return r < 0 ? r : prepare(reader, &waiver, &change, ret_prepared, err);
}

int act_waiver_revoke_prepare(struct store *reader, const char *id, struct prepared *ret_prepared,
			      struct err *err)
{
	_cleanup_(waiver_done) struct waiver waiver = { 0 };
	const struct composer_change change = { .ended_id = id };
	int r = store_waiver_get(reader, id, &waiver, err);

	if (r >= 0)
		r = check_status(&waiver, WAIVER_STATUS_GIVEN, err);
	return r < 0 ? r : prepare(reader, &waiver, &change, ret_prepared, err);
}
