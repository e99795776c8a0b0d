/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "collector/act/judges.h"
#include "common/base/mem.h"

#define MEMO_SETS 128 /* 1,024 verdicts, 200 KB */

void judges_forget(struct judges *judges)
{
	for (size_t i = 0; i < judges->n; i++)
		judge_done(&judges->judges[i]);
	judges->n = 0;
}

void judges_done(struct judges *judges)
{
	judges_forget(judges);
	free(judges->judges);
	verdict_memo_free(judges->memo);
	*judges = (struct judges){ 0 };
}

struct verdict_memo *judges_memo(struct judges *judges)
{
	if (!judges->memo)
		judges->memo = verdict_memo_new(MEMO_SETS);
	return judges->memo;
}

/* One after the other: a transaction has a few hundred jobs, so no more sites. */
int judges_get(struct judges *judges, const struct moment *moment, const char *site_code,
	       const struct judge **ret_judge, struct err *err)
{
	size_t i = 0;
	int r;

	while (i < judges->n && strcmp(judges->judges[i].site.code, site_code) != 0)
		i++;
	if (i == judges->room) {
		judges->room = judges->room ? judges->room * 2 : 16;
		judges->judges =
			xreallocarray(judges->judges, judges->room, sizeof(*judges->judges));
	}
	if (i == judges->n) {
		r = judge_open(moment->store, moment->cache, site_code, moment->now_ms,
			       &judges->judges[i], err);
		if (r < 0)
			return r;
		judges->n++;
	}
	*ret_judge = &judges->judges[i];
	return 0;
}
