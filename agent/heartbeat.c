/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "agent/heartbeat.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

static char *heartbeat_body(const struct deliverer *d, const struct greeting *greeting)
{
	struct heartbeat heartbeat = {
		.head = {
			.device_id = d->identity->device_id,
			.agent_version = VERSION,
			.boot_id = d->boot_id,
			.sequence = greeting->sequence,
			.observed_ms = greeting->observed_ms,
			.age_ms = clock_boot_ms() - greeting->boot_ms,
			.has_fingerprint = greeting->fingerprint != NULL,
		},
		.facts_hash = greeting->facts_hash,
	};
	json_t *json;
	char *body;

	if (greeting->fingerprint)
		heartbeat.head.fingerprint = *greeting->fingerprint;
	json = heartbeat_write(&heartbeat);
	body = document_canonical(json);
	json_decref(json);
	return body;
}

static enum delivery wait_for(struct delivery_run *run, char *trouble)
{
	free(run->trouble);
	run->trouble = trouble;
	return DELIVERY_WAITS;
}

static enum delivery confirm(const struct deliverer *d, const struct greeting *greeting,
			     const struct http_answer *answer, struct delivery_run *run)
{
	struct answer_about about = { d->identity->device_id, d->boot_id, greeting->sequence };
	struct answer_reported said = { 0 };
	struct err why = { 0 };

	if (answer_reported(answer->body, answer->len, &about, &said, &why) < 0)
		return wait_for(run, xasprintf("What answers at %s is not the collector, or "
					       "something in between, such as a login page: %s",
					       d->identity->url, why.text));
	answer_reported_done(&run->said);
	run->said = said;
	return DELIVERY_DONE;
}

static enum delivery act_on(const struct deliverer *d, const struct greeting *greeting,
			    const struct http_answer *answer, struct delivery_run *run)
{
	const char *meaning;
	enum delivery delivery = delivery_of_status(answer->status, &meaning);
	_cleanup_free_ char *said = delivery_answer_text(answer);

	run->http_status = answer->status;
	run->retry_after_s = answer->retry_after_s;
	if (delivery == DELIVERY_DONE)
		return confirm(d, greeting, answer, run);
	if (answer->status == 404 || answer->status == 405) {
		/* A collector of before there were heartbeats. */
		run->said.is_report_wanted = true;
		return DELIVERY_DONE;
	}
	run->has_no_key = delivery == DELIVERY_NO_KEY;
	(void)wait_for(run, xasprintf("The collector at %s answered %s", d->identity->url, said));
	return delivery;
}

enum delivery heartbeat_send(const struct deliverer *d, const struct greeting *greeting,
			     struct delivery_run *run)
{
	_cleanup_free_ char *body = heartbeat_body(d, greeting);
	struct http_request request = {
		.url = d->identity->url,
		.path = "/v1/heartbeats",
		.bearer = d->identity->device_key,
		.body = body,
	};
	struct http_answer answer = { 0 };
	enum delivery delivery;
	struct err why = { 0 };

	run->retry_after_s = 0;
	if (http_post(d->http, &request, &answer, &why) < 0) {
		run->http_status = 0;
		return wait_for(run,
				xasprintf("No answer from %s: %s", d->identity->url, why.text));
	}
	delivery = act_on(d, greeting, &answer, run);
	http_answer_done(&answer);
	return delivery;
}
