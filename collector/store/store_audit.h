/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The audit log: rows are added, never changed and never deleted. */

#include <stddef.h>
#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/id.h"

/* A row of audit. Texts are owned by it; audit_entry_done() frees them. */
struct audit_entry {
	int64_t number;
	int64_t at_ms;
	char *who;
	char *account_id;
	char *network;
	char *act;
	char *object;
	char *lea_code;
	char *site_code;
	char *before; /* canonical JSON, or "" */
	char *after;
	char hash[HASH_SIZE];
};
void audit_entry_done(struct audit_entry *entry);

struct audit_list {
	struct audit_entry *entries;
	size_t n_entries;
};
void audit_list_done(struct audit_list *list);

/* The newest; number 0 and hash "" where there is none. audit_entry_done() *@ret_entry. */
int store_audit_last(struct store *store, struct audit_entry *ret_entry,
		     struct err *err) _must_check_;
int store_audit_add(struct store *store, const struct audit_entry *entry,
		    struct err *err) _must_check_;
/* NULL or 0 where it does not matter. The newest first, at most @limit, before number @before. */
struct audit_query {
	const char *act;
	const char *object;
	const char *account_id;
	const char
		*lea_codes; /* of these LEAs only, as " LUSD PUSD "; NULL: of all and the state */
	int64_t from_ms;
	int64_t until_ms;
	int64_t before; /* 0: from the newest */
	size_t limit;
};
int store_audit_list(struct store *store, const struct audit_query *query,
		     struct audit_list *ret_list, struct err *err) _must_check_;
/* Each in the order of its number from @from on, until @each returns something else than 0. */
int store_audit_each(struct store *store, int64_t from,
		     int (*each)(void *arg, const struct audit_entry *entry, struct err *err),
		     void *arg, struct err *err) _must_check_;
