/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/act/act_token.h"
#include "collector/domain/renewal.h"
#include "collector/store/store_account.h"
#include "tests/unit/collector/school.h"

static const struct place own_site = { SCOPE_SITE, "00", SITE };
static const struct place other_site = { SCOPE_SITE, "00", "0002" };

static struct grant grant_of(enum person_role role, enum scope scope, const char *code)
{
	struct grant grant = { .role = role, .scope = scope };

	snprintf(grant.code, sizeof(grant.code), "%s", code);
	return grant;
}

/* An account with one grant, which is good for 100 days. */
static void hire(struct school *school, struct account *account, const struct grant *grant)
{
	*account = (struct account){
		.login = xstrdup("akim"),
		.name = xstrdup("Ada Kim"),
		.password = xstrdup(""),
		.good_until = renewal_day(school->now_ms) + 100,
		.created_by = xstrdup("test"),
		.grants = { .grants = { *grant }, .n_grants = 1 },
	};
	id_new(account->id);
	must(school, store_account_put(school->store, account, &school->err));
}

static struct actor actor_of(const struct account *account)
{
	return (struct actor){ "Ada Kim (akim)", account->id, "", &account->grants };
}

static int add(struct school *school, const struct actor *actor, const struct grant *grant,
	       int64_t days, struct token_made *made)
{
	const struct token_request request = { " nightly \x01 export ", *grant, days };

	return act_token_add(school->store, actor, &request, school->now_ms, made, &school->err);
}

static struct token_reach reach(struct school *school, const char *secret)
{
	_cleanup_(api_token_done) struct api_token token = { 0 };
	struct token_reach reached;
	char hash[HASH_SIZE];

	hash_hex(secret, strlen(secret), hash);
	must(school, store_token_by_hash(school->store, hash, &token, &school->err));
	must(school,
	     act_token_reach(school->store, &token, school->now_ms, &reached, &school->err));
	return reached;
}

static bool sees(const struct token_reach *reached, const struct place *place)
{
	return access_allows(&reached->grants, MAY_SEE, place);
}

static void a_token_has_what_its_owner_has_left(void **state)
{
	struct school *school = *state;
	struct grant lea = grant_of(PERSON_LEA_COORDINATOR, SCOPE_LEA, "00");
	struct grant viewer = grant_of(PERSON_VIEWER, SCOPE_SITE, SITE);
	struct account ada;
	struct actor actor;
	struct token_made made;
	struct token_reach reached;

	school_open(school);
	school_site(school, "0002", "p", NULL, NULL);
	hire(school, &ada, &lea);
	actor = actor_of(&ada);
	must(school, add(school, &actor, &lea, 366, &made));
	reached = reach(school, made.token);
	assert_string_equal(reached.who,
			    "Ada Kim (akim), by the token nightly \xef\xbf\xbd export");
	assert_true(sees(&reached, &own_site) && sees(&reached, &other_site));
	assert_true(access_allows(&reached.grants, MAY_WAIVE, &own_site));

	/* The owner loses nearly everything, and so does the token at once. */
	ada.grants.grants[0] = viewer;
	must(school, store_account_change(school->store, &ada, &school->err));
	reached = reach(school, made.token);
	assert_true(sees(&reached, &own_site));
	assert_false(sees(&reached, &other_site));
	assert_false(access_allows_somewhere(&reached.grants, MAY_WAIVE));
	account_done(&ada);
}

static void a_token_is_over_with_its_day_its_owner_or_when_it_is_revoked(void **state)
{
	struct school *school = *state;
	struct grant lea = grant_of(PERSON_LEA_COORDINATOR, SCOPE_LEA, "00");
	struct account ada;
	struct actor actor;
	struct token_made made;

	school_open(school);
	hire(school, &ada, &lea);
	actor = actor_of(&ada);
	must(school, add(school, &actor, &lea, 102, &made));
	ada.is_disabled = true;
	must(school, store_account_change(school->store, &ada, &school->err));
	assert_int_equal(reach(school, made.token).state, TOKEN_OWNER_OVER);
	assert_int_equal(reach(school, made.token).grants.n_grants, 0);
	ada.is_disabled = false;
	must(school, store_account_change(school->store, &ada, &school->err));
	assert_int_equal(reach(school, made.token).state, TOKEN_GOOD);
	school->now_ms += 100 * DAY_MS;
	assert_int_equal(reach(school, made.token).state, TOKEN_GOOD);
	school->now_ms += DAY_MS;
	assert_int_equal(reach(school, made.token).state, TOKEN_OWNER_OVER);
	school->now_ms += DAY_MS;
	assert_int_equal(reach(school, made.token).state, TOKEN_EXPIRED);
	must(school,
	     act_token_revoke(school->store, &actor, made.id, school->now_ms, &school->err));
	assert_int_equal(reach(school, made.token).state, TOKEN_REVOKED);
	account_done(&ada);
}

static void nobody_makes_a_token_of_more_than_they_have(void **state)
{
	struct school *school = *state;
	struct grant lea = grant_of(PERSON_LEA_COORDINATOR, SCOPE_LEA, "00");
	struct grant all = grant_of(PERSON_ADMIN, SCOPE_STATE, "");
	struct grant nowhere = grant_of(PERSON_VIEWER, SCOPE_SITE, "9999");
	struct grant unfit = grant_of(PERSON_SITE_COORDINATOR, SCOPE_LEA, "00");
	struct account ada;
	struct actor actor;
	struct token_made made;

	school_open(school);
	hire(school, &ada, &lea);
	actor = actor_of(&ada);
	assert_int_equal(add(school, &actor, &all, 1, &made), -EPERM);
	assert_int_equal(add(school, &actor, &nowhere, 1, &made), -EPERM);
	assert_int_equal(add(school, &actor_command_line, &nowhere, 1, &made), -EINVAL);
	assert_int_equal(add(school, &actor, &unfit, 1, &made), -EINVAL);
	assert_int_equal(add(school, &actor, &lea, 0, &made), -EINVAL);
	assert_int_equal(add(school, &actor, &lea, 367, &made), -EINVAL);
	assert_int_equal(school_number(school, "SELECT count(*) FROM api_token"), 0);
	account_done(&ada);
}

static void one_account_has_a_hundred_tokens_at_a_time(void **state)
{
	struct school *school = *state;
	struct grant viewer = grant_of(PERSON_VIEWER, SCOPE_STATE, "");
	struct token_made made;

	for (int i = 0; i < TOKENS_MAX; i++)
		must(school, add(school, &actor_command_line, &viewer, 1, &made));
	assert_int_equal(add(school, &actor_command_line, &viewer, 1, &made), -E2BIG);
	must(school, act_token_revoke(school->store, &actor_command_line, made.id, school->now_ms,
				      &school->err));
	must(school, add(school, &actor_command_line, &viewer, 1, &made));
	school->now_ms += DAY_MS;
	must(school, add(school, &actor_command_line, &viewer, 1, &made));
}

static void what_somebody_may_not_know_of_is_not_there_to_revoke(void **state)
{
	struct school *school = *state;
	struct grant lea = grant_of(PERSON_LEA_COORDINATOR, SCOPE_LEA, "00");
	struct grant all = grant_of(PERSON_VIEWER, SCOPE_STATE, "");
	struct grant here = grant_of(PERSON_VIEWER, SCOPE_SITE, SITE);
	struct account ada;
	struct actor actor;
	struct token_made states, sites;

	school_open(school);
	hire(school, &ada, &lea);
	actor = actor_of(&ada);
	must(school, add(school, &actor_command_line, &all, 1, &states));
	must(school, add(school, &actor_command_line, &here, 1, &sites));
	assert_int_equal(
		act_token_revoke(school->store, &actor, states.id, school->now_ms, &school->err),
		-ENOENT);
	must(school,
	     act_token_revoke(school->store, &actor, sites.id, school->now_ms, &school->err));
	assert_int_equal(
		act_token_revoke(school->store, &actor, sites.id, school->now_ms, &school->err),
		-EALREADY);
	assert_int_equal(school_number(school,
				       "SELECT count(*) FROM audit WHERE act = "
				       "'token_revoked' AND lea_code = '00' AND site_code = "
				       "'" SITE "'"),
			 1);
	account_done(&ada);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)
		TEST(a_token_has_what_its_owner_has_left),
		TEST(a_token_is_over_with_its_day_its_owner_or_when_it_is_revoked),
		TEST(nobody_makes_a_token_of_more_than_they_have),
		TEST(one_account_has_a_hundred_tokens_at_a_time),
		TEST(what_somebody_may_not_know_of_is_not_there_to_revoke),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
