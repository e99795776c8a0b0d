/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Which devices of a site are wanted. What a filter says of requirements and fixes is looked up in
 * the profile of the site; a device that an older version judged is read by that one, in
 * its own order, as the site's numbers are.
 */

#include "collector/store/store_site.h"
#include "collector/view/view.h"

/* What devices are narrowed to: the rows behind numbers. */
struct device_filter {
	unsigned states;         /* bits 1 << enum device_state; 0: all but retired */
	const char *fix;         /* fresh, and a requirement with this fix fails; or NULL */
	const char *requirement; /* not those that @passes gives for it; or NULL */
	const char *passes;      /* fresh, and this requirement passes; or NULL */
	const char *room;        /* "": without a room; NULL: any */
	const char *waives;      /* this requirement is waived; or NULL */
	int is_expected;         /* 0, 1, or -1 for both */
	int is_waived;           /* whether any requirement is: 0, 1, or -1 for both */
	unsigned results;        /* @requirement has one of 1 << enum result; 0: see there */
	unsigned roles;          /* bits 1 << enum device_role; 0: all */
	const char *model;       /* NULL: any */
	const char *lea;         /* of its sites; NULL: any */
	const char *profile;     /* of sites whose window names it; NULL: any */
};

struct device_sieve {
	const struct view *view;
	const struct device_filter *filter;
	const struct profile *profile;                      /* NULL: not published; of the cache */
	uint64_t fix[(PROFILE_REQUIREMENTS_MAX + 63) / 64]; /* bits of the requirements with it */
	uint64_t one[(PROFILE_REQUIREMENTS_MAX + 63) / 64]; /* the bit of one, for the store */
	int requirement, passes, waives;                    /* places in @profile, or -1 */
	bool is_queued;            /* some devices were judged by another version than @profile */
	const struct profile *was; /* the last other version that judged a device, or NULL */
};

/*
 * What @filter, which must outlive it, wants at @site. -EINVAL: the profile there has no such
 * requirement or fix.
 */
int device_sieve_make(const struct view *view, const struct site *site,
		      const struct device_filter *filter, struct device_sieve *ret_sieve,
		      struct err *err) _must_check_;

/* Whether it looks at more than a query of the store can. */
bool device_sieve_is_fine(const struct device_sieve *sieve);
/* Let the store leave away what the sieve would, as far as it can. @query borrows from it. */
void device_sieve_narrow(struct device_sieve *sieve, struct device_query *query);

/*
 * 1: @device is wanted; 0. *@ret_judge is the profile that judged it, NULL where nothing
 * did that can be read; borrowed from the cache. Only the results, their version and the state are
 * looked at: all else is the query's.
 */
int device_sieve_wants(struct device_sieve *sieve, const struct device *device,
		       const struct profile **ret_judge, struct err *err) _must_check_;
