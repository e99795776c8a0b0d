/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

#include "collector/store/store.h"
#include "common/model/profile.h"

/* The version of the published profile @id; -ENOENT: none. */
int store_profile_version(struct store *store, const char *id, char ret_version[static HASH_SIZE],
			  struct err *err) _must_check_;
/* Parsed; profile_free() *@ret_profile. -ENOENT: not published. -EUCLEAN: cannot be read. */
int store_profile_get(struct store *store, const char *id, struct profile **ret_profile,
		      struct err *err) _must_check_;
/* Insert or replace. @body is the file's text. */
int store_profile_put(struct store *store, const struct profile *profile, const char *body,
		      int64_t now_ms, struct err *err) _must_check_;
/* The file's text, owned by the caller, and its version. -ENOENT: not published. */
int store_profile_body(struct store *store, const char *id, char **ret_body,
		       char ret_version[static HASH_SIZE], struct err *err) _must_check_;
