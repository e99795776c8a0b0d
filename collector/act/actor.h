/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who does something: for every function of collector/act that people can cause, which asks
 * the table of collector/domain/access.h about it, and the audit log.
 */

#include "collector/domain/access.h"
#include "common/base/id.h"

struct actor {
	const char *who;        /* as people read it: "Ada Kim (akim)", "the admin token" */
	const char *account_id; /* "": no account, but a token, or the command line */
	const char *network;    /* where from: an address as text; "": this machine */
	const struct grants *grants;
};

/* Whoever may run testready-collector on the store's file. */
extern const struct actor actor_command_line;
