/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "agent/answer.h"
#include "agent/key_rotate.h"
#include "common/model/document.h"

#define DAY_MS INT64_C(86400000)
#define HTTP_CONFLICT 409

/* Read the new key from @answer. -EPROTO: it is none, or another device's. */
static int read_key(const struct http_answer *answer, const struct identity *identity,
		    char ret_key[static SECRET_SIZE], struct err *err)
{
	static const struct document_limits limits = { .bytes = HTTP_ANSWER_MAX, .depth = 4 };
	char id[ID_SIZE];
	json_t *json;
	int r;

	if (answer->status != 200)
		return err_set(err, -EPROTO, "it answered %ld", answer->status);
	r = document_parse(answer->body, answer->len, &limits, &json, err);
	if (r < 0)
		return err_set(err, -EPROTO, "what it answered is no JSON");
	r = identity_read_secrets(&(struct node){ .value = json, .key = "" }, id, ret_key, err);
	if (r >= 0 && strcmp(id, identity->device_id) != 0)
		r = err_set(err, -EPROTO, "it answered with the key of another device");
	json_decref(json);
	return r;
}

int key_rotate(struct state *state, struct http *http, struct identity *identity, int64_t now_ms,
	       struct err *err)
{
	struct http_request request = {
		.url = identity->url,
		.path = "/v1/device-key",
		.bearer = identity->device_key,
		.body = "",
	};
	struct identity renewed = *identity;
	struct http_answer answer = { 0 };
	bool is_kept = false;
	int r;

	if (now_ms - identity->key_ms < KEY_ROTATE_DAYS * DAY_MS)
		return 0;
	r = http_post(http, &request, &answer, err);
	/* Another machine works with the same key, by a person's word, and would be locked out. */
	if (r >= 0 && answer.status == HTTP_CONFLICT)
		is_kept = true;
	else if (r >= 0)
		r = read_key(&answer, identity, renewed.device_key, err);
	if (answer.body)
		explicit_bzero(answer.body, answer.len);
	http_answer_done(&answer);
	renewed.key_ms = now_ms;
	if (r >= 0)
		r = identity_write(state, &renewed, err);
	if (r >= 0) {
		memcpy(identity->device_key, renewed.device_key, SECRET_SIZE);
		identity->key_ms = now_ms;
	}
	explicit_bzero(renewed.device_key, SECRET_SIZE);
	if (r < 0)
		return err_prefix(err, r, "Cannot get another key from %s", identity->url);
	return is_kept ? 0 : 1;
}
