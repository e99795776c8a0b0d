/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the helper "network" says of the servers that the profile names, as facts.
 */

#include <jansson.h>

#include "common/base/base.h"

#define ENDPOINT_NAME_MAX 128 /* bytes of an issuer */
#define ENDPOINT_WHY_MAX 200  /* so that a report of many servers still fits */

/*
 * The facts of each of @endpoints (ended by NULL), in their order, from the
 * @lines of the helper. What it did not say, or cannot be, is unknown. The
 * list is owned by the caller.
 */
json_t *endpoints_read(const char *const *endpoints, const json_t *lines) _must_check_;

/* The same where the helper did not answer: each is there, and unknown because of @why. */
json_t *endpoints_unknown(const char *const *endpoints, const char *why) _must_check_;
