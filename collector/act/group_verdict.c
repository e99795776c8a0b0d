/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "collector/act/group_verdict.h"
#include "common/base/mem.h"
#include "common/eval/evaluate.h"
#include "common/eval/reads.h"
#include "common/model/facts.h"

#define PLACES 16384 /* a power of two */
#define PLANS 64
#define READS_MAX 4 /* groups that a requirement which is remembered may look at */

/* What the requirements of a document look at. */
struct plan {
	char version[HASH_SIZE];
	uint64_t number; /* that no other plan has; 0: nothing is here */
	uint32_t reads[PROFILE_REQUIREMENTS_MAX];
};

/* All that a result depends on; what is not there is 0. */
struct question {
	uint64_t plan;
	uint64_t groups[READS_MAX];
	int32_t as_of;
	uint16_t requirement;
	uint16_t role;
};

struct place {
	struct question question;
	char letter;
};

struct group_verdicts {
	uint64_t n_plans;
	struct plan plans[PLANS];
	struct place places[PLACES];
};

struct group_verdicts *group_verdicts_new(void)
{
	return xcalloc(1, sizeof(struct group_verdicts));
}

void group_verdicts_free(struct group_verdicts *verdicts)
{
	free(verdicts);
}

/* Versions are random, so a few digits of one spread as well as any. */
static const struct plan *plan_of(struct group_verdicts *verdicts, const struct profile *profile)
{
	char digits[8] = "";
	struct plan *plan;

	memcpy(digits, profile->version, sizeof(digits) - 1);
	plan = &verdicts->plans[strtoul(digits, NULL, 16) % PLANS];
	if (plan->number && strcmp(plan->version, profile->version) == 0)
		return plan;
	memcpy(plan->version, profile->version, HASH_SIZE);
	plan->number = ++verdicts->n_plans;
	for (size_t i = 0; i < profile->n_requirements; i++)
		plan->reads[i] = requirement_reads(&profile->requirements[i]);
	return plan;
}

/* Where the answer may be; only the question itself tells whether it is. */
static struct place *place_of(struct group_verdicts *verdicts, const struct question *question)
{
	uint64_t hash = question->plan ^ (uint64_t)question->requirement << 32 ^
			(uint64_t)question->role << 48 ^ (uint64_t)(uint32_t)question->as_of << 8;

	for (size_t i = 0; i < READS_MAX; i++) {
		hash = (hash ^ question->groups[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 29;
	}
	return &verdicts->places[hash % PLACES];
}

/* Fill in the numbers of what is read; false: it is too much to be remembered. */
static bool ask(const uint64_t *numbers, uint32_t reads, struct question *question)
{
	size_t n = 0;

	for (; reads; reads &= reads - 1) {
		if (n == READS_MAX)
			return false;
		question->groups[n++] = numbers[__builtin_ctz(reads)];
	}
	return true;
}

static bool is_same(const struct question *a, const struct question *b)
{
	return a->plan == b->plan && memcmp(a->groups, b->groups, sizeof(a->groups)) == 0 &&
	       a->as_of == b->as_of && a->requirement == b->requirement && a->role == b->role;
}

void group_verdicts_judge(struct group_verdicts *verdicts, const struct profile *profile,
			  const struct numbered_facts *facts, enum device_role role, int32_t as_of,
			  char *ret_letters)
{
	const struct plan *plan = plan_of(verdicts, profile);

	for (size_t i = 0; i < profile->n_requirements; i++) {
		const struct requirement *requirement = &profile->requirements[i];
		struct question question = {
			.plan = plan->number,
			.as_of = as_of,
			.requirement = (uint16_t)i,
			.role = (uint16_t)role,
		};
		struct place *place = NULL;

		if (facts->numbers && ask(facts->numbers, plan->reads[i], &question))
			place = place_of(verdicts, &question);
		if (place && is_same(&place->question, &question)) {
			ret_letters[i] = place->letter;
			continue;
		}
		ret_letters[i] =
			result_letter(evaluate_requirement(requirement, facts->json, role, as_of));
		if (place)
			*place = (struct place){ question, ret_letters[i] };
	}
	ret_letters[profile->n_requirements] = '\0';
}
