/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Composing, before a profile is published, what sites will be judged by, so that the
 * transaction that publishes it finds all of that and nobody waits for it.
 */

#include "collector/act/act_profile.h"
#include "collector/act/compose.h"

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

/*
 * The same of a smaller change, kept in memory until the transaction that makes it puts it into the
 * store: what else is needed by then is composed there. A change that cannot be made is not
 * prepared, and says so when it is made.
 */
struct prepared {
	struct prepared_document *documents;
	size_t n_documents;
	size_t bytes; /* of their texts */
};
void prepared_done(struct prepared *prepared);

/* Texts that are kept at most; a document is a few tens of kilobytes. */
#define PREPARED_BYTES_MAX ((size_t)16 * 1024 * 1024)
/* And documents. */
#define PREPARED_DOCUMENTS_MAX 256

/*
 * Compose what @audience would be judged by with @change, in a transaction of @reader, which the
 * caller began and gives up. prepared_done() *@ret_prepared, also on failure.
 */
struct prepare_of {
	const char *profile_id;
	const struct composer_change *change;
	const struct audience *audience;
};
int act_prepare_change(struct store *reader, const struct prepare_of *of,
		       struct prepared *ret_prepared, struct err *err) _must_check_;
int act_prepared_put(struct store *store, const char *profile_id, const struct prepared *prepared,
		     int64_t now_ms, struct err *err) _must_check_;

/*
 * Of what act_waive(), act_waiver_decide(), act_waiver_revoke(), act_supplement_publish() and
 * act_supplement_withdraw() will be asked: before their transaction, in one of @reader, which the
 * caller began and gives up. What they will refuse is refused here too, which changes nothing.
 * @waiver is made fit to be shown and gets its id. prepared_done() *@ret_prepared, also on failure.
 */
int act_waive_prepare(struct store *reader, struct waiver *waiver, int64_t now_ms,
		      struct prepared *ret_prepared, struct err *err) _must_check_;
int act_waiver_decide_prepare(struct store *reader, const struct waiver_act *act, int64_t now_ms,
			      struct prepared *ret_prepared, struct err *err) _must_check_;
int act_waiver_revoke_prepare(struct store *reader, const char *id, struct prepared *ret_prepared,
			      struct err *err) _must_check_;
int act_supplement_prepare(struct store *reader, const struct supplement *supplement,
			   struct prepared *ret_prepared, struct err *err) _must_check_;
int act_supplement_withdraw_prepare(struct store *reader, const char *profile_id,
				    const struct audience *audience, struct prepared *ret_prepared,
				    struct err *err) _must_check_;
