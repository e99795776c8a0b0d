/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/act_profile.h"
#include "collector/act/audience.h"
#include "collector/act/compose.h"
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

int act_waive(struct store *store, struct waiver *waiver, int64_t now_ms, struct reach *ret_reach,
	      struct err *err)
{
	const struct audience audience = { waiver->scope, waiver->scope_code };
	int64_t n_sites = 0, n_too_short = 0;
	int r = check_day(waiver->until, civil_of_ms(now_ms), err);

	if (r >= 0)
		r = clean_text(&waiver->reason, "a reason", PROFILE_REASON_MAX, err);
	if (r >= 0)
		r = clean_text(&waiver->who, "the name of who answers for it", WAIVER_WHO_MAX, err);
	if (r >= 0)
		r = audience_check(store, &audience, err);
	if (r >= 0)
		r = check_requirement(store, waiver, err);
	if (r < 0)
		return r;
	id_new(waiver->id);
	waiver->created_ms = now_ms;
	waiver->revoked_ms = 0;
	r = store_waiver_put(store, waiver, err);
	if (r >= 0)
		r = act_compose(store, waiver->profile_id, &audience, now_ms, ret_reach, err);
	if (r >= 0)
		r = store_waiver_sites(store, waiver, &n_sites, &n_too_short, err);
	ret_reach->n_too_short = n_too_short;
	return r;
}

int act_waiver_revoke(struct store *store, const char *id, const char *who, int64_t now_ms,
		      struct reach *ret_reach, struct err *err)
{
	_cleanup_(waiver_done) struct waiver waiver = { 0 };
	_cleanup_free_ char *name = xstrdup(who);
	struct audience audience;
	int r = clean_text(&name, "the name of who revokes it", WAIVER_WHO_MAX, err);

	if (r >= 0)
		r = store_waiver_get(store, id, &waiver, err);
	if (r >= 0)
		r = store_waiver_revoke(store, id, name, now_ms, err);
	if (r < 0)
		return r;
	audience = (struct audience){ waiver.scope, waiver.scope_code };
	return act_compose(store, waiver.profile_id, &audience, now_ms, ret_reach, err);
}
