/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What people ask for, by the API or on the command line: each function asks the table of
 * collector/domain/access.h whether @actor may, does it, and writes it into the audit log, all
 * in the transaction of the caller. What they do, the functions of the same name with act_
 * in front say. -EPERM besides: the actor may not; @err says so.
 */

#include "collector/act/act.h"
#include "collector/act/act_import.h"
#include "collector/act/act_profile.h"
#include "collector/act/actor.h"
#include "collector/act/judges.h"

/* What is to come of a wish to waive something. */
enum waive_as {
	WAIVE_AS_MAY,      /* who may give it gives it; who may only propose it proposes it */
	WAIVE_AS_PROPOSAL, /* also of who may give it: somebody else is to decide */
	WAIVE_AS_WAIVER,
	WAIVE_AS_MAX_,
};
struct waive_wish {
	struct waiver *waiver; /* its status says afterwards what it is */
	enum waive_as as;
};
int asked_waive(struct store *store, const struct actor *actor, const struct waive_wish *wish,
		int64_t now_ms, struct reach *ret_reach, struct err *err) _must_check_;
struct waiver_wish {
	const char *id;
	const struct waiver_verdict *verdict;
};
/*
 * Only who may give it where it is for gives or declines it, and only the account that
 * proposed it withdraws it. Whoever may not even propose there is told that there is none.
 */
int asked_waiver_decide(struct store *store, const struct actor *actor,
			const struct waiver_wish *wish, int64_t now_ms, struct reach *ret_reach,
			struct err *err) _must_check_;
struct waiver_end {
	const char *id;
	const char *who; /* who answers for it; NULL: the actor */
};
int asked_waiver_revoke(struct store *store, const struct actor *actor,
			const struct waiver_end *end, int64_t now_ms, struct reach *ret_reach,
			struct err *err) _must_check_;

struct conflict_wish {
	const char *conflict_id;
	enum conflict_resolution resolution; /* RESOLUTION_NONE: undo */
};
int asked_conflict_decide(const struct moment *moment, const struct actor *actor,
			  const struct conflict_wish *wish, struct err *err) _must_check_;

int asked_publish(const struct moment *moment, const struct actor *actor,
		  const struct profile *profile, const char *body, struct reach *ret_reach,
		  struct err *err) _must_check_;
int asked_supplement_publish(struct store *store, const struct actor *actor,
			     const struct supplement *supplement, int64_t now_ms,
			     struct reach *ret_reach, struct err *err) _must_check_;
int asked_supplement_withdraw(const struct moment *moment, const struct actor *actor,
			      const char *profile_id, const struct audience *audience,
			      struct reach *ret_reach, struct err *err) _must_check_;

/*
 * Files that were taken in: what each did to sites of an LEA is for that LEA to read, and the last
 * entry has what the file was called and its counts.
 */
struct sites_imported {
	const char *file;
	const struct sites_import *import; /* with ->log */
};
int asked_sites_imported(const struct moment *moment, const struct actor *actor,
			 const struct sites_imported *imported, struct err *err) _must_check_;
/* How many sites there are besides those of a file that was taken in. */
int asked_sites_others(struct store *store, const struct import_sites_count *count, int64_t *ret_n,
		       struct err *err) _must_check_;
/* An inventory after inventory_import_finish(): the last entry is of the site or LEA it is of. */
struct inventory_imported {
	const struct inventory_import *import;
	const char *file;
	struct inventory_count count;
};
int asked_inventory_imported(const struct moment *moment, const struct actor *actor,
			     const struct inventory_imported *imported,
			     struct err *err) _must_check_;

/* Where something is. The texts are owned by the caller: asked_place_done(). */
struct asked_place {
	struct place place;
	char *lea_code, *site_code;
};
/* -ENOENT: no such site, device or conflict. */
int asked_place_of_site(struct store *store, const char *code, struct asked_place *ret_place,
			struct err *err) _must_check_;
int asked_place_of_device(struct store *store, const char *id, struct asked_place *ret_place,
			  struct err *err) _must_check_;
void asked_place_done(struct asked_place *place);
