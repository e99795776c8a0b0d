/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Configuration: agent.conf and the drop-ins agent.conf.d/NAME.conf beside it,
 * in INI. What is given on the command line wins, then drop-ins, the later
 * name first, then the file, then what is built in. A key that is not known
 * is an error with its file and line, so that a typing error is not a setting
 * that silently holds nothing.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "agent/http.h"
#include "agent/identity.h"

#define CONFIG_PATH "/etc/testready/agent.conf"
#define CONFIG_SUMMARY "configuration; else " CONFIG_PATH
#define CONFIG_PINS_MAX 8
#define CONFIG_QUIET_MAX 16
#define CONFIG_FILE_MAX ((size_t)64 * 1024)
#define CONFIG_LINE_MAX 4096
#define CONFIG_DROP_INS_MAX 64
#define CONFIG_PERIOD_MIN_S 300L
#define CONFIG_PERIOD_MAX_S 604800L

/* [start, end) in minutes of the local day; past midnight where end <= start. */
struct quiet_hours {
	int start_min, end_min;
};

struct config {
	char *path;  /* of the file, whether or not it is there */
	char *files; /* those that were read, one a line, in their order */
	char *url;   /* of the collector, for enrolment; http_url() has still to check it; NULL */
	char *key_file; /* with the site's enrolment key; NULL */
	char *ca_file;  /* NULL */
	char *ca_pem;   /* what is in it */
	char *pins;     /* "sha256//…;sha256//…", for http_settings; NULL */
	size_t n_pins;
	char *state_dir; /* NULL */
	bool has_role;
	enum device_role role; /* ROLE_STUDENT without one */
	struct quiet_hours quiet[CONFIG_QUIET_MAX];
	size_t n_quiet;
	int64_t period_s; /* between contacts; 0: as the collector says */
};

/*
 * Add the settings of one file, @len bytes of @text, to @config. Single ones
 * take the place of those before; lists grow, and an empty value empties them.
 * -EINVAL: "FILE:LINE: what is wrong and what would be right". Opens no other file.
 */
int config_parse(const char *text, size_t len, const char *file, struct config *config,
		 struct err *err) _must_check_;

/*
 * Read @path and the folder @path.d; with NULL those of CONFIG_PATH under
 * @root, which need not be there. On success config_done() @ret_config.
 *
 * -ENOENT: @path was named and is not there. -EINVAL: @err begins with
 * "FILE:LINE: ". Else what reading a file gives.
 */
int config_read(const char *path, const char *root, struct config *ret_config,
		struct err *err) _must_check_;
void config_done(struct config *config);

/*
 * The certificate authorities in the PEM file @file, of at most
 * IDENTITY_CA_MAX bytes; owned by the caller. -EINVAL: there is none in it.
 */
int config_read_ca(const char *file, char **ret_pem, struct err *err) _must_check_;

/* What was read, as a file of configuration would say it. */
void config_print(const struct config *config, FILE *out);

/*
 * The state folder: @option, else $TESTREADY_STATE, else that of @config, else
 * the default. Borrowed.
 */
const char *config_state_path(const struct config *config, const char *option);

/*
 * How to talk to the collector of @identity: by the authorities and pins of
 * @config, and where it names no authorities by those that the identity was
 * given with. Borrows from both.
 */
struct http_settings config_http(const struct config *config, const struct identity *identity,
				 long timeout_ms);
