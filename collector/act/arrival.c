/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "collector/act/arrival.h"
#include "collector/act/suspect.h"
#include "collector/domain/contact.h"
#include "common/base/civil.h"

/*
 * The age is by a clock that nobody can set; the device's own clock is believed only
 * where that is not known, and never into the future.
 */
int64_t arrival_seen_ms(const struct report *report, int64_t now_ms)
{
	int64_t at_ms = report->observed_ms;

	if (report->age_ms >= 0)
		at_ms = report->age_ms < now_ms ? now_ms - report->age_ms : 1;
	if (at_ms > now_ms)
		at_ms = now_ms;
	/* 0 would say that it never reported. */
	return at_ms > 0 ? at_ms : 1;
}

/*
 * A spool delivers late: what is newer stays, and time never moves back. But what
 * was seen after now is of a clock that was wrong, and must not outlive it. Of a
 * device whose own clock is ahead, only its numbers tell what is newer.
 */
static bool is_late(const struct arrival *arrival, const struct report_place *place, int64_t now_ms)
{
	const struct report *report = arrival->report;
	const struct identity *identity = &arrival->identity;
	bool is_clock_ahead = report->age_ms < 0 && report->observed_ms > now_ms;

	if (is_clock_ahead && !identity->accepts_any && place->above.boot_id[0] &&
	    place->above.sequence > identity->sequence_floor)
		return true;
	return arrival->seen_ms < arrival->before.seen_ms && arrival->before.seen_ms <= now_ms;
}

/*
 * A device shows that it has its next key by using it; the one before ends with that,
 * unless two machines are accepted, which may have one each.
 */
static int take_key(struct store *store, const char *key_hash, struct arrival *arrival,
		    struct err *err)
{
	const char *id = arrival->before.id;
	int r;

	if (!key_hash[0] || arrival->identity.accepts_any ||
	    strcmp(arrival->identity.next_key_hash, key_hash) != 0)
		return 0;
	r = store_device_set_key(store, id, key_hash, err);
	if (r < 0)
		return r;
	arrival->identity.next_key_hash[0] = '\0';
	r = store_identity_put(store, id, &arrival->identity, err);
	if (r >= 0)
		r = store_note_put(store, id, arrival->judge.now_ms,
				   "It uses its new key; the one before is not valid any more.",
				   err);
	return r;
}

/*
 * What is sent again was observed when it was; else it is another of the same number. Of what
 * was forgotten since, only what is not newer than the newest can be the same again.
 */
static bool was_there(const struct arrival *arrival, const struct report_place *place)
{
	const struct identity *identity = &arrival->identity;
	const struct report *report = arrival->report;

	if (place->is_there)
		return place->observed_ms == report->observed_ms;
	return place->is_old && !identity->accepts_any &&
	       (arrival->is_late || arrival->seen_ms == arrival->before.seen_ms) &&
	       report->sequence > identity->sequence_floor;
}

static int look(struct store *store, const struct report_place *place, struct arrival *arrival,
		struct err *err)
{
	const struct suspect suspect = {
		.store = store,
		.past = &arrival->past,
		.report = arrival->report,
		.place = place,
		.is_late = arrival->is_late,
		.now_ms = arrival->judge.now_ms,
	};
	int r = suspect_report(&suspect, &arrival->identity, &arrival->after, err);

	arrival->is_suspected = r > 0;
	return r < 0 ? r : 0;
}

/* NOLINTNEXTLINE(readability-function-size): see arrival.h */
int arrival_open(struct store *store, struct profile_cache *cache, const struct report *report,
		 const char *key_hash, int64_t now_ms, struct arrival *ret_arrival, struct err *err)
{
	struct arrival arrival = { .report = report, .seen_ms = arrival_seen_ms(report, now_ms) };
	struct report_place place;
	int r = store_past_get(store, report->device_id, &arrival.past, err);

	if (r >= 0)
		r = store_device_head(store, report->device_id, &arrival.before, err);
	if (r < 0)
		return r;
	device_copy(&arrival.before, &arrival.after);
	past_place(&arrival.past, report, &place);
	arrival.is_number_taken = place.is_there;
	arrival.state = place.is_there ? place.state : arrival.before.state;
	r = judge_open(store, cache, arrival.before.site_code, now_ms, &arrival.judge, err);
	if (r >= 0)
		r = store_identity_get(store, report->device_id,
				       report->has_fingerprint ? &report->fingerprint : NULL,
				       &arrival.identity, err);
	if (r >= 0)
		r = take_key(store, key_hash, &arrival, err);
	arrival.is_late = is_late(&arrival, &place, now_ms);
	arrival.was_there = was_there(&arrival, &place);
	if (r >= 0 && !arrival.was_there)
		r = look(store, &place, &arrival, err);
	if (r < 0) {
		arrival_done(&arrival);
		return r;
	}
	*ret_arrival = arrival;
	return 0;
}

void arrival_answer(const struct judge *judge, struct contact_answer *answer)
{
	const struct site *site = &judge->site;

	/* The spread is of the whole collector, and whoever answers knows how large it is. */
	answer->period_s =
		contact_next(site->has_window ? &site->window : NULL, civil_of_ms(judge->now_ms), 0)
			.period_s;
	answer->profile_id[0] = answer->profile_version[0] = '\0';
	if (judge->profile) {
		snprintf(answer->profile_id, sizeof(answer->profile_id), "%s", judge->profile->id);
		snprintf(answer->profile_version, sizeof(answer->profile_version), "%s",
			 judge->profile->version);
	}
	answer->judged_for = site->has_window ? site->window.last : 0;
}

int arrival_close(struct arrival *arrival, struct contact_answer *ret_answer, struct err *err)
{
	const struct judge *judge = &arrival->judge;
	int r;

	arrival_answer(judge, ret_answer);
	ret_answer->is_suspected = arrival->is_suspected;
	ret_answer->was_there = arrival->was_there;
	/* Answered as it was then, whatever it is now. */
	ret_answer->state = arrival->state;
	if (arrival->was_there)
		return 0;
	r = judge_save(judge, &arrival->before, &arrival->after, err);
	if (!arrival->is_number_taken)
		past_add(&arrival->past, arrival->report, arrival->after.state);
	if (r >= 0)
		r = store_past_put(judge->store, arrival->before.id, &arrival->past, err);
	ret_answer->state = arrival->after.state;
	return r;
}

void arrival_done(struct arrival *arrival)
{
	judge_done(&arrival->judge);
	device_done(&arrival->before);
	device_done(&arrival->after);
	*arrival = (struct arrival){ 0 };
}
