/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the commands have in common that change what sites are judged by. */

#include "collector/act/act_profile.h"
#include "collector/act/asked.h"
#include "collector/cmd/admin.h"

#define CHANGE_WAIT_OPTION(ret_wait)                                                        \
	{                                                                                   \
		"wait", NULL, "judge the devices here and now, not in the collector", NULL, \
			ret_wait                                                            \
	}

/* For whom, as options say it. */
struct change_scope {
	const char *site, *lea;
	bool is_state;
};
#define CHANGE_SCOPE_OPTIONS(scope)                                             \
	{ "site", "CODE", "for this site", &(scope)->site, NULL },              \
	{                                                                       \
		"lea", "CODE", "for all sites of this LEA", &(scope)->lea, NULL \
	}
/* -EINVAL: not exactly one was named, or the state where @has_state is false. */
int change_audience(const struct change_scope *scope, bool has_state,
		    struct audience *ret_audience) _must_check_;

/*
 * Let @look compose in a transaction of a connection that only reads, before the one that changes
 * what sites are judged by, during which no report is taken. What goes wrong there does so again
 * when it is done, and is told then.
 */
void change_prepare(const char *store_url,
		    int (*look)(struct store *reader, void *arg, struct err *err), void *arg);

/*
 * Say on stderr why nothing was changed. ADMIN_REFUSED where what was asked for is wrong,
 * CLI_USAGE where the store failed.
 */
int change_refuse(const struct cli_command *command, int r, const struct err *err,
		  const char *nothing);

/*
 * Say on stdout what a change that is in the store reaches. With @is_wait judge all that is
 * in the queue here, beside a collector that serves or without one, and say how far it is.
 * Returns what the command ends with.
 */
int change_end(const struct cli_command *command, const char *store_url, const struct reach *reach,
	       bool is_wait);
