/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* All that people say of an LEA, read at once: what they change of it they change from this. */

#include "collector/store/store_contact.h"
#include "collector/store/store_lea.h"

#define LEA_VERSION_SIZE 17

struct lea_about {
	struct contact_list contacts; /* CONTACT_OF_LEA */
	/* Of name, zone and contact; 16 hexadecimal digits. */
	char version[LEA_VERSION_SIZE];
};

/* lea_about_done() *@ret_about. */
int lea_about_read(struct store *store, const struct lea *lea, struct lea_about *ret_about,
		   struct err *err) _must_check_;
void lea_about_done(struct lea_about *about);
