/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "collector/domain/access.h"
#include "common/base/base.h"
#include "common/base/mem.h"

const char *const person_role_words[] = {
	[PERSON_ADMIN] = "admin",
	[PERSON_LEA_COORDINATOR] = "lea_coordinator",
	[PERSON_TECH_COORDINATOR] = "tech_coordinator",
	[PERSON_SITE_COORDINATOR] = "site_coordinator",
	[PERSON_VIEWER] = "viewer",
	[PERSON_MAX_] = NULL,
};

const char *const action_words[] = {
	[MAY_NOTHING_] = "nothing",
	[MAY_SEE] = "see",
	[MAY_MEND_INVENTORY] = "mend_inventory",
	[MAY_MEND_DEVICES] = "mend_devices",
	[MAY_PROPOSE_WAIVER] = "propose_waiver",
	[MAY_WAIVE] = "waive",
	[MAY_SEE_KEYS] = "see_keys",
	[MAY_GIVE_KEYS] = "give_keys",
	[MAY_SEE_PEOPLE] = "see_people",
	[MAY_GIVE_ROLES] = "give_roles",
	[MAY_SEE_AUDIT] = "see_audit",
	[MAY_MEND_SITES] = "mend_sites",
	[MAY_PUBLISH] = "publish",
	[MAY_OPERATE] = "operate",
	[MAY_MEND_SELF] = "mend_self",
	[ACTION_MAX_] = NULL,
};

const char *const action_texts[] = {
	[MAY_NOTHING_] = "do that",
	[MAY_SEE] = "see this",
	[MAY_MEND_INVENTORY] = "change the inventory",
	[MAY_MEND_DEVICES] = "change devices and settle conflicts",
	[MAY_PROPOSE_WAIVER] = "propose waivers",
	[MAY_WAIVE] = "give and revoke waivers",
	[MAY_SEE_KEYS] = "see which enrolment keys there are",
	[MAY_GIVE_KEYS] = "make and revoke enrolment keys",
	[MAY_SEE_PEOPLE] = "see who has an account",
	[MAY_GIVE_ROLES] = "make and change accounts and tokens",
	[MAY_SEE_AUDIT] = "read the audit log",
	[MAY_MEND_SITES] = "import and change LEAs and sites",
	[MAY_PUBLISH] = "publish profiles",
	[MAY_OPERATE] = "read the collector's metrics",
	[MAY_MEND_SELF] = "change this account",
	[ACTION_MAX_] = NULL,
};

#define BIT(value) (1U << (value))

/*
 * The table: at which scopes a role can be had, and what it allows there. MAY_MEND_SELF is in no
 * row: whoever is signed in has it, also without any role.
 */
static const struct {
	unsigned scopes;
	unsigned actions;
} roles[] = {
	[PERSON_ADMIN] = { BIT(SCOPE_STATE),
			   BIT(MAY_SEE) | BIT(MAY_MEND_INVENTORY) | BIT(MAY_MEND_DEVICES) |
				   BIT(MAY_PROPOSE_WAIVER) | BIT(MAY_WAIVE) | BIT(MAY_SEE_KEYS) |
				   BIT(MAY_GIVE_KEYS) | BIT(MAY_SEE_PEOPLE) | BIT(MAY_GIVE_ROLES) |
				   BIT(MAY_SEE_AUDIT) | BIT(MAY_MEND_SITES) | BIT(MAY_PUBLISH) |
				   BIT(MAY_OPERATE) },
	[PERSON_LEA_COORDINATOR] = { BIT(SCOPE_LEA),
				     BIT(MAY_SEE) | BIT(MAY_MEND_INVENTORY) |
					     BIT(MAY_MEND_DEVICES) | BIT(MAY_PROPOSE_WAIVER) |
					     BIT(MAY_WAIVE) | BIT(MAY_SEE_KEYS) |
					     BIT(MAY_GIVE_KEYS) | BIT(MAY_SEE_PEOPLE) |
					     BIT(MAY_GIVE_ROLES) | BIT(MAY_SEE_AUDIT) },
	[PERSON_TECH_COORDINATOR] = { BIT(SCOPE_LEA) | BIT(SCOPE_SITE),
				      BIT(MAY_SEE) | BIT(MAY_MEND_INVENTORY) |
					      BIT(MAY_MEND_DEVICES) | BIT(MAY_PROPOSE_WAIVER) |
					      BIT(MAY_SEE_KEYS) | BIT(MAY_GIVE_KEYS) },
	[PERSON_SITE_COORDINATOR] = { BIT(SCOPE_SITE), BIT(MAY_SEE) | BIT(MAY_MEND_INVENTORY) |
							       BIT(MAY_PROPOSE_WAIVER) },
	[PERSON_VIEWER] = { BIT(SCOPE_STATE) | BIT(SCOPE_LEA) | BIT(SCOPE_SITE), BIT(MAY_SEE) },
};
static_assert(ARRAY_SIZE(roles) == PERSON_MAX_, "every role has a row");
static_assert(ACTION_MAX_ <= 32, "actions are bits");

const struct grants access_everything = {
	.grants = { { .role = PERSON_ADMIN, .scope = SCOPE_STATE } },
	.n_grants = 1,
};

static bool role_allows(enum person_role role, enum action action)
{
	return action != MAY_NOTHING_ && (roles[role].actions & BIT(action)) != 0;
}

bool access_role_fits(enum person_role role, enum scope scope)
{
	return (roles[role].scopes & BIT(scope)) != 0;
}

static bool covers(const struct grant *grant, const struct place *place)
{
	if (!access_role_fits(grant->role, grant->scope))
		return false;
	if (grant->scope == SCOPE_STATE)
		return true;
	/* A code that is missing is of nothing that anybody has. */
	if (grant->scope > place->scope || !grant->code[0])
		return false;
	if (grant->scope == SCOPE_LEA)
		return place->lea_code && strcmp(grant->code, place->lea_code) == 0;
	return place->site_code && strcmp(grant->code, place->site_code) == 0;
}

bool access_allows(const struct grants *grants, enum action action, const struct place *place)
{
	for (size_t i = 0; i < grants->n_grants; i++) {
		const struct grant *grant = &grants->grants[i];

		if (role_allows(grant->role, action) && covers(grant, place))
			return true;
	}
	return false;
}

bool access_allows_somewhere(const struct grants *grants, enum action action)
{
	/* It is at no place, so no grant gives it and none has to. */
	if (action == MAY_MEND_SELF)
		return true;
	for (size_t i = 0; i < grants->n_grants; i++) {
		const struct grant *grant = &grants->grants[i];

		if (role_allows(grant->role, action) && access_role_fits(grant->role, grant->scope))
			return true;
	}
	return false;
}

bool access_allows_everywhere(const struct grants *grants, enum action action)
{
	return access_allows(grants, action, &(struct place){ .scope = SCOPE_STATE });
}

static struct place place_of(const struct grant *grant)
{
	return (struct place){
		.scope = grant->scope,
		.lea_code = grant->scope == SCOPE_LEA ? grant->code : grant->lea_code,
		.site_code = grant->scope == SCOPE_SITE ? grant->code : NULL,
	};
}

static bool gives_there(const struct grant *giver, const struct grant *grant)
{
	const struct place place = place_of(grant);

	return role_allows(giver->role, MAY_GIVE_ROLES) && giver->role <= grant->role &&
	       covers(giver, &place);
}

bool access_may_give(const struct grants *giver, const struct grant *grant)
{
	for (size_t i = 0; i < giver->n_grants; i++) {
		if (gives_there(&giver->grants[i], grant))
			return true;
	}
	return false;
}

bool access_may_manage(const struct grants *giver, const struct grants *held)
{
	for (size_t i = 0; i < held->n_grants; i++) {
		if (!access_may_give(giver, &held->grants[i]))
			return false;
	}
	return access_allows_somewhere(giver, MAY_GIVE_ROLES);
}

bool access_sees_grant(const struct grants *viewer, const struct grant *grant)
{
	const struct place place = place_of(grant);

	return access_allows(viewer, MAY_SEE_PEOPLE, &place);
}

bool access_sees_person(const struct grants *viewer, const struct grants *held)
{
	for (size_t i = 0; i < held->n_grants; i++) {
		if (access_sees_grant(viewer, &held->grants[i]))
			return true;
	}
	return access_allows_everywhere(viewer, MAY_SEE_PEOPLE);
}

int access_check(const struct grants *grants, enum action action, const struct place *place,
		 struct err *err)
{
	if (access_allows(grants, action, place))
		return 0;
	if (access_allows_somewhere(grants, action))
		return err_set(err, -EPERM, "This is outside of what your roles cover.");
	return err_set(err, -EPERM, "Your roles do not let you %s; ask whoever gave them to you.",
		       action_texts[action]);
}

static bool is_same(const struct grant *a, const struct grant *b)
{
	return a->role == b->role && a->scope == b->scope && strcmp(a->code, b->code) == 0;
}

static bool has(const struct grants *grants, const struct grant *grant)
{
	for (size_t i = 0; i < grants->n_grants; i++) {
		if (is_same(&grants->grants[i], grant))
			return true;
	}
	return false;
}

bool grants_are_among(const struct grants *grants, const struct grants *others)
{
	for (size_t i = 0; i < grants->n_grants; i++) {
		if (!has(others, &grants->grants[i]))
			return false;
	}
	return true;
}

int grants_add(struct grants *grants, const struct grant *grant, struct err *err)
{
	if (!access_role_fits(grant->role, grant->scope) ||
	    (grant->scope == SCOPE_STATE) != (grant->code[0] == '\0'))
		return err_set(err, -EINVAL, "The role %s cannot be had for %s '%s'.",
			       person_role_words[grant->role], scope_words[grant->scope],
			       grant->code);
	if (has(grants, grant))
		return 0;
	if (grants->n_grants == ACCESS_GRANTS_MAX)
		return err_set(err, -E2BIG,
			       "One account has at most %d roles; give one for the whole LEA.",
			       ACCESS_GRANTS_MAX);
	grants->grants[grants->n_grants++] = *grant;
	return 0;
}

static char *codes_at(const struct grants *grants, enum action action, enum scope scope)
{
	char *codes = xstrdup(" ");

	for (size_t i = 0; grants && i < grants->n_grants; i++) {
		const struct grant *grant = &grants->grants[i];
		_cleanup_free_ char *before = codes;

		if (grant->scope == scope && access_role_fits(grant->role, scope) &&
		    role_allows(grant->role, action) && grant->code[0])
			codes = xasprintf("%s%s ", before, grant->code);
		else
			before = NULL;
	}
	return codes;
}

const struct sight sight_of_all = { .is_all = true };

void access_sight(const struct grants *grants, enum action action, struct sight *ret_sight)
{
	*ret_sight = (struct sight){ 0 };
	if (grants && access_allows_everywhere(grants, action)) {
		ret_sight->is_all = true;
		return;
	}
	ret_sight->lea_codes = codes_at(grants, action, SCOPE_LEA);
	ret_sight->site_codes = codes_at(grants, action, SCOPE_SITE);
}

void sight_done(struct sight *sight)
{
	free(sight->lea_codes);
	free(sight->site_codes);
	*sight = (struct sight){ 0 };
}

void grants_narrow(const struct grants *grants, const struct grant *grant,
		   struct grants *ret_grants)
{
	const struct place place = place_of(grant);

	ret_grants->n_grants = 0;
	for (size_t i = 0; i < grants->n_grants; i++) {
		const struct grant *one = &grants->grants[i];
		const struct place other = place_of(one);
		struct grant both = covers(one, &place) ? *grant : *one;

		if ((!covers(one, &place) && !covers(grant, &other)) ||
		    !access_role_fits(one->role, one->scope) ||
		    !access_role_fits(grant->role, grant->scope))
			continue;
		both.role = one->role > grant->role ? one->role : grant->role;
		/* As many fit as are in @grants; of a role that is not had there nothing is left.
		 */
		(void)!grants_add(ret_grants, &both, NULL);
	}
}
