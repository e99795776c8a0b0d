/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/act/audience.h"
#include "collector/store/store_site.h"

int audience_check(struct store *store, const struct audience *audience, struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	int r;

	switch (audience->scope) {
	case SCOPE_SITE:
		return store_site_get(store, audience->code, &site, err);
	case SCOPE_LEA:
		r = store_lea_has(store, audience->code, err);
		return r == 0 ? err_set(err, -ENOENT, "no LEA has the code '%.40s'", audience->code)
		       : r < 0 ? r
			       : 0;
	default:
		return 0;
	}
}
