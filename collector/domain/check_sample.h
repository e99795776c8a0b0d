/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What checks can say, found by trying: the values of a fact at which a comparison changes
 * its mind are few, so checks of one fact are compared by judging them there. The judge is
 * evaluate_check(), so there is no second opinion on what an operator means. PURE.
 */

#include <stdbool.h>
#include <stddef.h>

#include "common/model/profile.h"

/* How many comparisons, and values of a fact, are tried at most; what has more is not known. */
#define SAMPLE_LEAVES_MAX 64
#define SAMPLE_VALUES_MAX 1024

/*
 * The one fact that all comparisons of @check are of; NULL: there are several, or a list
 * or a table, or more than SAMPLE_LEAVES_MAX.
 */
const char *check_only_fact(const struct check *check);

/* Which of the values that its fact can have make a check hold. */
enum sample_says {
	SAMPLE_NONE,    /* surely none */
	SAMPLE_SOME,    /* surely one */
	SAMPLE_UNKNOWN, /* it was not found out */
};

/*
 * Whether a value exists at which all @n of @checks are @wanted, which is RESULT_PASS or
 * RESULT_FAIL. All have the same check_only_fact(). @endpoints are the servers of the
 * profile where the checks are of an item of network.endpoints, otherwise NULL.
 */
enum sample_says sample_all(const struct check *const *checks, size_t n, enum result wanted,
			    const char *const *endpoints);

/*
 * Whether @a is nowhere better than @b, where fail is worse than unknown, and unknown than pass:
 * what @a lets pass, @b does. True only where that is certain. The two may be of different
 * profiles.
 */
bool check_implies(const struct check *a, const struct check *b);

/*
 * Versions at which one of the @n version sets @sets begins or ends, so that between two of
 * them no set changes; owned by the caller. *@ret_are_all is false where one is missing.
 */
json_t *sample_versions(const char *const *sets, size_t n, bool *ret_are_all);

/* Whether both are written alike; whether they are but for rows of tables and names of servers. */
bool check_equal(const struct check *a, const struct check *b);
bool check_alike(const struct check *a, const struct check *b);
