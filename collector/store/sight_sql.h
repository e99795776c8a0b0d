/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What somebody may see, in queries. A code between two spaces is a whole one, and what is
 * taken out of a text was in it.
 */

#include <stddef.h>

#include "collector/domain/access.h"

/*
 * Whether the site of code @site and LEA @lea is among those that are seen, whose parameters
 * @leas and @sites get SIGHT_VALUES() as two texts.
 */
#define SEES(lea, site, leas, sites)                                                 \
	"(" leas " IS NULL OR replace(" leas ", ' ' || " lea " || ' ', '') <> " leas \
	" OR replace(" sites ", ' ' || " site " || ' ', '') <> " sites ")"

/* No sight sees nothing. */
static inline const char *sight_leas(const struct sight *sight)
{
	if (sight && sight->is_all)
		return NULL;
	return sight && sight->lea_codes ? sight->lea_codes : " ";
}

static inline const char *sight_sites(const struct sight *sight)
{
	return sight && sight->site_codes ? sight->site_codes : " ";
}

#define SIGHT_VALUES(sight) sight_leas(sight), sight_sites(sight)
