/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A waiver as a person's program asks for it, and what is decided on one. What is taken is whole
 * and within its bounds; what is refused has a sentence and nothing of it stays.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/accept_waiver.h"
#include "common/base/mem.h"
#include "common/model/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int is_true)
{
	if (!is_true)
		abort();
}

static void check_verdict(const char *text, size_t size)
{
	_cleanup_(accepted_verdict_done) struct accepted_verdict accepted = { 0 };
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	if (accept_waiver_verdict(text, size, &accepted, &pointer, &err) < 0) {
		check(err.text[0] != '\0' && !accepted.who && !accepted.reason);
		return;
	}
	check(!pointer && accepted.verdict.decision < WAIVER_DECISION_MAX_);
	check((accepted.verdict.decision == WAIVER_DECISION_DECLINE) == (accepted.reason != NULL));
	check(!accepted.reason || strlen(accepted.reason) <= PROFILE_REASON_MAX);
	check(!accepted.who || strlen(accepted.who) <= WAIVER_WHO_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(accepted_waiver_done) struct accepted_waiver accepted = { 0 };
	const struct waiver *waiver = &accepted.waiver;
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	check_verdict((const char *)data, size);
	if (accept_waiver((const char *)data, size, &accepted, &pointer, &err) < 0) {
		check(err.text[0] != '\0' && !waiver->profile_id && !waiver->scope_code);
		return 0;
	}
	check(accepted.as < WAIVE_AS_MAX_ && waiver->status == WAIVER_STATUS_GIVEN);
	check(!pointer && waiver->scope < SCOPE_MAX_);
	check((waiver->scope == SCOPE_STATE) == (waiver->scope_code[0] == '\0'));
	check(strlen(waiver->reason) > 0 && strlen(waiver->reason) <= PROFILE_REASON_MAX);
	check(strlen(waiver->who) > 0 && strlen(waiver->who) <= WAIVER_WHO_MAX);
	check(strlen(waiver->profile_id) > 0 && strlen(waiver->profile_id) <= PROFILE_ID_MAX);
	check(strlen(waiver->requirement) > 0 && strlen(waiver->requirement) <= PROFILE_ID_MAX);
	check(waiver->id[0] == '\0' && waiver->revoked_ms == 0);
	return 0;
}
