/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the commands that work on the store have in common. */

#include <jansson.h>

#include "collector/act/act.h"
#include "collector/act/actor.h"
#include "collector/cmd.h"
#include "collector/store/store.h"

enum {
	ADMIN_REFUSED = 1, /* the file is wrong, or the site cannot be certified */
};

/* How much of the hash of an enrolment key people see; it names the key. */
#define ADMIN_KEY_DIGITS 12

#define ADMIN_STORE_OPTION(ret_url)                                  \
	{                                                            \
		"store", "URL",                                      \
			"the store; default $TESTREADY_STORE, else " \
			"/var/lib/testready-collector/store.db",     \
			ret_url, NULL                                \
	}

/* @url, or where the store is if NULL: $TESTREADY_STORE, else the default. */
const char *admin_store_url(const char *url);

/* Say what is wrong on stderr; returns CLI_USAGE. */
int admin_fail(const struct cli_command *command, const struct err *err);
/* What a command ends with: @status, or CLI_USAGE if its output could not be written. */
int admin_end(const struct cli_command *command, int status);
/* Print @json for people and programs alike. admin_end() tells whether it could be written. */
void admin_print_json(const json_t *json);
/* Say that the line is wrong on stderr; returns CLI_USAGE. */
int admin_usage(const struct cli_command *command, const char *fmt, ...) _printf_(2, 3);

/*
 * Run @work inside one transaction of the store at @url, NULL for the default. It
 * is kept if @work returns 0, and given up at 1 or an error. Returns what @work did.
 * -ENOENT: there is no store; a path that was mistyped must not become one.
 */
int admin_run(const char *url, int (*work)(struct store *, void *arg, struct err *), void *arg,
	      struct err *err) _must_check_;
/* The same, of a store that is made if it is not there: for what a new one begins with. */
int admin_run_new(const char *url, int (*work)(struct store *, void *arg, struct err *), void *arg,
		  struct err *err) _must_check_;

/* Who sits at this terminal, through sudo who called it: "root (command line)", with all rights. */
const struct actor *admin_actor(void);

/* Read a whole number of @min to @max. -EINVAL: it is none. */
int admin_parse_number(const char *text, int64_t min, int64_t max,
		       int64_t *ret_number) _must_check_;
