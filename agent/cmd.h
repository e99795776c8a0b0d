/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The commands of the agent: one file each in agent/cmd/, listed in the table
 * in agent/main.c. What an exit status means is said in the man page.
 */

#include "common/base/cli.h"

extern const struct cli_command cmd_check;
extern const struct cli_command cmd_config_check;
extern const struct cli_command cmd_config_show;
extern const struct cli_command cmd_enroll;
extern const struct cli_command cmd_export;
extern const struct cli_command cmd_facts;
extern const struct cli_command cmd_prepare_image;
extern const struct cli_command cmd_read_dmi;
extern const struct cli_command cmd_report;
extern const struct cli_command cmd_run;
extern const struct cli_command cmd_status;

/* Exit statuses besides CLI_OK and CLI_USAGE. */
enum {
	CMD_NOT_READY = 1, /* check */
	CMD_UNKNOWN = 2,   /* check */
	CMD_NOT_DONE = 1, /* enroll: not enrolled; report, status: something waits or was refused */
	CMD_NOT_ENROLLED = 2, /* report, status */
};
