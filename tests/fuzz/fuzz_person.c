/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies with which people sign in and change accounts; the first byte says which. What is taken
 * is within its bounds; what is refused has a sentence and nothing of it stays.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/login_name.h"
#include "collector/domain/password_rule.h"
#include "collector/ingest/accept_person.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int is_true)
{
	if (!is_true)
		abort();
}

static void look_at_credentials(enum credentials_kind kind, const char *body, size_t len)
{
	_cleanup_(credentials_done) struct credentials credentials = { 0 };
	_cleanup_free_ char *pointer = NULL;
	char login[LOGIN_NAME_SIZE];
	struct err err = { 0 };

	if (accept_credentials(kind, body, len, &credentials, &pointer, &err) < 0) {
		check(err.text[0] && !credentials.password && !credentials.login);
		return;
	}
	check(!pointer && (credentials.password || kind == CREDENTIALS_CODE));
	check(!credentials.password || strlen(credentials.password) <= PASSWORD_BYTES_MAX);
	if (credentials.login && credentials.password &&
	    login_name_read(credentials.login, login, NULL) >= 0)
		(void)!password_rule_check(credentials.password, login, NULL);
}

static void look_at_person(bool is_change, const char *body, size_t len)
{
	_cleanup_(accepted_person_done) struct accepted_person person = { 0 };
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	if (accept_person(is_change, body, len, &person, &pointer, &err) < 0) {
		check(err.text[0] && !person.login && !person.name);
		return;
	}
	check(!pointer && (is_change ? !person.login : person.login && person.has_grants));
	check(person.grants.n_grants <= ACCESS_GRANTS_MAX);
	for (size_t i = 0; i < person.grants.n_grants; i++) {
		const struct grant *grant = &person.grants.grants[i];

		check(access_role_fits(grant->role, grant->scope));
		check((grant->scope == SCOPE_STATE) == (grant->code[0] == '\0'));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *body = (const char *)data + 1;

	if (size == 0)
		return 0;
	if (data[0] % 16 < CREDENTIALS_MAX_)
		look_at_credentials((enum credentials_kind)(data[0] % 16), body, size - 1);
	else
		look_at_person(data[0] % 2, body, size - 1);
	return 0;
}
