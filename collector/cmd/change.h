/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the commands have in common that change what sites are judged by. */

#include "collector/act/act_profile.h"
#include "collector/cmd/admin.h"

#define CHANGE_WAIT_OPTION(ret_wait)                                                        \
	{                                                                                   \
		"wait", NULL, "judge the devices here and now, not in the collector", NULL, \
			ret_wait                                                            \
	}

/*
 * Say on stdout what a change that is in the store reaches. With @is_wait judge all that is
 * in the queue here, beside a collector that serves or without one, and say how far it is.
 * Returns what the command ends with.
 */
int change_end(const struct cli_command *command, const char *store_url, const struct reach *reach,
	       bool is_wait);
