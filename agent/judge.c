/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "agent/judge.h"
#include "common/base/civil.h"
#include "common/eval/explain.h"

void judge(struct judgement *judgement)
{
	evaluate(judgement->profile, judgement->facts, judgement->role, judgement->as_of,
		 judgement->results);
	judgement->state = evaluate_state(judgement->profile, judgement->results);
}

static size_t count(const struct judgement *judgement, enum severity severity, enum result result)
{
	size_t n = 0;

	for (size_t i = 0; i < judgement->profile->n_requirements; i++)
		n += judgement->profile->requirements[i].severity == severity &&
		     judgement->results[i] == result;
	return n;
}

/* ", 2 could not be checked", where some could not. */
static void print_unknown(FILE *out, size_t n, const char *before)
{
	if (n > 0)
		fprintf(out, "%s%zu could not be checked", before, n);
}

char *judgement_line(const struct judgement *judgement)
{
	size_t required = count(judgement, SEVERITY_REQUIRED, RESULT_FAIL);
	size_t recommended = count(judgement, SEVERITY_RECOMMENDED, RESULT_FAIL);
	size_t unchecked = count(judgement, SEVERITY_REQUIRED, RESULT_UNKNOWN);
	size_t unchecked_all = unchecked + count(judgement, SEVERITY_RECOMMENDED, RESULT_UNKNOWN);
	char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		abort();
	switch (judgement->state) {
	case STATE_NOT_READY:
		fprintf(out, "Not ready: %zu required", required);
		if (recommended > 0)
			fprintf(out, ", %zu recommended", recommended);
		fputs(" to fix", out);
		print_unknown(out, unchecked_all, "; ");
		break;
	case STATE_UNKNOWN:
		fprintf(out, "Unknown: %zu required could not be checked", unchecked);
		if (recommended > 0)
			fprintf(out, "; %zu recommended to fix", recommended);
		break;
	case STATE_READY_WITH_WARNINGS:
		fputs("Ready, with warnings", out);
		if (recommended > 0)
			fprintf(out, ": %zu recommended to fix", recommended);
		print_unknown(out, unchecked_all, recommended > 0 ? "; " : ": ");
		break;
	default:
		fputs("Ready", out);
		break;
	}
	fputs(".", out);
	fclose(out);
	return line;
}

static void print_requirement(const struct judgement *judgement, size_t index, FILE *out)
{
	const struct requirement *requirement = &judgement->profile->requirements[index];
	enum result result = judgement->results[index];
	struct explanation explanation;

	explain(judgement->profile, index, judgement->facts, judgement->as_of, result,
		&explanation);
	fprintf(out, "  %-14s %-12s %s\n", result_words[result],
		severity_words[requirement->severity], explanation.sentence);
	explanation_done(&explanation);
}

void judgement_print(const struct judgement *judgement, bool all, FILE *out)
{
	/* What a device is not ready for comes first, what is in order last. */
	static const struct {
		enum result result;
		enum severity severity;
		bool is_trouble;
	} order[] = {
		{ RESULT_FAIL, SEVERITY_REQUIRED, true },
		{ RESULT_UNKNOWN, SEVERITY_REQUIRED, true },
		{ RESULT_FAIL, SEVERITY_RECOMMENDED, true },
		{ RESULT_UNKNOWN, SEVERITY_RECOMMENDED, true },
		{ RESULT_WAIVED, SEVERITY_REQUIRED, false },
		{ RESULT_WAIVED, SEVERITY_RECOMMENDED, false },
		{ RESULT_PASS, SEVERITY_REQUIRED, false },
		{ RESULT_PASS, SEVERITY_RECOMMENDED, false },
		{ RESULT_NOT_APPLICABLE, SEVERITY_REQUIRED, false },
		{ RESULT_NOT_APPLICABLE, SEVERITY_RECOMMENDED, false },
	};
	char *line = judgement_line(judgement);

	fprintf(out, "%s\n", line);
	free(line);
	for (size_t o = 0; o < ARRAY_SIZE(order); o++) {
		for (size_t i = 0; i < judgement->profile->n_requirements; i++) {
			if (judgement->results[i] == order[o].result &&
			    judgement->profile->requirements[i].severity == order[o].severity &&
			    (all || order[o].is_trouble))
				print_requirement(judgement, i, out);
		}
	}
}

static json_t *requirement_json(const struct judgement *judgement, size_t index)
{
	const struct requirement *requirement = &judgement->profile->requirements[index];
	enum result result = judgement->results[index];
	struct explanation explanation;
	json_t *json;

	explain(judgement->profile, index, judgement->facts, judgement->as_of, result,
		&explanation);
	json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:I}}", "id", requirement->id,
			 "result", result_words[result], "severity",
			 severity_words[requirement->severity], "sentence", explanation.sentence,
			 "observed", explanation.observed, "expected", explanation.expected, "fix",
			 "id", requirement->fix.id, "text", requirement->fix.text, "minutes",
			 (json_int_t)requirement->fix.minutes);
	explanation_done(&explanation);
	return json;
}

json_t *judgement_json(const struct judgement *judgement)
{
	char as_of[CIVIL_TEXT_SIZE];
	json_t *results = json_array();

	for (size_t i = 0; i < judgement->profile->n_requirements; i++)
		json_array_append_new(results, requirement_json(judgement, i));
	return json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:o}", "state",
			 device_state_words[judgement->state], "as_of",
			 civil_text(judgement->as_of, as_of), "role",
			 device_role_text(judgement->role), "profile", "id", judgement->profile->id,
			 "version", judgement->profile->version, "results", results);
}
