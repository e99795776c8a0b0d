/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Fingerprint
 *
 * By what a device is known to be the same machine: hashes of what its maker
 * wrote into it. An identity is stored with the fingerprint that it was given
 * for, so that a copied disk is found out by the copy itself, and by the
 * collector where one key shows two fingerprints. A fingerprint is compared
 * and never looked up: there is nothing in it that a person could read.
 */

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "common/base/err.h"
#include "common/model/document.h"

/* The words are part of the wire format and of the store: never change one. */
enum fingerprint_kind {
	FINGERPRINT_PRODUCT_UUID,
	FINGERPRINT_PRODUCT_SERIAL,
	FINGERPRINT_BOARD_SERIAL,
	FINGERPRINT_CHASSIS_SERIAL,
	FINGERPRINT_DISK_SERIAL,
	FINGERPRINT_MAC,        /* permanent, of a built-in interface; there may be several */
	FINGERPRINT_MACHINE_ID, /* copied with the disk, so it is weak */
	FINGERPRINT_KIND_MAX_,
};
extern const char *const fingerprint_kind_words[]; /* ended by NULL */

#define FINGERPRINT_VALUES_MAX 16
#define FINGERPRINT_HASH_SIZE 17 /* 16 hexadecimal digits and NUL */

/*
 * One value. A strong one tells machines apart; a weak one is told and shown,
 * and decides nothing. What is neither is not in a fingerprint at all.
 */
struct fingerprint_value {
	enum fingerprint_kind kind;
	bool is_strong;
	char hash[FINGERPRINT_HASH_SIZE];
};

/* Sorted by kind and hash, without repetitions. */
struct fingerprint {
	struct fingerprint_value values[FINGERPRINT_VALUES_MAX];
	size_t n;
};

/*
 * Add @value, as the device tells it, under @kind. It is hashed with BLAKE2b
 * under a key of this format's own, so that what is stored is of no use to
 * others that know the device by the same number. Space around it and letter
 * case do not count. An empty value is left out, as is one beyond
 * FINGERPRINT_VALUES_MAX.
 */
void fingerprint_add(struct fingerprint *fingerprint, enum fingerprint_kind kind, bool is_strong,
		     const char *value);

/* Whether there is a value of @kind; whether there is a strong one at all. */
bool fingerprint_has(const struct fingerprint *fingerprint, enum fingerprint_kind kind);
bool fingerprint_has_strong(const struct fingerprint *fingerprint);

enum fingerprint_match {
	FINGERPRINT_SAME,     /* no strong value changed */
	FINGERPRINT_REPAIRED, /* one did: a new disk, or other network interfaces */
	FINGERPRINT_OTHER,    /* two or more did: another machine, or a new main board */
	FINGERPRINT_UNSURE,   /* there is no strong value to compare by */
	FINGERPRINT_MATCH_MAX_,
};

/*
 * Compare what a device was with what it is. A kind has changed if both sides
 * have strong values of it and none in common; what one side lacks says
 * nothing, since it may only be unreadable today.
 */
enum fingerprint_match fingerprint_compare(const struct fingerprint *before,
					   const struct fingerprint *now);

/* Whether both have the very same values. */
bool fingerprint_equal(const struct fingerprint *a, const struct fingerprint *b);

/* @now, and what @before knew of the kinds of which @now has nothing, since they may be unreadable
 * today. */
struct fingerprint fingerprint_merge(const struct fingerprint *before,
				     const struct fingerprint *now);

/* The kinds that changed, as "product_uuid, disk_serial"; owned by the caller. */
char *fingerprint_changes(const struct fingerprint *before,
			  const struct fingerprint *now) _must_check_;

/*
 * [{"kind": "product_uuid", "strength": "strong", "hash": "…"}, …]
 * Owned by the caller.
 */
json_t *fingerprint_write(const struct fingerprint *fingerprint) _must_check_;
/* -EINVAL: @err names the place. */
int fingerprint_read(const struct node *node, struct fingerprint *ret_fingerprint,
		     struct err *err) _must_check_;
