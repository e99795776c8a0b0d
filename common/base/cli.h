/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Command lines: a program is a table of commands, a command a table of
 * options. Parsing, --help and the man page come from the same tables.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "common/base/base.h"

enum {
	CLI_OK = 0,
	CLI_USAGE = 3, /* wrong usage or an internal error, see the man pages */
};

/* --name VALUE or --name=VALUE where @value is set, else a plain --name. */
struct cli_option {
	const char *name;
	const char *value; /* what the usage line calls it: "FILE"; NULL for a flag */
	const char *summary;
	const char **ret_text; /* where the value goes; or */
	bool *ret_flag;
};

struct cli_command {
	const char *name;    /* one or two words: "check", "site import" */
	const char *args;    /* positional arguments as in the usage line, "" for none */
	const char *summary; /* one line */
	/* @argv[0] is the command's name; the rest are its options and arguments. */
	int (*run)(int argc, char *argv[]);
};

struct cli_program {
	const char *name;
	const char *summary;
	const struct cli_command *const *commands; /* ended by NULL */
};

/*
 * Parse @argv against @options (ended by a row without a name). Positional
 * arguments are moved to the front of argv[1…]; *@ret_n_args counts them.
 * Prints what is wrong and what would be right on stderr, or the help on stdout.
 *
 * Returns 0 to go on; 1 when help was printed (exit CLI_OK); -EINVAL when the
 * line is wrong (exit CLI_USAGE).
 */
int cli_parse(const struct cli_command *command, const struct cli_option *options, size_t max_args,
	      int argc, char *argv[], size_t *ret_n_args) _must_check_;

/* Run the command that @argv names; the exit status of the program. */
int cli_main(const struct cli_program *program, int argc, char *argv[]);
