/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read-dmi: what only root may read, left for the service, which is not root.
 */
#include "agent/cmd.h"
#include "agent/dmi.h"
#include "common/base/log.h"

static int read_dmi_run(int argc, char *argv[])
{
	const char *root = "";
	const struct cli_option options[] = {
		{ "root", "DIR", "the machine recorded in this folder", &root, NULL },
		{ 0 },
	};
	struct dmi dmi = { 0 };
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_read_dmi, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	dmi_look(root, &dmi);
	r = dmi_write(root, &dmi, &err);
	dmi_done(&dmi);
	if (r < 0)
		log_line(LOG_ERR, "testready-agent read-dmi: %s", err.text);
	return r < 0 ? CLI_USAGE : CLI_OK;
}

const struct cli_command cmd_read_dmi = {
	.name = "read-dmi",
	.args = "",
	.summary = "Leave the serial number for the service; run by root at boot.",
	.run = read_dmi_run,
};
