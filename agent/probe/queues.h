/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The queues of CUPS, as the helper "cups" tells of them.
 */

#include <jansson.h>

#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

/* Bytes that all queues may take as JSON; the printers have to fit beside them. */
#define QUEUES_BYTES_MAX ((size_t)12 * 1024)

/*
 * Ask the CUPS server of @env and set "queues" of @facts: the list, or unknown
 * with the reason. Without any sign of CUPS it is an empty list, and no other
 * machine is ever asked.
 */
void queues_set(const struct env *env, json_t *facts);

/*
 * The queues that @lines of the helper tell of, without those that CUPS made
 * for a moment. *@ret_queues is owned by the caller.
 *
 * -EPROTO: they are not what the helper writes. -E2BIG: there are more than
 * FACT_ITEMS_MAX queues, or QUEUES_BYTES_MAX of them.
 */
int queues_of(const json_t *lines, json_t **ret_queues, struct err *err) _must_check_;
