/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What holds of the judge whatever profile and facts it is given; abort() where it does not.
 */

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/eval/explain.h"
#include "common/eval/needed.h"
#include "common/model/document.h"

static inline void must(bool holds)
{
	if (!holds)
		abort();
}

/* Without facts nothing is known of what a requirement asks, and so nothing passes or fails. */
static inline void judged_without_facts(const struct profile *profile, enum device_role role,
					int32_t as_of, enum result *results)
{
	evaluate(profile, NULL, role, as_of, results);
	for (size_t i = 0; i < profile->n_requirements; i++)
		must(results[i] == (profile->requirements[i].roles & 1U << role
					    ? RESULT_UNKNOWN
					    : RESULT_NOT_APPLICABLE));
	must(evaluate_state(profile, results) == STATE_UNKNOWN);
}

/*
 * Hide the value number *@n of @value and of all below it, and count *@n down. A server's name is
 * left: it says which of the profile's servers an item is about.
 */
static inline bool hide(json_t *value, size_t *n)
{
	const char *key;
	json_t *member;
	size_t i;

	json_object_foreach (value, key, member) {
		if (strcmp(key, "host") == 0)
			continue;
		if ((*n)-- == 0) {
			json_object_set_new(value, key, json_pack("{s:s}", "unknown", "hidden"));
			return true;
		}
		if (hide(member, n))
			return true;
	}
	json_array_foreach (value, i, member) {
		if (hide(member, n))
			return true;
	}
	return false;
}

/* Who knows less says the same or nothing: hide one fact, or all that a probe says. */
static inline void judged_with_less(const struct profile *profile, const json_t *facts,
				    enum device_role role, int32_t as_of,
				    const enum result *results)
{
	enum { TIMES = 12 };
	_cleanup_free_ enum result *less = xcalloc(profile->n_requirements, sizeof(*less));
	json_t *copy = json_deep_copy(facts);
	size_t left = SIZE_MAX, n_facts;

	/* More than there are: nothing is hidden, and what is counted is how many there are. */
	(void)hide(copy, &left);
	json_decref(copy);
	n_facts = SIZE_MAX - left;
	for (size_t i = 0; i < n_facts; i += 1 + n_facts / TIMES) {
		size_t n = i;
		json_t *hidden = json_deep_copy(facts);

		(void)hide(hidden, &n);
		evaluate(profile, hidden, role, as_of, less);
		for (size_t r = 0; r < profile->n_requirements; r++)
			must(less[r] == results[r] || less[r] == RESULT_UNKNOWN);
		json_decref(hidden);
	}
}

/* A waiver makes a fail waived until its last day, and nothing else. */
static inline void judged_without_waivers(struct profile *profile, const json_t *facts,
					  enum device_role role, int32_t as_of,
					  const enum result *results)
{
	for (size_t i = 0; i < profile->n_requirements; i++) {
		struct requirement *requirement = &profile->requirements[i];
		const struct profile_waiver *waiver = requirement->waiver;
		_cleanup_free_ enum result *strict =
			xcalloc(profile->n_requirements, sizeof(*strict));

		if (!waiver) {
			must(results[i] != RESULT_WAIVED);
			continue;
		}
		requirement->waiver = NULL;
		evaluate(profile, facts, role, as_of, strict);
		requirement->waiver = waiver;
		must(results[i] == (strict[i] == RESULT_FAIL && as_of <= waiver->until
					    ? RESULT_WAIVED
					    : strict[i]));
		must(evaluate_state(profile, results) >= evaluate_state(profile, strict));
	}
}

/* What the profile does not look at may be left away. */
static inline void judged_by_needed(const struct profile *profile, const json_t *facts,
				    enum device_role role, int32_t as_of,
				    const enum result *results)
{
	_cleanup_free_ enum result *same = xcalloc(profile->n_requirements, sizeof(*same));
	_cleanup_(needed_freep) struct needed *needed = needed_of(profile);
	_cleanup_free_ char *text = facts ? document_canonical(facts) : xstrdup("");
	size_t len = strlen(text), left_len;
	_cleanup_free_ char *left = xcalloc(len + 1, 1);
	json_t *json;

	/* There may be no facts at all. Names with escapes are not taken. */
	if (needed_text(needed, text, len, left, &left_len) < 0)
		return;
	json = json_loadb(left, left_len, JSON_REJECT_DUPLICATES, NULL);
	must(json != NULL);
	evaluate(profile, json, role, as_of, same);
	must(memcmp(same, results, profile->n_requirements * sizeof(*same)) == 0);
	json_decref(json);
}

static inline void judged_state(const struct profile *profile, const enum result *results)
{
	enum device_state state = evaluate_state(profile, results);
	bool is_judged = false;

	for (size_t i = 0; i < profile->n_requirements; i++) {
		bool is_required = profile->requirements[i].severity == SEVERITY_REQUIRED;

		is_judged |= is_required && results[i] != RESULT_NOT_APPLICABLE;
		must(state != STATE_READY || results[i] == RESULT_PASS ||
		     results[i] == RESULT_NOT_APPLICABLE);
		must(state != STATE_READY_WITH_WARNINGS || !is_required ||
		     (results[i] != RESULT_FAIL && results[i] != RESULT_UNKNOWN));
	}
	must(state < STATE_READY_WITH_WARNINGS || is_judged);
}

/* Judge @facts for every role, and explain what a student's device is told. */
static inline void judged(struct profile *profile, const json_t *facts, int32_t as_of)
{
	_cleanup_free_ enum result *results = xcalloc(profile->n_requirements, sizeof(*results));

	for (unsigned role = 0; role < ROLE_MAX_; role++) {
		judged_without_facts(profile, (enum device_role)role, as_of, results);
		evaluate(profile, facts, (enum device_role)role, as_of, results);
		judged_state(profile, results);
	}
	evaluate(profile, facts, ROLE_STUDENT, as_of, results);
	judged_with_less(profile, facts, ROLE_STUDENT, as_of, results);
	judged_by_needed(profile, facts, ROLE_STUDENT, as_of, results);
	judged_without_waivers(profile, facts, ROLE_STUDENT, as_of, results);
	for (size_t i = 0; i < profile->n_requirements; i++) {
		struct explanation words;

		explain(profile, i, facts, as_of, results[i], &words);
		must(words.sentence[0] != '\0');
		explanation_done(&words);
	}
}
