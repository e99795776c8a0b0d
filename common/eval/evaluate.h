/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The one judge, linked into agent and collector. PURE: the day is a parameter.
 *
 * Three-valued logic (Kleene): a fact that is unknown or missing makes its
 * comparison unknown, and an unknown disappears only where the other side
 * decides. Unknown is never pass.
 */

#include <stdint.h>

#include <jansson.h>

#include "common/model/profile.h"
#include "common/model/result.h"

/*
 * The version of the judge. Whoever changes what evaluate() gives for the same profile and
 * facts raises it: the collector then judges again what it has stored.
 */
#define EVALUATOR_VERSION "2"

/*
 * Judge @facts by @profile for a device of @role on the day @as_of. @results
 * has room for profile->n_requirements and gets one result each, in their order.
 * @facts passed facts_check(), or comes from a version of the agent that had
 * other facts: what is not there, or of another kind, is unknown. A fail of what is waived until
 * @as_of or later is waived; an unknown stays one.
 */
void evaluate(const struct profile *profile, const json_t *facts, enum device_role role,
	      int32_t as_of, enum result *results);

/* The same of one requirement. */
enum result evaluate_requirement(const struct requirement *requirement, const json_t *facts,
				 enum device_role role, int32_t as_of);

/*
 * not_ready, unknown, ready_with_warnings or ready; what else a state depends on is the
 * collector's. What is waived leaves a device with a warning, also a recommendation: it is
 * never as good as what passes.
 */
enum device_state evaluate_state(const struct profile *profile, const enum result *results);

/* One check on the object or list item @within: pass, fail or unknown. */
enum result evaluate_check(const struct check *check, const json_t *within, int32_t as_of);

/*
 * The row of the table of @check (CHECK_IN_TABLE) that surely matches @object
 * and holds on @as_of; if none holds, the first that matches; NULL: none does.
 */
const struct profile_row *evaluate_row(const struct check *check, const json_t *object,
				       int32_t as_of);
