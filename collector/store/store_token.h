/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* API tokens, in force and over. A token is never stored, only its hash; no row is deleted. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/domain/access.h"
#include "collector/domain/token.h"
#include "collector/store/store.h"
#include "common/base/id.h"

/* A row of api_token. api_token_done() frees the texts. */
struct api_token {
	char id[ID_SIZE];
	char *name;
	char account_id[ID_SIZE]; /* whose it is; "": nobody's */
	char *owner;              /* the login of that account; "" */
	struct grant grant;       /* at most; with the LEA of its site */
	struct token_life life;
	int64_t created_ms;
	char *created_by;
	int64_t used_ms; /* to the hour; 0: never */
	char *revoked_by;
};
void api_token_done(struct api_token *token);

struct api_token_list {
	struct api_token *tokens;
	size_t n_tokens;
};
void api_token_list_done(struct api_token_list *list);

/* Of @token what is known when it is made. */
int store_token_put(struct store *store, const char *token_hash, const struct api_token *token,
		    struct err *err) _must_check_;
/* -ENOENT: there is none. api_token_done() *@ret_token. */
int store_token_get(struct store *store, const char *id, struct api_token *ret_token,
		    struct err *err) _must_check_;
int store_token_by_hash(struct store *store, const char *token_hash, struct api_token *ret_token,
			struct err *err) _must_check_;
int store_token_revoke(struct store *store, const char *id, const char *who, int64_t now_ms,
		       struct err *err) _must_check_;
/* It was used at @now_ms, which is kept to the hour. */
int store_token_note_use(struct store *store, const char *token_hash, int64_t now_ms,
			 struct err *err) _must_check_;
/* How many of an account ("": of nobody's) are neither revoked nor over at @now_ms. */
int store_token_count(struct store *store, const char *account_id, int64_t now_ms, int64_t *ret_n,
		      struct err *err) _must_check_;

/* The oldest first, after (@after_ms, @after_id), at most @limit. */
struct api_token_query {
	int64_t good_at_ms; /* only those that are neither revoked nor over then; 0: all */
	int64_t after_ms;
	const char *after_id; /* NULL: from the start */
	size_t limit;
};
int store_token_list(struct store *store, const struct api_token_query *query,
		     struct api_token_list *ret_list, struct err *err) _must_check_;
