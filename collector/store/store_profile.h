/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Profiles: every version that ever judged, what is published, and what sites are judged by. */

#include <stdint.h>

#include "collector/store/store.h"
#include "common/model/profile.h"

/* The version of @id that is published; -ENOENT: none. */
int store_profile_version(struct store *store, const char *id, char ret_version[static HASH_SIZE],
			  struct err *err) _must_check_;
/* Parsed; profile_free() *@ret_profile. -ENOENT: no such version. -EUCLEAN: cannot be read. */
int store_profile_get(struct store *store, const char *version, struct profile **ret_profile,
		      struct err *err) _must_check_;
/* The text of a version, owned by the caller. -ENOENT: no such version. */
int store_profile_body(struct store *store, const char *version, char **ret_body,
		       struct err *err) _must_check_;

/* A version and its text. */
struct profile_text {
	const char *profile_id;
	const char *version;
	const char *body;
};
/* Keep a version; one that is there already stays as it is. */
int store_profile_put(struct store *store, const struct profile_text *text, int64_t now_ms,
		      struct err *err) _must_check_;

/*
 * The version that was composed of what hashes to @inputs; it is kept. -ENOENT: that was not
 * composed yet, which is no failure: @err is not set.
 */
int store_composition_get(struct store *store, const char *inputs,
			  char ret_version[static HASH_SIZE], struct err *err) _must_check_;
/* @version, which is kept, is composed of it. */
int store_composition_put(struct store *store, const char *inputs, const char *version,
			  struct err *err) _must_check_;

/*
 * @version, which is kept, is what @profile_id is from now on, whatever a clock that
 * was wrong said when others were published.
 */
int store_publication_put(struct store *store, const char *profile_id, const char *version,
			  int64_t now_ms, struct err *err) _must_check_;

struct publication {
	char *profile_id;
	char version[HASH_SIZE];
	int64_t published_ms;
	int64_t n_sites; /* whose window names the profile */
};
struct publication_list {
	struct publication *publications;
	size_t n_publications;
};
/* What is published now, by id; with @profile_id everything that ever was of it, newest first. */
int store_publication_list(struct store *store, const char *profile_id,
			   struct publication_list *ret_list, struct err *err) _must_check_;
void publication_list_done(struct publication_list *list);

/*
 * The version that begins with @prefix (8 digits at least), of those of @profile_id, or of
 * all where that is NULL. -ENOENT: none. -EEXIST: more than one.
 */
int store_profile_find(struct store *store, const char *profile_id, const char *prefix,
		       char ret_version[static HASH_SIZE], struct err *err) _must_check_;

/* What the site's devices are judged by from now on; "": nothing. */
int store_window_set_version(struct store *store, const char *site_code, const char *version,
			     struct err *err) _must_check_;

/* What a site is judged by now. */
struct site_version {
	char *site_code;
	char *lea_code;
	char version[HASH_SIZE]; /* "": nothing */
};
struct site_version_list {
	struct site_version *sites;
	size_t n_sites;
};
/* Of the sites whose window names @profile_id, or of @site_code alone; by LEA, then by code. */
int store_site_versions(struct store *store, const char *profile_id, const char *site_code,
			struct site_version_list *ret_list, struct err *err) _must_check_;
void site_version_list_done(struct site_version_list *list);
/* Whether some window names the profile: 1 or 0. */
int store_profile_is_named(struct store *store, const char *profile_id,
			   struct err *err) _must_check_;
