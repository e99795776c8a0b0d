/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Names of languages, made alike: as in BCP 47, in lower case.
 */

#include <stddef.h>

#include "common/base/base.h"

/*
 * @len bytes of @name in lower case, with "-" for "_": "en_US" is "en-us".
 * NULL if that cannot be a tag: other characters, or more than 64 bytes.
 * Owned by the caller.
 */
char *speech_language_tag(const char *name, size_t len) _must_check_;

/*
 * What the synthesiser @engine means by @word ("English"), by
 * agent/data/languages.csv; what is not in there is told as it is. Owned by
 * the caller.
 */
char *speech_language_of(const char *engine, const char *word) _must_check_;
