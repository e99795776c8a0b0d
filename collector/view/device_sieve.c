/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/view/device_sieve.h"
#include "common/model/result.h"

#define FRESH_STATES                                                                     \
	(1U << STATE_NOT_READY | 1U << STATE_UNKNOWN | 1U << STATE_READY_WITH_WARNINGS | \
	 1U << STATE_READY)
#define NO_REQUIREMENT (-1)

static int find_requirement(const struct profile *profile, const char *id, int *ret_index,
			    struct err *err)
{
	*ret_index = NO_REQUIREMENT;
	if (!id)
		return 0;
	*ret_index = profile ? profile_find(profile, id) : NO_REQUIREMENT;
	if (*ret_index < 0)
		return err_set(err, -EINVAL,
			       "The profile of this site has no requirement '%.64s'; open the site "
			       "again.",
			       id);
	return 0;
}

static int find_fix(struct device_sieve *sieve, const char *id, struct err *err)
{
	const struct profile *profile = sieve->profile;
	bool is_found = false;

	for (size_t i = 0; id && profile && i < profile->n_requirements; i++) {
		if (strcmp(profile->requirements[i].fix.id, id) == 0) {
			sieve->fix[i / 64] |= UINT64_C(1) << (i % 64);
			is_found = true;
		}
	}
	if (id && !is_found)
		return err_set(err, -EINVAL,
			       "The profile of this site has no fix '%.64s'; open the site again.",
			       id);
	return 0;
}

int device_sieve_make(const struct view *view, const struct site *site,
		      const struct device_filter *filter, struct device_sieve *ret_sieve,
		      struct err *err)
{
	struct device_sieve sieve = { .view = view,
				      .filter = filter,
				      .is_queued = site->is_queued };
	int r = view_profile(view, site->has_window ? site->window.profile_version : NULL,
			     &sieve.profile, err);

	if (r >= 0)
		r = find_fix(&sieve, filter->fix, err);
	if (r >= 0)
		r = find_requirement(sieve.profile, filter->requirement, &sieve.requirement, err);
	if (r >= 0)
		r = find_requirement(sieve.profile, filter->passes, &sieve.passes, err);
	if (r >= 0)
		r = find_requirement(sieve.profile, filter->waives, &sieve.waives, err);
	if (r >= 0)
		*ret_sieve = sieve;
	return r;
}

bool device_sieve_is_fine(const struct device_sieve *sieve)
{
	const struct device_filter *filter = sieve->filter;

	return filter->fix || filter->requirement || filter->passes || filter->waives ||
	       filter->is_waived >= 0;
}

/* One question of the store is of one version. */
void device_sieve_narrow(struct device_sieve *sieve, struct device_query *query)
{
	const struct device_filter *filter = sieve->filter;
	int place = filter->passes    ? sieve->passes
		    : filter->results ? sieve->requirement
				      : NO_REQUIREMENT;

	if (filter->fix) {
		query->profile_version = sieve->profile->version;
		query->requirements = sieve->fix;
		query->results = 1U << RESULT_FAIL;
	} else if (place >= 0 && !sieve->is_queued) {
		sieve->one[place / 64] = UINT64_C(1) << (place % 64);
		query->profile_version = sieve->profile->version;
		query->requirements = sieve->one;
		query->results = filter->passes ? 1U << RESULT_PASS : filter->results;
	}
}

/* Whether the result at @place is one of 1 << enum result. */
static bool is_one_of(const struct device *device, int place, unsigned wanted)
{
	enum result result;

	return place >= 0 && (size_t)place < strlen(device->results) &&
	       result_of_letter(device->results[place], &result) >= 0 && (wanted >> result & 1);
}

/* Whether @device was judged by what its site is judged by now. */
static bool is_current(const struct device_sieve *sieve, const struct device *device)
{
	return sieve->profile && strcmp(device->profile_version, sieve->profile->version) == 0;
}

/*
 * The place of a requirement of the sieve in the results of a device that @judge judged:
 * until it is judged again, an older version's counts, as it does in the site's numbers.
 */
static int place_in(const struct device_sieve *sieve, const struct profile *judge, int place)
{
	if (!judge || judge == sieve->profile)
		return judge ? place : NO_REQUIREMENT;
	return profile_find(judge, sieve->profile->requirements[place].id);
}

static bool passes(const struct device *device, int place)
{
	return (FRESH_STATES >> device->state & 1) && is_one_of(device, place, 1U << RESULT_PASS);
}

static bool needs_fix(const struct device_sieve *sieve, const struct device *device)
{
	if (!(FRESH_STATES >> device->state & 1) || !is_current(sieve, device))
		return false;
	for (size_t i = 0; i < sieve->profile->n_requirements; i++) {
		if ((sieve->fix[i / 64] >> (i % 64) & 1) &&
		    is_one_of(device, (int)i, 1U << RESULT_FAIL))
			return true;
	}
	return false;
}

/* By whatever version judged it: the letter means the same in all of them. */
static bool has_waived(const struct device *device)
{
	return strchr(device->results, result_letter(RESULT_WAIVED)) != NULL;
}

static bool has_result(const struct device_sieve *sieve, const struct device *device, int place)
{
	if (sieve->filter->results)
		return is_one_of(device, place, sieve->filter->results);
	return !passes(device, place) && !is_one_of(device, place, 1U << RESULT_NOT_APPLICABLE);
}

static bool is_wanted(const struct device_sieve *sieve, const struct profile *judge,
		      const struct device *device)
{
	const struct device_filter *filter = sieve->filter;

	if (filter->fix && !needs_fix(sieve, device))
		return false;
	if (filter->passes && !passes(device, place_in(sieve, judge, sieve->passes)))
		return false;
	if (filter->waives &&
	    !(is_current(sieve, device) && is_one_of(device, sieve->waives, 1U << RESULT_WAIVED)))
		return false;
	if (filter->is_waived >= 0 && has_waived(device) != filter->is_waived)
		return false;
	return !filter->requirement ||
	       has_result(sieve, device, place_in(sieve, judge, sieve->requirement));
}

/* What judged @device; *@ret_judge is NULL where nothing did that is known here. */
static int find_judge(struct device_sieve *sieve, const struct device *device,
		      const struct profile **ret_judge, struct err *err)
{
	int r = 0;

	*ret_judge = sieve->profile;
	if (is_current(sieve, device))
		return 0;
	if (!sieve->was || strcmp(sieve->was->version, device->profile_version) != 0)
		r = view_profile(sieve->view, device->profile_version, &sieve->was, err);
	*ret_judge = sieve->was;
	return r == -EUCLEAN ? 0 : r;
}

int device_sieve_wants(struct device_sieve *sieve, const struct device *device,
		       const struct profile **ret_judge, struct err *err)
{
	int r = find_judge(sieve, device, ret_judge, err);

	return r < 0 ? r : is_wanted(sieve, *ret_judge, device);
}
