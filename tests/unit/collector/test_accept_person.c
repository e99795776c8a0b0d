/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/ingest/accept_person.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static void credentials_are_read(void **state)
{
	static const char body[] =
		"{\"login\":\"Ada\",\"password\":\" a\\tb \",\"code\":\"123456\"}";
	struct credentials credentials;
	char *pointer = NULL;

	(void)state;
	assert_int_equal(accept_credentials(CREDENTIALS_SIGN_IN, body, strlen(body), &credentials,
					    &pointer, NULL),
			 0);
	assert_string_equal(credentials.login, "Ada");
	/* A password is as it was typed. */
	assert_string_equal(credentials.password, " a\tb ");
	assert_string_equal(credentials.code, "123456");
	assert_null(credentials.name);
	assert_null(pointer);
	credentials_done(&credentials);
	assert_null(credentials.password);
}

static void credentials_that_are_not_whole_are_refused_without_the_password(void **state)
{
	/* clang-format off */
	static const struct {
		enum credentials_kind kind;
		const char *body, *pointer;
	} rows[] = {
		{ CREDENTIALS_SIGN_IN, "", NULL },
		{ CREDENTIALS_SIGN_IN, "[\"hunter2\"]", "" },
		{ CREDENTIALS_SIGN_IN, "{\"login\":\"a\"}", "/password" },
		{ CREDENTIALS_SIGN_IN, "{\"login\":\"a\",\"password\":[\"hunter2\"]}", "/password" },
		{ CREDENTIALS_SIGN_IN, "{\"login\":\"a\",\"password\":\"hunter2\",\"x\":1}", "" },
		{ CREDENTIALS_SIGN_IN, "{\"login\":\"a\",\"password\":\"hunter2\",\"code\":1}", "/code" },
		{ CREDENTIALS_SETUP, "{\"code\":\"a\",\"login\":\"b\",\"password\":\"hunter2\"}", "/name" },
		{ CREDENTIALS_INVITATION, "{\"code\":\"a\",\"login\":\"b\",\"password\":\"hunter2\"}", "" },
		{ CREDENTIALS_PASSWORD, "{\"old\":\"hunter2\"}", "/new" },
		{ CREDENTIALS_PASSWORD, "{\"old\":\"hunter2\",\"old\":\"hunter2\",\"new\":\"b\"}", NULL },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *pointer = NULL;
		struct credentials credentials = { 0 };
		struct err err = { 0 };
		int r = accept_credentials(rows[i].kind, rows[i].body, strlen(rows[i].body),
					   &credentials, &pointer, &err);

		assert_int_equal(r, -EINVAL);
		assert_null(strstr(err.text, "hunter2"));
		assert_null(credentials.password);
		if (!pointer != !rows[i].pointer ||
		    (pointer && strcmp(pointer, rows[i].pointer) != 0))
			fail_msg("row %zu: %s", i, pointer);
	}
}

static int accept(bool is_change, const char *body, struct accepted_person *ret_person,
		  char **ret_pointer)
{
	struct err err = { 0 };

	return accept_person(is_change, body, strlen(body), ret_person, ret_pointer, &err);
}

static void an_account_is_read_with_its_roles(void **state)
{
	struct accepted_person person;
	char *pointer = NULL;

	(void)state;
	assert_int_equal(
		accept(false,
		       "{\"login\":\"ada\",\"name\":\"Ada\",\"grants\":["
		       "{\"role\":\"viewer\",\"scope\":\"state\",\"code\":null},"
		       "{\"role\":\"viewer\",\"scope\":\"state\"},"
		       "{\"role\":\"site_coordinator\",\"scope\":\"site\",\"code\":\"0001\"}]}",
		       &person, &pointer),
		0);
	assert_string_equal(person.login, "ada");
	assert_int_equal(person.grants.n_grants, 2);
	assert_int_equal(person.grants.grants[1].role, PERSON_SITE_COORDINATOR);
	assert_string_equal(person.grants.grants[1].code, "0001");
	assert_string_equal(person.grants.grants[1].lea_code, "");
	assert_int_equal(person.is_disabled, -1);
	accepted_person_done(&person);
}

static void a_change_has_only_what_is_to_be_changed(void **state)
{
	struct accepted_person person;
	char *pointer = NULL;

	(void)state;
	assert_int_equal(accept(true, "{}", &person, &pointer), 0);
	assert_true(!person.name && !person.has_grants && person.is_disabled == -1);
	assert_int_equal(accept(true, "{\"is_disabled\":false,\"grants\":[]}", &person, &pointer),
			 0);
	assert_true(person.has_grants && person.grants.n_grants == 0 && person.is_disabled == 0);
	assert_int_equal(accept(true, "{\"is_disabled\":true}", &person, &pointer), 0);
	assert_int_equal(person.is_disabled, 1);
}

static void what_is_wrong_with_an_account_is_told_with_its_place(void **state)
{
#define ONE(grant) "{\"login\":\"ada\",\"name\":\"Ada\",\"grants\":[" grant "]}"
	/* clang-format off */
	static const struct {
		bool is_change;
		const char *body, *pointer;
	} rows[] = {
		{ false, "{\"login\":\"ada\",\"name\":\"Ada\"}", "/grants" },
		{ false, "{\"login\":\"ada\",\"name\":\"Ada\",\"grants\":[],\"is_disabled\":true}", "" },
		{ false, ONE("1"), "/grants/0" },
		{ false, ONE("{\"role\":\"boss\",\"scope\":\"state\"}"), "/grants/0/role" },
		{ false, ONE("{\"role\":\"viewer\",\"scope\":\"world\"}"), "/grants/0/scope" },
		{ false, ONE("{\"role\":\"viewer\",\"scope\":\"lea\"}"), "/grants/0/code" },
		{ false, ONE("{\"role\":\"viewer\",\"scope\":\"lea\",\"code\":\"\"}"), "/grants/0/code" },
		{ false, ONE("{\"role\":\"viewer\",\"scope\":\"lea\",\"code\":\"a,b\"}"), "/grants/0/code" },
		{ false, ONE("{\"role\":\"viewer\",\"scope\":\"lea\",\"code\":\"012345678901234567890123456789012\"}"), "/grants/0/code" },
		{ false, ONE("{\"role\":\"viewer\",\"scope\":\"state\",\"code\":\"1\"}"), "/grants/0/code" },
		{ false, ONE("{\"role\":\"admin\",\"scope\":\"lea\",\"code\":\"1\"}"), "/grants/0" },
		{ false, ONE("{\"role\":\"viewer\",\"scope\":\"state\",\"until\":1}"), "/grants/0" },
		{ true, "{\"login\":\"ada\"}", "" },
		{ true, "{\"is_disabled\":1}", "/is_disabled" },
		{ true, "{\"name\":null}", "/name" },
		{ true, "{\"grants\":{}}", "/grants" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *pointer = NULL;
		struct accepted_person person = { 0 };

		assert_int_equal(accept(rows[i].is_change, rows[i].body, &person, &pointer),
				 -EINVAL);
		assert_null(person.login);
		if (!pointer || strcmp(pointer, rows[i].pointer) != 0)
			fail_msg("row %zu: %s", i, pointer ? pointer : "none");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(credentials_are_read),
		cmocka_unit_test(credentials_that_are_not_whole_are_refused_without_the_password),
		cmocka_unit_test(an_account_is_read_with_its_roles),
		cmocka_unit_test(a_change_has_only_what_is_to_be_changed),
		cmocka_unit_test(what_is_wrong_with_an_account_is_told_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
