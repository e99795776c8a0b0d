/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What facts are named by in reports, heartbeats and the store: hash_hex() of their canonical
 * JSON, which it is equal to. It is made of every report that is read, so it uses the
 * instructions that processors have for it, by a library that the HTTP library brings anyway.
 */

#include <stddef.h>

#include "common/base/id.h"

void facts_hash(const char *text, size_t len, char hash[static HASH_SIZE]);
