/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * This device, judged and told: as a few lines for a person, as one sentence a
 * requirement, or as JSON. The judging itself is common/eval's.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/eval/evaluate.h"

struct judgement {
	const struct profile *profile;
	const json_t *facts;
	enum device_role role;
	int32_t as_of;
	/* What day that is: "the window's last day"; "": one that was asked for; NULL: today. */
	const char *as_of_what;
	/* A sentence: why this is not what the collector judges by; NULL: it is, or who knows. */
	const char *trouble;
	enum device_state state;
	enum result results[PROFILE_REQUIREMENTS_MAX];
};

/* Fill in ->state and ->results from the members above them. PURE. */
void judge(struct judgement *judgement);

/*
 * The verdict in one line: "Not ready: 2 required, 1 recommended to fix.", and which day it
 * is for where that is not today. Owned by the caller.
 */
char *judgement_line(const struct judgement *judgement) _must_check_;

/*
 * The verdict, then what a person has to look at, the worst first; with @all
 * every requirement, whatever its result.
 */
void judgement_print(const struct judgement *judgement, bool all, FILE *out);

/* {state, as_of, role, profile{id, version}, trouble, results[…]}; owned by the caller. */
json_t *judgement_json(const struct judgement *judgement) _must_check_;
