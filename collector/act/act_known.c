/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/act/act_known.h"
#include "collector/act/arrival.h"
#include "collector/store/store_known.h"
#include "collector/store/store_report.h"

/* The states that facts and their age decide, and nobody else. */
static bool is_judged(enum device_state state)
{
	static const bool states[STATE_MAX_] = {
		[STATE_STALE] = true,   [STATE_NOT_READY] = true,
		[STATE_UNKNOWN] = true, [STATE_READY_WITH_WARNINGS] = true,
		[STATE_READY] = true,
	};

	return states[state];
}

/* Whether the row and the key are such that there is nothing to look at. */
static bool is_plain(const struct known_device *device, const char *key_hash)
{
	return is_judged(device->state) && !device->accepts_any &&
	       (!key_hash[0] || strcmp(device->next_key_hash, key_hash) != 0);
}

static const char *version_of(const struct judge *judge)
{
	return judge->profile ? judge->profile->version : "";
}

/* Whether @judge gave the row its results; @version is the row's. */
static bool is_judged_by(const struct judge *judge, const char *version)
{
	/* What judges a site in the queue may be another though the document is not. */
	return !judge->site.is_queued && strcmp(version, version_of(judge)) == 0;
}

/* Whether the row says what @judge would say of a device that was seen at @seen_ms, not after now.
 */
static bool is_settled(const struct judge *judge, const struct known_device *device,
		       int64_t seen_ms)
{
	return is_judged_by(judge, device->profile_version) && device->state != STATE_STALE &&
	       (!judge->profile || seen_ms >= judge->fresh_since_ms);
}

/*
 * Whether it is the newest, has the highest number, and is of the newest boot or begins another:
 * then no other boot lies across it. The one below it is above the floor, and so is this.
 */
static bool is_next(struct known_device *device, const struct report *head, int64_t seen_ms)
{
	struct report_place place;

	if (seen_ms < device->seen_ms)
		return false;
	past_place(&device->past, head, &place);
	if (place.is_there || place.is_old || place.above.boot_id[0] || !place.below.boot_id[0] ||
	    place.below.sequence >= head->sequence ||
	    place.below.sequence <= device->sequence_floor)
		return false;
	return strcmp(place.below.boot_id, head->boot_id) == 0 || past_meet(&device->past, head);
}

/* A device of which nothing is new was seen. */
struct sighting {
	const struct judge *judge;
	struct verdict_memo *memo;
	const struct report *head;
	int64_t seen_ms;
};

/*
 * Give @device the results that its stored facts have, as whoever judges its site again will,
 * and as act_report() would of the same facts. 1; 0: they cannot be read.
 */
static int judge_seen(const struct sighting *sighting, struct known_device *device, struct err *err)
{
	_cleanup_(device_done) struct device before = { 0 }, after = { 0 };
	const struct judge *judge = sighting->judge;
	const struct report *head = sighting->head;
	int r = store_device_head(judge->store, head->device_id, &before, err);

	if (r < 0)
		return r;
	device_copy(&before, &after);
	after.seen_ms = sighting->seen_ms;
	if (!is_judged_by(judge, before.profile_version))
		r = verdict_give(sighting->memo, judge, &after, err);
	if (r < 0 || (judge->profile && !after.results[0]))
		return r;
	r = judge_state(judge, &after, err);
	if (r >= 0)
		r = judge_save(judge, &before, &after, err);
	device->state = after.state;
	past_add(&device->past, head, after.state);
	if (r >= 0)
		r = store_past_put(judge->store, head->device_id, &device->past, err);
	return r < 0 ? r : 1;
}

/* The row is right but for the time. 1. */
static int note_seen(const struct sighting *sighting, struct known_device *device, struct err *err)
{
	const struct report *head = sighting->head;
	int r;

	past_add(&device->past, head, device->state);
	r = store_known_seen(sighting->judge->store, head->device_id, device, sighting->seen_ms,
			     err);
	return r < 0 ? r : 1;
}

/* @device, of which nothing is new, sent @head. 1: it was seen; 0: it needs a look. */
static int see(struct judges *judges, const struct moment *moment, const struct report *head,
	       struct known_device *device, struct contact_answer *ret_answer, struct err *err)
{
	struct sighting sighting = {
		.memo = judges_memo(judges),
		.head = head,
		.seen_ms = arrival_seen_ms(head, moment->now_ms),
	};
	int r = judges_get(judges, moment, device->site_code, &sighting.judge, err);

	if (r < 0 || !is_next(device, head, sighting.seen_ms))
		return r;
	r = is_settled(sighting.judge, device, sighting.seen_ms)
		    ? note_seen(&sighting, device, err)
		    : judge_seen(&sighting, device, err);
	if (r <= 0)
		return r;
	*ret_answer = (struct contact_answer){ .state = device->state };
	arrival_answer(sighting.judge, ret_answer);
	return 1;
}

int act_known(struct judges *judges, const struct moment *moment,
	      const struct known_delivery *delivery, struct contact_answer *ret_answer,
	      struct err *err)
{
	const struct report *head = delivery->head;
	struct known_device device;
	int r = store_known_get(moment->store, head->device_id, &device, err);

	if (r < 0 || strcmp(device.contents, delivery->contents) != 0 ||
	    !is_plain(&device, delivery->key_hash))
		return r;
	return see(judges, moment, head, &device, ret_answer, err);
}

/* Whether @facts come to what @results has by @judge, which judged these. */
static bool is_judged_alike(struct judges *judges, const struct judge *judge,
			    const struct known_facts *facts, const struct known_results *results)
{
	const struct numbered_facts numbered = { facts->json, facts->numbers };
	char letters[PROFILE_REQUIREMENTS_MAX + 1] = "";

	if (judge->profile)
		group_verdicts_judge(judges_groups(judges), judge->profile, &numbered,
				     results->role, judge->site.window.last, letters);
	return strcmp(letters, results->results) == 0;
}

int act_known_facts(struct judges *judges, const struct moment *moment,
		    const struct known_delivery *delivery, const struct known_facts *facts,
		    struct contact_answer *ret_answer, struct err *err)
{
	_cleanup_(known_results_done) struct known_results results = { 0 };
	const struct known_change change = { facts->text, facts->hash, delivery->contents };
	const struct report *head = delivery->head;
	int64_t seen_ms = arrival_seen_ms(head, moment->now_ms);
	struct known_device device;
	const struct judge *judge;
	int r = store_known_get_results(moment->store, head->device_id, &device, &results, err);

	if (r < 0 || strncmp(device.contents, delivery->contents, CONTENTS_AROUND) != 0 ||
	    results.were_incomplete || !is_plain(&device, delivery->key_hash))
		return r;
	r = judges_get(judges, moment, device.site_code, &judge, err);
	if (r < 0 || !is_settled(judge, &device, seen_ms) || !is_next(&device, head, seen_ms) ||
	    !is_judged_alike(judges, judge, facts, &results))
		return r;
	past_add(&device.past, head, device.state);
	r = store_known_changed(moment->store, head->device_id, &device, seen_ms, &change, err);
	if (r < 0)
		return r;
	*ret_answer = (struct contact_answer){ .state = device.state };
	arrival_answer(judge, ret_answer);
	return 1;
}

int act_known_heartbeat(struct judges *judges, const struct moment *moment,
			const struct heartbeat *heartbeat, const char *key_hash,
			struct contact_answer *ret_answer, struct err *err)
{
	const struct report *head = &heartbeat->head;
	struct known_device device;
	bool is_same = false;
	int r = store_known_get_beat(moment->store, heartbeat, &device, &is_same, err);

	if (r < 0 || !is_same || !is_plain(&device, key_hash))
		return r;
	return see(judges, moment, head, &device, ret_answer, err);
}
