/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A supplement, composed with one profile. What comes out is a profile, no device is judged better
 * by it, and lint and diff look at it as at any.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/profile_diff.h"
#include "collector/domain/profile_lint.h"
#include "collector/domain/supplement.h"
#include "common/base/mem.h"
#include "common/eval/evaluate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FIX "\"fix\":{\"id\":\"f\",\"text\":\"F.\",\"minutes\":1},\"source\":\"s\"}"

static const char base_text[] =
	"{\"profile\":\"p\",\"title\":\"P\",\"freshness_hours\":{\"default\":300,\"last_week\":72},"
	"\"certification\":{\"coverage_percent\":90,\"latest_last_day\":\"2027-06-30\"},"
	"\"endpoints\":[\"a.example\"],\"tables\":{\"os\":[{\"id\":\"ubuntu\",\"version\":\"22."
	"04\"}]},"
	"\"requirements\":[{\"id\":\"memory\",\"severity\":\"required\",\"roles\":[\"student\"],"
	"\"title\":\"M\",\"check\":{\"fact\":\"memory.total_mib\",\"at_least\":2000}," FIX
	",{\"id\":\"audio\",\"severity\":\"recommended\",\"roles\":[\"student\",\"ta\"],"
	"\"title\":\"A\",\"when\":{\"fact\":\"audio.muted\",\"is\":false},"
	"\"check\":{\"fact\":\"audio.headphones\",\"is\":\"present\"}," FIX "]}";

/* Of the facts above one that passes, one that fails and one that is unknown. */
static const char *const facts_texts[] = {
	"{\"memory\":{\"total_mib\":4096},\"audio\":{\"headphones\":\"present\",\"muted\":false}}",
	"{\"memory\":{\"total_mib\":1},\"audio\":{\"headphones\":\"absent\",\"muted\":false}}",
	"{\"memory\":{\"unknown\":\"?\"},\"audio\":{\"headphones\":\"absent\",\"muted\":true}}",
};

static void judge(const struct profile *base, const struct profile *profile, const json_t *facts)
{
	static const int rank[] = { [RESULT_FAIL] = 0, [RESULT_UNKNOWN] = 1, [RESULT_PASS] = 2 };
	_cleanup_free_ enum result *results = xcalloc(profile->n_requirements, sizeof(*results));
	enum result before[2];

	for (unsigned role = 0; role < ROLE_MAX_; role++) {
		evaluate(base, facts, (enum device_role)role, 20000, before);
		evaluate(profile, facts, (enum device_role)role, 20000, results);
		for (size_t i = 0; i < base->n_requirements; i++) {
			if (before[i] != RESULT_NOT_APPLICABLE &&
			    (results[i] == RESULT_NOT_APPLICABLE ||
			     rank[results[i]] > rank[before[i]]))
				abort();
		}
	}
}

static void look_at(const struct profile *base, const struct supplement *supplement,
		    const char *body)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_(lint_list_done) struct lint_list findings = { 0 };
	_cleanup_(diff_list_done) struct diff_list differences = { 0 };

	if (profile_parse(body, strlen(body), "document", &profile, NULL) < 0)
		abort();
	for (size_t i = 0; i < ARRAY_SIZE(facts_texts); i++) {
		json_t *facts = json_loads(facts_texts[i], 0, NULL);

		judge(base, profile, facts);
		json_decref(facts);
	}
	supplement_lint(base, supplement, &findings);
	profile_diff(base, profile, &differences);
	/* At least that the supplement is in it. */
	if (differences.n_entries == 0)
		abort();
	for (size_t i = 0; i < differences.n_entries; i++) {
		if (differences.entries[i].direction == DIFF_LOOSER)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct profile *base;
	_cleanup_(supplement_freep) struct supplement *supplement = NULL;
	const char *text = size ? (const char *)data : "";
	_cleanup_free_ char *body = NULL;
	struct err err = { 0 };
	int r;

	if (!base && profile_parse(base_text, strlen(base_text), "p", &base, NULL) < 0)
		abort();
	r = supplement_parse(text, size, "s", &supplement, &err);
	if (r >= 0)
		r = profile_compose(base, (const struct supplement *const *)&supplement, 1, NULL, 0,
				    &body, &err);
	if (r < 0 && strncmp(err.text, "s:", 2) != 0)
		abort();
	if (r >= 0)
		look_at(base, supplement, body);
	return 0;
}
