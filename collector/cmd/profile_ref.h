/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How people name a profile on the command line: a file, an id, or a version. */

#include "common/base/err.h"
#include "common/model/profile.h"

/*
 * The profile that @name means: "-" for standard input, a file, else what is published as that id
 * in the store at @store_url (NULL for the default), else the stored version that begins with
 * it. *@ret_profile is owned by the caller: profile_free() it.
 *
 * -EINVAL, -E2BIG: the file is no profile. -ENOENT: there is none of that name. -EEXIST: several
 * versions begin so.
 */
int profile_ref_open(const char *name, const char *store_url, struct profile **ret_profile,
		     struct err *err) _must_check_;

/*
 * What the site @code is judged by, and for which day: its window's last. *@ret_profile is owned by
 * the caller. -ENOENT: no such site, or nothing is published for it.
 */
int profile_ref_of_site(const char *code, const char *store_url, struct profile **ret_profile,
			int32_t *ret_as_of, struct err *err) _must_check_;
