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

/* "Not ready", and ", as of 31 May 2027, the window's last day" where that is not today. */
static void print_verdict(FILE *out, const struct judgement *judgement)
{
	static const char *const words[STATE_MAX_] = {
		[STATE_NOT_READY] = "Not ready",
		[STATE_UNKNOWN] = "Unknown",
		[STATE_READY_WITH_WARNINGS] = "Ready, with warnings",
		[STATE_READY] = "Ready",
	};
	char day[CIVIL_WORDS_SIZE];

	fputs(words[judgement->state], out);
	if (!judgement->as_of_what)
		return;
	fprintf(out, ", as of %s", civil_words(judgement->as_of, day));
	if (judgement->as_of_what[0])
		fprintf(out, ", %s", judgement->as_of_what);
}

/* "2 required, 1 recommended to fix"; one of them there is. */
static void print_failed(FILE *out, size_t required, size_t recommended)
{
	if (required > 0)
		fprintf(out, "%zu required", required);
	if (recommended > 0)
		fprintf(out, "%s%zu recommended", required > 0 ? ", " : "", recommended);
	fputs(" to fix", out);
}

/* What there is to tell of it, the worst first: of an unknown device what is not known. */
static void print_counts(FILE *out, const struct judgement *judgement)
{
	size_t required = count(judgement, SEVERITY_REQUIRED, RESULT_FAIL);
	size_t recommended = count(judgement, SEVERITY_RECOMMENDED, RESULT_FAIL);
	size_t unchecked = count(judgement, SEVERITY_REQUIRED, RESULT_UNKNOWN);
	size_t unchecked_all = unchecked + count(judgement, SEVERITY_RECOMMENDED, RESULT_UNKNOWN);
	size_t waived = count(judgement, SEVERITY_REQUIRED, RESULT_WAIVED) +
			count(judgement, SEVERITY_RECOMMENDED, RESULT_WAIVED);
	bool is_unknown = judgement->state == STATE_UNKNOWN;
	const char *gap = ": ";

	if (is_unknown) {
		fprintf(out, "%s%zu required could not be checked", gap, unchecked);
		gap = "; ";
	}
	if (required + recommended > 0) {
		fputs(gap, out);
		print_failed(out, required, recommended);
		gap = "; ";
	}
	if (waived > 0) {
		fprintf(out, "%s%zu waived", gap, waived);
		gap = "; ";
	}
	if (!is_unknown && unchecked_all > 0)
		fprintf(out, "%s%zu could not be checked", gap, unchecked_all);
}

char *judgement_line(const struct judgement *judgement)
{
	char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		abort();
	print_verdict(out, judgement);
	print_counts(out, judgement);
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
		bool is_told; /* also where not all is asked for */
	} order[] = {
		{ RESULT_FAIL, SEVERITY_REQUIRED, true },
		{ RESULT_UNKNOWN, SEVERITY_REQUIRED, true },
		{ RESULT_FAIL, SEVERITY_RECOMMENDED, true },
		{ RESULT_UNKNOWN, SEVERITY_RECOMMENDED, true },
		{ RESULT_WAIVED, SEVERITY_REQUIRED, true },
		{ RESULT_WAIVED, SEVERITY_RECOMMENDED, true },
		{ RESULT_PASS, SEVERITY_REQUIRED, false },
		{ RESULT_PASS, SEVERITY_RECOMMENDED, false },
		{ RESULT_NOT_APPLICABLE, SEVERITY_REQUIRED, false },
		{ RESULT_NOT_APPLICABLE, SEVERITY_RECOMMENDED, false },
	};
	char *line = judgement_line(judgement);

	fprintf(out, "%s\n", line);
	free(line);
	if (judgement->trouble)
		fprintf(out, "This is not what the collector judges by. %s.\n", judgement->trouble);
	for (size_t o = 0; o < ARRAY_SIZE(order); o++) {
		for (size_t i = 0; i < judgement->profile->n_requirements; i++) {
			if (judgement->results[i] == order[o].result &&
			    judgement->profile->requirements[i].severity == order[o].severity &&
			    (all || order[o].is_told))
				print_requirement(judgement, i, out);
		}
	}
}

static json_t *waiver_json(const struct profile_waiver *waiver)
{
	char until[CIVIL_TEXT_SIZE];

	return json_pack("{s:s, s:s, s:s, s:s}", "id", waiver->id, "scope", waiver->scope, "reason",
			 waiver->reason, "until", civil_text(waiver->until, until));
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
	if (result == RESULT_WAIVED)
		json_object_set_new(json, "waiver", waiver_json(requirement->waiver));
	return json;
}

json_t *judgement_json(const struct judgement *judgement)
{
	char as_of[CIVIL_TEXT_SIZE];
	json_t *results = json_array();

	for (size_t i = 0; i < judgement->profile->n_requirements; i++)
		json_array_append_new(results, requirement_json(judgement, i));
	return json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:o}", "state",
			 device_state_words[judgement->state], "as_of",
			 civil_text(judgement->as_of, as_of), "role",
			 device_role_text(judgement->role), "profile", "id", judgement->profile->id,
			 "version", judgement->profile->version, "trouble",
			 judgement->trouble ? judgement->trouble : "", "results", results);
}
