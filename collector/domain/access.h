/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who may do what, and where: the one table that API, command line and pages ask.
 * PURE. docs/decisions/0024-who-may-do-what.md says why it is as it is.
 *
 * A person or token has grants, each a role at a scope. A grant allows an action at a place if
 * the role's row of the table has the action and the scope covers the place. What no grant
 * allows is refused: without grants there is only one's own account.
 */

#include <stdbool.h>
#include <stddef.h>

#include "collector/domain/scope.h"
#include "common/base/err.h"

/* From the widest to the narrowest; nobody gives a role that comes before their own. */
enum person_role {
	PERSON_ADMIN,
	PERSON_LEA_COORDINATOR,
	PERSON_TECH_COORDINATOR,
	PERSON_SITE_COORDINATOR,
	PERSON_VIEWER,
	PERSON_MAX_,
};
/* admin, lea_coordinator, tech_coordinator, site_coordinator, viewer; ended by NULL */
extern const char *const person_role_words[];

enum action {
	MAY_NOTHING_,       /* of no staff: a row of a route that forgot to say is refused */
	MAY_SEE,            /* sites, devices, results, waivers, conflicts, profiles */
	MAY_MEND_INVENTORY, /* rooms and lines of the inventory */
	MAY_MEND_DEVICES,   /* conflicts, moves, retiring */
	MAY_PROPOSE_WAIVER, /* which change nothing until they are given; withdraw one's own */
	MAY_WAIVE,          /* give and decline what is proposed, revoke waivers */
	MAY_SEE_KEYS,       /* which enrolment keys there are; never the keys */
	MAY_GIVE_KEYS,      /* make and revoke them */
	MAY_SEE_PEOPLE,     /* accounts, tokens and their grants */
	MAY_GIVE_ROLES,     /* make, change and end accounts and tokens */
	MAY_SEE_AUDIT,
	MAY_MEND_SITES, /* import and change LEAs, sites and windows */
	MAY_PUBLISH,    /* profiles and supplements */
	MAY_OPERATE,    /* metrics */
	MAY_MEND_SELF,  /* own password, sessions and second factor: whoever is signed in */
	ACTION_MAX_,
};
/* see, mend_inventory …; as the API names them; ended by NULL */
extern const char *const action_words[];
/* "give enrolment keys": for "Your role does not let you …"; ended by NULL */
extern const char *const action_texts[];

#define ACCESS_WHO_SIZE 161 /* who somebody is, for people, and NUL */
#define ACCESS_CODE_SIZE 33 /* a code of an LEA or site and NUL, as import allows it */
#define ACCESS_GRANTS_MAX 64

struct grant {
	enum person_role role;
	enum scope scope;
	char code[ACCESS_CODE_SIZE];     /* of the LEA or site; "" for the state */
	char lea_code[ACCESS_CODE_SIZE]; /* of the site's LEA, where the scope is a site */
};

struct grants {
	struct grant grants[ACCESS_GRANTS_MAX];
	size_t n_grants;
};

/* Where something is. A site's place has the code of its LEA as well. */
struct place {
	enum scope scope;
	const char *lea_code;  /* of SCOPE_LEA and SCOPE_SITE */
	const char *site_code; /* of SCOPE_SITE */
};

/* Whether a role may be had at a scope: an admin is one everywhere, a site coordinator of sites. */
bool access_role_fits(enum person_role role, enum scope scope);

/* Whether @grants allow @action at @place; everything at a wider place needs a wider scope. */
bool access_allows(const struct grants *grants, enum action action, const struct place *place);

/*
 * Whether they allow it anywhere: then lists show what they cover, and nothing else.
 * MAY_MEND_SELF is allowed to whoever is signed in, whatever their grants.
 */
bool access_allows_somewhere(const struct grants *grants, enum action action);

/* Whether they allow it at every place there is. */
bool access_allows_everywhere(const struct grants *grants, enum action action);

/*
 * Whether somebody with @giver may give or take @grant: has MAY_GIVE_ROLES where the grant
 * holds, by a role that does not come after the grant's.
 */
bool access_may_give(const struct grants *giver, const struct grant *grant);

/*
 * Whether somebody with @giver may change an account that has @held: could give all of it, or
 * setting a password would be a way to more than one has. One that holds nothing belongs to
 * whoever may give roles.
 */
bool access_may_manage(const struct grants *giver, const struct grants *held);

/*
 * Whether somebody with @viewer may know of an account that has @held: sees people where one of
 * these holds. One that holds nothing is known to those who see people everywhere.
 */
bool access_sees_person(const struct grants *viewer, const struct grants *held);
/* The same of one grant, so that of an account only what concerns the viewer is shown. */
bool access_sees_grant(const struct grants *viewer, const struct grant *grant);

/*
 * -EPERM: not allowed at @place. @err says which role would let them, or that it is not
 * in their scope, without telling whether it exists.
 */
int access_check(const struct grants *grants, enum action action, const struct place *place,
		 struct err *err) _must_check_;

/* Add a grant that is not there yet. -EINVAL: the role does not fit the scope. -E2BIG: too many. */
int grants_add(struct grants *grants, const struct grant *grant, struct err *err) _must_check_;

/* Whether each of @grants is one of @others. */
bool grants_are_among(const struct grants *grants, const struct grants *others);

/*
 * The places that grants allow an action at, for queries: codes between spaces, " A B ".
 * Codes have no spaces in them. sight_done() it.
 */
struct sight {
	bool is_all;      /* everything, whatever the texts are */
	char *lea_codes;  /* of LEAs; NULL: of none */
	char *site_codes; /* of sites besides */
};
extern const struct sight sight_of_all;
/* NULL grants see nothing. */
void access_sight(const struct grants *grants, enum action action, struct sight *ret_sight);
void sight_done(struct sight *sight);

/*
 * What both @grants and @grant allow, and nothing else: of an account and its token. Each role
 * has all that the one after it has, so of two the later is what both have.
 */
void grants_narrow(const struct grants *grants, const struct grant *grant,
		   struct grants *ret_grants);

/* All there is, for the command line and the admin's token. */
extern const struct grants access_everything;
