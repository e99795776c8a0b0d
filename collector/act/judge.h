/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How the devices of a site are judged: by the version of the profile that its window
 * names, as of the window's last day. A system that leaves support during the window is not ready
 * for it, and a page and a certificate can never disagree.
 */

#include "collector/act/act.h"
#include "collector/store/store_device.h"
#include "collector/store/store_site.h"

struct rollup_sum;
struct judge {
	struct store *store;
	struct profile_cache *cache;
	struct site site;
	const struct profile *profile;          /* NULL: none is published, or it cannot be read */
	int64_t fresh_since_ms, fresh_until_ms; /* what was seen within them is fresh */
	int64_t now_ms;
	struct rollup_sum *sum; /* of counts, to be written by who set it; NULL: they are at once */
};

/*
 * Prepare to judge devices of @site_code. judge_done() *@ret_judge; its profile
 * is the cache's. A document that cannot be read judges nobody. -ENOENT: no such site.
 */
int judge_open(struct store *store, struct profile_cache *cache, const char *site_code,
	       int64_t now_ms, struct judge *ret_judge, struct err *err) _must_check_;
/* The same of a site at hand, which it takes on success. */
int judge_open_site(struct store *store, struct profile_cache *cache, struct site *site,
		    int64_t now_ms, struct judge *ret_judge, struct err *err) _must_check_;
void judge_done(struct judge *judge);
/* Go on at another time, the site and its document being the same. */
void judge_set_time(struct judge *judge, int64_t now_ms);
/* What was seen later than this was seen by a clock that was wrong, and is not fresh. */
int64_t judge_fresh_until(int64_t now_ms);

/* Give @device the results that @facts have; @facts is NULL where it never reported. */
void judge_results(const struct judge *judge, const json_t *facts, struct device *device);
/* Give @device the state that its results, of whatever version, and its age have. */
int judge_state(const struct judge *judge, struct device *device, struct err *err) _must_check_;

/* Both of the facts that are stored with @device. */
int judge_again(const struct judge *judge, struct device *device, struct err *err) _must_check_;

/* Write what changed of a device, with its transitions and the counts; see ->sum. */
int judge_save(const struct judge *judge, const struct device *before, const struct device *after,
	       struct err *err) _must_check_;
