/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/act/rollup.h"
#include "collector/store/store_site.h"
#include "common/model/result.h"

static bool is_fresh(enum device_state state)
{
	return state == STATE_NOT_READY || state == STATE_UNKNOWN || state == STATE_READY ||
	       state == STATE_READY_WITH_WARNINGS;
}

static bool has_pattern(const struct device *device)
{
	return device && device->is_expected && device->state != STATE_RETIRED;
}

/* What a device adds to the counts of its site, @times 1 or -1. */
static void count_device(struct site_count *count, const struct device *device, int times)
{
	if (!device || device->state == STATE_RETIRED)
		return;
	if (!device->is_expected) {
		count->unexpected += times;
		return;
	}
	count->states[device->state] += times;
	count->browser_exempt += device->browser == RESULT_NOT_APPLICABLE ? times : 0;
	if (device->browser == RESULT_PASS && is_fresh(device->state))
		count->browser_current += times;
}

static int add_count(struct store *store, const char *site_code, const struct site_count *delta,
		     struct err *err)
{
	static const struct site_count none;

	if (memcmp(delta, &none, sizeof(none)) == 0)
		return 0;
	return store_site_count_add(store, site_code, delta, err);
}

static int add_pattern(struct store *store, const struct device *device, int times, struct err *err)
{
	const struct pattern pattern = {
		.room = device->room,
		.state = device->state,
		.results = device->results,
	};

	return store_site_pattern_add(store, device->site_code, device->profile_version, &pattern,
				      times, err);
}

static bool is_same_pattern(const struct device *a, const struct device *b)
{
	return has_pattern(a) && has_pattern(b) && a->state == b->state &&
	       strcmp(a->site_code, b->site_code) == 0 && strcmp(a->room, b->room) == 0 &&
	       strcmp(a->profile_version, b->profile_version) == 0 &&
	       strcmp(a->results, b->results) == 0;
}

static int change_count(struct store *store, const struct device *before,
			const struct device *after, struct err *err)
{
	struct site_count delta = { 0 };
	int r;

	count_device(&delta, before, -1);
	if (before && after && strcmp(before->site_code, after->site_code) != 0) {
		r = add_count(store, before->site_code, &delta, err);
		if (r < 0)
			return r;
		delta = (struct site_count){ 0 };
	}
	count_device(&delta, after, 1);
	return add_count(store, after ? after->site_code : before->site_code, &delta, err);
}

int rollup_change(struct store *store, const struct device *before, const struct device *after,
		  struct err *err)
{
	int r = 0;

	if (before || after)
		r = change_count(store, before, after, err);
	if (r < 0 || is_same_pattern(before, after))
		return r;
	if (has_pattern(before))
		r = add_pattern(store, before, -1, err);
	if (r >= 0 && has_pattern(after))
		r = add_pattern(store, after, 1, err);
	return r;
}

int rollup_add(struct store *store, const struct device *device, int n, struct err *err)
{
	struct site_count delta = { 0 };
	int r;

	count_device(&delta, device, n);
	r = add_count(store, device->site_code, &delta, err);
	return r >= 0 && has_pattern(device) ? add_pattern(store, device, n, err) : r;
}
