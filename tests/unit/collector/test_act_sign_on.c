/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is let in without a password of ours, and by whose word.
 */
#include "tests/unit/collector/school.h"

#include <errno.h>
#include <sodium.h>

#include "collector/act/act_account.h"
#include "collector/act/act_invite.h"
#include "collector/act/act_session.h"
#include "collector/act/act_sign_on.h"
#include "collector/store/store_audit.h"

#define ISSUER "https://login.example.org"

static const struct sign_on_from here = { "192.0.2.7", "Firefox" };

static int set_up(void **state)
{
	int r = sodium_init() < 0 ? -1 : school_setup(state);

	school_site(*state, SITE, NULL, NULL, NULL);
	return r;
}

static struct account_made add(struct school *school, const char *login, enum person_role role,
			       enum scope scope, const char *code)
{
	struct grants grants = { .n_grants = 1 };
	const struct account_request request = { login, "Name", &grants };
	struct account_made made;

	grants.grants[0] = (struct grant){ .role = role, .scope = scope };
	snprintf(grants.grants[0].code, sizeof(grants.grants[0].code), "%s", code);
	must(school, act_account_add(school->store, &actor_command_line, &request, school->now_ms,
				     &made, &school->err));
	return made;
}

static struct account_made add_viewer(struct school *school, const char *login)
{
	return add(school, login, PERSON_VIEWER, SCOPE_SITE, SITE);
}

static void allow(struct school *school, const struct account_made *made, const char *name)
{
	must(school, act_sign_on_allow(school->store, &actor_command_line, made->id, name,
				       school->now_ms, &school->err));
}

static enum sign_in_outcome by_proxy(struct school *school, const char *login)
{
	struct signed_in signed_in;

	must(school, act_sign_on_login(school->store, &here, login, school->now_ms, &signed_in,
				       &school->err));
	return signed_in.outcome;
}

static bool two_factors; /* that the provider says were shown */

/* Each sign-in has a state of its own. */
static enum sign_in_outcome by_provider(struct school *school, const char *subject,
					const char *mail, const char *name,
					struct signed_in *ret_signed_in)
{
	static int n;
	char state[16];
	const struct sign_on_person person = {
		ISSUER, subject, { mail, name }, state, two_factors
	};

	snprintf(state, sizeof(state), "%d", ++n);
	must(school, act_sign_on_person(school->store, &here, &person, school->now_ms,
					ret_signed_in, &school->err));
	return ret_signed_in->outcome;
}

static void disable(struct school *school, const struct account_made *made)
{
	const struct account_change change = { .id = made->id, .is_disabled = 1 };

	must(school, act_account_change(school->store, &actor_command_line, &change, school->now_ms,
					&school->err));
}

static void a_login_that_a_proxy_names_is_let_in_if_there_is_such_an_account(void **state)
{
	struct school *school = *state;

	add_viewer(school, "rosa");
	assert_int_equal(by_proxy(school, "Rosa"), SIGN_IN_DONE);
	assert_int_equal(by_proxy(school, "ada"), SIGN_IN_REFUSED);
	assert_int_equal(by_proxy(school, "rosa lee"), SIGN_IN_REFUSED);
	assert_int_equal(by_proxy(school, ""), SIGN_IN_REFUSED);
}

static void whoever_is_let_in_has_a_session(void **state)
{
	struct school *school = *state;
	struct account_made made = add_viewer(school, "rosa");
	_cleanup_(account_done) struct account account = { 0 };
	struct signed_in signed_in;
	struct session session;
	char hash[HASH_SIZE];

	must(school, act_sign_on_login(school->store, &here, "rosa", school->now_ms, &signed_in,
				       &school->err));
	hash_hex(signed_in.session, strlen(signed_in.session), hash);
	must(school, act_session_find(school->store, hash, school->now_ms, &session, &account,
				      &school->err));
	assert_string_equal(account.id, made.id);
	assert_string_equal(signed_in.account_id, made.id);
}

static void an_account_that_is_disabled_or_expired_stays_out(void **state)
{
	struct school *school = *state;
	struct account_made rosa = add_viewer(school, "rosa");
	struct signed_in signed_in;

	allow(school, &rosa, "rosa@example.org");
	by_provider(school, "1", "rosa@example.org", NULL, &signed_in);
	disable(school, &rosa);
	assert_int_equal(by_proxy(school, "rosa"), SIGN_IN_DISABLED);
	assert_int_equal(by_provider(school, "1", NULL, NULL, &signed_in), SIGN_IN_DISABLED);
	assert_string_equal(signed_in.session, "");
	add_viewer(school, "ada");
	school->now_ms += 730 * DAY_MS;
	assert_int_equal(by_proxy(school, "ada"), SIGN_IN_EXPIRED);
}

static void nobody_is_bound_by_a_name_that_no_admin_allowed(void **state)
{
	struct school *school = *state;
	struct signed_in signed_in;

	add_viewer(school, "rosa@example.org");
	assert_int_equal(
		by_provider(school, "1", "rosa@example.org", "rosa@example.org", &signed_in),
		SIGN_IN_REFUSED);
	assert_int_equal(by_provider(school, "1", "", "", &signed_in), SIGN_IN_REFUSED);
}

static void a_name_binds_once_and_then_the_subject_counts(void **state)
{
	struct school *school = *state;
	struct account_made made = add_viewer(school, "rosa");
	struct signed_in signed_in;

	allow(school, &made, "Rosa@Example.org");
	assert_int_equal(by_provider(school, "1", NULL, "rosa@example.ORG", &signed_in),
			 SIGN_IN_DONE);
	assert_string_equal(signed_in.account_id, made.id);
	assert_int_equal(by_provider(school, "1", NULL, NULL, &signed_in), SIGN_IN_DONE);
	/* The name was given to somebody else. */
	assert_int_equal(by_provider(school, "2", "rosa@example.org", NULL, &signed_in),
			 SIGN_IN_REFUSED);
}

static void a_subject_is_one_of_its_issuer(void **state)
{
	struct school *school = *state;
	struct account_made made = add_viewer(school, "rosa");
	const struct sign_on_person other = { .issuer = "https://elsewhere.example.org",
					      .subject = "1",
					      .state_hash = "s" };
	struct signed_in signed_in;

	allow(school, &made, "rosa");
	by_provider(school, "1", NULL, "rosa", &signed_in);
	must(school, act_sign_on_person(school->store, &here, &other, school->now_ms, &signed_in,
					&school->err));
	assert_int_equal(signed_in.outcome, SIGN_IN_REFUSED);
}

static void a_person_whom_two_accounts_await_is_neither(void **state)
{
	struct school *school = *state;
	struct account_made rosa = add_viewer(school, "rosa"), ada = add_viewer(school, "ada");
	struct signed_in signed_in;

	allow(school, &rosa, "rosa@example.org");
	allow(school, &ada, "ada");
	assert_int_equal(by_provider(school, "1", "rosa@example.org", "ada", &signed_in),
			 SIGN_IN_REFUSED);
	allow(school, &ada, "");
	assert_int_equal(by_provider(school, "1", "rosa@example.org", "ada", &signed_in),
			 SIGN_IN_DONE);
}

static void a_sign_in_that_came_back_does_not_come_back_again(void **state)
{
	struct school *school = *state;
	struct account_made made = add_viewer(school, "rosa");
	const struct sign_on_person person = {
		.issuer = ISSUER, .subject = "1", .names = { "rosa" }, .state_hash = "the same"
	};
	struct signed_in signed_in;

	allow(school, &made, "rosa");
	must(school, act_sign_on_person(school->store, &here, &person, school->now_ms, &signed_in,
					&school->err));
	assert_int_equal(signed_in.outcome, SIGN_IN_DONE);
	assert_int_equal(act_sign_on_person(school->store, &here, &person, school->now_ms,
					    &signed_in, &school->err),
			 -EALREADY);
	assert_non_null(strstr(school->err.text, "begin again"));
}

static void another_name_ends_what_the_account_was_bound_to(void **state)
{
	struct school *school = *state;
	struct account_made made = add_viewer(school, "rosa");
	struct signed_in signed_in;

	allow(school, &made, "rosa");
	by_provider(school, "1", NULL, "rosa", &signed_in);
	allow(school, &made, "");
	assert_int_equal(by_provider(school, "1", NULL, "rosa", &signed_in), SIGN_IN_REFUSED);
}

static void a_second_factor_here_is_not_got_around_by_one_factor_there(void **state)
{
	struct school *school = *state;
	struct account_made made = add_viewer(school, "rosa");
	struct signed_in signed_in;

	allow(school, &made, "rosa");
	must(school, store_account_set_totp(school->store, made.id, "sealed", 0, &school->err));
	assert_int_equal(by_provider(school, "1", NULL, "rosa", &signed_in), SIGN_IN_NEEDS_CODE);
	assert_string_equal(signed_in.session, "");
	/* Nor is the account bound: whoever shows both first is it. */
	two_factors = true;
	assert_int_equal(by_provider(school, "2", NULL, "rosa", &signed_in), SIGN_IN_DONE);
	two_factors = false;
	assert_int_equal(by_provider(school, "2", NULL, NULL, &signed_in), SIGN_IN_NEEDS_CODE);
	assert_int_equal(by_provider(school, "1", NULL, "rosa", &signed_in), SIGN_IN_REFUSED);
}

static void last_act_is(struct school *school, const char *act, const char *name)
{
	_cleanup_(audit_entry_done) struct audit_entry entry = { 0 };

	must(school, store_audit_last(school->store, &entry, &school->err));
	assert_string_equal(entry.act, act);
	assert_non_null(strstr(entry.after, name));
}

static void who_allowed_it_and_who_came_is_in_the_audit_log(void **state)
{
	struct school *school = *state;
	struct account_made made = add_viewer(school, "rosa");
	struct signed_in signed_in;

	allow(school, &made, "rosa@example.org");
	last_act_is(school, "sign_on_allowed", "rosa@example.org");
	by_provider(school, "1", "rosa@example.org", NULL, &signed_in);
	last_act_is(school, "signed_in", "rosa");
}

static void a_name_is_awaited_by_one_account(void **state)
{
	struct school *school = *state;
	struct account_made rosa = add_viewer(school, "rosa"), ada = add_viewer(school, "ada");

	allow(school, &rosa, "x@example.org");
	allow(school, &rosa, "x@example.org");
	assert_int_equal(act_sign_on_allow(school->store, &actor_command_line, ada.id,
					   "X@example.org", school->now_ms, &school->err),
			 -EALREADY);
	assert_non_null(strstr(school->err.text, "x@example.org"));
}

static void a_name_is_what_a_provider_could_call_somebody(void **state)
{
	struct school *school = *state;
	struct account_made made = add_viewer(school, "rosa");
	char longest[SIGN_ON_NAME_MAX + 2];
	const char *const names[] = { "two words", "tab\there", "line\n", "\xff", longest };

	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(act_sign_on_allow(school->store, &actor_command_line, made.id,
						   names[i], school->now_ms, &school->err),
				 -EINVAL);
	longest[SIGN_ON_NAME_MAX] = '\0';
	allow(school, &made, longest);
}

static void only_those_who_may_change_an_account_say_who_it_is(void **state)
{
	struct school *school = *state;
	struct account_made admin = add(school, "ada", PERSON_ADMIN, SCOPE_STATE, "");
	struct grants viewer = { .n_grants = 1,
				 .grants[0] = { .role = PERSON_VIEWER, .scope = SCOPE_STATE } };
	const struct actor actor = { "Somebody", "", "", &viewer };

	assert_in_set(-act_sign_on_allow(school->store, &actor, admin.id, "me", school->now_ms,
					 &school->err),
		      ((const LargestIntegralType[]){ EPERM, ENOENT }), 2);
	assert_int_equal(act_sign_on_allow(school->store, &actor_command_line, "0", "me",
					   school->now_ms, &school->err),
			 -ENOENT);
}

/* Somebody with a session left open, or a token, would come again whenever they like. */
static void nobody_says_so_of_their_own_account(void **state)
{
	struct school *school = *state;
	struct account_made made = add(school, "ada", PERSON_ADMIN, SCOPE_STATE, "");
	const struct actor ada = { "Ada", made.id, "", &access_everything };

	assert_int_equal(
		act_sign_on_allow(school->store, &ada, made.id, "me", school->now_ms, &school->err),
		-EPERM);
	assert_non_null(strstr(school->err.text, "own account"));
}

static void change(struct school *school, const char *id, const struct account_change *what)
{
	struct account_change change = *what;

	change.id = id;
	must(school, act_account_change(school->store, &actor_command_line, &change, school->now_ms,
					&school->err));
}

/* Whoever named the name could not have given the role, and would choose who gets it. */
static void a_name_ends_once_its_account_may_more_than_when_it_was_named(void **state)
{
	struct school *school = *state;
	struct account_made made = add_viewer(school, "rosa");
	struct grants less = { 0 };
	struct signed_in signed_in;

	allow(school, &made, "rosa");
	change(school, made.id, &(struct account_change){ .grants = &less, .is_disabled = -1 });
	assert_int_equal(by_provider(school, "1", NULL, "rosa", &signed_in), SIGN_IN_DONE);
	allow(school, &made, "rosa");
	change(school, made.id,
	       &(struct account_change){ .grants = &access_everything, .is_disabled = -1 });
	assert_int_equal(by_provider(school, "2", NULL, "rosa", &signed_in), SIGN_IN_REFUSED);
}

static void an_account_that_cannot_be_used_is_bound_to_nobody(void **state)
{
	struct school *school = *state;
	struct account_made rosa = add_viewer(school, "rosa"), ada = add_viewer(school, "ada");
	struct signed_in signed_in;

	allow(school, &rosa, "rosa");
	allow(school, &ada, "ada");
	change(school, rosa.id, &(struct account_change){ .is_disabled = 1 });
	assert_int_equal(by_provider(school, "1", NULL, "rosa", &signed_in), SIGN_IN_REFUSED);
	change(school, rosa.id, &(struct account_change){ .is_disabled = 0 });
	assert_int_equal(by_provider(school, "1", NULL, "rosa", &signed_in), SIGN_IN_REFUSED);
	school->now_ms += 730 * DAY_MS;
	assert_int_equal(by_provider(school, "2", NULL, "ada", &signed_in), SIGN_IN_EXPIRED);
	must(school, act_account_renew(school->store, &actor_command_line, ada.id, school->now_ms,
				       &school->err));
	/* The name may be another's by now: still awaited, it binds who comes first from now on. */
	assert_int_equal(by_provider(school, "3", NULL, "ada", &signed_in), SIGN_IN_DONE);
	assert_int_equal(by_provider(school, "2", NULL, NULL, &signed_in), SIGN_IN_REFUSED);
}

static void who_came_needs_the_invitation_no_more_and_nobody_else_uses_it(void **state)
{
	struct school *school = *state;
	struct account_made made = add_viewer(school, "rosa");
	const struct invitation_answer answer = { made.invitation, "hash", "" };
	struct signed_in signed_in;

	allow(school, &made, "rosa");
	by_provider(school, "1", NULL, "rosa", &signed_in);
	assert_int_equal(act_invitation_use(school->store, &answer, school->now_ms, &school->err),
			 -EACCES);
}

static void whoever_it_was_bound_to_is_signed_out(void **state)
{
	struct school *school = *state;
	struct account_made made = add_viewer(school, "rosa");
	struct signed_in signed_in;

	allow(school, &made, "rosa");
	by_provider(school, "1", NULL, "rosa", &signed_in);
	assert_int_equal(school_number(school, "SELECT count(*) FROM session"), 1);
	allow(school, &made, "");
	assert_int_equal(school_number(school, "SELECT count(*) FROM session"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, school_teardown)
		TEST(a_login_that_a_proxy_names_is_let_in_if_there_is_such_an_account),
		TEST(whoever_is_let_in_has_a_session),
		TEST(an_account_that_is_disabled_or_expired_stays_out),
		TEST(nobody_is_bound_by_a_name_that_no_admin_allowed),
		TEST(a_name_binds_once_and_then_the_subject_counts),
		TEST(a_subject_is_one_of_its_issuer),
		TEST(a_person_whom_two_accounts_await_is_neither),
		TEST(a_sign_in_that_came_back_does_not_come_back_again),
		TEST(another_name_ends_what_the_account_was_bound_to),
		TEST(a_second_factor_here_is_not_got_around_by_one_factor_there),
		TEST(who_allowed_it_and_who_came_is_in_the_audit_log),
		TEST(a_name_is_awaited_by_one_account),
		TEST(a_name_is_what_a_provider_could_call_somebody),
		TEST(only_those_who_may_change_an_account_say_who_it_is),
		TEST(nobody_says_so_of_their_own_account),
		TEST(a_name_ends_once_its_account_may_more_than_when_it_was_named),
		TEST(an_account_that_cannot_be_used_is_bound_to_nobody),
		TEST(who_came_needs_the_invitation_no_more_and_nobody_else_uses_it),
		TEST(whoever_it_was_bound_to_is_signed_out),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
