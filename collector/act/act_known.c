/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/act/act_known.h"
#include "collector/act/arrival.h"
#include "collector/store/store_known.h"

/* The states that facts and nothing else decide, of devices that are fresh. */
static bool is_judged(enum device_state state)
{
	static const bool states[STATE_MAX_] = {
		[STATE_NOT_READY] = true,
		[STATE_UNKNOWN] = true,
		[STATE_READY_WITH_WARNINGS] = true,
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

/* Whether the row says what @judge would say of a device that was seen at @seen_ms. */
static bool is_settled(const struct judge *judge, const struct known_device *device,
		       int64_t seen_ms)
{
	const char *version = judge->profile ? judge->profile->version : "";

	if (judge->site.is_queued || strcmp(device->profile_version, version) != 0)
		return false;
	return seen_ms >= device->seen_ms &&
	       (!judge->profile ||
		(seen_ms >= judge->fresh_since_ms && seen_ms <= judge->fresh_until_ms));
}

/*
 * Whether it has the highest number, and is of the newest boot or begins another: then no
 * other boot lies across it. The one below it is above the floor, and so is this.
 */
static bool is_next(struct known_device *device, const struct report *head)
{
	struct report_place place;

	past_place(&device->past, head, &place);
	if (place.is_there || place.is_old || place.above.boot_id[0] || !place.below.boot_id[0] ||
	    place.below.sequence >= head->sequence ||
	    place.below.sequence <= device->sequence_floor)
		return false;
	return strcmp(place.below.boot_id, head->boot_id) == 0 || past_meet(&device->past, head);
}

/* @device, of which nothing is new, sent @head. 1: it was seen; 0: it needs a look. */
static int see(struct judges *judges, const struct moment *moment, const struct report *head,
	       struct known_device *device, struct contact_answer *ret_answer, struct err *err)
{
	int64_t seen_ms = arrival_seen_ms(head, moment->now_ms);
	const struct judge *judge;
	int r = judges_get(judges, moment, device->site_code, &judge, err);

	if (r < 0 || !is_settled(judge, device, seen_ms) || !is_next(device, head))
		return r;
	past_add(&device->past, head, device->state);
	r = store_known_seen(moment->store, head->device_id, device, seen_ms, err);
	if (r < 0)
		return r;
	*ret_answer = (struct contact_answer){ .state = device->state };
	arrival_answer(judge, ret_answer);
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
