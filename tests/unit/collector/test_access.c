/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/access.h"
#include "common/base/base.h"
#include "tests/unit/unit.h"

static const struct place state = { SCOPE_STATE, NULL, NULL };
static const struct place own_lea = { SCOPE_LEA, "LUSD", NULL };
static const struct place other_lea = { SCOPE_LEA, "PUSD", NULL };
static const struct place own_site = { SCOPE_SITE, "LUSD", "LUSD-LE" };
static const struct place neighbour = { SCOPE_SITE, "LUSD", "LUSD-RM" };
static const struct place other_site = { SCOPE_SITE, "PUSD", "PUSD-A" };

static struct grants one(enum person_role role, enum scope scope)
{
	static const char *const codes[] = { "", "LUSD", "LUSD-LE" };
	struct grants grants = { .n_grants = 1 };

	grants.grants[0].role = role;
	grants.grants[0].scope = scope;
	snprintf(grants.grants[0].code, ACCESS_CODE_SIZE, "%s", codes[scope]);
	if (scope == SCOPE_SITE)
		strcpy(grants.grants[0].lea_code, "LUSD");
	return grants;
}

/* What design and documents say each role may, word by word. */
static void each_role_may_what_it_is_for(void **unused)
{
	/* clang-format off */
	static const char *const want[PERSON_MAX_] = {
		[PERSON_ADMIN] = "see mend_inventory mend_devices propose_waiver waive see_keys "
				 "give_keys see_people give_roles see_audit mend_sites publish operate mend_self ",
		[PERSON_LEA_COORDINATOR] = "see mend_inventory mend_devices propose_waiver waive "
					   "see_keys give_keys "
					   "see_people give_roles see_audit mend_self ",
		[PERSON_TECH_COORDINATOR] = "see mend_inventory mend_devices propose_waiver "
					    "see_keys give_keys "
					    "mend_self ",
		[PERSON_SITE_COORDINATOR] = "see mend_inventory propose_waiver mend_self ",
		[PERSON_VIEWER] = "see mend_self ",
	};
	/* clang-format on */
	static const enum scope widest[PERSON_MAX_] = { SCOPE_STATE, SCOPE_LEA, SCOPE_LEA,
							SCOPE_SITE, SCOPE_STATE };

	(void)unused;
	for (unsigned role = 0; role < PERSON_MAX_; role++) {
		struct grants grants = one((enum person_role)role, widest[role]);
		char got[400] = "";

		for (unsigned action = 0; action < ACTION_MAX_; action++) {
			if (!access_allows_somewhere(&grants, (enum action)action))
				continue;
			strcat(got, action_words[action]);
			strcat(got, " ");
		}
		assert_string_equal(got, want[role]);
	}
}

static void a_grant_reaches_what_is_below_its_scope_and_nothing_else(void **unused)
{
	/* clang-format off */
	static const struct {
		enum scope scope;
		const struct place *place;
		bool want;
	} rows[] = {
		{ SCOPE_STATE, &state, true }, { SCOPE_STATE, &own_lea, true },
		{ SCOPE_STATE, &other_site, true },
		{ SCOPE_LEA, &state, false }, { SCOPE_LEA, &own_lea, true },
		{ SCOPE_LEA, &other_lea, false }, { SCOPE_LEA, &own_site, true },
		{ SCOPE_LEA, &neighbour, true }, { SCOPE_LEA, &other_site, false },
		{ SCOPE_SITE, &state, false }, { SCOPE_SITE, &own_lea, false },
		{ SCOPE_SITE, &own_site, true }, { SCOPE_SITE, &neighbour, false },
		{ SCOPE_SITE, &other_site, false },
	};
	/* clang-format on */

	(void)unused;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct grants grants = one(PERSON_VIEWER, rows[i].scope);

		if (access_allows(&grants, MAY_SEE, rows[i].place) != rows[i].want)
			fail_msg("row %zu", i);
		assert_false(access_allows(&grants, MAY_WAIVE, rows[i].place));
	}
}

static void who_has_nothing_has_their_own_account_and_nothing_else(void **unused)
{
	const struct grants nothing = { .n_grants = 0 };
	struct grants empty_code = one(PERSON_SITE_COORDINATOR, SCOPE_SITE);

	(void)unused;
	empty_code.grants[0].code[0] = '\0';
	for (unsigned action = 0; action < ACTION_MAX_; action++) {
		assert_true(access_allows_somewhere(&nothing, (enum action)action) ==
			    (action == MAY_MEND_SELF));
		assert_false(access_allows(&nothing, (enum action)action, &own_site));
		/* A row that lost its code is no row for everything, or for what has none. */
		assert_false(access_allows(&empty_code, (enum action)action,
					   &(struct place){ SCOPE_SITE, "", "" }));
		assert_false(access_allows(&access_everything, MAY_NOTHING_, &state));
	}
}

/* A role that is stored at a scope it cannot be had at, by whatever way, is worth nothing. */
static void a_role_at_a_scope_that_it_does_not_fit_gives_nothing(void **unused)
{
	(void)unused;
	for (unsigned role = 0; role < PERSON_MAX_; role++) {
		for (unsigned scope = 0; scope < SCOPE_MAX_; scope++) {
			struct grants grants = one((enum person_role)role, (enum scope)scope);
			struct grants into = { .n_grants = 0 };
			bool fits = access_role_fits((enum person_role)role, (enum scope)scope);

			assert_true(access_allows_somewhere(&grants, MAY_SEE) == fits);
			assert_true(access_allows(&grants, MAY_SEE, &own_site) == fits);
			assert_int_equal(grants_add(&into, &grants.grants[0], NULL),
					 fits ? 0 : -EINVAL);
		}
	}
}

static void nobody_gives_more_than_they_have(void **unused)
{
	struct grants lea = one(PERSON_LEA_COORDINATOR, SCOPE_LEA);
	struct grants tech = one(PERSON_TECH_COORDINATOR, SCOPE_LEA);
	/* clang-format off */
	static const struct {
		struct grant grant;
		bool by_lea, by_tech, by_admin;
	} rows[] = {
		{ { PERSON_ADMIN, SCOPE_STATE, "", "" }, false, false, true },
		{ { PERSON_VIEWER, SCOPE_STATE, "", "" }, false, false, true },
		{ { PERSON_LEA_COORDINATOR, SCOPE_LEA, "LUSD", "" }, true, false, true },
		{ { PERSON_LEA_COORDINATOR, SCOPE_LEA, "PUSD", "" }, false, false, true },
		{ { PERSON_TECH_COORDINATOR, SCOPE_LEA, "LUSD", "" }, true, false, true },
		{ { PERSON_SITE_COORDINATOR, SCOPE_SITE, "LUSD-LE", "LUSD" }, true, false, true },
		{ { PERSON_SITE_COORDINATOR, SCOPE_SITE, "PUSD-A", "PUSD" }, false, false, true },
		/* Of an unknown LEA: it may be anybody's. */
		{ { PERSON_SITE_COORDINATOR, SCOPE_SITE, "LUSD-LE", "" }, false, false, true },
	};
	/* clang-format on */

	(void)unused;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct grant *grant = &rows[i].grant;

		if (access_may_give(&lea, grant) != rows[i].by_lea ||
		    access_may_give(&tech, grant) != rows[i].by_tech ||
		    access_may_give(&access_everything, grant) != rows[i].by_admin)
			fail_msg("row %zu", i);
	}
}

static void an_account_is_managed_by_who_could_give_all_it_has(void **unused)
{
	struct grants lea = one(PERSON_LEA_COORDINATOR, SCOPE_LEA);
	struct grants held = one(PERSON_SITE_COORDINATOR, SCOPE_SITE);
	static const struct grant foreign = { PERSON_VIEWER, SCOPE_LEA, "PUSD", "" };

	(void)unused;
	assert_true(access_may_manage(&lea, &held));
	assert_true(access_may_manage(&lea, &(struct grants){ .n_grants = 0 }));
	assert_false(access_may_manage(&held, &held));
	assert_int_equal(grants_add(&held, &foreign, NULL), 0);
	assert_false(access_may_manage(&lea, &held));
	assert_true(access_may_manage(&access_everything, &held));
}

static void a_refusal_says_what_is_missing_and_not_what_exists(void **unused)
{
	struct grants viewer = one(PERSON_VIEWER, SCOPE_SITE);
	struct err err = { 0 };

	(void)unused;
	assert_int_equal(access_check(&viewer, MAY_SEE, &own_site, &err), 0);
	assert_int_equal(access_check(&viewer, MAY_SEE, &other_site, &err), -EPERM);
	assert_null(strstr(err.text, "PUSD"));
	assert_int_equal(access_check(&viewer, MAY_WAIVE, &own_site, &err), -EPERM);
	assert_non_null(strstr(err.text, "give and revoke waivers"));
}

static void the_same_role_twice_is_once_and_too_many_are_refused(void **unused)
{
	struct grants grants = { .n_grants = 0 };
	struct grant grant = { PERSON_VIEWER, SCOPE_SITE, "", "LUSD" };

	(void)unused;
	for (int i = 0; i < ACCESS_GRANTS_MAX; i++) {
		snprintf(grant.code, sizeof(grant.code), "S%d", i);
		assert_int_equal(grants_add(&grants, &grant, NULL), 0);
		assert_int_equal(grants_add(&grants, &grant, NULL), 0);
	}
	assert_int_equal(grants.n_grants, ACCESS_GRANTS_MAX);
	strcpy(grant.code, "more");
	assert_int_equal(grants_add(&grants, &grant, NULL), -E2BIG);
}

/* Every grant of each role at each place, also such as nobody can have. */
static size_t all_grants(struct grant *grants)
{
	static const struct place *const places[] = { &state,    &own_lea,   &other_lea,
						      &own_site, &neighbour, &other_site };
	size_t n = 0;

	for (unsigned role = 0; role < PERSON_MAX_; role++) {
		for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
			const struct place *at = places[i];
			const char *code = at->site_code ? at->site_code : at->lea_code;

			grants[n] = (struct grant){ .role = role, .scope = at->scope };
			snprintf(grants[n].code, ACCESS_CODE_SIZE, "%s", code ? code : "");
			snprintf(grants[n++].lea_code, ACCESS_CODE_SIZE, "%s",
				 at->site_code ? at->lea_code : "");
		}
	}
	return n;
}

/* @narrow is what both @owner and @token allow, for each action at each place. */
static void is_both(const struct grants *narrow, const struct grants *owner,
		    const struct grants *token)
{
	static const struct place *const places[] = { &state,    &own_lea,   &other_lea,
						      &own_site, &neighbour, &other_site };

	for (unsigned action = 0; action < ACTION_MAX_; action++) {
		for (size_t i = 0; i < ARRAY_SIZE(places); i++)
			assert_int_equal(access_allows(narrow, action, places[i]),
					 access_allows(owner, action, places[i]) &&
						 access_allows(token, action, places[i]));
	}
}

static void a_token_may_what_it_and_its_owner_may_and_nothing_else(void **unused)
{
	struct grant all[PERSON_MAX_ * 6];
	size_t n = all_grants(all);

	(void)unused;
	for (size_t i = 0; i < n; i++) {
		struct grants token = { .grants = { all[i] }, .n_grants = 1 };

		for (size_t a = 0; a < n; a++) {
			for (size_t b = 0; b < n; b++) {
				struct grants owner = { .grants = { all[a], all[b] },
							.n_grants = 2 };
				struct grants narrow;

				grants_narrow(&owner, &all[i], &narrow);
				is_both(&narrow, &owner, &token);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_role_may_what_it_is_for),
		cmocka_unit_test(a_grant_reaches_what_is_below_its_scope_and_nothing_else),
		cmocka_unit_test(who_has_nothing_has_their_own_account_and_nothing_else),
		cmocka_unit_test(a_role_at_a_scope_that_it_does_not_fit_gives_nothing),
		cmocka_unit_test(nobody_gives_more_than_they_have),
		cmocka_unit_test(an_account_is_managed_by_who_could_give_all_it_has),
		cmocka_unit_test(a_refusal_says_what_is_missing_and_not_what_exists),
		cmocka_unit_test(the_same_role_twice_is_once_and_too_many_are_refused),
		cmocka_unit_test(a_token_may_what_it_and_its_owner_may_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
