/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the collector was started with, checked.
 */

#include <stdbool.h>

#include "collector/sign_on.h"
#include "common/base/base.h"
#include "common/base/err.h"
#include "common/base/id.h"

struct settings {
	const char *store_url;
	const char *listen;
	const char *web_dir;      /* NULL: the API alone */
	const char *token_file;   /* of the admin */
	const char *threads;      /* NULL: as many as there are cores */
	const char *history_days; /* NULL: SETTINGS_HISTORY_DAYS */
	const char *moved_to;     /* where agents are to go from now on; NULL: they stay */
	bool has_no_rate_limit;   /* a load test asks as often as it can */
	const char *tls_cert;     /* the chain it shows, PEM; NULL: plain HTTP */
	const char *tls_key;      /* the key of that */
	const char *proxies;      /* whose X-Forwarded-* count; NULL: nobody's */
	const char *login_header; /* in which these name whoever signed in; NULL: in none */
	struct sign_on_settings sign_on;
	bool is_behind_proxy; /* TLS is in front, so plain HTTP may leave this machine */
};

#define SETTINGS_LISTEN "127.0.0.1:8080"

/* How many threads serve HTTP: 1 to 64. */
int settings_threads(const char *text, unsigned *ret_threads, struct err *err) _must_check_;

/*
 * How many days changes of results are kept: three seasons unless told, one at least,
 * so that nobody who compares with last year finds nothing.
 */
#define SETTINGS_HISTORY_DAYS 1096
#define SETTINGS_HISTORY_DAYS_MIN 366
#define SETTINGS_HISTORY_DAYS_MAX 36525
int settings_history(const char *text, int64_t *ret_days, struct err *err) _must_check_;

/* Whether @url is one that agents can move to: https, or http of this machine. */
int settings_moved_to(const char *url, struct err *err) _must_check_;

/* Longest text of an address: "[0000:…]:65535". */
#define SETTINGS_ADDRESS_SIZE 80

/*
 * Open a socket that listens on @listen, ADDR:PORT or [ADDR]:PORT; port 0 is a free
 * one. What plain HTTP would say on the network is refused: @is_private says that TLS
 * is spoken, here or by a proxy in front.
 * *@ret_fd is owned by the caller; @address gets ADDR:PORT as it came out.
 */
int settings_listen(const char *listen, bool is_private, int *ret_fd,
		    char address[static SETTINGS_ADDRESS_SIZE], struct err *err) _must_check_;

/*
 * Read the admin's token from @path and keep only its hash. A file that is not
 * there is made with a new token, mode 0600, and *@ret_is_new is set.
 * -EACCES: others can read it.
 */
int settings_token(const char *path, char ret_hash[static HASH_SIZE], bool *ret_is_new,
		   struct err *err) _must_check_;
