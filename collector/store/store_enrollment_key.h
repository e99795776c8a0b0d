/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

#include "collector/domain/access.h"
#include "collector/store/store.h"
#include "common/base/id.h"

#define SITE_CODE_SIZE 33

struct enrollment_key {
	char site_code[SITE_CODE_SIZE];
	int64_t created_ms;
	int64_t expires_ms;
	int64_t uses_left;  /* negative: not limited in number */
	int64_t revoked_ms; /* 0: it is not */
};

struct enrollment_key_row {
	char key_hash[HASH_SIZE];
	struct enrollment_key key;
};
struct enrollment_key_list {
	struct enrollment_key_row *rows;
	size_t n_rows;
};

/* -ENOENT: no such key. */
int store_enrollment_key_get(struct store *store, const char *key_hash,
			     struct enrollment_key *ret_key, struct err *err) _must_check_;
int store_enrollment_key_put(struct store *store, const char *key_hash,
			     const struct enrollment_key *key, struct err *err) _must_check_;
/* One use less. Returns 1, or 0: none was left. */
int store_enrollment_key_use(struct store *store, const char *key_hash,
			     struct err *err) _must_check_;
/* Good for nothing from @now_ms on. */
int store_enrollment_key_revoke(struct store *store, const char *key_hash, int64_t now_ms,
				struct err *err) _must_check_;

/*
 * The keys of @site_code, or of all sites if NULL, whose hash begins with
 * @hash_prefix ("": any); at most @limit, by site, the newest first.
 */
int store_enrollment_key_list(struct store *store, const char *site_code, const char *hash_prefix,
			      size_t limit, struct enrollment_key_list *ret_list,
			      struct err *err) _must_check_;

/* Which keys; the newest first. */
struct enrollment_key_query {
	const char *site_code;     /* NULL: of any site */
	const struct sight *sight; /* only of these sites */
	int64_t good_at_ms;        /* only those that can be used then; 0: all */
	int64_t before_ms;         /* of the last that was seen */
	const char *before_hash;   /* its hash; NULL: from the newest */
	size_t limit;
};
int store_enrollment_key_page(struct store *store, const struct enrollment_key_query *query,
			      struct enrollment_key_list *ret_list, struct err *err) _must_check_;
void enrollment_key_list_done(struct enrollment_key_list *list);
