/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A heartbeat that is read without a tree is one, and says the same as when it is parsed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/accept.h"
#include "collector/ingest/known.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct accepted_heartbeat accepted;
	struct known_beat read;
	struct heartbeat beat;
	const struct report *head = &accepted.heartbeat.head;

	if (known_read_beat((const char *)data, size, &read) < 0)
		return 0;
	beat = known_heartbeat(&read);
	if (accept_heartbeat((const char *)data, size, &accepted, NULL, NULL) < 0)
		abort();
	if (strcmp(accepted.heartbeat.facts_hash, beat.facts_hash) != 0 ||
	    strcmp(head->device_id, beat.head.device_id) != 0 ||
	    strcmp(head->agent_version, beat.head.agent_version) != 0 ||
	    strcmp(head->boot_id, beat.head.boot_id) != 0 || head->sequence != beat.head.sequence ||
	    head->observed_ms != beat.head.observed_ms || head->age_ms != beat.head.age_ms ||
	    head->has_fingerprint != beat.head.has_fingerprint ||
	    !fingerprint_equal(&head->fingerprint, &beat.head.fingerprint))
		abort();
	accepted_heartbeat_done(&accepted);
	return 0;
}
