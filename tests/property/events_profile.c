/* SPDX-License-Identifier: Apache-2.0 */
/* What changes what devices are judged by, and judging them again. */
#include "tests/property/events.h"

#include <errno.h>

#include "collector/store/store_waiver.h"

#define ASKS(scope, code, requirement)                                                        \
	"{\"supplement_to\":\"p\",\"scope\":{\"" scope "\":\"" code "\"},\"title\":\"More\"," \
	"\"source\":\"the board\",\"requirements\":[" requirement "]}"
#define MORE_MEMORY(id)                                                                  \
	REQUIREMENT(id, "required", "{\"fact\":\"memory.total_mib\",\"at_least\":6000}", \
		    "more-memory")
#define TIGHTER                                                                              \
	"{\"tightens\":\"browser.version\",\"check\":{\"fact\":\"audio.headphones\",\"is\":" \
	"\"present\"},"                                                                      \
	"\"source\":\"the board\"}"

#define PICK(world, list) ((list)[pick(world, ARRAY_SIZE(list))])

/* Where it does not fit what is published, and while nothing is, it is refused. */
static void settle(struct world *world, int r)
{
	if (r >= 0)
		return;
	if (r != -EINVAL && r != -ENOENT && r != -EALREADY && r != -E2BIG)
		fail_msg("%s", world->school.err.text);
	world->is_refused = true;
	say(world, ", which is refused");
}

void publish(struct world *world)
{
	static const char *const profiles[] = { PROFILE_FIRST, PROFILE_TWO, PROFILE_OTHER };
	static const char *const names[] = { "p", "p with another order", "q" };
	struct school *school = &world->school;
	unsigned i = pick(world, ARRAY_SIZE(profiles));
	struct profile *profile = NULL;
	struct reach reach = { 0 };

	must(school,
	     profile_parse(profiles[i], strlen(profiles[i]), "test", &profile, &school->err));
	say(world, "%s is published", names[i]);
	settle(world, act_publish(school->store, profile, profiles[i], school->now_ms, &reach,
				  &school->err));
	profile_free(profile);
}

void ask_more(struct world *world)
{
	static const char *const texts[] = {
		ASKS("lea", "00", MORE_MEMORY("lea.memory")),
		ASKS("lea", "01", TIGHTER),
		ASKS("site", "0001", MORE_MEMORY("site.memory")),
		ASKS("site", "0002", TIGHTER),
	};
	static const struct audience audiences[] = {
		{ SCOPE_LEA, "00" },
		{ SCOPE_LEA, "01" },
		{ SCOPE_SITE, "0001" },
		{ SCOPE_SITE, "0002" },
	};
	_cleanup_(supplement_freep) struct supplement *supplement = NULL;
	struct school *school = &world->school;
	unsigned i = pick(world, ARRAY_SIZE(texts));
	struct reach reach;

	say(world, "%s %s", scope_words[audiences[i].scope], audiences[i].code);
	if (pick(world, 3) == 0) {
		say(world, " withdraws what it asks");
		settle(world, act_supplement_withdraw(school->store, "p", &audiences[i],
						      school->now_ms, &reach, &school->err));
		return;
	}
	say(world, " asks for more");
	must(school,
	     supplement_parse(texts[i], strlen(texts[i]), "more", &supplement, &school->err));
	settle(world, act_supplement_publish(school->store, supplement, school->now_ms, &reach,
					     &school->err));
}

void waive(struct world *world)
{
	static const char *const requirements[] = { "memory.size", "audio.headphones",
						    "browser.version", "lea.memory" };
	static const struct audience audiences[] = {
		{ SCOPE_STATE, "" },
		{ SCOPE_LEA, "00" },
		{ SCOPE_SITE, "0001" },
		{ SCOPE_SITE, "0003" },
	};
	const struct audience *audience = &PICK(world, audiences);
	struct school *school = &world->school;
	_cleanup_(waiver_done) struct waiver waiver = {
		.profile_id = xstrdup(pick(world, 4) ? "p" : "q"),
		.scope = audience->scope,
		.scope_code = xstrdup(audience->code),
		.requirement = xstrdup(PICK(world, requirements)),
		.reason = xstrdup("r"),
		.who = xstrdup("w"),
		.until = civil_of_ms(school->now_ms) + 30 + (int32_t)pick(world, 120),
	};
	struct reach reach;

	say(world, "%s of %s is waived for %s %s", waiver.requirement, waiver.profile_id,
	    scope_words[waiver.scope], waiver.scope_code);
	settle(world, act_waive(school->store, &waiver, school->now_ms, &reach, &school->err));
}

void end_waiver(struct world *world)
{
	struct school *school = &world->school;
	const struct waiver_query query = { .limit = 100, .is_any = pick(world, 4) == 0 };
	struct waiver_list list;
	struct reach reach;

	must(school, store_waiver_list(school->store, &query, &list, &school->err));
	if (list.n_waivers > 0) {
		const struct waiver *waiver = &list.waivers[pick(world, (unsigned)list.n_waivers)];

		say(world, "the waiver of %s for %s is revoked", waiver->requirement,
		    waiver->scope_code);
		settle(world, act_waiver_revoke(school->store, waiver->id, "x", school->now_ms,
						&reach, &school->err));
	} else {
		say(world, "(there is no waiver)");
	}
	waiver_list_done(&list);
}

static int judge_some(struct world *world, const struct rejudge_budget *budget, int64_t *n_all)
{
	struct school *school = &world->school;
	int64_t n = 0;
	int r = act_rejudge(school->store, school->cache, school->now_ms, budget, &n, &school->err);

	must(school, r);
	*n_all += n;
	return r;
}

void judge_a_slice(struct world *world)
{
	int64_t n = 0;

	for (unsigned i = pick(world, 6) + 1; i > 0; i--)
		(void)judge_some(world, &(struct rejudge_budget){ INT64_MAX / 2, pick(world, 4) },
				 &n);
	say(world, "%d devices are judged again", (int)n);
}

void judge_all(struct world *world)
{
	int64_t n = 0;

	while (judge_some(world, &ALL_AT_ONCE, &n) > 0)
		;
	say(world, "all that wait are judged again, %d devices", (int)n);
}

void another_evaluator(struct world *world)
{
	char version[16];

	snprintf(version, sizeof(version), "v%u", pick(world, 4));
	say(world, "a collector that judges otherwise, %s", version);
	must(&world->school, act_rejudge_evaluator(world->school.store, version,
						   world->school.now_ms, &world->school.err));
}
