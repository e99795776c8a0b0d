/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether what is counted is what is there: the counts of each site against its devices, what
 * rows refer to without a foreign key, and stored facts against their hash. A site at a time, each
 * in a short transaction, so that it can be asked of a store that a collector serves from.
 */

#include <stdbool.h>
#include <stdint.h>

#include "collector/store/store.h"

/* Called for each thing that is wrong, a sentence that says where and what to do. */
typedef void verify_found(void *arg, const char *what);

struct verify {
	verify_found *found;
	void *arg;
	int64_t n_sites, n_devices; /* looked at */
};

/* Counts against devices, of every site; outside a transaction. */
int verify_counts(struct store *store, struct verify *verify, struct err *err) _must_check_;

/* What rows refer to: documents, sites, devices. */
int verify_references(struct store *store, struct verify *verify, struct err *err) _must_check_;

/*
 * The facts of every device against their hash, in short transactions. @is_repair: those that
 * are not what was stored are asked for anew when the device comes next; its results stay, and
 * it is unknown if it is judged again before.
 */
int verify_facts(struct store *store, bool is_repair, struct verify *verify,
		 struct err *err) _must_check_;

/*
 * The same as verify_counts(), and count anew where it differs; devices stay as they are.
 * What was found is told as it was before. A transaction for each site that differs.
 */
int verify_repair(struct store *store, struct verify *verify, struct err *err) _must_check_;
