/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/act/arrival.h"
#include "collector/store/store_known.h"
#include "common/base/mem.h"

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
	/* What judges a site in the queue may be another though the profile is not. */
	return judge->profile && !judge->site.is_queued &&
	       strcmp(device->facts_hash, facts_hash) == 0 &&
	       strcmp(device->profile_version, judge->profile->version) == 0;
}

/* Make the device what @delivery says it is. */
static int take_report(struct arrival *arrival, const struct delivery *delivery, struct err *err)
{
	const struct judge *judge = &arrival->judge;
	struct device *device = &arrival->after;
	const char *facts_hash = delivery->facts_hash;
	char made[HASH_SIZE];

	if (!facts_hash) {
		hash_hex(delivery->facts_text, strlen(delivery->facts_text), made);
		facts_hash = made;
	}
	take_names(judge, &delivery->report->device, device);
	device_set(&device->agent_version, delivery->report->agent_version);
	device->seen_ms = arrival->seen_ms;
	/* Role and window are judged again when they change, so equal facts have equal results. */
	if (!is_judged_alike(judge, device, facts_hash))
		judge_results(judge, delivery->report->facts, device);
	if (strcmp(device->facts_hash, facts_hash) != 0) {
		device_set(&device->facts_hash, facts_hash);
		free(device->facts);
		device->facts = xstrdup(delivery->facts_text);
	}
	return judge_state(judge, device, err);
}

/* What the device would name its facts by in a heartbeat. */
static int keep_sent_hash(struct arrival *arrival, const char *sent_hash, struct err *err)
{
	if (strcmp(arrival->identity.sent_hash, sent_hash) == 0)
		return 0;
	memcpy(arrival->identity.sent_hash, sent_hash, strlen(sent_hash) + 1);
	return store_identity_put(arrival->judge.store, arrival->before.id, &arrival->identity,
				  err);
}

/* What the row was made from, so that the same is known again; NULL: nobody can tell. */
static int keep_contents(const struct arrival *arrival, const char *contents, struct err *err)
{
	return store_known_put(arrival->judge.store, arrival->before.id, contents ? contents : "",
			       err);
}

int act_report(struct store *store, struct profile_cache *cache, const struct delivery *delivery,
	       int64_t now_ms, struct contact_answer *ret_answer, struct err *err)
{
	_cleanup_(arrival_done) struct arrival arrival = { 0 };
	struct contact_answer answer = { 0 };
	int r = arrival_open(store, cache, delivery->report, delivery->key_hash, now_ms, &arrival,
			     err);

	if (r >= 0 && !arrival.was_there && !arrival.is_late) {
		r = take_report(&arrival, delivery, err);
		if (r >= 0)
			r = keep_sent_hash(&arrival, delivery->sent_hash, err);
	}
	if (r >= 0)
		r = arrival_close(&arrival, &answer, err);
	if (r >= 0 && !arrival.was_there && !arrival.is_late)
		r = keep_contents(&arrival, delivery->contents, err);
	if (r >= 0)
		*ret_answer = answer;
	return r;
}
