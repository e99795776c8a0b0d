/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Views: one resource of the API as JSON, read from the store. They change nothing
 * and run inside one snapshot of the caller, so that every number of an answer is
 * of the same moment.
 *
 * Every view gives an object without "as_of", which is the caller's to add, and
 * which the caller json_decref()s. -ENOENT: there is no such thing; -EINVAL: what
 * was asked for does not make sense; @err says so to a person.
 */

#include <stdint.h>

#include <jansson.h>

#include "collector/domain/access.h"
#include "collector/domain/site_count.h"
#include "collector/domain/window.h"
#include "collector/store/profile_cache.h"
#include "collector/store/store.h"
#include "collector/store/store_device.h"
#include "common/base/err.h"
#include "common/model/profile.h"

struct view {
	struct store *store;
	struct profile_cache *profiles;
	int64_t now_ms;
	const struct grants *grants; /* of whoever asks: nothing else may be told of */
};

/*
 * Whether whoever asks may see what is of a site; @site_code NULL: of the LEA. What they
 * may not see they are told of as if it did not exist.
 */
bool view_sees(const struct view *view, const char *lea_code, const char *site_code);
/* Whether they may see something of the LEA: all of it, or a site. */
bool view_knows_lea(const struct view *view, const char *lea_code);

/* What part of a list is wanted. */
struct page {
	size_t limit;
	const char *cursor; /* NULL: from the start */
};

int32_t view_today(const struct view *view);

/*
 * The profile of @version; *@ret_profile is NULL where there is none, it cannot be read, or
 * @version is NULL or "". Borrowed until the reader is given back.
 */
int view_profile(const struct view *view, const char *version, const struct profile **ret_profile,
		 struct err *err) _must_check_;

/* Parts that several resources have; new references. */
json_t *view_text(const char *text); /* with what is not UTF-8 replaced */
json_t *view_time(int64_t ms);       /* null where it is 0 */
json_t *view_day(int32_t day);       /* null where it is open: INT32_MIN or INT32_MAX */
json_t *view_named(const char *code, const char *name);
json_t *view_states(const struct site_count *count);
json_t *view_percent(int64_t part, int64_t whole);
json_t *view_window(const struct window *window, int32_t today); /* null for NULL */
json_t *view_device_names(const struct device *device);
