/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What people change of an LEA. */

#include "collector/act/actor.h"
#include "collector/domain/contact_person.h"
#include "collector/store/lea_about.h"

struct lea_change {
	const char *code;
	const char *version; /* that it must have, see lea_about.h; NULL: any */
	/* NULL: as it is. These need MAY_MEND_SITES. */
	const char *name;
	const char *zone;
	/* What it is to be, "" in all texts: nobody. MAY_MEND_INVENTORY of the whole LEA. */
	bool has_coordinator;
	struct contact_person coordinator;
};

/*
 * Change it, with an entry in the audit log if that makes a difference. With its zone go
 * those of its sites that have the one that it had; *@ret_n_sites: how many.
 * -ENOENT: the actor sees no such LEA. -EPERM: they may not. -ESTALE: it was changed since
 * @version.
 */
int act_lea_change(struct store *store, const struct actor *actor, const struct lea_change *change,
		   int64_t now_ms, int64_t *ret_n_sites, struct err *err) _must_check_;
