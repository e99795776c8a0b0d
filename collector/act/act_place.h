/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Moving, retiring and restoring devices, and taking that back: docs/decisions/0030. As with all
 * of collector/act: in a transaction of the caller, who rolls back on failure. Each asks the table
 * of collector/domain/access.h about the place that the device is at and about the one that it
 * is to be at, and writes its entry into the audit log.
 *
 * What they all may fail with: -ENOENT: no such device, or none that the actor may know of.
 * -EPERM: the actor may not. -EALREADY: as things are it cannot be done. -EINVAL: it makes no
 * sense. -ESTALE: the device was placed otherwise since the version that is named. @err says so.
 */

#include "collector/act/actor.h"
#include "collector/act/judges.h"
#include "collector/domain/placement.h"
#include "collector/store/store_placement.h"

struct place_wish {
	const char *device_id;
	const char *version; /* see placement_version(); NULL: any */
	enum placement_kind kind;
	int32_t on; /* the day on which it is to be done; 0: at once */

	const char *site_code; /* of a move, as are the next; NULL: as it is */
	const char *room;      /* NULL: as it is; at another site none */
	bool has_role;
	enum device_role role;

	enum retire_reason reason; /* of what is to be retired */
	const char *note;          /* why, in words; NULL or "": no words, but of RETIRE_OTHER */
};
/* Do it, or plan it for its day; *@ret_number is the placement's. */
int act_place(const struct moment *moment, const struct actor *actor, const struct place_wish *wish,
	      int64_t *ret_number, struct err *err) _must_check_;

/* Take back @number, 0: what is newest: cancel it if it is planned, else undo it. */
struct place_end {
	const char *device_id;
	const char *version; /* as above */
	int64_t number;
	bool is_plan; /* with number 0: cancel what is planned, and nothing else */
};
int act_place_end(const struct moment *moment, const struct actor *actor,
		  const struct place_end *end, int64_t *ret_number, struct err *err) _must_check_;

/* What was due. */
struct places_due {
	size_t n;
	size_t n_damaged; /* of them could not be read */
	char *damage; /* what is wrong with the first of those; owned by the caller; NULL: none */
};
/*
 * Do what was planned and is due, at most @limit of it. What cannot be done is over, and says why;
 * where it cannot even be read, its device is unknown. The caller's transaction is kept whatever
 * came of each.
 */
int act_places_due(const struct moment *moment, size_t limit, struct places_due *ret_due,
		   struct err *err) _must_check_;
