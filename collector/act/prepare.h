/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Composing, before a profile is published, what sites will be judged by, so that the
 * transaction that publishes it finds all of that and nobody waits for it.
 */

#include "collector/act/act_profile.h"

/* Documents that are written in one transaction; nobody waits for longer than that takes. */
#define PREPARE_DOCUMENTS_MAX 16

/*
 * Compose what each site would be judged by if @profile were published, and what LEAs and
 * sites ask whose window does not name it, as of one moment, and keep that in @store,
 * a few documents a transaction. Publishing composes again what is another by then. What is
 * left half done is gone on with: what was composed is not composed again. @reader is
 * another connection to the same store, read-only; both are outside of a transaction.
 * -EINVAL, -E2BIG: something in force does not fit it, as act_publish() will find.
 */
int act_prepare(struct store *reader, struct store *store, const struct profile *profile,
		int64_t now_ms, struct err *err) _must_check_;
