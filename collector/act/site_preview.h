/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What files of sites and of rooms would change. */

#include "collector/act/act_import_rooms.h"
#include "collector/act/preview.h"

/* What a struct sites_import and a struct rooms_import tell: to be called with the preview. */
void site_preview_note(struct preview *preview, const char *const *before,
		       const char *const *after);
void room_preview_note(struct preview *preview, enum import_act act, const char *site_code,
		       const struct site_room *before, const struct site_room *after);
