/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act_audit.h"
#include "collector/act/audit_chain.h"

struct walk {
	struct audit_chain chain;
	const char *noted;
};

static int look(void *arg, const struct audit_entry *entry, struct err *err)
{
	struct walk *walk = arg;
	struct audit_chain *chain = &walk->chain;
	char hash[HASH_SIZE];

	if (entry->number != chain->n_entries + 1)
		return err_set(err, -EUCLEAN,
			       "the audit log has no entry %" PRId64
			       ": what was there was deleted, "
			       "or its number changed",
			       chain->n_entries + 1);
	audit_hash(chain->newest, entry, hash);
	if (strcmp(hash, entry->hash) != 0)
		return err_set(err, -EUCLEAN,
			       "entry %" PRId64
			       " of the audit log is not as it was written: it, or "
			       "its place, was changed; the %" PRId64 " before it are whole",
			       entry->number, chain->n_entries);
	if (chain->n_entries == 0)
		chain->first_ms = entry->at_ms;
	chain->last_ms = entry->at_ms;
	chain->n_entries++;
	snprintf(chain->newest, sizeof(chain->newest), "%s", hash);
	if (walk->noted && strcmp(hash, walk->noted) == 0)
		chain->has_noted = true;
	return 0;
}

int audit_chain_check(struct store *store, const char *noted, struct audit_chain *ret_chain,
		      struct err *err)
{
	struct walk walk = { .noted = noted };
	int r = store_audit_each(store, INT64_MIN, look, &walk, err);

	*ret_chain = walk.chain;
	if (r >= 0 && noted && !walk.chain.has_noted)
		r = err_set(err, -EUCLEAN,
			    "no entry of the audit log has the hash %.12s… that was noted: the log "
			    "was cut off before it, or written anew",
			    noted);
	return r;
}
