/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What pages tell of how devices are judged: by what, since when, what is waived, and how
 * many wait for what holds now. Reads only.
 */

#include <stddef.h>
#include <stdint.h>

#include "collector/domain/access.h"
#include "collector/store/store.h"
#include "collector/store/store_rejudge.h"
#include "common/base/id.h"

/* Devices of a site that wait to be judged again; 0 where it is not in the queue. */
int store_site_left(struct store *store, const char *code, int64_t *ret_n,
		    struct err *err) _must_check_;

/* When the version of a profile was made. -ENOENT: there is none. */
int store_version_made(struct store *store, const char *version, int64_t *ret_ms,
		       struct err *err) _must_check_;

/* For how many of the sites in @sight a profile is, and what of them waits to be judged again. */
struct profile_reach {
	int64_t n_sites;
	struct rejudge_left left;
};
int store_profile_reach(struct store *store, const struct sight *sight, const char *profile_id,
			struct profile_reach *ret_reach, struct err *err) _must_check_;

/* The name of an LEA, owned by the caller. -ENOENT: there is none of that code. */
int store_lea_name(struct store *store, const char *code, char **ret_name,
		   struct err *err) _must_check_;

/* Expected devices of the sites in @sight that are judged by the same document and have the same
 * results. */
struct waived_pattern {
	char version[HASH_SIZE]; /* what their sites are judged by now */
	char *results;           /* with something waived in it */
	int64_t n;
};
struct waived_list {
	struct waived_pattern *patterns;
	size_t n_patterns;
};
/*
 * All of those that were judged by what their site is judged by now, by version, or of the
 * profile @profile_id only, where that is not NULL. waived_list_done() *@ret_list.
 */
int store_waived_list(struct store *store, const struct sight *sight, const char *profile_id,
		      struct waived_list *ret_list, struct err *err) _must_check_;
void waived_list_done(struct waived_list *list);
