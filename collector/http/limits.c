/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "collector/domain/access.h"
#include "collector/domain/password_rule.h"
#include "collector/domain/session_time.h"
#include "collector/http/limits.h"
#include "common/base/base.h"
#include "common/base/log.h"
#include "common/model/facts.h"
#include "common/model/report.h"

static_assert(LIMIT_BODY_BYTES == REPORT_BYTES_MAX, "the agent makes no report that we refuse");
static_assert(LIMIT_JSON_DEPTH == REPORT_DEPTH_MAX, "one depth of reports");
static_assert(LIMIT_TEXT_BYTES == FACTS_TEXT_MAX, "one length of facts");
static_assert(LIMIT_CONNECTIONS_CALM == LIMIT_CONNECTIONS / 4 * 3, "as server.c reckons");
static_assert(LIMIT_LOG_LINES == LOG_SELDOM_LINES && LOG_SELDOM_MS == 60000, "lines a minute");
static_assert(LIMIT_PASSWORD == PASSWORD_CHARACTERS_MAX && PASSWORD_CHARACTERS_MIN == 12,
	      "one length of passwords");
static_assert(LIMIT_GRANTS == ACCESS_GRANTS_MAX, "one number of roles");
static_assert(LIMIT_SESSIONS == SESSIONS_MAX && LIMIT_SESSION_SECONDS == SESSION_HOURS * 3600 &&
		      LIMIT_SESSION_IDLE_SECONDS == SESSION_IDLE_HOURS * 3600,
	      "one length of sessions");
static_assert(LIMIT_LIST_ITEMS == FACTS_LIST_MAX, "one length of lists of facts");

/* clang-format off */
const struct limit limits[] = {
	{ "target", LIMIT_TARGET_BYTES, "bytes", 414,
	  "path and query of a request; ask for less at once" },
	{ "path segments", LIMIT_PATH_SEGMENTS, "", 400,
	  "parts between the slashes of a path; no route has as many" },
	{ "query parameters", LIMIT_QUERY_PARAMETERS, "", 400,
	  "parameters of a query; no route has as many" },
	{ "header", LIMIT_HEADER_BYTES, "bytes", 431,
	  "all header fields of a request; send fewer cookies and fields" },
	{ "body", LIMIT_BODY_BYTES, "bytes", 413,
	  "body of a report; an agent makes none as large" },
	{ "enrolment body", LIMIT_ENROLL_BYTES, "bytes", 413,
	  "body of an enrolment, which comes from somebody not known yet" },
	{ "heartbeat body", LIMIT_HEARTBEAT_BYTES, "bytes", 413,
	  "body of a heartbeat, which has no facts in it" },
	{ "resolution body", LIMIT_RESOLUTION_BYTES, "bytes", 413,
	  "body of how a conflict is resolved, which is one word" },
	{ "waiver body", LIMIT_WAIVER_BYTES, "bytes", 413,
	  "body of a waiver, which is a reason and a few names" },
	{ "sign-in body", LIMIT_SIGN_IN_BYTES, "bytes", 413,
	  "body of a sign-in, a setup, an invitation or another password" },
	{ "person body", LIMIT_PERSON_BYTES, "bytes", 413,
	  "body of an account, which is a name and its roles" },
	{ "password", LIMIT_PASSWORD, "characters", 400,
	  "of a password, at least 12; a few words are long enough" },
	{ "roles of an account", LIMIT_GRANTS, "", 400,
	  "each at one LEA, site or the state; give one for the whole LEA" },
	{ "sessions of an account", LIMIT_SESSIONS, "", 0,
	  "in as many browsers; with one more the oldest ends" },
	{ "session", LIMIT_SESSION_SECONDS, "seconds", 401,
	  "since somebody signed in; sign in again" },
	{ "idle session", LIMIT_SESSION_IDLE_SECONDS, "seconds", 401,
	  "since something was asked for in it, to the minute; sign in again" },
	{ "token body", LIMIT_TOKEN_BYTES, "bytes", 413,
	  "body of an API token that is to be made, which is a name and a role" },
	{ "key body", LIMIT_KEY_BYTES, "bytes", 413,
	  "body of an enrolment key that is to be made, which is a site and two numbers" },
	{ "file of people", LIMIT_PEOPLE_BYTES, "bytes", 413,
	  "body of a file of roles; split it" },
	{ "rows of people", LIMIT_PEOPLE_ROWS, "", 400,
	  "rows of such a file; split it" },
	{ "file of an inventory", LIMIT_IMPORT_BYTES, "bytes", 413,
	  "body of an inventory; split it by site, or load it with site import" },
	{ "rows of an inventory", LIMIT_IMPORT_ROWS, "", 400,
	  "rows of such a file, for which reports wait a third of a second; the same" },
	{ "refused body", LIMIT_DRAIN_BYTES, "bytes", 0,
	  "how much of a body that was refused is still read, so that the client gets to see why; "
	  "then the connection is cut" },
	{ "inflated body", LIMIT_INFLATED_BYTES, "bytes", 413,
	  "what a body sent with Content-Encoding: gzip may become; then the limit of its route counts" },
	{ "inflation", LIMIT_INFLATION, "times", 413,
	  "the same, as a multiple of what was sent; send what compresses better as it is" },
	{ "JSON depth", LIMIT_JSON_DEPTH, "levels", 400,
	  "nested objects and lists of a body" },
	{ "text", LIMIT_TEXT_BYTES, "bytes", 400,
	  "one text in a report; the agent cuts its own" },
	{ "list", LIMIT_LIST_ITEMS, "", 400,
	  "items of one list in a report" },
	{ "rows", LIMIT_ROWS, "", 400,
	  "rows of one answer (`limit`); follow `next_cursor` for more" },
	{ "cursor", LIMIT_CURSOR_BYTES, "bytes", 400,
	  "a `cursor`; send `next_cursor` as it was received" },
	{ "connections", LIMIT_CONNECTIONS, "", 0,
	  "connections at a time, or as many less as the system gives descriptors; others wait to be accepted" },
	{ "calm connections", LIMIT_CONNECTIONS_CALM, "", 0,
	  "beyond so many, one on which nothing happens is closed after the hurried idle time" },
	{ "request time", LIMIT_REQUEST_SECONDS, "seconds", 408,
	  "from the first line of a request to its last byte; then the connection is cut" },
	{ "idle time", LIMIT_IDLE_SECONDS, "seconds", 0,
	  "between two requests of a connection; then it is closed" },
	{ "hurried idle time", LIMIT_HURRIED_SECONDS, "seconds", 0,
	  "the same while there are many connections" },
	{ "answer time", LIMIT_ANSWER_SECONDS, "seconds", 0,
	  "until a client has taken its answer; then the connection is cut" },
	{ "requests of a device", LIMIT_DEVICE_BURST, "", 429,
	  "with one device's key at once, more than the reports of two months; come back after Retry-After" },
	{ "pace of a device", LIMIT_DEVICE_MS, "ms", 429,
	  "after those, one request each; come back after Retry-After" },
	{ "requests of an account", LIMIT_STAFF_BURST, "", 429,
	  "with one API token at once; come back after Retry-After" },
	{ "pace of an account", LIMIT_STAFF_MS, "ms", 429,
	  "after those, one request each; come back after Retry-After" },
	{ "remembered keys", LIMIT_RATE_KEYS, "", 0,
	  "keys whose requests are counted at a time; the one that asked least is forgotten first" },
	{ "remembered facts", LIMIT_GROUPS_BYTES, "bytes", 0,
	  "groups of facts that were checked; those that came longest ago are forgotten first, and read again when they come" },
	{ "exports", LIMIT_EXPORTS, "", 503,
	  "files of devices that are being sent at a time; come back after Retry-After" },
	{ "export time", LIMIT_EXPORT_SECONDS, "seconds", 0,
	  "until a client has taken such a file; then the connection is cut, since the store grows meanwhile" },
	{ "queue", LIMIT_QUEUE_JOBS, "", 503,
	  "reports and enrolments waiting to be written; come back after Retry-After" },
	{ "queue size", LIMIT_QUEUE_BYTES, "bytes", 503,
	  "bodies waiting to be written, one that was parsed 8 times its size; come back after Retry-After" },
	{ "queue of a device", LIMIT_QUEUE_DEVICE, "", 429,
	  "of these, with one device's key; send one after the other" },
	{ "queue of enrolments", LIMIT_QUEUE_ENROLLMENTS, "", 503,
	  "of these, of all who enrol; come back after Retry-After" },
	{ "queue of an account", LIMIT_QUEUE_STAFF, "", 429,
	  "of these, with one API token; send one after the other" },
	{ "pages", LIMIT_READS, "", 503,
	  "pages that wait to be made; come back after Retry-After" },
	{ "pages of an account", LIMIT_READS_STAFF, "", 429,
	  "of these, with one API token; ask for fewer at once" },
	{ "sign-ins at a provider", LIMIT_SIGN_ONS, "", 503,
	  "that wait for the identity provider; try again in a few seconds" },
	{ "sign-ins at a provider of a network", LIMIT_SIGN_ONS_NETWORK, "", 429,
	  "of these, from one address; try again in a few seconds" },
	{ "answer of a provider", LIMIT_PROVIDER_BYTES, "bytes", 0,
	  "of the identity provider; the sign-in fails, and the log says why" },
	{ "wait for a provider", LIMIT_PROVIDER_SECONDS, "seconds", 0,
	  "for each answer of the identity provider; the same" },
	{ "refusals in the log", LIMIT_LOG_LINES, "", 0,
	  "lines a minute of each kind of refusal; how many more there were is told with the next" },
	{ "web files", LIMIT_ASSET_FILES, "", 0,
	  "files of the folder given with --web; the collector refuses to start with more" },
	{ "web file", LIMIT_ASSET_BYTES, "bytes", 0,
	  "one file of that folder" },
	{ "connection memory", LIMIT_CONNECTION_MEMORY, "bytes", 431,
	  "head of a request that the HTTP library takes at all; beyond it the answer is the library's own" },
};
/* clang-format on */
const size_t n_limits = ARRAY_SIZE(limits);
