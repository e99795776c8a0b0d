/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether the audit log is as it was written. What nobody can tell from the log alone is that
 * its end was cut off, or all of it written anew: for that, the newest hash is noted elsewhere
 * now and then, and given here.
 */

#include "collector/store/store_audit.h"

struct audit_chain {
	int64_t n_entries;
	int64_t first_ms, last_ms;
	char newest[HASH_SIZE]; /* "": there are no entries */
	bool has_noted;         /* a hash that was asked for is in it */
};

/*
 * Read all entries, one at a time, and compare. @noted: a hash that has to be among them, or NULL.
 * -EUCLEAN: @err names the first entry that is not as it was written, or says that the noted
 * hash is not there; *@ret_chain is then of what was read before.
 */
int audit_chain_check(struct store *store, const char *noted, struct audit_chain *ret_chain,
		      struct err *err) _must_check_;
