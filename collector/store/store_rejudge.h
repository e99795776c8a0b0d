/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Sites whose devices are to be judged again, and how far that is. */

#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/id.h"

struct rejudge {
	char *site_code;
	int64_t queued_ms;
	char after_id[ID_SIZE]; /* devices up to it are done; "" at the start */
	int64_t n_done;
};
void rejudge_done(struct rejudge *rejudge);

/* Put the site at the end of the queue, from its first device on. */
int store_rejudge_put(struct store *store, const char *site_code, int64_t now_ms,
		      struct err *err) _must_check_;
/* The same of one that is in it, wherever the clock stands; it goes on where it was. */
int store_rejudge_put_off(struct store *store, const char *site_code, struct err *err) _must_check_;
/* The site that waits longest. -ENOENT: none waits. rejudge_done() *@ret_rejudge. */
int store_rejudge_next(struct store *store, struct rejudge *ret_rejudge,
		       struct err *err) _must_check_;
/* Devices up to @after_id, @n more, are done; NULL: all of the site are, and it leaves the queue.
 */
int store_rejudge_step(struct store *store, const char *site_code, const char *after_id, int64_t n,
		       struct err *err) _must_check_;
/* Whether the site is in the queue: 1 or 0. */
int store_rejudge_has(struct store *store, const char *site_code, struct err *err) _must_check_;

/* How much waits: sites, and devices of them that are not judged again yet. */
struct rejudge_left {
	int64_t n_sites;
	int64_t n_devices;
};
/* Of @profile_id, or of all where that is NULL. */
int store_rejudge_left(struct store *store, const char *profile_id, struct rejudge_left *ret_left,
		       struct err *err) _must_check_;
