/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Accounts of people, their grants, and the links with which they get a password. No rules:
 * those are in collector/act/act_account.h and act_invite.h.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "collector/domain/access.h"
#include "collector/store/store.h"
#include "common/base/id.h"

/* A row of account with its grants. account_done() frees the texts. */
struct account {
	char id[ID_SIZE];
	char *login; /* lower case */
	char *name;
	char *subject;       /* at an identity provider, "ISSUER SUBJECT"; NULL: none */
	char *awaited_name;  /* that binds it to a subject; "": nobody is awaited */
	char *password;      /* hash, as libsodium writes it; "": none yet */
	int64_t password_ms; /* when it was set; 0: never */
	char *totp_secret;   /* sealed; "": no second factor */
	int64_t totp_step;   /* the last that was used */
	int32_t good_until;  /* the last day */
	bool is_disabled;
	int64_t created_ms;
	char *created_by;
	int64_t used_ms; /* to the hour; 0: never */
	struct grants grants;
};
void account_done(struct account *account);

/* What people may change of it, without secrets: for the audit log. */
json_t *account_json(const struct account *account);
/* The same as a text that is another once it was changed. */
#define ACCOUNT_VERSION_SIZE 17
void account_version(const struct account *account, char ret_version[static ACCOUNT_VERSION_SIZE]);

struct account_list {
	struct account *accounts;
	size_t n_accounts;
};
void account_list_done(struct account_list *list);

/* account_done() *@ret_account. -ENOENT: there is none. */
int store_account_get(struct store *store, const char *id, struct account *ret_account,
		      struct err *err) _must_check_;
/* @login in lower case. */
int store_account_by_login(struct store *store, const char *login, struct account *ret_account,
			   struct err *err) _must_check_;

/* Which accounts; in the order of their logins. NULL or 0 where it does not matter. */
struct account_query {
	const char *after; /* the login of the last that was seen */
	/*
	 * Codes of LEAs between commas, as in ",00,01,": those who have a grant of
	 * one of these LEAs or of a site there.
	 */
	const char *leas;
	const char *role;  /* with a grant of this role */
	const char *scope; /* with a grant at this scope */
	const char *code;  /* with a grant of this LEA or site */
	bool has_second_factor;
	size_t limit;
};
int store_account_list(struct store *store, const struct account_query *query,
		       struct account_list *ret_list, struct err *err) _must_check_;

/* How many there are. */
int store_account_count(struct store *store, int64_t *ret_n, struct err *err) _must_check_;
/* How many there are beside @id that can sign in on @today with a grant of @role. */
int store_account_others(struct store *store, const char *id, enum person_role role, int32_t today,
			 int64_t *ret_n, struct err *err) _must_check_;

/* A new row with its grants. -EEXIST: the login is taken. */
int store_account_put(struct store *store, const struct account *account,
		      struct err *err) _must_check_;
/* Its name, good_until, is_disabled and grants. -ENOENT: there is none. */
int store_account_change(struct store *store, const struct account *account,
			 struct err *err) _must_check_;
int store_account_set_password(struct store *store, const char *id, const char *password,
			       int64_t now_ms, struct err *err) _must_check_;
/* @secret sealed, "" for none; @step: the last that was used. */
int store_account_set_totp(struct store *store, const char *id, const char *secret, int64_t step,
			   struct err *err) _must_check_;
/* It was used at @now_ms, which is kept to the hour. */
int store_account_note_use(struct store *store, const char *id, int64_t now_ms,
			   struct err *err) _must_check_;

/* A link with which an account gets its password. */
struct invitation {
	char token_hash[HASH_SIZE];
	char account_id[ID_SIZE]; /* "": makes the first admin */
	int64_t created_ms;
	const char *created_by; /* borrowed; NULL when it was read */
	int64_t expires_ms;
};
int store_invitation_put(struct store *store, const struct invitation *invitation,
			 struct err *err) _must_check_;
int store_invitation_get(struct store *store, const char *token_hash,
			 struct invitation *ret_invitation, struct err *err) _must_check_;
/* Those that are over at @now_ms, of anybody. */
int store_invitation_forget(struct store *store, int64_t now_ms, struct err *err) _must_check_;
/* All of an account; "": those that make the first admin. */
int store_invitation_delete(struct store *store, const char *account_id,
			    struct err *err) _must_check_;
