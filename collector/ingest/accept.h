/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a device sends, checked wholly before anything is done with it. PURE.
 */

#include <stddef.h>

#include <jansson.h>

#include "collector/act/act.h"
#include "common/base/base.h"
#include "common/base/err.h"
#include "common/model/facts.h"
#include "common/model/report.h"

/* So many facts a report may lack, with those of each thing in a list: what is new since its
 * agent was built. They are made unknown. */
#define ACCEPT_COMPLETED_MAX 1024

struct accepted_report {
	json_t *json; /* owns what @report borrows */
	struct report report;
	char *facts_text;           /* the canonical JSON of report.facts */
	char facts_hash[HASH_SIZE]; /* of that */
	char sent_hash[HASH_SIZE];  /* of the facts before they were completed; "": they were
				       complete */
};

/* Facts alone. */
struct accepted_facts {
	json_t *json;
	char *text; /* the canonical JSON of them */
	char hash[HASH_SIZE];
	uint64_t numbers[FACTS_GROUPS_MAX]; /* of the groups, see struct group */
};
void accepted_facts_done(struct accepted_facts *facts);

/*
 * Check a report. On success accepted_report_done() *@ret_accepted.
 * -EINVAL, -E2BIG: @err has the place and what is wrong, *@ret_pointer the JSON
 * pointer of the place (owned by the caller; NULL where the body is not JSON, or all of its
 * facts are too long to be stored).
 */
int accept_report(const char *body, size_t len, struct accepted_report *ret_accepted,
		  char **ret_pointer, struct err *err) _must_check_;
void accepted_report_done(struct accepted_report *accepted);

struct accepted_heartbeat {
	json_t *json; /* owns what @heartbeat borrows */
	struct heartbeat heartbeat;
};

/* The same for a heartbeat. */
int accept_heartbeat(const char *body, size_t len, struct accepted_heartbeat *ret_accepted,
		     char **ret_pointer, struct err *err) _must_check_;
void accepted_heartbeat_done(struct accepted_heartbeat *accepted);

struct accepted_enroll {
	json_t *json;                  /* owns what @request borrows */
	struct enroll_request request; /* key_hash is NULL: that is not in the body */
};

/* The same for an enrolment. */
int accept_enroll(const char *body, size_t len, struct accepted_enroll *ret_accepted,
		  char **ret_pointer, struct err *err) _must_check_;
void accepted_enroll_done(struct accepted_enroll *accepted);

/* The same for how a conflict is resolved: {"resolution": "repaired"}. */
int accept_resolution(const char *body, size_t len, enum conflict_resolution *ret_resolution,
		      char **ret_pointer, struct err *err) _must_check_;
