/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether what a device sends is of the machine that its key was given to;
 * docs/decisions/0014-one-key-two-machines.md. Nothing here merges two machines:
 * where it cannot be one, a conflict is opened, which a person ends.
 */

#include <stdbool.h>

#include "collector/store/store_conflict.h"
#include "collector/store/store_device.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_report.h"

/*
 * Look at a report at its @place among the others of its device, before it is
 * stored, and at its fingerprint unless it @is_late: what is older than what is
 * stored may be of before a repair. Keeps @identity and notes up to date.
 * 1: @device is in conflict from now on; its state says so, and is the caller's to
 * store. 0: it is not, or it was before.
 */
struct suspect {
	struct store *store;
	const struct report *report;
	const struct report_place *place;
	struct past *past; /* which boots were met is kept up to date */
	bool is_late;
	int64_t now_ms;
};
int suspect_report(const struct suspect *suspect, struct identity *identity, struct device *device,
		   struct err *err) _must_check_;

/*
 * Open a conflict of @device and give it the state; the fingerprints may be NULL.
 * 1, or 0 where it has an open one, is retired, or accepts any.
 */
struct suspicion {
	enum conflict_kind kind;
	const char *explanation;
	const struct fingerprint *now;
	const char *before_boot, *now_boot; /* NULL where boots did not show it */
};
int suspect_open(struct store *store, const struct suspicion *suspicion,
		 const struct identity *identity, int64_t now_ms, struct device *device,
		 struct err *err) _must_check_;
