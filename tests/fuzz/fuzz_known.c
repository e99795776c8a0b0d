/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report that is read by its bytes says the same as when it is parsed, and one that
 * is a report differs in its contents from every other by its digest.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/accept.h"
#include "collector/ingest/known.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct accepted_report accepted;
	struct known_head head;

	if (known_read((const char *)data, size, &head) < 0)
		return 0;
	if (head.sequence < 1 || head.age_ms < -1 || strlen(head.contents) != HASH_SIZE - 1)
		abort();
	if (accept_report((const char *)data, size, &accepted, NULL, NULL) < 0)
		return 0;
	if (strcmp(accepted.report.device_id, head.device_id) != 0 ||
	    strcmp(accepted.report.boot_id, head.boot_id) != 0 ||
	    accepted.report.sequence != head.sequence ||
	    accepted.report.observed_ms != head.observed_ms ||
	    accepted.report.age_ms != head.age_ms)
		abort();
	accepted_report_done(&accepted);
	return 0;
}
