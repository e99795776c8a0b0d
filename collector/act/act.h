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
#include "common/base/id.h"
#include "common/model/profile.h"
#include "common/model/report.h"

/*
 * Enrol a device with the enrolment key that hashes to @key_hash. A line of the
 * site's inventory that nobody claimed yet and that has the same asset tag,
 * serial or host name (in that order) becomes this device; else a new one is made.
 * The inventory's role and room win over what the device says.
 * -EACCES: no such key, expired, or used up; nothing changed.
 */
struct enroll_request {
	const char *key_hash;
	const char *agent_version;
	enum device_role role;
	struct device_names names;
};
struct enroll_answer {
	char device_id[ID_SIZE];
	char device_key[SECRET_SIZE];
	char *site_code; /* both owned by the caller */
	char *site_name;
};
int act_enroll(struct store *store, const struct enroll_request *request, int64_t now_ms,
	       struct enroll_answer *ret_answer, struct err *err) _must_check_;

/*
 * Take in a report that ingest/accept checked. The same (device, boot, sequence)
 * again changes nothing and gives the state that was answered then. One that was
 * observed before what is stored is noted and changes nothing else, unless what is
 * stored was seen after @now_ms: then the clock was set back, and the report counts.
 * @facts_text is the canonical JSON of report->facts.
 * -ENOENT: no such device; nothing changed.
 */
/* NOLINTNEXTLINE(readability-function-size): the store, its cache and the clock come with it */
int act_report(struct store *store, struct profile_cache *cache, const struct report *report,
	       const char *facts_text, int64_t now_ms, enum device_state *ret_state,
	       struct err *err) _must_check_;

/*
 * Publish a profile and judge again every stored device that it is for.
 * @body is the file's text. The version that is published already changes nothing.
 */
int act_publish(struct store *store, const struct profile *profile, const char *body,
		int64_t now_ms, int64_t *ret_n_judged, struct err *err) _must_check_;

/*
 * Make stale what is older than its site's freshness at @now_ms, or seen well after
 * it by a clock that was set back since; and fresh again what is neither, since
 * freshness loosens when a window is over.
 */
int act_sweep(struct store *store, struct profile_cache *cache, int64_t now_ms,
	      int64_t *ret_n_changed, struct err *err) _must_check_;

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
