/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What an inventory would change. */

#include "collector/act/act_import.h"
#include "collector/act/preview.h"

/* What to give to inventory_import_watch(); valid as long as @preview. */
struct import_watch inventory_preview_watch(struct preview *preview);
