/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Parts of a profile in words that a technology coordinator reads. PURE. */

#include <jansson.h>

#include "common/model/profile.h"

/* A requirement without its waivers; a new reference, as all of these. */
json_t *requirement_words(const struct requirement *requirement);
json_t *tables_words(const struct profile *profile);
json_t *certification_words(const struct certification_rules *rules);
json_t *freshness_words(const struct freshness *freshness);
json_t *endpoints_words(const struct profile *profile);
/* What of a document is an LEA's or a site's. */
json_t *supplements_words(const struct profile *profile);
