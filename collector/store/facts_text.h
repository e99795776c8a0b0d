/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The facts of a device as they are stored: their canonical text, packed.
 *
 * A zstd frame (RFC 8878) with a checksum and the id of the dictionary that it was
 * made with: docs/decisions/0023-facts-are-packed.md. Nothing here belongs to a store or
 * to a thread, so whoever has a text at hand can pack it.
 */

#include <stddef.h>

#include "common/base/err.h"

/* What is unpacked is no larger, in bytes; accept_report() refuses longer facts. */
#define FACTS_STORED_MAX ((size_t)256 * 1024)

/* The id of the dictionary that is packed with: of those that may be used without asking. */
#define FACTS_DICTIONARY 40001

/*
 * *@ret_bytes is owned by the caller: free() it. -EMSGSIZE: @text is longer than
 * FACTS_STORED_MAX.
 */
int facts_text_pack(const char *text, void **ret_bytes, size_t *ret_size,
		    struct err *err) _must_check_;

/*
 * *@ret_text is owned by the caller: free() it.
 * -EBADMSG: @bytes are not what facts_text_pack() made, or were packed with a dictionary that
 * only a newer version has; so nothing is known of the text.
 */
int facts_text_unpack(const void *bytes, size_t size, char **ret_text,
		      struct err *err) _must_check_;
