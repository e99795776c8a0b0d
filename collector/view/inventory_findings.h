/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What of a site's inventory and of what was seen there does not fit together: each device or
 * line that somebody has to do something about, once, under the first kind that it is. PURE.
 */

#include "collector/store/store_inventory.h"

enum finding_kind {
	FINDING_TWICE,      /* one machine seems to be two rows, and counts as two */
	FINDING_MOVED,      /* listed at one site and seen at another */
	FINDING_UNEXPECTED, /* seen here, and the inventory does not list it */
	FINDING_RETIRED,    /* retired, and heard of since then and lately: it counts nowhere */
	FINDING_NEVER_SEEN, /* expected, and nothing was ever heard of it */
	FINDING_NOT_SINCE,  /* expected, and nothing was heard of it for too long */
	FINDING_MAX_,
};
/* twice, moved, unexpected, retired, never_seen, not_since; ended by NULL */
extern const char *const finding_kind_words[];

struct finding {
	enum finding_kind kind;
	const struct inventory_device *device; /* borrowed, as all are */
	const struct inventory_device *other;  /* of FINDING_TWICE at the same site; else NULL */
	const struct inventory_twin *twin;     /* at another site; else NULL */
	const char *to_do;                     /* a sentence for whoever looks after the site */
};

struct finding_list {
	struct finding *findings;
	size_t n_findings;
	size_t n_kinds[FINDING_MAX_]; /* how many of each kind there are */
	size_t n_expected;            /* devices that count */
	size_t n_seen;                /* of these, heard of since @since_ms */
};

/* A site as findings are made of it. */
struct finding_site {
	bool has_inventory;
	const struct inventory_device_list *devices; /* both outlive the findings */
	const struct inventory_twin_list *twins;     /* by here_id */
	int64_t since_ms;                            /* what was seen before is FINDING_NOT_SINCE */
};

/* By kind, room, host name and id. finding_list_done() *@ret_list. */
void findings_make(const struct finding_site *site, struct finding_list *ret_list);
/* The order of findings; <0, 0, >0. */
int finding_compare(const struct finding *a, const struct finding *b);
void finding_list_done(struct finding_list *list);
