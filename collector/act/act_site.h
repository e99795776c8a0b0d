/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What people change of a site. */

#include "collector/act/actor.h"
#include "collector/domain/contact_person.h"
#include "collector/store/site_about.h"

struct site_change {
	const char *code;
	const char *version; /* that it must have, see site_about.h; NULL: any */
	/* NULL: as it is. These need MAY_MEND_SITES. */
	const char *name;
	const char *zone;
	const char *lea_code;
	/* Of the site; what is not said stays, "" in all texts: nobody. MAY_MEND_INVENTORY there.
	 */
	bool has_contact[CONTACT_ROLE_MAX_];
	struct contact_person contacts[CONTACT_ROLE_MAX_];
	const char *tracks;                 /* as tracks_read() makes them; NULL: as they are */
	const struct site_room_list *rooms; /* all that are declared; NULL: as they are */
};

/*
 * Change it, with an entry in the audit log if that makes a difference. Of another LEA its
 * devices are judged again. -ENOENT: the actor sees no such site. -EPERM: they may not. -ESTALE: it
 * was changed since @version. -EINVAL: no such LEA, a track that is in use is not to be any more, a
 * room has a track that the site does not have, or what the new LEA asks does not fit its profile.
 */
int act_site_change(struct store *store, const struct actor *actor,
		    const struct site_change *change, int64_t now_ms, struct err *err) _must_check_;
