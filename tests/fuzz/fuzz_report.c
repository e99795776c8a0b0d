/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A body as a device sends it. What is taken is canonical: taken again it gives the
 * same bytes. What is refused has a sentence.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/accept.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refusal(const char *pointer, const struct err *err)
{
	if (err->text[0] == '\0' || (pointer && pointer[0] && pointer[0] != '/'))
		abort();
}

static void check_taken(struct accepted_report *accepted)
{
	_cleanup_free_ char *text = NULL;
	json_t *again = json_loads(accepted->facts_text, 0, NULL);

	if (!again || !id_is_valid(accepted->report.device_id) || accepted->report.sequence < 1)
		abort();
	text = document_canonical(again);
	if (strcmp(text, accepted->facts_text) != 0)
		abort();
	json_decref(again);
	accepted_report_done(accepted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct accepted_report report;
	struct accepted_enroll enroll;
	_cleanup_free_ char *report_pointer = NULL, *enroll_pointer = NULL;
	struct err err = { 0 };

	if (accept_report((const char *)data, size, &report, &report_pointer, &err) < 0)
		check_refusal(report_pointer, &err);
	else
		check_taken(&report);
	err = (struct err){ 0 };
	if (accept_enroll((const char *)data, size, &enroll, &enroll_pointer, &err) < 0)
		check_refusal(enroll_pointer, &err);
	else
		accepted_enroll_done(&enroll);
	return 0;
}
