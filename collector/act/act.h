/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Everything that changes the store, each in one place, used by the API and the
 * command line alike. Each function runs inside a transaction of the caller and
 * leaves the counts right; on failure the caller rolls back.
 */

#include <stdint.h>

#include "collector/store/profile_cache.h"
#include "collector/store/store.h"
#include "collector/store/store_conflict.h"
#include "common/base/id.h"
#include "common/model/profile.h"
#include "common/model/report.h"

/*
 * Enrol a device with the enrolment key that hashes to @key_hash. It becomes, the
 * first of these that there is:
 * - what the same request was answered with before, by a new key;
 * - the device of the site that has the same fingerprint: it was wiped, or its key
 *   is refused, and goes on under its id; until it reports, it was never seen;
 * - the line of the site's inventory that nobody claimed yet and that has the same
 *   asset tag, serial or host name (in that order);
 * - a new one.
 * The inventory's role and room win over what the device says.
 * -EACCES: no such key, expired, revoked, or used up; nothing changed.
 */
struct enroll_request {
	const char *key_hash;
	const char *agent_version;
	enum device_role role;
	struct device_names names;
	bool has_fingerprint; /* an older agent sends none */
	struct fingerprint fingerprint;
	const char *previous_id; /* of the device that it was before; NULL: of none */
	const char *request_id;  /* NULL: an older agent */
};
struct enroll_answer {
	char device_id[ID_SIZE];
	char device_key[SECRET_SIZE];
	char *site_code; /* both owned by the caller */
	char *site_name;
	int64_t period_s;   /* until it is to be heard of again */
	bool is_taken_over; /* the device was there and goes on */
};
int act_enroll(struct store *store, const struct enroll_request *request, int64_t now_ms,
	       struct enroll_answer *ret_answer, struct err *err) _must_check_;

/* What a device is told when it reports, and when it only says that it is there. */
struct contact_answer {
	enum device_state state;
	bool was_there;                      /* it came before, and nothing was changed */
	bool wants_report;                   /* of a heartbeat: its facts are not known here */
	bool is_suspected;                   /* with this its device came into conflict */
	int64_t period_s;                    /* until it is to be heard of again */
	char profile_id[PROFILE_ID_MAX + 1]; /* that it is judged by; "": none is published */
	char profile_version[HASH_SIZE];
	int32_t judged_for; /* the day, the last of the window; 0: there is no window */
};

/*
 * Take in a report that ingest/accept checked. The same (device, boot, sequence)
 * again changes nothing and gives the state that was answered then. One that was
 * observed before what is stored is noted and changes nothing else, unless what is
 * stored was seen after @now_ms: then the clock was set back, and the report counts.
 * Where the device's clock is ahead of ours, the highest number is the newest.
 * One that cannot be of the machine that its key was given to brings the device into
 * conflict; see collector/act/suspect.h.
 * -ENOENT: no such device; nothing changed.
 */
struct delivery {
	const struct report *report;
	const char *facts_text; /* the canonical JSON of report->facts */
	const char *sent_hash;  /* of the facts as they came; "": of facts_text */
	const char *key_hash;   /* of the key that it came with; "": it came otherwise */
	const char *contents;   /* digest of all but its counters; NULL or "": not known */
	const char *facts_hash; /* SHA-256 of facts_text; NULL: it is to be made */
};
int act_report(struct store *store, struct profile_cache *cache, const struct delivery *delivery,
	       int64_t now_ms, struct contact_answer *ret_answer, struct err *err) _must_check_;

/*
 * A heartbeat is like a report with the facts that are stored, where those are the
 * ones that it names; else it is only noted, and the answer wants the report.
 */
/* NOLINTNEXTLINE(readability-function-size): the store, its cache and the clock come with it */
int act_heartbeat(struct store *store, struct profile_cache *cache,
		  const struct heartbeat *heartbeat, const char *key_hash, int64_t now_ms,
		  struct contact_answer *ret_answer, struct err *err) _must_check_;

/*
 * Give @device_id another key. The one that it has stays valid until the new one is
 * used, so that an answer that gets lost locks nobody out; asked again, the new one
 * is another again. @key_hash is of the key that it asks with. -ENOENT: no such device.
 * -EACCES: that key is not the device's any more, since it was let in with it.
 * -EALREADY: a person accepted that two machines use it.
 */
int act_device_key(struct store *store, const char *device_id, const char *key_hash, int64_t now_ms,
		   char ret_key[static SECRET_SIZE], struct err *err) _must_check_;

/*
 * End a conflict, or begin it again. What each does is told by
 * conflict_resolution_texts[], and who did it is written down.
 * -ENOENT: no such conflict. -EALREADY: it is resolved, or open, as it is; or the
 * device has a newer conflict than the one to undo.
 */
struct decision {
	const char *conflict_id;
	enum conflict_resolution resolution; /* RESOLUTION_NONE: undo */
	const char *who;
};
int act_conflict_decide(struct store *store, struct profile_cache *cache,
			const struct decision *decision, int64_t now_ms,
			struct err *err) _must_check_;

/*
 * Make stale what is older than its site's freshness at @now_ms, or seen well after
 * it by a clock that was set back since; and fresh again what is neither, since
 * freshness loosens when a window is over. Devices of a site whose document cannot be
 * read are put into the queue to be judged again, which makes them unknown.
 */
int act_sweep(struct store *store, struct profile_cache *cache, int64_t now_ms,
	      int64_t *ret_n_changed, struct err *err) _must_check_;

/* What one transaction of a look at all sites does at most, since reports wait for it. */
#define SWEEP_SITES_MAX 100
#define SWEEP_DEVICES_MAX 64
struct sweep_part {
	char *last; /* sites up to it are done; owned by the caller */
	int64_t n_changed;
	size_t n_damaged; /* plans that were due and could not be read */
	char *damage;     /* what is wrong with the first; owned by the caller; NULL: none */
};
/*
 * The same of the next sites behind the code @after, "" at first, in a transaction each. 1: there
 * are more, behind ->last; 0: that was the last, and ->last is NULL. Whoever does not go on begins
 * anew: what was done is not done twice.
 */
int act_sweep_part(struct store *store, struct profile_cache *cache, const char *after,
		   int64_t now_ms, struct sweep_part *ret_part, struct err *err) _must_check_;

/*
 * A new enrolment key, shown once; only its hash is stored. -ENOENT: no such site.
 */
struct enrollment_grant {
	const char *site_code;
	int64_t days; /* how long the key is good */
	int64_t uses; /* for how many devices; negative: any number */
};
int act_enrollment_key_add(struct store *store, const struct enrollment_grant *grant,
			   int64_t now_ms, char ret_key[static SECRET_SIZE],
			   struct err *err) _must_check_;

/*
 * Make the enrolment key whose hash begins with @hash_prefix good for nothing.
 * -ENOENT: no key, or more than one, begins like that. -EALREADY: it was revoked.
 */
int act_enrollment_key_revoke(struct store *store, const char *hash_prefix, int64_t now_ms,
			      struct err *err) _must_check_;

/* Make the collector's own key, unless it has one. 1: it was made; 0. */
int act_collector_key_make(struct store *store, int64_t now_ms, struct err *err) _must_check_;
#define SIGNATURE_SIZE 87 /* 64 bytes in base64url and NUL */
/*
 * The signature of the collector on where it moved to, in base64url: Ed25519 over
 * "testready moved-to " and @url. -ENOENT: it has no key.
 */
int act_move_sign(struct store *store, const char *url, char ret_signature[static SIGNATURE_SIZE],
		  struct err *err) _must_check_;

/* The last signatures that were made: a fleet asks for the same few documents. */
#define SIGNATURES_KEPT 64
struct signatures {
	struct profile_signature {
		char version[HASH_SIZE]; /* "": none */
		char text[SIGNATURE_SIZE];
	} signatures[SIGNATURES_KEPT];
	size_t next; /* the place of the oldest, modulo SIGNATURES_KEPT */
};
struct profile_text;
/*
 * The signature of the collector on @document, by which agents know it from another's:
 * Ed25519 over "testready profile ID VERSION". One that is in @kept is not made again;
 * *@ret_signature is valid until the next call with @kept. -ENOENT: it has no key.
 */
int act_profile_sign(struct store *store, struct signatures *kept,
		     const struct profile_text *document, const char **ret_signature,
		     struct err *err) _must_check_;
