/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Accounts as an identity provider knows them, and sign-ins that came back from there. No rules:
 * those are in collector/act/act_sign_on.h.
 */

#include <stdint.h>

#include "collector/store/store_account.h"

/* @subject: "ISSUER SUBJECT". account_done() *@ret_account. -ENOENT: it is bound to no account. */
int store_sign_on_by_subject(struct store *store, const char *subject, struct account *ret_account,
			     struct err *err) _must_check_;
/* The account that awaits @name, in lower case. -ENOENT: none does. */
int store_sign_on_by_name(struct store *store, const char *name, struct account *ret_account,
			  struct err *err) _must_check_;
/* What the account @id awaits: owned by the caller, "" where it awaits nobody. */
int store_sign_on_awaited(struct store *store, const char *id, char **ret_name,
			  struct err *err) _must_check_;

/* The account @id awaits @name, or nobody where it is ""; it is bound to no subject any more. */
int store_sign_on_await(struct store *store, const char *id, const char *name,
			struct err *err) _must_check_;
/* The account @id awaits nobody any more; what it is bound to stays. */
int store_sign_on_await_nobody(struct store *store, const char *id, struct err *err) _must_check_;
/* The account @id is bound to @subject and awaits nobody. */
int store_sign_on_bind(struct store *store, const char *id, const char *subject,
		       struct err *err) _must_check_;

/* Note that a sign-in came back. -EEXIST: it did before. */
int store_sign_on_use(struct store *store, const char *state_hash, int64_t now_ms,
		      struct err *err) _must_check_;
/* Forget those that came back before @before_ms. */
int store_sign_on_forget(struct store *store, int64_t before_ms, struct err *err) _must_check_;
