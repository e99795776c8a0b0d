/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A heartbeat as a device sends it, and a resolution as a person's program does. What
 * is taken can be written again and is taken again; what is refused has a sentence.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/accept.h"
#include "collector/store/store_identity.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int is_true)
{
	if (!is_true)
		abort();
}

static void check_taken(struct accepted_heartbeat *accepted)
{
	const struct heartbeat *heartbeat = &accepted->heartbeat;
	json_t *json = heartbeat_write(heartbeat);
	_cleanup_free_ char *text = json_dumps(json, JSON_COMPACT);
	char stored[IDENTITY_FINGERPRINT_SIZE];
	struct accepted_heartbeat again;
	struct fingerprint back;

	check(id_is_valid(heartbeat->head.device_id) && heartbeat->head.sequence > 0);
	check(strlen(heartbeat->facts_hash) == HASH_SIZE - 1);
	check(accept_heartbeat(text, strlen(text), &again, NULL, NULL) == 0);
	accepted_heartbeat_done(&again);
	/* What is stored of a fingerprint is read again as it was. */
	identity_fingerprint_text(&heartbeat->head.fingerprint, stored);
	check(identity_fingerprint_parse(stored, &back, NULL) == 0);
	check(back.n == heartbeat->head.fingerprint.n);
	json_decref(json);
	accepted_heartbeat_done(accepted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *heartbeat_pointer = NULL, *resolution_pointer = NULL;
	enum conflict_resolution resolution = RESOLUTION_NONE;
	struct accepted_heartbeat accepted;
	const char *text = (const char *)data;
	struct err err = { 0 };

	if (accept_heartbeat(text, size, &accepted, &heartbeat_pointer, &err) < 0)
		check(err.text[0] != '\0');
	else
		check_taken(&accepted);
	err = (struct err){ 0 };
	if (accept_resolution(text, size, &resolution, &resolution_pointer, &err) < 0)
		check(err.text[0] != '\0');
	else
		check(resolution > RESOLUTION_NONE && resolution < RESOLUTION_MAX_);
	return 0;
}
