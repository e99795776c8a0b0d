/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/cmd.h"
#include "common/base/log.h"

/* In the order of a device's life; the help and the man page show them so. */
static const struct cli_command *const commands[] = {
	&cmd_facts,        &cmd_check,       &cmd_enroll,   &cmd_report,
	&cmd_run,          &cmd_status,      &cmd_export,   &cmd_prepare_image,
	&cmd_config_check, &cmd_config_show, &cmd_read_dmi, NULL,
};

static const struct cli_program program = {
	.name = "testready-agent",
	.summary = "Is this device ready for the state test, and what has to be fixed?",
	.commands = commands,
};

int main(int argc, char *argv[])
{
	int status;

	/* Whatever we make is ours alone, also where a mode was forgotten. */
	umask(077);
	status = cli_main(&program, argc, argv);
	/* Half an answer that looks whole is worse than none: the disk may be full. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_line(LOG_ERR, "testready-agent: cannot write to standard output: %s",
			 strerrordesc_np(errno));
		return CLI_USAGE;
	}
	return status;
}
