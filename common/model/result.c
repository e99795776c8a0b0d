/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "common/model/result.h"

const char *const result_words[] = {
	[RESULT_PASS] = "pass",       [RESULT_FAIL] = "fail",
	[RESULT_UNKNOWN] = "unknown", [RESULT_NOT_APPLICABLE] = "not_applicable",
	[RESULT_WAIVED] = "waived",   [RESULT_MAX_] = NULL,
};

const char *const severity_words[] = {
	[SEVERITY_REQUIRED] = "required",
	[SEVERITY_RECOMMENDED] = "recommended",
	[SEVERITY_MAX_] = NULL,
};

const char *const device_state_words[] = {
	[STATE_RETIRED] = "retired",
	[STATE_CONFLICT] = "conflict",
	[STATE_NEVER_SEEN] = "never_seen",
	[STATE_STALE] = "stale",
	[STATE_NOT_READY] = "not_ready",
	[STATE_UNKNOWN] = "unknown",
	[STATE_READY_WITH_WARNINGS] = "ready_with_warnings",
	[STATE_READY] = "ready",
	[STATE_MAX_] = NULL,
};

static const char letters[] = {
	[RESULT_PASS] = 'P',           [RESULT_FAIL] = 'F',   [RESULT_UNKNOWN] = 'U',
	[RESULT_NOT_APPLICABLE] = '-', [RESULT_WAIVED] = 'W',
};
static_assert(ARRAY_SIZE(letters) == RESULT_MAX_, "every result has a letter");

char result_letter(enum result result)
{
	assert(result < RESULT_MAX_);
	return letters[result];
}

int result_of_letter(char letter, enum result *ret_result)
{
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
		if (letters[i] == letter) {
			*ret_result = (enum result)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int find_word(const char *const *words, const char *text)
{
	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], text) == 0)
			return i;
	}
	return -EINVAL;
}

int result_parse(const char *text, enum result *ret_result)
{
	int i = find_word(result_words, text);

	if (i < 0)
		return i;
	*ret_result = (enum result)i;
	return 0;
}

int device_state_parse(const char *text, enum device_state *ret_state)
{
	int i = find_word(device_state_words, text);

	if (i < 0)
		return i;
	*ret_state = (enum device_state)i;
	return 0;
}
