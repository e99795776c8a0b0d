/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "agent/answer.h"
#include "agent/enroll.h"
#include "common/base/mem.h"

static char *request_body(const struct enrollment *enrollment)
{
	json_t *json = json_pack("{s:s, s:s, s:o, s:s, s:o}", "agent_version", VERSION, "role",
				 device_role_text(enrollment->role), "device",
				 device_names_write(&enrollment->names), "request_id",
				 enrollment->request_id, "fingerprint",
				 fingerprint_write(enrollment->fingerprint));
	char *body;

	if (enrollment->previous[0])
		json_object_set_new(json, "previous_device_id", json_string(enrollment->previous));
	body = document_canonical(json);

	json_decref(json);
	return body;
}

/* Why an answer other than 200 is none, and what to do. */
static int refusal(const struct enrollment *enrollment, const struct http_answer *answer,
		   struct err *err)
{
	_cleanup_free_ char *problem = answer_problem(answer->body, answer->len);
	const char *colon = problem[0] ? ": " : "";

	/* The collector's own words say what to do better than ours. */
	if (answer->status == 401 || answer->status == 403)
		return err_set(err, -EACCES,
			       "The collector at %s does not accept this enrolment key (%ld%s%s)%s",
			       enrollment->url, answer->status, colon, problem,
			       problem[0] ? "" : "; ask for a new one for this site");
	if (answer->status >= 300 && answer->status < 400)
		return err_set(
			err, -EPROTO,
			"%s redirects elsewhere (%ld), which is not followed; enrol with the "
			"address where the collector is",
			enrollment->url, answer->status);
	return err_set(err, -EPROTO, "The collector at %s answered %ld%s%s", enrollment->url,
		       answer->status, colon, problem);
}

static int take_answer(const struct enrollment *enrollment, const struct http_answer *answer,
		       struct identity *ret_identity, struct err *err)
{
	struct answer_enrolled enrolled = { 0 };
	struct err why = { 0 };

	if (answer->status != 200)
		return refusal(enrollment, answer, err);
	if (answer_enrolled(answer->body, answer->len, &enrolled, &why) < 0)
		return err_set(err, -EPROTO,
			       "What answers at %s is not a collector, or something in between, "
			       "such as a login page: %s",
			       enrollment->url, why.text);
	*ret_identity = (struct identity){
		.url = xstrdup(enrollment->url),
		.site_code = TAKE_PTR(enrolled.site_code),
		.site_name = TAKE_PTR(enrolled.site_name),
		.ca_pem = enrollment->ca_pem ? xstrdup(enrollment->ca_pem) : NULL,
		.role = enrollment->role,
		.enrolled_ms = enrollment->now_ms,
		.has_fingerprint = true,
		.fingerprint = *enrollment->fingerprint,
	};
	memcpy(ret_identity->request_id, enrollment->request_id, sizeof(ret_identity->request_id));
	memcpy(ret_identity->device_id, enrolled.device_id, sizeof(enrolled.device_id));
	memcpy(ret_identity->collector_key, enrolled.collector_key, sizeof(enrolled.collector_key));
	memcpy(ret_identity->device_key, enrolled.device_key, sizeof(enrolled.device_key));
	answer_enrolled_done(&enrolled);
	return 0;
}

int enroll(struct http *http, const struct enrollment *enrollment, struct identity *ret_identity,
	   struct err *err)
{
	_cleanup_free_ char *body = request_body(enrollment);
	struct http_request request = {
		.url = enrollment->url,
		.path = "/v1/enroll",
		.bearer = enrollment->key,
		.body = body,
	};
	struct http_answer answer = { 0 };
	struct err why = { 0 };
	int r = http_post(http, &request, &answer, &why);

	if (r < 0)
		return err_set(err, r, "No answer from %s: %s", enrollment->url, why.text);
	r = take_answer(enrollment, &answer, ret_identity, err);
	/* It may hold a key. */
	explicit_bzero(answer.body, answer.len);
	http_answer_done(&answer);
	return r;
}
