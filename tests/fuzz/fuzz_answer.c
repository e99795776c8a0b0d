/* SPDX-License-Identifier: Apache-2.0 */
/* What answers the agent, and what lies in its spool. */
#include <stdlib.h>
#include <string.h>

#include "agent/answer.h"
#include "agent/parcel.h"
#include "common/base/text.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void check(int is_true)
{
	if (!is_true)
		abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static const struct moment now = { "11111111-2222-4333-8444-555555555555", 5000 };
	struct answer_about about = { "0123456789abcdef0123456789abcdef", now.boot_id, 1 };
	const char *text = (const char *)data;
	struct answer_enrolled enrolled = { 0 };
	struct parcel parcel = { 0 };
	struct refusal refusal = { 0 };
	struct answer_reported said = { 0 };
	char *problem = answer_problem(text, len);

	check(text_is_utf8(problem, strlen(problem)) && !strpbrk(problem, "\x1b\n\r"));
	free(problem);
	if (answer_enrolled(text, len, &enrolled, NULL) >= 0) {
		check(id_is_valid(enrolled.device_id) && enrolled.site_code[0]);
		answer_enrolled_done(&enrolled);
	}
	if (answer_reported(text, len, &about, &said, NULL) >= 0) {
		check(said.state[0] && strlen(said.state) < sizeof(said.state));
		check(said.period_ms >= 0 && said.spread_ms >= 0);
		check(!said.moved_url == !said.moved_signature);
		check(!said.profile_id[0] == !said.profile_version[0]);
		check(!said.profile_id[0] || strlen(said.profile_version) == HASH_SIZE - 1);
		check(!said.has_no_profile || !said.profile_id[0]);
		check(!strpbrk(said.profile_id, "\x1b\n\r \"") && said.judged_for >= 0);
		answer_reported_done(&said);
	}
	if (parcel_unpack(text, len, &now, &parcel, NULL) >= 0) {
		check(parcel.sequence > 0 && parcel.body);
		parcel_done(&parcel);
	}
	parcel_refusal(text, len, &refusal);
	check(refusal.reason != NULL);
	refusal_done(&refusal);
	return 0;
}
