/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/eval/explain.h"
#include "common/eval/show.h"

/* Every sentence that a result is told in: {title}, {observed}, {expected}, {fix}. */
static const char *const sentences[] = {
	[RESULT_PASS] = "{title}: yes. Found {observed}.",
	[RESULT_FAIL] = "{title}: no. Found {observed}. Needed {expected}. {fix}",
	[RESULT_UNKNOWN] =
		"{title}: not known. Found {observed}. Needed {expected}. Check by hand.",
	[RESULT_NOT_APPLICABLE] = "{title}: does not apply to this device.",
	[RESULT_WAIVED] = "{title}: no, but waived. Found {observed}. Needed {expected}.",
};
static_assert(ARRAY_SIZE(sentences) == RESULT_MAX_, "every result has a sentence");

/* Where it is `when` that is not known: what is looked at and needed then is that. */
static const char unsure[] = "{title}: not known whether this applies to the device. Found "
			     "{observed}. It applies with {expected}. Check by hand.";

struct blank {
	const char *name;
	const char *text;
};

static char *fill(const char *sentence, const struct blank *blanks, size_t n_blanks)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (const char *c = sentence; *c; c++) {
		size_t len = *c == '{' ? strcspn(c, "}") : 0;

		if (len == 0) {
			fputc(*c, out);
			continue;
		}
		for (size_t i = 0; i < n_blanks; i++) {
			if (strncmp(blanks[i].name, c + 1, len - 1) == 0)
				fputs(blanks[i].text, out);
		}
		c += len;
	}
	fclose(out);
	return text;
}

static char *observed_text(const struct check *check, const json_t *facts, int32_t as_of)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	show_observed(out, check, facts, as_of);
	fclose(out);
	return text;
}

static char *expected_text(const struct check *check)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	show_expected(out, check);
	fclose(out);
	return text;
}

static bool is_when_unknown(const struct requirement *requirement, const json_t *facts,
			    int32_t as_of)
{
	return requirement->when &&
	       evaluate_check(requirement->when, facts, as_of) == RESULT_UNKNOWN;
}

void explain(const struct profile *profile, size_t index, const json_t *facts, int32_t as_of,
	     enum result result, struct explanation *ret_explanation)
{
	const struct requirement *requirement = &profile->requirements[index];
	bool is_unsure = result == RESULT_UNKNOWN && is_when_unknown(requirement, facts, as_of);
	const struct check *told = is_unsure ? requirement->when : &requirement->check;
	struct explanation explanation = {
		.observed = result == RESULT_NOT_APPLICABLE ? xstrdup("")
							    : observed_text(told, facts, as_of),
		.expected = expected_text(told),
	};
	const struct blank blanks[] = {
		{ "title", requirement->title },
		{ "observed", explanation.observed },
		{ "expected", explanation.expected },
		{ "fix", requirement->fix.text },
	};

	explanation.sentence =
		fill(is_unsure ? unsure : sentences[result], blanks, ARRAY_SIZE(blanks));
	*ret_explanation = explanation;
}

void explanation_done(struct explanation *explanation)
{
	free(explanation->observed);
	free(explanation->expected);
	free(explanation->sentence);
	*explanation = (struct explanation){ 0 };
}
