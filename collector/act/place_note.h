/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What becomes of placements, as the audit log has it. */

#include "collector/act/actor.h"
#include "collector/act/judges.h"
#include "collector/domain/placement.h"

/*
 * Write down that @placement was planned, done, undone, cancelled, or that it failed: in the
 * transaction that does it.
 */
int place_note(const struct moment *moment, const struct actor *actor,
	       const struct placement *placement, struct err *err) _must_check_;
