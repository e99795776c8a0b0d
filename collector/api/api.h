/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The routes of the API, one file a resource: each reads its parameters, calls a
 * view or hands work to the writer, and nothing else. docs/openapi.yaml is the
 * contract of all of them.
 */

#include "collector/act/actor.h"
#include "collector/http/request.h"
#include "collector/http/response.h"
#include "collector/http/route.h"
#include "collector/view/view.h"

/* All tables, ended by NULL. */
extern const struct route *const api_routes[];

/* Each ended by a row without a method. */
extern const struct route api_metrics_routes[], api_audit_routes[], api_sign_on_routes[],
	api_oidc_routes[];
extern const struct route api_setup_routes[], api_people_routes[], api_enroll_routes[],
	api_report_routes[], api_profile_routes[], api_device_key_routes[], api_session_routes[],
	api_overview_routes[], api_site_routes[], api_devices_routes[], api_export_routes[],
	api_device_routes[], api_placement_routes[], api_conflict_routes[],
	api_published_profile_routes[], api_waiver_routes[], api_operations_routes[];
extern const struct route api_token_routes[], api_second_factor_routes[],
	api_enrollment_key_routes[], api_people_import_routes[];
extern const struct route api_inventory_routes[], api_imports_routes[], api_site_imports_routes[],
	api_lea_routes[];

/* What is asked for or sent while the collector stops is answered with this sentence. */
extern const char api_stopping[];

/* Make the JSON of one resource; see view.h. */
typedef int api_make(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err);

/* Answer with what @make makes of one snapshot of the store, in a thread for that; see reading.h.
 */
void api_answer(struct request *req, struct response *res, api_make *make);
/*
 * The same for what is another one when some hour comes, as the state of what ends then: it is made
 * anew each time, since what api_answer() remembers is good for the day.
 */
void api_answer_timed(struct request *req, struct response *res, api_make *make);
/*
 * The same at once, where the answer was put off already: only for what takes no longer than
 * finding out whose key it is.
 */
void api_answer_now(struct request *req, struct response *res, api_make *make);

/* The latter where the JSON is of what was just done, which is @arg. */
typedef int api_make_with(const struct view *view, const void *arg, json_t **ret_json,
			  struct err *err);
void api_answer_with(struct request *req, struct response *res, api_make_with *make,
		     const void *arg);

/* Who asks, for what collector/act does; valid as long as the request. Of a route of staff only. */
struct actor api_actor(const struct request *req);

/* The parameters that every list has. -EINVAL: one of them is not valid. */
int api_page(const struct request *req, struct page *ret_page, struct err *err) _must_check_;
