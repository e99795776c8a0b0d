/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A placement as a person's program asks for it. What is taken is whole and within its bounds;
 * what is refused has a sentence and nothing of it stays.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/access.h"
#include "collector/ingest/accept_placement.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int is_true)
{
	if (!is_true)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(accepted_placement_done) struct accepted_placement placement = { 0 };
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	if (accept_placement((const char *)data, size, &placement, &pointer, &err) < 0) {
		check(err.text[0] != '\0' && !placement.site_code && !placement.note);
		return 0;
	}
	check(!pointer && placement.kind < PLACEMENT_KIND_MAX_);
	check(placement.reason < RETIRE_REASON_MAX_ && placement.role < ROLE_MAX_);
	check(!placement.site_code ||
	      (placement.site_code[0] != '\0' && strlen(placement.site_code) < ACCESS_CODE_SIZE));
	check(!placement.room || strlen(placement.room) <= PLACEMENT_ROOM_MAX);
	check(!placement.note || strlen(placement.note) <= PLACEMENT_NOTE_MAX);
	if (placement.kind == PLACEMENT_MOVE)
		check(placement.site_code || placement.room || placement.has_role);
	else
		check(!placement.site_code && !placement.room && !placement.has_role);
	check(placement.kind != PLACEMENT_RESTORE || placement.on == 0);
	return 0;
}
