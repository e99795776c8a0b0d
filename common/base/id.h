/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Identifiers and secrets, from the kernel's random source; hashes of them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/base.h"

#define ID_SIZE 33     /* 32 hexadecimal digits and NUL */
#define SECRET_SIZE 48 /* a prefix of 4, 43 characters of base64url, NUL */
#define HASH_SIZE 65   /* 64 hexadecimal digits and NUL */

/* A new random 128-bit id. */
void id_new(char id[static ID_SIZE]);
bool id_is_valid(const char *id);

/*
 * Ids for many rows that are made at once: 96 random bits that all have in common, then a
 * counter, so that they ascend and a database puts each next to the one before.
 */
struct id_series {
	unsigned char bytes[(ID_SIZE - 1) / 2];
	uint32_t n;
};
void id_series_begin(struct id_series *series);
/* At most 2^32 times. */
void id_series_next(struct id_series *series, char id[static ID_SIZE]);

/* What a secret is for; scanners find leaked ones by the prefix. */
#define SECRET_ENROLLMENT "tre_"
#define SECRET_DEVICE "trd_"
#define SECRET_TOKEN "trt_"
#define SECRET_SESSION "trs_"
#define SECRET_INVITATION "tri_"
#define SECRET_SIGN_ON "tro_"

/* A new random 256-bit secret with @prefix. */
void secret_new(const char *prefix, char secret[static SECRET_SIZE]);
bool secret_is_valid(const char *prefix, const char *secret);

/* Whether one may be somewhere in @text, whole or not, so that no message may quote it. */
bool secret_is_in(const char *text);

/* Whether two secrets or hashes are equal, in a time that does not tell where they differ. */
bool secret_equal(const char *a, const char *b);

/* SHA-256 of @len bytes in lower-case hexadecimal. Secrets are 256 random bits: no slow hash
 * needed. */
void hash_hex(const void *data, size_t len, char hash[static HASH_SIZE]);
