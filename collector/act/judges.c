/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "collector/act/judges.h"
#include "common/base/mem.h"

#define MEMO_SETS 128 /* 1,024 verdicts, 200 KB */

void judges_forget(struct judges *judges)
{
	for (size_t i = 0; judges->judges && i < JUDGES_KEPT; i++)
		judge_done(&judges->judges[i]);
}

void judges_done(struct judges *judges)
{
	judges_forget(judges);
	free(judges->judges);
	verdict_memo_free(judges->memo);
	group_verdicts_free(judges->groups);
	*judges = (struct judges){ 0 };
}

int judges_begin(struct judges *judges, struct store *store, struct err *err)
{
	int64_t version = 0;
	int r = store_version(store, &version, err);

	if (r < 0 || version != judges->version)
		judges_forget(judges);
	judges->version = version;
	return r;
}

struct verdict_memo *judges_memo(struct judges *judges)
{
	if (!judges->memo)
		judges->memo = verdict_memo_new(MEMO_SETS);
	return judges->memo;
}

/* FNV-1a (Fowler, Noll, Vo): codes are short, and mostly digits. */
static size_t place_of(const char *code)
{
	uint32_t hash = 2166136261U;

	for (; *code; code++)
		hash = (hash ^ (unsigned char)*code) * 16777619U;
	return hash % JUDGES_KEPT;
}

struct group_verdicts *judges_groups(struct judges *judges)
{
	if (!judges->groups)
		judges->groups = group_verdicts_new();
	return judges->groups;
}

int judges_get(struct judges *judges, const struct moment *moment, const char *site_code,
	       const struct judge **ret_judge, struct err *err)
{
	struct judge *judge;

	if (!judges->judges)
		judges->judges = xcalloc(JUDGES_KEPT, sizeof(*judges->judges));
	judge = &judges->judges[place_of(site_code)];
	if (!judge->site.code || strcmp(judge->site.code, site_code) != 0) {
		int r;

		judge_done(judge);
		r = judge_open(moment->store, moment->cache, site_code, moment->now_ms, judge, err);
		if (r < 0)
			return r;
	} else if (judge->now_ms != moment->now_ms) {
		judge_set_time(judge, moment->now_ms);
	}
	*ret_judge = judge;
	return 0;
}
