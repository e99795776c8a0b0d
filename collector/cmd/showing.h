/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One thing that a view gives, printed as lines for people or as JSON for programs. */

#include <jansson.h>

#include "collector/cmd/admin.h"
#include "collector/view/view.h"

struct showing {
	const char *to_name; /* what to do where none is named: "name one site by its code" */
	int (*read)(const struct view *view, const char *name, json_t **ret_json, struct err *err);
	void (*print)(const json_t *thing); /* for people */
};

/* A whole command, with the thing's name and the options --json and --store. */
int showing_command(const struct cli_command *command, const struct showing *showing, int argc,
		    char *argv[]);
