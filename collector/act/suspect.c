/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/act/suspect.h"
#include "common/base/mem.h"

int suspect_open(struct store *store, const struct suspicion *suspicion,
		 const struct identity *identity, int64_t now_ms, struct device *device,
		 struct err *err)
{
	char before[IDENTITY_FINGERPRINT_SIZE], now[IDENTITY_FINGERPRINT_SIZE];
	struct conflict conflict = {
		.kind = suspicion->kind,
		.explanation = (char *)suspicion->explanation,
		.opened_ms = now_ms,
		.before_fingerprint = before,
		.now_fingerprint = now,
		.before_boot = (char *)(suspicion->before_boot ? suspicion->before_boot : ""),
		.now_boot = (char *)(suspicion->now_boot ? suspicion->now_boot : ""),
		.resolved_by = (char *)"",
	};
	int r;

	if (device->state == STATE_CONFLICT || device->state == STATE_RETIRED ||
	    identity->accepts_any)
		return 0;
	id_new(conflict.id);
	memcpy(conflict.device_id, device->id, ID_SIZE);
	identity_fingerprint_text(&identity->fingerprint, before);
	identity_fingerprint_text(suspicion->now ? suspicion->now : &identity->fingerprint, now);
	r = store_conflict_insert(store, &conflict, err);
	if (r >= 0)
		r = store_note_put(store, device->id, now_ms, suspicion->explanation, err);
	if (r < 0)
		return r;
	device->state = STATE_CONFLICT;
	device->since_ms = now_ms;
	return 1;
}

/* --- boots --------------------------------------------------------------------- */

/*
 * A device counts its reports on and on, so those of one boot lie together: none of
 * another boot has the same number or one between, and no number is there twice. Late ones fall
 * into the place that their boot has. Returns the boot that lies across; NULL: none does.
 */
static const char *find_across(const struct suspect *suspect, int64_t floor)
{
	const struct report *report = suspect->report;
	const struct report_neighbour *below = &suspect->place->below;
	const struct report_neighbour *above = &suspect->place->above;
	bool has_below = below->boot_id[0] && below->sequence > floor;
	bool has_above = above->boot_id[0] && above->sequence > floor;
	bool is_of_below = has_below && strcmp(below->boot_id, report->boot_id) == 0;
	bool is_of_above = has_above && strcmp(above->boot_id, report->boot_id) == 0;
	const char *across = NULL;

	if (report->sequence <= floor)
		return NULL;
	/* It did not come before, or nobody would look at it: a machine that was copied awake. */
	if (suspect->place->is_there)
		return report->boot_id;
	/* What is observed last has the highest number; this one is below what was forgotten. */
	if (suspect->place->is_old)
		return above->boot_id;
	if (has_below && below->sequence == report->sequence)
		return below->boot_id;
	if (is_of_below || is_of_above)
		return NULL;
	/* Neither neighbour is of its boot, so its boot must be new and between two others. */
	if (!past_meet(suspect->past, report))
		across = has_below ? below->boot_id : above->boot_id;
	else if (has_below && has_above && strcmp(below->boot_id, above->boot_id) == 0)
		across = below->boot_id;
	/* All that lay next to it may have been below the floor. */
	return across && *across ? across : NULL;
}

static int check_boots(const struct suspect *suspect, const struct identity *identity,
		       struct device *device, struct err *err)
{
	_cleanup_free_ char *explanation = NULL;
	const char *across = find_across(suspect, identity->sequence_floor);

	if (!across)
		return 0;
	explanation = xasprintf(
		"One key is used by two machines that are alike: report %lld of one system start "
		"came where another start has its reports. A copied disk or virtual machine does "
		"this, and a disk that is set back at every start.",
		(long long)suspect->report->sequence);
	return suspect_open(suspect->store,
			    &(struct suspicion){ CONFLICT_BOOTS, explanation,
						 suspect->report->has_fingerprint
							 ? &suspect->report->fingerprint
							 : NULL,
						 across, suspect->report->boot_id },
			    identity, suspect->now_ms, device, err);
}

/* --- fingerprints ---------------------------------------------------------------- */

static int open_other(const struct suspect *suspect, const struct identity *identity,
		      struct device *device, struct err *err)
{
	const struct fingerprint *now = &suspect->report->fingerprint;
	_cleanup_free_ char *changes = fingerprint_changes(&identity->fingerprint, now);
	_cleanup_free_ char *explanation = xasprintf(
		"One key is used by two machines: what now reports differs from what enrolled in "
		"%s. Its disk was copied from that machine, or its main board was replaced.",
		changes);

	return suspect_open(
		suspect->store,
		&(struct suspicion){ CONFLICT_FINGERPRINT, explanation, now, NULL, NULL }, identity,
		suspect->now_ms, device, err);
}

static int update_fingerprint(const struct suspect *suspect, enum fingerprint_match match,
			      struct identity *identity, struct err *err)
{
	const struct fingerprint *now = &suspect->report->fingerprint;
	struct fingerprint merged = fingerprint_merge(&identity->fingerprint, now);
	const char *device_id = suspect->report->device_id;
	int r = 0;

	if (fingerprint_equal(&identity->fingerprint, &merged))
		return 0;
	if (match == FINGERPRINT_REPAIRED) {
		_cleanup_free_ char *changes = fingerprint_changes(&identity->fingerprint, now);
		_cleanup_free_ char *note = xasprintf("It was repaired: %s changed.", changes);

		r = store_note_put_often(suspect->store, device_id, suspect->now_ms,
					 "It was repaired:", note, err);
	}
	identity->fingerprint = merged;
	return r < 0 ? r : store_identity_put(suspect->store, device_id, identity, err);
}

static int check_fingerprint(const struct suspect *suspect, struct identity *identity,
			     struct device *device, struct err *err)
{
	const struct fingerprint *now = &suspect->report->fingerprint;
	enum fingerprint_match match;

	if (fingerprint_equal(&identity->fingerprint, now))
		return 0;
	match = fingerprint_compare(&identity->fingerprint, now);
	if (match == FINGERPRINT_OTHER)
		return open_other(suspect, identity, device, err);
	/* Without a value in common it may be anybody, unless nothing was known at all. */
	if (match == FINGERPRINT_UNSURE && fingerprint_has_strong(&identity->fingerprint))
		return 0;
	return update_fingerprint(suspect, match, identity, err);
}

int suspect_report(const struct suspect *suspect, struct identity *identity, struct device *device,
		   struct err *err)
{
	int r;

	if (identity->accepts_any)
		return 0;
	r = check_boots(suspect, identity, device, err);
	if (r != 0 || device->state == STATE_CONFLICT || device->state == STATE_RETIRED ||
	    suspect->is_late || !suspect->report->has_fingerprint)
		return r;
	return check_fingerprint(suspect, identity, device, err);
}
