/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Which ETag an answer had, and of which version of what it was made of: an answer that was not
 * made since is known to be the same without making it again. A table of a fixed size, in which
 * what was noted last stays. From any thread.
 */

#include <stdbool.h>

#include "collector/http/response.h"
#include "common/base/base.h"
#include "common/base/id.h"

#define TAGS_VERSION_SIZE 48

struct tags;

struct tags *tags_new(void) _must_check_;
void tags_free(struct tags *tags);
DEFINE_CLEANUP(struct tags *, tags_free);

/*
 * The answer to what has the hash @asked, see hash_hex(), has @etag as of @version. Whatever an
 * answer depends on besides, as who asks and the day, has to be in what is hashed.
 */
void tags_note(struct tags *tags, const char *asked, const char *version, const char *etag);
/* Whether that was noted last for @asked, with this @version; then *@ret_etag is what was. */
bool tags_find(struct tags *tags, const char *asked, const char *version,
	       char ret_etag[static RESPONSE_ETAG_SIZE]);
