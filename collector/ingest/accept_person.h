/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What people send to sign in and to change accounts, checked wholly before anything is done with
 * it. PURE. Whether logins, names and passwords are as they have to be is for those who use them.
 */

#include <stdbool.h>
#include <stddef.h>

#include "collector/domain/access.h"
#include "common/base/base.h"
#include "common/base/err.h"

/* Which body it is, and so which members it has. */
enum credentials_kind {
	CREDENTIALS_SIGN_IN,      /* login, password, code (may be left out) */
	CREDENTIALS_SETUP,        /* code, login, name, password */
	CREDENTIALS_INVITATION,   /* code, password */
	CREDENTIALS_PASSWORD,     /* old, new */
	CREDENTIALS_CODE,         /* code */
	CREDENTIALS_OWN_PASSWORD, /* password */
	CREDENTIALS_MAX_,
};

/* Texts are owned; NULL: the body has no such member. */
struct credentials {
	char *login;
	char *name;
	char *code;
	char *password;     /* "old" where it is changed */
	char *new_password; /* "new" */
};
void credentials_done(struct credentials *credentials);

/*
 * On success credentials_done() *@ret_credentials.
 * -EINVAL, -E2BIG: @err has the place and what is wrong, never a password; *@ret_pointer is the
 * JSON pointer of the place (owned by the caller; NULL where the body is not JSON).
 */
int accept_credentials(enum credentials_kind kind, const char *body, size_t len,
		       struct credentials *ret_credentials, char **ret_pointer,
		       struct err *err) _must_check_;

struct accepted_person {
	char *login; /* NULL: not there */
	char *name;
	bool has_grants;
	struct grants grants; /* whose lea_code is not known here */
	int is_disabled;      /* -1: not there */
};
void accepted_person_done(struct accepted_person *person);

/*
 * The same for a new account, {"login", "name", "grants"}, or, where @is_change, for what is to be
 * changed of one: any of {"name", "grants", "is_disabled"}. A grant is
 * {"role", "scope", "code"}; for the whole state the code is null or left out.
 */
int accept_person(bool is_change, const char *body, size_t len, struct accepted_person *ret_person,
		  char **ret_pointer, struct err *err) _must_check_;

/* The same for {"lea"}, everybody of which is to be renewed; the code is as long as they are. */
int accept_renewal(const char *body, size_t len, char ret_lea_code[static ACCESS_CODE_SIZE],
		   char **ret_pointer, struct err *err) _must_check_;
