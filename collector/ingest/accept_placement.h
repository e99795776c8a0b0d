/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a person wants done with where a device is, checked before anything is done. PURE. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/domain/placement.h"
#include "common/base/err.h"

struct accepted_placement {
	enum placement_kind kind;
	char *site_code; /* owned, as are all texts; NULL: as it is */
	char *room;      /* NULL: as it is */
	bool has_role;
	enum device_role role;
	int32_t on; /* 0: at once */
	enum retire_reason reason;
	char *note; /* "": none */
};
void accepted_placement_done(struct accepted_placement *placement);

/*
 * Read {"kind": "move", "site", "room", "role", "on"}, of which any may be missing or null but
 * kind and one of the next three; {"kind": "retire", "reason", "note", "on"}, of which the last two
 * may; or {"kind": "restore"}. On success accepted_placement_done() *@ret_placement.
 * -EINVAL, -E2BIG: @err has the place and what is wrong, *@ret_pointer the JSON pointer of
 * the place (owned by the caller; NULL where the body is not JSON).
 */
int accept_placement(const char *body, size_t len, struct accepted_placement *ret_placement,
		     char **ret_pointer, struct err *err) _must_check_;
