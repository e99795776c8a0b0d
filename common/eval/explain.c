/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/eval/explain.h"
#include "common/eval/show.h"

/* What there is to say. */
enum told {
	TOLD_PASS,
	TOLD_FAIL,
	TOLD_FAIL_WAIVER_ENDED,
	TOLD_UNKNOWN,
	TOLD_UNKNOWN_WAIVER,
	TOLD_UNKNOWN_WHEN,
	TOLD_NOT_APPLICABLE,
	TOLD_WAIVED,
	TOLD_WAIVED_ONCE,
	TOLD_MAX_,
};

/* Every sentence that a result is told in: {title}, {observed}, {expected}, {fix} and the waiver's
 * {until} and {reason}. */
static const char *const sentences[] = {
	[TOLD_PASS] = "{title}: yes. Found {observed}.",
	[TOLD_FAIL] = "{title}: no. Found {observed}. Needed {expected}. {fix}",
	[TOLD_FAIL_WAIVER_ENDED] =
		"{title}: no, and a waiver ended on {until}, before the day that is judged for. "
		"Found {observed}. Needed {expected}. {fix}",
	[TOLD_UNKNOWN] = "{title}: not known. Found {observed}. Needed {expected}. Check by hand.",
	[TOLD_UNKNOWN_WAIVER] =
		"{title}: not known. Found {observed}. Needed {expected}. Check by hand: the "
		"waiver until {until} is for a no, not for what is not known.",
	/* Where it is `when` that is not known: what is looked at and needed then is that. */
	[TOLD_UNKNOWN_WHEN] = "{title}: not known whether this applies to the device. Found "
			      "{observed}. It applies with {expected}. Check by hand.",
	[TOLD_NOT_APPLICABLE] = "{title}: does not apply to this device.",
	[TOLD_WAIVED] = "{title}: no, but waived until {until} ({reason}). Found {observed}. "
			"Needed {expected}. By then: {fix}",
	/* The waiver was taken back since it was judged so. */
	[TOLD_WAIVED_ONCE] = "{title}: no, but waived. Found {observed}. Needed {expected}. {fix}",
};
static_assert(ARRAY_SIZE(sentences) == TOLD_MAX_, "there is a sentence for all there is to say");

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

static char *expected_text(const struct check *check, int32_t as_of)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	show_needed(out, check, as_of);
	fclose(out);
	return text;
}

static bool is_when_unknown(const struct requirement *requirement, const json_t *facts,
			    int32_t as_of)
{
	return requirement->when &&
	       evaluate_check(requirement->when, facts, as_of) == RESULT_UNKNOWN;
}

static enum told what_to_tell(const struct requirement *requirement, const json_t *facts,
			      int32_t as_of, enum result result)
{
	const struct profile_waiver *waiver = requirement->waiver;

	switch (result) {
	case RESULT_PASS:
		return TOLD_PASS;
	case RESULT_FAIL:
		return waiver && waiver->until < as_of ? TOLD_FAIL_WAIVER_ENDED : TOLD_FAIL;
	case RESULT_NOT_APPLICABLE:
		return TOLD_NOT_APPLICABLE;
	case RESULT_WAIVED:
		return waiver ? TOLD_WAIVED : TOLD_WAIVED_ONCE;
	default:
		if (is_when_unknown(requirement, facts, as_of))
			return TOLD_UNKNOWN_WHEN;
		return waiver && waiver->until >= as_of ? TOLD_UNKNOWN_WAIVER : TOLD_UNKNOWN;
	}
}

/* A profile's text on one line: it is as hostile as whoever wrote a supplement. */
static char *profile_text(const char *text)
{
	return text_clean(text, strlen(text), PROFILE_TEXT_MAX);
}

void explain(const struct profile *profile, size_t index, const json_t *facts, int32_t as_of,
	     enum result result, struct explanation *ret_explanation)
{
	const struct requirement *requirement = &profile->requirements[index];
	const struct profile_waiver *waiver = requirement->waiver;
	enum told told = what_to_tell(requirement, facts, as_of, result);
	const struct check *check =
		told == TOLD_UNKNOWN_WHEN ? requirement->when : &requirement->check;
	_cleanup_free_ char *title = profile_text(requirement->title);
	_cleanup_free_ char *fix = profile_text(requirement->fix.text);
	_cleanup_free_ char *reason = profile_text(waiver ? waiver->reason : "");
	char until[CIVIL_WORDS_SIZE] = "";
	struct explanation explanation = {
		.observed = result == RESULT_NOT_APPLICABLE ? xstrdup("")
							    : observed_text(check, facts, as_of),
		.expected = expected_text(check, as_of),
	};
	const struct blank blanks[] = {
		{ "title", title },
		{ "observed", explanation.observed },
		{ "expected", explanation.expected },
		{ "fix", fix },
		{ "until", waiver ? civil_words(waiver->until, until) : "" },
		{ "reason", reason },
	};

	explanation.sentence = fill(sentences[told], blanks, ARRAY_SIZE(blanks));
	*ret_explanation = explanation;
}

void explanation_done(struct explanation *explanation)
{
	free(explanation->observed);
	free(explanation->expected);
	free(explanation->sentence);
	*explanation = (struct explanation){ 0 };
}
