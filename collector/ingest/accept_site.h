/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What people send to change a site or an LEA. */

#include "collector/act/act_lea.h"
#include "collector/act/act_site.h"
#include "common/base/err.h"

/* What is asked for; its texts are owned by the rest. */
struct accepted_site {
	struct site_change change; /* without code and version */
	struct site_room_list rooms;
	char *tracks;
	json_t *json;
};
void accepted_site_done(struct accepted_site *site);

/*
 * Any of {"name", "zone", "lea", "contacts": {"coordinator", "technology"}, "tracks", "rooms"}. A
 * contact is {"name", "email", "phone"}, each of which may be left out, or null for nobody; tracks
 * are names, rooms all that are declared: {"room", "track", "seats"}, the last two of which may be
 * left out. On success accepted_site_done() *@ret_site.
 * -EINVAL, -E2BIG: @err has the place and what is wrong; *@ret_pointer is the JSON pointer of the
 * place (owned by the caller; NULL where the body is not JSON).
 */
int accept_site(const char *body, size_t len, struct accepted_site *ret_site, char **ret_pointer,
		struct err *err) _must_check_;

struct accepted_lea {
	struct lea_change change; /* without code and version; its texts are of json */
	json_t *json;
};
void accepted_lea_done(struct accepted_lea *lea);

/* Any of {"name", "zone", "coordinator"}, as above. On success accepted_lea_done() *@ret_lea. */
int accept_lea(const char *body, size_t len, struct accepted_lea *ret_lea, char **ret_pointer,
	       struct err *err) _must_check_;
