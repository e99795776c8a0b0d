/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the collector remembers of itself: a few texts by name. */

#include "collector/store/store.h"

/* By which version of the judge the stored results are. */
#define SETTING_EVALUATOR "evaluator"
/* By which version of the composer the documents are that sites are judged by. */
#define SETTING_COMPOSER "composer"

/* Owned by the caller. -ENOENT: it was never set. */
int store_setting_get(struct store *store, const char *name, char **ret_value,
		      struct err *err) _must_check_;
int store_setting_put(struct store *store, const char *name, const char *value,
		      struct err *err) _must_check_;
