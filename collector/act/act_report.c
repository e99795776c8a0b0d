/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/act/act.h"
#include "collector/act/judge.h"
#include "collector/store/store_report.h"
#include "common/base/mem.h"

/*
 * When the facts were observed, by the collector's clock. The age is by a clock
 * that nobody can set; the device's own clock is believed only where that is not
 * known, and never into the future.
 */
static int64_t observed_at(const struct report *report, int64_t now_ms)
{
	int64_t at_ms = report->observed_ms;

	if (report->age_ms >= 0)
		at_ms = report->age_ms < now_ms ? now_ms - report->age_ms : 1;
	if (at_ms > now_ms)
		at_ms = now_ms;
	/* 0 would say that it never reported. */
	return at_ms > 0 ? at_ms : 1;
}

/* The inventory's asset tag is what a person wrote on the label, so it stays. */
static void take_names(const struct judge *judge, const struct device_names *names,
		       struct device *device)
{
	bool is_inventory_tag =
		judge->site.has_inventory && device->is_expected && device->asset_tag[0];

	device_take_names(device, names, is_inventory_tag);
}

static bool is_judged_alike(const struct judge *judge, const struct device *device,
			    const char *facts_hash)
{
	return judge->profile && strcmp(device->facts_hash, facts_hash) == 0 &&
	       strcmp(device->profile_version, judge->profile->version) == 0;
}

/* Make @device what @report says it is. */
static int take_report(const struct judge *judge, const struct report *report,
		       const char *facts_text, struct device *device, struct err *err)
{
	char facts_hash[HASH_SIZE];

	hash_hex(facts_text, strlen(facts_text), facts_hash);
	take_names(judge, &report->device, device);
	device_set(&device->agent_version, report->agent_version);
	/* Role and window are judged again when they change, so equal facts have equal results. */
	if (!is_judged_alike(judge, device, facts_hash))
		judge_results(judge, report->facts, device);
	if (strcmp(device->facts_hash, facts_hash) != 0) {
		device_set(&device->facts_hash, facts_hash);
		free(device->facts);
		device->facts = xstrdup(facts_text);
	}
	return judge_state(judge, device, err);
}

/* NOLINTNEXTLINE(readability-function-size): see act.h */
int act_report(struct store *store, struct profile_cache *cache, const struct report *report,
	       const char *facts_text, int64_t now_ms, enum device_state *ret_state,
	       struct err *err)
{
	_cleanup_(judge_done) struct judge judge = { 0 };
	_cleanup_(device_done) struct device before = { 0 };
	_cleanup_(device_done) struct device after = { 0 };
	int64_t seen_ms = observed_at(report, now_ms);
	int r = store_report_find(store, report, ret_state, err);

	if (r != 0)
		return r < 0 ? r : 0;
	r = store_device_head(store, report->device_id, &before, err);
	if (r >= 0)
		r = judge_open(store, cache, before.site_code, now_ms, &judge, err);
	if (r < 0)
		return r;
	device_copy(&before, &after);
	/*
	 * A spool delivers late: what is newer stays, and time never moves back. But what
	 * was seen after now is of a clock that was wrong, and must not outlive it.
	 */
	if (seen_ms >= before.seen_ms || before.seen_ms > now_ms) {
		after.seen_ms = seen_ms;
		r = take_report(&judge, report, facts_text, &after, err);
		if (r >= 0)
			r = judge_save(&judge, &before, &after, err);
	}
	if (r >= 0)
		r = store_report_put(store, report, now_ms, after.state, err);
	if (r >= 0)
		*ret_state = after.state;
	return r;
}
