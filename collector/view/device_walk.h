/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * All devices that a filter wants, of one site or of all, one after the other. Sites that have
 * none by their counts are left away, and those of the others are read in pages by the index
 * of their place: so it costs the sites and the devices that it looks at, not the fleet.
 */

#include "collector/view/device_sieve.h"

enum device_sort {
	DEVICE_SORT_PLACE, /* site, room, host name, id */
	DEVICE_SORT_STATE, /* the worst first; then by place */
	DEVICE_SORT_HOST,  /* of one site: host name, id */
	DEVICE_SORT_SEEN,  /* of one site: never first, then the longest ago */
	DEVICE_SORT_MAX_,
};
extern const char *const device_sort_words[]; /* ended by NULL */

/* A place in the order: behind a device, or, where its id is "", before a site's first. */
struct device_mark {
	unsigned state; /* of DEVICE_SORT_STATE */
	const char *site_code;
	struct device_place device;
};

struct device_walk;

/*
 * @site_code: only of this site; NULL: of all. @after: go on behind this place, which must
 * have been one of the same walk; NULL: from the start. On success device_walk_free()
 * *@ret_walk, which borrows @filter. -ENOENT: no such site. -EINVAL: the filter or the sort
 * makes no sense there.
 */
struct device_asked {
	const char *site_code;
	const struct device_filter *filter;
	enum device_sort sort;
};
int device_walk_open(const struct view *view, const struct device_asked *asked,
		     const struct device_mark *after, struct device_walk **ret_walk,
		     struct err *err) _must_check_;
void device_walk_free(struct device_walk *walk);
DEFINE_CLEANUP(struct device_walk *, device_walk_free);

struct device_found {
	const struct device *device;
	const struct profile *judge; /* NULL: nothing that can be read judged it */
	const struct site *site;
};
/*
 * 1: the next one, borrowed until the next call; 0: no more; 2: none yet, though many were
 * looked at: ask again, or end here and go on at device_walk_mark().
 */
int device_walk_next(struct device_walk *walk, struct device_found *ret_found,
		     struct err *err) _must_check_;
/* Behind what was looked at last; borrowed until the next call. */
void device_walk_mark(const struct device_walk *walk, struct device_mark *ret_mark);
