/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What placing a device does to the store, whoever asks and whenever: its row, its results by
 * what judges the site, the counts of both sites, and the lines of inventories that wait for it.
 * Who may, and what is written down about it, is act_place.c's.
 */

#include "collector/act/judge.h"
#include "collector/act/judges.h"
#include "collector/domain/access.h"
#include "collector/store/store_placement.h"

struct placing {
	const struct moment *moment;
	struct judge judge;          /* of the site that the device is to be at, once opened */
	struct device before, after; /* with facts, if they can be read */
	struct placement_sum sum;
};

/* placing_close() *@ret_placing. -ENOENT: no such device. */
int placing_open(const struct moment *moment, const char *device_id, struct placing *ret_placing,
		 struct err *err) _must_check_;
void placing_close(struct placing *placing);

/* What one has to be allowed for it: rooms are of the inventory, everything else is of devices. */
enum action placing_action(enum placement_kind kind, const char *from_site, const char *to_site,
			   bool has_role);

/*
 * Whether @placement, asked for or planned, can be done as things are; else -EALREADY, and @err
 * says why and what to do. Changes nothing.
 */
int placing_check(const struct placing *placing, const struct placement *placement,
		  struct err *err) _must_check_;
/*
 * Do it, and fill in what it came to; the row of @placement is the caller's to write.
 * -EALREADY: as things are it cannot be done, and nothing was changed.
 */
int placing_do(struct placing *placing, struct placement *placement, struct err *err) _must_check_;
/* Put back what was, likewise. */
int placing_undo(struct placing *placing, struct placement *placement,
		 struct err *err) _must_check_;
