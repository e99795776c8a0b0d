/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a report needs of its device's row that says nothing new: a few columns in one
 * read, and one write.
 */

#include <stdbool.h>
#include <stdint.h>

#include "collector/domain/past.h"
#include "collector/store/store.h"
#include "common/base/id.h"
#include "common/model/report.h"
#include "common/model/result.h"

/* So many digits of a digest of contents are of all of them but the facts. */
#define CONTENTS_AROUND 32

struct known_device {
	char contents[HASH_SIZE]; /* digest of what the row was made from; "": not known */
	char site_code[33];
	char profile_version[HASH_SIZE]; /* "": not judged */
	char next_key_hash[HASH_SIZE];   /* a key that was given and not used yet; "": none */
	int64_t seen_ms;
	int64_t sequence_floor;
	enum device_state state;
	bool accepts_any;
	struct past past;
};

/*
 * The device whose key has the hash @key_hash, and the digest of what its row was made from.
 * -ENOENT: no device has this key.
 */
int store_known_by_key(struct store *store, const char *key_hash, char ret_id[static ID_SIZE],
		       char ret_contents[static HASH_SIZE], struct err *err) _must_check_;
/* -ENOENT: no such device. */
int store_known_get(struct store *store, const char *device_id, struct known_device *ret_device,
		    struct err *err) _must_check_;
/*
 * The same, and whether the row holds what @heartbeat says: its facts, as stored or as they
 * came, the agent's version and, where it tells one, the fingerprint.
 */
int store_known_get_beat(struct store *store, const struct heartbeat *heartbeat,
			 struct known_device *ret_device, bool *ret_is_same,
			 struct err *err) _must_check_;
/* What else is needed of it where only its facts are new. */
struct known_results {
	char *results; /* owned */
	enum device_role role;
	bool were_incomplete; /* the facts that it sent: what it did not say was made unknown */
};
void known_results_done(struct known_results *results);
/* As store_known_get(). On success known_results_done() *@ret_results. */
int store_known_get_results(struct store *store, const char *device_id,
			    struct known_device *ret_device, struct known_results *ret_results,
			    struct err *err) _must_check_;
/*
 * The row of @device_id is what a report with @contents makes it. Whatever else changes
 * what such a report would write takes that back: store_device_update() and
 * store_identity_put() do.
 */
int store_known_put(struct store *store, const char *device_id, const char *contents,
		    struct err *err) _must_check_;
/*
 * @device was seen at @seen_ms, which is not 0, by a report that its past has by now, and
 * nothing else is new.
 */
int store_known_seen(struct store *store, const char *device_id, const struct known_device *device,
		     int64_t seen_ms, struct err *err) _must_check_;

/* What is new of a device that was seen, but for its past: the facts, which change no result. */
struct known_change {
	const char *facts_text, *facts_hash;
	const char *contents;
};
/* As store_known_seen(), and its facts are those of @change. */
int store_known_changed(struct store *store, const char *device_id,
			const struct known_device *device, int64_t seen_ms,
			const struct known_change *change, struct err *err) _must_check_;
