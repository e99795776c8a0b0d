/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What publishing a profile or a supplement would change in the stored fleet. Reads
 * only, in a transaction of the caller's, so that it is of one moment.
 *
 * Before: what each device is now, by the document of its site. After: what it would be
 * by the document that the site would have, at the same time; so what only time changes
 * is no difference. Counts are of expected devices, as everywhere.
 */

#include <stdbool.h>
#include <stdint.h>

#include "collector/domain/supplement.h"
#include "collector/domain/what_if.h"
#include "collector/store/store.h"
#include "collector/store/store_device.h"

/* A device whose state would be another, while it is at hand. */
struct what_if_device {
	const struct device *before, *after; /* without facts */
	const struct profile *old, *new;     /* of their results; @old may be NULL: none */
};

struct what_if_request {
	const struct profile *profile;       /* what would be published: this … */
	const struct supplement *supplement; /* … or this; the other is NULL */
	int64_t now_ms;
	/* Each may be NULL. @n_done of @n_all devices were looked at. */
	void (*device)(void *arg, const struct what_if_device *device);
	void (*progress)(void *arg, int64_t n_done, int64_t n_all);
	void *arg;
};

/*
 * On success what_if_done() *@ret_what_if. -ENOENT: the profile of the supplement is not
 * published, or nobody has the code that it is for. -EINVAL: it would not be published,
 * since something that is in force does not fit it; @err names that.
 */
int act_what_if(struct store *store, const struct what_if_request *request,
		struct what_if *ret_what_if, struct err *err) _must_check_;
