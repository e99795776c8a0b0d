/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/arrival.h"
#include "common/base/mem.h"

static bool knows_facts(const struct arrival *arrival, const char *facts_hash)
{
	const struct device *device = &arrival->before;

	/* Where no report came yet, nothing is known, whatever it hashes to. */
	return device->facts_hash[0] && (strcmp(device->facts_hash, facts_hash) == 0 ||
					 strcmp(arrival->identity.sent_hash, facts_hash) == 0);
}

/* The facts that are stored, as of now: as the report would be that this one stands for. */
static int take_facts(struct arrival *arrival, struct err *err)
{
	const struct judge *judge = &arrival->judge;
	struct device *device = &arrival->after;
	const char *version = judge->profile ? judge->profile->version : "";
	_cleanup_(device_done) struct device stored = { 0 };
	/* Nothing judges it now and nothing did before, or the same does. */
	bool is_judged = !judge->site.is_queued && strcmp(device->profile_version, version) == 0;
	int r = is_judged ? 0 : store_device_get(judge->store, device->id, &stored, err);

	if (r < 0)
		return r;
	device->seen_ms = arrival->seen_ms;
	device_set(&device->agent_version, arrival->report->agent_version);
	if (is_judged)
		return judge_state(judge, device, err);
	free(device->facts);
	device->facts = TAKE_PTR(stored.facts);
	return judge_again(judge, device, err);
}

/* NOLINTNEXTLINE(readability-function-size): see act.h */
int act_heartbeat(struct store *store, struct profile_cache *cache,
		  const struct heartbeat *heartbeat, const char *key_hash, int64_t now_ms,
		  struct contact_answer *ret_answer, struct err *err)
{
	_cleanup_(arrival_done) struct arrival arrival = { 0 };
	struct contact_answer answer = { 0 };
	bool is_known = false;
	int r = arrival_open(store, cache, &heartbeat->head, key_hash, now_ms, &arrival, err);

	if (r >= 0) {
		is_known = knows_facts(&arrival, heartbeat->facts_hash);
		/* Of facts that are not known nothing can be said, not even that they are fresh. */
		if (is_known && !arrival.was_there && !arrival.is_late)
			r = take_facts(&arrival, err);
		/* Nor of those that are stored and cannot be read. */
		if (r == -EBADMSG) {
			is_known = false;
			r = 0;
		}
	}
	if (r >= 0)
		r = arrival_close(&arrival, &answer, err);
	answer.wants_report = !is_known;
	if (r >= 0)
		*ret_answer = answer;
	return r;
}
